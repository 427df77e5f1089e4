//! Who acts, for the audit log: every commit of an audited record carries an entry of its document's
//! chain, in the same transaction.
//!
//! Who it is, the edge says for all that follows from one invocation ([`acting`]), so no use case
//! has to think of it, and none can forget it. Outside of that, as in an operator's tool or a test that lays
//! things out, nothing is logged.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::audit::{Act, AuditEntry, By, Provenance, SALT_BYTES, Written};
use remit_billing::ids::AccountId;

use crate::commit::{Commit, CommitError, InvalidCommit};
use crate::keys;
use crate::query::Query;
use crate::store::Store;
use crate::table::{Key, Range, TableError};

tokio::task_local! {
    static ORIGIN: Origin;
}

/// The time and the randomness of entries.
pub trait Notary: Send + Sync {
    /// Now (UTC).
    fn now(&self) -> Timestamp;
    /// Fresh random bytes; none where the system gives none.
    fn salt(&self) -> Option<[u8; SALT_BYTES]>;
}

/// Who acts, and from where.
#[derive(Clone)]
pub struct Origin {
    /// Who.
    pub by: By,
    /// What was asked for: a route, or the function that does it by itself.
    pub action: String,
    /// The address that it came from.
    pub ip: Option<String>,
    /// What the caller calls itself.
    pub user_agent: Option<String>,
    /// The time and the randomness.
    pub notary: Arc<dyn Notary>,
}

/// Does some work as somebody: what it commits is logged as theirs.
pub async fn acting<F: Future>(origin: Origin, work: F) -> F::Output {
    ORIGIN.scope(origin, work).await
}

/// Does some work as somebody else than who called, from where the call came: as who wrote the mail
/// that a function takes in. Where nothing is logged, nothing is.
pub async fn acting_as<F: Future>(by: By, work: F) -> F::Output {
    match ORIGIN.try_with(Clone::clone) {
        Ok(origin) => acting(Origin { by, ..origin }, work).await,
        Err(_) => work.await,
    }
}

/// What a commit writes of an audited record.
#[derive(Debug, Clone)]
pub(crate) struct Audited {
    pub partition: String,
    pub written: Written,
    pub facts: Vec<String>,
}

/// The commit with an entry for each document that it changes.
pub(crate) async fn logged(store: &Store, mut commit: Commit) -> Result<Commit, CommitError> {
    let audited = commit.take_audited();
    let Ok(origin) = ORIGIN.try_with(Clone::clone) else {
        return Ok(commit);
    };
    let mut documents = BTreeMap::<String, Vec<Audited>>::new();
    for one in audited {
        documents
            .entry(one.partition.clone())
            .or_default()
            .push(one);
    }
    for (partition, writes) in documents {
        let (account, document) = document_of(&partition)?;
        let head = head(store, account, document).await?;
        let mut wrote = Vec::with_capacity(writes.len());
        let mut facts = Vec::new();
        for one in writes {
            wrote.push(one.written);
            facts.extend(one.facts);
        }
        let act = Act {
            account_id: account,
            document: document.to_owned(),
            at: origin.notary.now(),
            by: origin.by.clone(),
            action: origin.action.clone(),
            wrote,
            facts,
            from: origin.provenance()?,
        };
        let entry =
            AuditEntry::after(head.as_ref(), act).map_err(|error| InvalidCommit::Unwritable {
                record: "audit_entry",
                detail: error.to_string(),
            })?;
        commit = commit.create(&entry, Vec::new());
    }
    Ok(commit)
}

/// The account and the document of a partition: `acc#inv`, or `acc` for the account itself.
fn document_of(partition: &str) -> Result<(AccountId, &str), CommitError> {
    let (account, document) = partition.split_once('#').unwrap_or((partition, "account"));
    let account = account.parse().map_err(|_| {
        TableError::Rejected(format!("an audited record of no account: {partition}"))
    })?;
    Ok((account, document))
}

/// The newest entry of a document.
async fn head(
    store: &Store,
    account: AccountId,
    document: &str,
) -> Result<Option<AuditEntry>, CommitError> {
    let query = Query::of(keys::audit_chain(account, document))
        .range(Range::Prefix(keys::AUDIT_ENTRY_PREFIX.to_owned()))
        .backward()
        .consistent()
        .limit(1);
    let page = store.query::<AuditEntry>(&query).await?;
    Ok(page.records.into_iter().next().map(|found| found.value))
}

impl Origin {
    fn provenance(&self) -> Result<Option<Provenance>, CommitError> {
        if self.ip.is_none() && self.user_agent.is_none() {
            return Ok(None);
        }
        let salt = self
            .notary
            .salt()
            .ok_or_else(|| TableError::Rejected("no randomness for the audit log".to_owned()))?;
        let hex = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Some(Provenance {
            ip: self.ip.clone(),
            user_agent: self.user_agent.clone(),
            salt: hex,
        }))
    }
}

/// The audited records of a commit, before they are logged.
pub(crate) fn written<T: crate::Record>(
    record: &T,
    key: &Key,
    version: u64,
) -> Result<Written, InvalidCommit> {
    let canonical = remit_billing::canonical::canonical(record);
    let canonical = canonical.map_err(|error| InvalidCommit::Unwritable {
        record: T::TYPE,
        detail: error.to_string(),
    })?;
    Ok(Written {
        record: T::TYPE.to_owned(),
        place: key.sk.clone(),
        version: Some(version),
        sha256: Some(canonical.hash),
    })
}
