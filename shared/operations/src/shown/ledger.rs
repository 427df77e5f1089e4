//! The ledger as the contract shows it.

use remit_billing::ledger::LedgerTransaction;
use serde_json::{Value, json};

/// An entry of the journal.
pub fn entry(entry: &LedgerTransaction) -> Value {
    let postings = entry.postings.iter().map(|posting| {
        json!({
            "account": posting.account,
            "currency": posting.amount.currency(),
            "amount": posting.amount.amount_text(),
            "books": posting.books.map(|books| json!({
                "currency": books.currency(),
                "amount": books.amount_text(),
            })),
        })
    });
    json!({
        "id": entry.id,
        "date": entry.booked_on,
        "recorded_at": entry.recorded_at,
        "cause": entry.cause,
        "document_id": entry.document,
        "number": entry.number,
        "client_id": entry.client_id,
        "postings": postings.collect::<Value>(),
    })
}
