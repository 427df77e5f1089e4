//! `GET /v1/invoices/{invoice_id}/timesheet`: the work that an invoice or a draft bills.

use remit_billing::ids::InvoiceId;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::work_entry::Timesheet;
use remit_operations::shown::timesheets::line;
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
