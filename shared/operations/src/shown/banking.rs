//! Bank accounts, files, entries and payers as the contract shows them.

use remit_billing::banking::{
    BankAccount, BankEntry, BankStatement, EntryState, ImportState, KnownPayer, StatementFormat,
};
use remit_billing::payout::PayoutCandidate;
use serde_json::{Value, json};

/// A bank account.
pub fn account(account: &BankAccount) -> Value {
    let mapping = match &account.format {
        StatementFormat::Csv { mapping } => mapping.clone(),
        _ => Value::Null,
    };
    json!({
        "id": account.id,
        "name": account.name,
        "identifier": account.identifier,
        "bic": account.bic,
        "holder": account.holder,
        "bank": account.bank,
        "for_clients": account.for_clients,
        "currency": account.currency,
        "format": account.format.as_str(),
        "csv_mapping": mapping,
        "archived": account.archived,
    })
}

/// A bank's file.
pub fn statement(statement: &BankStatement) -> Value {
    let mut view = json!({
        "id": statement.id,
        "file_id": statement.file_id,
        "bank_account_id": statement.bank_account_id,
        "state": statement.state.as_str(),
        "entries": statement.entries,
        "done": null,
        "from": statement.from,
        "to": statement.to,
        "counts": statement.counts,
        "faults": [],
        "created_by": statement.created_by,
        "created_at": statement.created_at,
        "ended_at": null,
    });
    match &statement.state {
        ImportState::Importing { done, .. } => view["done"] = json!(done),
        ImportState::Imported { at } => {
            view["done"] = json!(statement.entries);
            view["ended_at"] = json!(at);
        }
        ImportState::Refused { at, faults } => {
            view["faults"] = json!(faults);
            view["ended_at"] = json!(at);
        }
    }
    view
}

/// What a bank booked, and what became of it.
pub fn entry(entry: &BankEntry) -> Value {
    let facts = &entry.facts;
    json!({
        "id": entry.id,
        "identity": entry.identity,
        "bank_account_id": entry.bank_account_id,
        "statement_id": entry.statement_id,
        "kind": facts.kind,
        "booked_on": facts.booked_on,
        "value_on": facts.value_on,
        "currency": facts.amount.currency(),
        "amount": facts.amount.amount_text(),
        "payer_name": facts.payer_name,
        "payer_account": facts.payer_account,
        "structured_reference": facts.structured_reference,
        "text": facts.text,
        "collective": facts.collective,
        "candidates": entry.candidates,
        "recorded_payment_ids": entry.recorded,
        "payouts": entry.payouts.iter().map(payout).collect::<Vec<_>>(),
        "state": entry.state.as_str(),
        "decision": decision(&entry.state),
    })
}

fn decision(state: &EntryState) -> Value {
    match state {
        EntryState::Waiting => Value::Null,
        EntryState::Applied(applied) => json!({
            "by": applied.by,
            "at": applied.at,
            "payment_id": applied.payment_id,
            "linked": applied.linked,
            "reasons": applied.reasons,
            "learned_payer": applied.learned.as_ref().map(|(_, payer)| payer),
            "provider": null,
            "payout": null,
            "reason": null,
        }),
        EntryState::Returned(returned) => {
            let mut view = undecided(returned.by, returned.at, None);
            view["payment_id"] = json!(returned.payment_id);
            view
        }
        EntryState::PaidOut(paid_out) => {
            let mut view = undecided(paid_out.by, paid_out.at, None);
            view["provider"] = json!(paid_out.rail);
            view["payout"] = json!(paid_out.payout);
            view["reasons"] = json!(paid_out.reasons);
            view
        }
        EntryState::Ignored { by, at, reason } => undecided(by, at, Some(reason)),
        EntryState::Undone { by, at } => undecided(by, at, None),
    }
}

fn undecided(by: impl serde::Serialize, at: impl serde::Serialize, why: Option<&String>) -> Value {
    json!({
        "by": by, "at": at, "payment_id": null, "linked": false, "reasons": [],
        "learned_payer": null, "provider": null, "payout": null, "reason": why,
    })
}

fn payout(candidate: &PayoutCandidate) -> Value {
    json!({
        "provider": candidate.rail,
        "reference": candidate.reference,
        "reasons": candidate.reasons,
    })
}

/// A payer who was learned.
pub fn payer(payer: &KnownPayer) -> Value {
    json!({
        "payer": payer.payer,
        "client_id": payer.client_id,
        "entry_id": payer.entry_id,
        "by": payer.by,
        "at": payer.at,
    })
}
