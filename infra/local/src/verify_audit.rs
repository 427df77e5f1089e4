//! `cargo run -- verify-audit`: reads an agency's whole audit log over the API, and checks every chain and seal.

use std::collections::BTreeMap;

use remit_billing::audit::{AuditEntry, AuditSeal, Broken, check_chain, check_seals};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why a log is not found to be whole.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A request got no answer.
    #[error("no answer: {0}")]
    Request(#[from] reqwest::Error),
    /// A request was refused.
    #[error("{path} answered {status}: {body}")]
    Refused {
        /// What was asked for.
        path: String,
        /// The status.
        status: u16,
        /// The answer.
        body: String,
    },
    /// An answer has another shape.
    #[error("an answer cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The log is broken.
    #[error("broken: {0}")]
    Broken(#[from] Broken),
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Documents with a chain.
    pub documents: usize,
    /// Entries in all.
    pub entries: usize,
    /// Sealed days.
    pub seals: usize,
}

/// Checks the log of the agency that a key belongs to; the key of a manager.
///
/// # Errors
/// [`VerifyError`]: the first place where it is broken.
pub async fn run(url: &str, key: &str) -> Result<Checked, VerifyError> {
    let entries: Vec<AuditEntry> = all(url, key, "/v1/audit-log").await?;
    let seals: Vec<AuditSeal> = all(url, key, "/v1/audit-seals").await?;
    check(entries, &seals)
}

/// Checks what was read.
///
/// # Errors
/// As [`run`].
pub fn check(entries: Vec<AuditEntry>, seals: &[AuditSeal]) -> Result<Checked, VerifyError> {
    let mut chains = BTreeMap::<String, Vec<AuditEntry>>::new();
    for entry in entries {
        chains
            .entry(entry.document.clone())
            .or_default()
            .push(entry);
    }
    for chain in chains.values_mut() {
        chain.sort_by_key(|entry| entry.sequence);
        check_chain(chain)?;
    }
    check_seals(seals, chains.values().flatten())?;
    Ok(Checked {
        documents: chains.len(),
        entries: chains.values().map(Vec::len).sum(),
        seals: seals.len(),
    })
}

async fn all<T: DeserializeOwned>(url: &str, key: &str, path: &str) -> Result<Vec<T>, VerifyError> {
    let client = reqwest::Client::new();
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut target = format!("{}{path}?limit=100", url.trim_end_matches('/'));
        if let Some(cursor) = &cursor {
            let cursor: String = form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
            target.push_str(&format!("&cursor={cursor}"));
        }
        let answer = client.get(&target).bearer_auth(key).send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        if !status.is_success() {
            return Err(VerifyError::Refused {
                path: path.to_owned(),
                status: status.as_u16(),
                body,
            });
        }
        let mut page: Value = serde_json::from_str(&body)?;
        found.append(&mut serde_json::from_value(page["data"].take())?);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(found),
        }
    }
}
