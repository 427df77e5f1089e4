//! `POST /v1/invoices/import`: open invoices that another program issued.

use remit_billing::fault::Fault;
use remit_billing::ids::ClientId;
use remit_billing::invoice::IssuedInvoice;
use remit_billing::line::Description;
use remit_billing::money::Currency;
use remit_billing::number::Amount;
use remit_billing::numbering::DocumentNumber;
use remit_billing::opening::MAX_OPENING_INVOICES;
use remit_billing::party::Paragraph;
use remit_operations::openings::{self, Import, StatedInvoice};
use remit_runtime::Problem;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use serde_json::{Value, json};

use crate::App;

pub(crate) async fn take_over(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = &read(&request.json()?, |r| {
        let as_of = r.optional_text("as_of", date);
        let invoices = r.list("invoices", MAX_OPENING_INVOICES, stated);
        if !r.has("invoices") || invoices.as_ref().is_some_and(Vec::is_empty) {
            r.fault("invoices", Fault::Required);
        }
        Some(Import {
            account_id: principal.account_id,
            as_of,
            invoices: invoices?,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, invoices) = openings::plan(&app.ports, wanted).await?;
        let data: Value = invoices.iter().map(view).collect();
        let response = Response::json(201, &json!({ "data": data }));
        Ok(Effect { commit, response })
    })
    .await
}

fn stated(r: &mut Reader<'_>) -> Option<StatedInvoice> {
    let client_id = r.text("client_id", str::parse::<ClientId>);
    let number = r.text("number", DocumentNumber::parse);
    let issue_on = r.text("issue_date", date);
    let due_on = r.text("due_date", date);
    let currency = r.optional_text("currency", Currency::parse);
    let amount = r.text("amount", Amount::parse);
    let description = r.optional_text("description", Description::parse);
    let notes = r.optional_text("notes", Paragraph::parse);
    Some(StatedInvoice {
        client_id: client_id?,
        number: number?,
        issue_on: issue_on?,
        due_on: due_on?,
        currency,
        amount: amount?,
        description,
        notes,
    })
}

fn view(invoice: &IssuedInvoice) -> Value {
    json!({
        "id": invoice.id,
        "number": invoice.number,
        "client_id": invoice.content.client_id,
        "currency": invoice.content.currency,
        "payable": invoice.totals.payable.amount_text(),
        "issue_date": invoice.issue_on,
        "due_date": invoice.due_on,
    })
}
