//! `GET /v1/invoices/{invoice_id}/timesheet`: the work that an invoice or a draft bills.

use remit_billing::ids::InvoiceId;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::work_entry::{Measure, Timesheet, TimesheetLine, TimesheetRow};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{from_item, keys};
use serde_json::{Value, json};

use crate::App;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let account = principal.account_id;
    let wanted = [
        keys::invoice_document(account, id),
        keys::timesheet(account, id),
    ];
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let document = items.next().flatten().ok_or_else(Problem::not_found)?;
    let document = from_item::<InvoiceDocument>(document);
    let document = document.map_err(|error| Problem::store(&error))?;
    if !principal.reaches_all_of(document.value.content()) {
        return Err(Problem::not_found());
    }
    // An invoice of no work has none.
    let sheet = items.next().flatten().ok_or_else(Problem::not_found)?;
    let sheet = from_item::<Timesheet>(sheet).map_err(|error| Problem::store(&error))?;
    let lines: Vec<Value> = sheet.value.lines.iter().map(line).collect();
    Ok(Response::json(
        200,
        &json!({"invoice_id": id, "lines": lines}),
    ))
}

/// What a line bills, without the entries behind it.
pub(crate) fn billed(line: &TimesheetLine) -> Value {
    json!({
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "scope_line_id": line.scope_line_id,
        "net": line.net.amount_text(),
    })
}

fn line(line: &TimesheetLine) -> Value {
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
