//! `POST /v1/invoices/import`: open invoices that another program issued, as a list or as CSV.

use remit_billing::client::ForeignReference;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId};
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
use remit_runtime::table_body::Kinds;
use serde_json::{Value, json};

use crate::App;

pub(crate) async fn take_over(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = &read(&request.json()?, |r| {
        let as_of = r.optional_text("as_of", date);
        let account_id = principal.account_id;
        let one = |r: &mut Reader<'_>| stated(r, account_id);
        let is_table = r.has("csv");
        let invoices = r.list("invoices", MAX_OPENING_INVOICES, one);
        let rows = r.table("csv", MAX_OPENING_INVOICES, Kinds::default(), one);
        if is_table && r.has("invoices") {
            let fields = "invoices and csv";
            r.fault("csv", Fault::Exclusive { fields });
        }
        if !is_table && (!r.has("invoices") || invoices.as_ref().is_some_and(Vec::is_empty)) {
            r.fault("invoices", Fault::Required);
        }
        let listed = invoices.map(|all| {
            let placed = all.into_iter().enumerate();
            placed
                .map(|(at, of)| (format!("/invoices/{at}"), of))
                .collect::<Vec<_>>()
        });
        let placed = if is_table { rows } else { listed };
        let invoices = placed?
            .into_iter()
            .map(|(place, of)| StatedInvoice { place, ..of })
            .collect();
        Some(Import {
            account_id,
            as_of,
            skips_known: is_table,
            invoices,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, taken) = openings::plan(&app.ports, wanted).await?;
        let data: Value = taken.invoices.iter().map(view).collect();
        let response = Response::json(201, &json!({ "data": data, "known": taken.known }));
        Ok(Effect { commit, response })
    })
    .await
}

fn stated(r: &mut Reader<'_>, account_id: AccountId) -> Option<StatedInvoice> {
    let client_id = match r.has("client_reference") {
        // Of a client that was taken over as well.
        true => {
            if r.has("client_id") {
                let fields = "client_id and client_reference";
                r.fault("client_reference", Fault::Exclusive { fields });
            }
            let reference = r.optional_text("client_reference", ForeignReference::parse);
            r.optional_text("client_id", str::parse::<ClientId>);
            reference.map(|reference| reference.client_id(account_id))
        }
        false => {
            r.optional_text("client_reference", ForeignReference::parse);
            r.text("client_id", str::parse::<ClientId>)
        }
    };
    let number = r.text("number", DocumentNumber::parse);
    let issue_on = r.text("issue_date", date);
    let due_on = r.text("due_date", date);
    let currency = r.optional_text("currency", Currency::parse);
    let amount = r.text("amount", Amount::parse);
    let description = r.optional_text("description", Description::parse);
    let notes = r.optional_text("notes", Paragraph::parse);
    Some(StatedInvoice {
        place: String::new(),
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
