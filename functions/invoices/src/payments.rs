//! Payments that members record by hand.

use remit_billing::fault::Fault;
use remit_billing::ids::{InvoiceId, ProjectId};
use remit_billing::ledger::Rail;
use remit_billing::line::MAX_LINES;
use remit_billing::number::Amount;
use remit_billing::party::Paragraph;
use remit_billing::payment::RailReference;
use remit_operations::hand_payment::{self, HandPayment};
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, shown};

use crate::App;

fn rail(text: &str) -> Result<Rail, Fault> {
    Ok(match text {
        "bank_transfer" => Rail::BankTransfer,
        "cash" => Rail::Cash,
        "other" => Rail::Other,
        _ => {
            let allowed = Rail::BY_HAND;
            return Err(Fault::UnknownValue { allowed });
        }
    })
}

pub(crate) async fn record(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let body = request.json()?;
    let wanted = &read(&body, |r| {
        let amount = r.text("amount", Amount::parse);
        let bank_fee = r.optional_text("bank_fee", Amount::parse);
        let rail = r.optional_text("method", rail);
        let received_on = r.optional_text("received_on", date);
        let reference = r.optional_text("reference", RailReference::parse);
        let note = r.optional_text("note", Paragraph::<500>::parse);
        let directions = r.list("projects", MAX_LINES, |r| {
            let project_id = r.text("project_id", str::parse::<ProjectId>);
            let amount = r.text("amount", Amount::parse);
            Some((project_id?, amount?))
        });
        Some(HandPayment {
            account_id: principal.account_id,
            invoice_id,
            rail: rail.unwrap_or(Rail::BankTransfer),
            amount: amount?,
            bank_fee,
            received_on,
            reference,
            note: note.map(|note| note.to_string()),
            directions: directions.unwrap_or_default(),
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, payment) = hand_payment::plan(&app.ports, wanted).await?;
        let response = Response::json(201, &shown::payment(&payment));
        Ok(Effect { commit, response })
    })
    .await
}
