//! Work, and what is agreed about it, as the contract shows them.

use remit_billing::actor::ActorId;
use remit_billing::work_entry::{ApprovedWork, Charge, Work, WorkEntry, WorkSettings, WorkState};
use serde_json::{Map, Value, json};

/// An entry at a version.
pub fn entry(entry: &WorkEntry, version: u64) -> Value {
    let mut view = Value::Object(fields(entry));
    view["id"] = json!(entry.id);
    view["version"] = json!(version);
    view["client_id"] = json!(entry.client_id);
    view["state"] = json!(entry.state.as_str());
    let authors = [ActorId::Member(entry.member_id)].into_iter();
    let authors = authors.chain(entry.authors.iter().copied());
    view["authors"] = json!(authors.collect::<Vec<_>>());
    view["submitted"] = Value::Null;
    view["rejected"] = Value::Null;
    view["approved"] = entry.approved().map_or(Value::Null, approved);
    view["invoice_id"] = Value::Null;
    match &entry.state {
        WorkState::Submitted { submission } => {
            view["submitted"] = json!({"by": submission.by, "at": submission.at});
        }
        WorkState::Rejected { rejection } => {
            view["rejected"] =
                json!({"by": rejection.by, "at": rejection.at, "reason": rejection.reason});
        }
        WorkState::Billed { invoice_id, .. } => view["invoice_id"] = json!(invoice_id),
        WorkState::Draft | WorkState::Approved { .. } => {}
    }
    if let Work::Expense(expense) = &entry.work {
        let receipt = expense.receipt.as_ref();
        view["receipt"] = receipt.map_or(
            Value::Null,
            |found| json!({"file_id": found.file_id, "name": found.name, "sha256": found.sha256}),
        );
    }
    view["created_at"] = json!(entry.created_at);
    view["updated_at"] = json!(entry.updated_at);
    view
}

fn approved(approved: &ApprovedWork) -> Value {
    let charge = approved.charge.map(|charge| match charge {
        Charge::Hours {
            minutes,
            unit_price,
        } => json!({"minutes": minutes, "unit_price": unit_price}),
        Charge::Distance { unit_price } => json!({"unit_price": unit_price}),
        Charge::Amount { amount } => json!({"amount": amount.amount_text()}),
    });
    json!({"by": approved.by, "at": approved.at, "charge": charge})
}

/// What is agreed.
pub fn settings(settings: &WorkSettings) -> Value {
    let rates = settings.rates.iter().map(|rate| {
        let mut view = json!({
            "per": rate.per,
            "member_id": rate.member_id,
            "task": rate.task,
            "unit_price": rate.unit_price,
        });
        if settings.project_id.is_none() {
            view["currency"] = json!(rate.currency);
        }
        view
    });
    let mut view = json!({
        "rates": rates.collect::<Value>(),
        "grouping": settings.grouping,
        "round_up_to_minutes": settings.round_up_to_minutes,
        "taxes": settings.taxes,
    });
    if settings.project_id.is_none() {
        view["tasks"] = json!(settings.tasks);
    }
    view
}

/// The fields of a body that says the same: what is shown can be sent back.
pub fn fields(entry: &WorkEntry) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("kind", json!(entry.work.as_str()));
    put("project_id", json!(entry.project_id));
    put("member_id", json!(entry.member_id));
    put("worked_on", json!(entry.worked_on));
    put("task", json!(entry.task));
    put("description", json!(entry.description));
    put("billable", json!(entry.billable));
    put("scope_line_id", json!(entry.scope_line_id));
    match &entry.work {
        Work::Time { minutes } => put("minutes", json!(minutes)),
        Work::Mileage { distance, unit } => {
            put("distance", json!(distance));
            put("unit", json!(unit));
        }
        Work::Expense(expense) => {
            put("amount", json!(expense.amount.amount_text()));
            put("currency", json!(expense.amount.currency()));
            put("markup_percent", json!(expense.markup_percent));
            put("taxes", json!(expense.taxes));
            put("merchant", json!(expense.merchant));
            let receipt = expense.receipt.as_ref();
            put("receipt_file_id", json!(receipt.map(|found| found.file_id)));
        }
    }
    fields
}
