//! How an invoice and its credit notes get to their client through a network of e-invoices.

use remit_billing::e_invoice::transmission::EInvoiceTransmission;
use remit_billing::ids::InvoiceId;
use remit_operations::shown::transmissions::transmission;
use remit_operations::transmitting;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use serde_json::{Value, json};

use crate::App;
use crate::issued::check_reach;

/// `GET /v1/invoices/{invoice_id}/e-invoice-transmissions`.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    request.query().finish()?;
    check_reach(app, principal, id).await?;
    let all = transmitting::of_invoice(&app.ports.store, principal.account_id, id).await?;
    let all = all.iter().map(|stored| &stored.value);
    Ok(Response::json(200, &views(all)))
}

/// `POST /v1/invoices/{invoice_id}/e-invoice-transmissions/retry`.
pub(crate) async fn again(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        check_reach(app, principal, id).await?;
        let planned = transmitting::plan_again(&app.ports, principal.account_id, id);
        let (commit, all) = planned.await?;
        let response = Response::json(202, &views(all.iter()));
        Ok(Effect { commit, response })
    })
    .await
}

fn views<'a>(all: impl Iterator<Item = &'a EInvoiceTransmission>) -> Value {
    json!({"data": all.map(transmission).collect::<Value>(), "next_cursor": null})
}
