//! `/v1/clients/{client_id}/payment-methods`: what a client lets the agency charge.

use remit_billing::ids::{ClientId, PaymentMethodId};
use remit_billing::saved_method::RemovedBy;
use remit_operations::shown::payments::method as shown;
use remit_operations::{load, saved_methods};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::{Value, json};

use crate::App;

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    request.query().finish()?;
    let (store, account) = (&app.ports.store, principal.account_id);
    load::client(store, account, id).await?;
    let methods = saved_methods::of_client(store, account, id).await?;
    let data = methods.iter().map(|method| shown(&method.value));
    let body = json!({"data": data.collect::<Value>()});
    Ok(Response::json(200, &body))
}

/// Takes a method away: at once here, and at the provider as soon as it answers.
pub(crate) async fn remove(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let client_id: ClientId = request.path_id("client_id")?;
    let id: PaymentMethodId = request.path_id("method_id")?;
    request.no_fields()?;
    let account = principal.account_id;
    let by = RemovedBy::Agency(principal.actor_id());
    let ports = &app.ports;
    let removed = ports
        .perform(async || saved_methods::plan_removal(ports, account, client_id, id, by).await)
        .await?;
    saved_methods::forget_early(ports, &app.checkouts, &removed).await;
    Ok(Response::json(200, &shown(&removed)))
}
