//! `POST /v1/clients/{client_id}/opening-balance`: a client's credit in another program's books.

use remit_billing::ids::ClientId;
use remit_billing::money::Currency;
use remit_billing::number::Amount;
use remit_billing::payment::RailReference;
use remit_operations::openings::{self, OpeningCredit};
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, shown};

use crate::App;

pub(crate) async fn carry_over(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let client_id: ClientId = request.path_id("client_id")?;
    let wanted = &read(&request.json()?, |r| {
        let amount = r.text("amount", Amount::parse);
        let currency = r.optional_text("currency", Currency::parse);
        let reference = r.text("reference", RailReference::parse);
        let as_of = r.optional_text("as_of", date);
        Some(OpeningCredit {
            account_id: principal.account_id,
            client_id,
            currency,
            amount: amount?,
            reference: reference?,
            as_of,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, payment) = openings::plan_credit(&app.ports, wanted).await?;
        let response = Response::json(201, &shown::payment(&payment));
        Ok(Effect { commit, response })
    })
    .await
}
