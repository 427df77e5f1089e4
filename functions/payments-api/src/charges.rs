//! `POST /v1/invoices/{invoice_id}/charge`.

use std::sync::{Mutex, PoisonError};

use remit_billing::attempt::Attempt;
use remit_billing::ids::{AttemptId, InvoiceId, PaymentMethodId};
use remit_operations::charging::{self, Wanted};
use remit_operations::load;
use remit_operations::shown::payments::charge as shown;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::keys;
use serde_json::Value;

use crate::App;

/// The charge is committed with the request's receipt; then the provider is asked, once: a repetition
/// of the request finds the receipt and asks nobody.
pub(crate) async fn charge(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let account_id = principal.account_id;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let wanted = read(&request.json()?, |r| {
        let method_id = r.optional_text("payment_method_id", str::parse::<PaymentMethodId>);
        Some(Wanted {
            account_id,
            invoice_id,
            method_id,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let committed: &Mutex<Option<Attempt>> = &Mutex::new(None);
    let mut response = perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, attempt) = charging::plan(&app.ports, wanted).await?;
        let response = Response::json(201, &shown(&attempt));
        *committed.lock().unwrap_or_else(PoisonError::into_inner) = Some(attempt);
        Ok(Effect { commit, response })
    })
    .await?;
    if response.is_replay() {
        // The receipt is from before the provider answered.
        let attempt = attempt_of(app, account_id, invoice_id, &response).await?;
        response.body = shown(&attempt).to_string();
        return Ok(response);
    }
    let attempt = committed
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let attempt = attempt.ok_or_else(|| Problem::internal("a charge without an attempt"))?;
    match charging::make(&app.ports, &app.checkouts, &attempt).await {
        Ok(attempt) => Ok(Response::json(201, &shown(&attempt))),
        // It is committed, and the janitor finds out what became of it.
        Err(problem) => {
            tracing::warn!(attempt = %attempt.id, %problem, "a charge is found out later");
            Ok(response)
        }
    }
}

/// The attempt of a request that took effect before.
async fn attempt_of(
    app: &App,
    account_id: remit_billing::ids::AccountId,
    invoice_id: InvoiceId,
    response: &Response,
) -> Result<Attempt, Problem> {
    let said: Value = serde_json::from_str(&response.body).map_err(Problem::internal)?;
    let id = said["id"].as_str().map(str::parse::<AttemptId>);
    let Some(Ok(id)) = id else {
        return Err(Problem::internal("a receipt of a charge without its id"));
    };
    let key = keys::attempt(account_id, invoice_id, id);
    Ok(load::need::<Attempt>(&app.ports.store, &key).await?.value)
}
