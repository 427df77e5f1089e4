//! Which entries are the same, so that a file, or two files that overlap, import once.
//!
//! The identity of an entry is a SHA-256 over
//!
//! - the account, the day of booking, direction, whether it is a reversal, amount and currency,
//! - the bank's own id where the format promises one (OFX's FITID, camt's AcctSvcrRef, the column
//!   that a CSV mapping names); else payer, payer's account, end-to-end id, reference and text,
//!   compared without spaces and in small letters,
//! - an ordinal among those that are equal in all of this within one file.
//!
//! So two equal transfers on one day are two, and the same two in a second file are the same two:
//! which is which does not matter, as nothing tells them apart. Day and amount stand beside the
//! bank's id because banks do use an id again.
//!
//! Its limits, each failing in the direction that a person sees (a second entry whose invoice is
//! settled already), but for the first:
//!
//! - Two files that part one day between them, and each have one of two transfers that are equal
//!   and without an id, count as one transfer. Files are to hold whole days; a later file with
//!   the whole day finds the second.
//! - One account in two formats (CSV today, camt tomorrow) is two accounts' worth of entries.
//! - A bank that words a text otherwise, or moves the day of what it booked, states another entry.

use std::collections::HashMap;

use remit_billing::payment::RailReference;
use sha2::{Digest, Sha256};

use super::fault::{FaultKind, StatementFault};
use super::model::{BankId, Direction, Entry, Statement};

/// How identities begin; another rule begins otherwise.
const PREFIX: &str = "bs1_";

/// The identities of all entries of one file: for each statement, for each entry, in order. To be
/// asked for all statements of the file at once, as the ordinals run through it.
///
/// # Errors
/// None in practice: an identity has letters, digits and `_` only.
pub fn identities(statements: &[Statement]) -> Result<Vec<Vec<RailReference>>, StatementFault> {
    let mut seen: HashMap<[u8; 32], u32> = HashMap::new();
    let of_statement = |statement: &Statement| {
        let entries = statement.entries.iter();
        entries
            .map(|entry| {
                let content = content(statement, entry);
                let ordinal = seen.entry(content).or_default();
                let identity = identity(&content, *ordinal, entry);
                *ordinal += 1;
                identity
            })
            .collect()
    };
    statements.iter().map(of_statement).collect()
}

fn identity(
    content: &[u8; 32],
    ordinal: u32,
    entry: &Entry,
) -> Result<RailReference, StatementFault> {
    let mut hash = Sha256::new();
    hash.update(content);
    hash.update(ordinal.to_be_bytes());
    let hex: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    RailReference::parse(&format!("{PREFIX}{hex}")).map_err(|fault| StatementFault {
        place: entry.place,
        kind: FaultKind::Value {
            field: "identity",
            fault,
        },
    })
}

/// The hash of all that tells an entry from others.
fn content(statement: &Statement, entry: &Entry) -> [u8; 32] {
    let mut hash = Sha256::new();
    // Each part with its length before it, so that no two lists of parts read the same.
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    part(statement.account.as_str());
    part(&entry.booked_on.to_string());
    part(match entry.direction {
        Direction::Credit => "credit",
        Direction::Debit => "debit",
    });
    part(if entry.reversal { "reversal" } else { "" });
    part(&entry.amount.to_string());
    match &entry.bank_id {
        Some(BankId::Own(id)) => {
            part("id");
            part(id);
        }
        shared => {
            part("content");
            let shared = match shared {
                Some(BankId::Shared(id)) => Some(id),
                _ => None,
            };
            let parts = [
                shared,
                entry.payer_name.as_ref(),
                entry.payer_account.as_ref(),
                entry.end_to_end_id.as_ref(),
                entry.structured_reference.as_ref(),
                Some(&entry.text),
            ];
            for text in parts {
                part(&spelled(text.map_or("", String::as_str)));
            }
        }
    }
    hash.finalize().into()
}

/// Without what banks change from export to export.
fn spelled(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}
