//! The work that an invoice bills, as the contract shows it.

use remit_billing::work_entry::{Measure, TimesheetLine, TimesheetRow};
use serde_json::{Value, json};

/// What a line bills, without the entries behind it.
pub fn billed(line: &TimesheetLine) -> Value {
    json!({
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "scope_line_id": line.scope_line_id,
        "net": line.net.amount_text(),
    })
}

/// A line with the entries behind it.
pub fn line(line: &TimesheetLine) -> Value {
    let mut view = billed(line);
    view["project_id"] = json!(line.project_id);
    view["entries"] = line.rows.iter().map(row).collect();
    view
}

fn row(row: &TimesheetRow) -> Value {
    let mut view = json!({
        "work_id": row.work_id,
        "worked_on": row.worked_on,
        "member": row.member,
        "task": row.task,
        "description": row.description,
        "amount": row.amount.amount_text(),
    });
    match &row.measure {
        Measure::Time { minutes } => view["minutes"] = json!(minutes),
        Measure::Mileage { distance, unit } => {
            view["distance"] = json!(distance);
            view["unit"] = json!(unit);
        }
        Measure::Expense {
            merchant,
            receipt,
            receipt_sha256,
        } => {
            view["merchant"] = json!(merchant);
            view["receipt"] = json!(receipt);
            view["receipt_sha256"] = json!(receipt_sha256);
        }
    }
    view
}
