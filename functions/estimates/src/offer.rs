//! What the client gets: sent, taken back, begun anew, read as it was sent.

use remit_billing::estimate::Estimate;
use remit_billing::ids::EstimateId;
use remit_billing::party::Paragraph;
use remit_operations::estimates::{self, OfEstimate};
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned};

use crate::{App, stored, view};

pub(crate) async fn send(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    take_effect(app, request, |wanted| estimates::send(&app.ports, wanted)).await
}

pub(crate) async fn withdraw(app: &App, request: &Request) -> Result<Response, Problem> {
    let reason = read(&request.json()?, |r| {
        Some(r.optional_text("reason", Paragraph::<2_000>::parse))
    });
    let reason = &reason.map_err(Problem::invalid_body)?;
    take_effect(app, request, |wanted| {
        estimates::withdraw(&app.ports, wanted, reason.clone())
    })
    .await
}

pub(crate) async fn revise(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    take_effect(app, request, |wanted| estimates::revise(&app.ports, wanted)).await
}

async fn take_effect<F, Fut>(app: &App, request: &Request, plan: F) -> Result<Response, Problem>
where
    F: Fn(OfEstimate) -> Fut + Sync,
    Fut: Future<Output = Result<(Commit, Versioned<Estimate>), Problem>> + Send,
{
    let principal = request.principal()?;
    let id: EstimateId = request.path_id("estimate_id")?;
    let wanted = OfEstimate {
        account_id: principal.account_id,
        id,
        by: principal.actor_id(),
        seen: request.if_match_optional()?,
    };
    let keyed = request.keyed(principal)?;
    let plan = &plan;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        if principal.projects.is_some() {
            stored::load(app, principal, id).await?;
        }
        let (commit, after) = plan(wanted).await?;
        let response = stored::answer(app, &after);
        Ok(Effect { commit, response })
    })
    .await
}

/// `GET /v1/estimates/{estimate_id}/versions/{version}`: what was sent, with the canonical
/// document as it is hashed under the options that are preselected.
pub(crate) async fn version(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: EstimateId = request.path_id("estimate_id")?;
    let version: u32 = request.path_id("version")?;
    stored::load(app, principal, id).await?;
    let sent = estimates::sent(&app.ports, principal.account_id, id, version).await?;
    Ok(Response::json(200, &view::sent(&sent)?))
}

/// `POST /v1/estimates/{estimate_id}/verify`: what was accepted, and whether it is still what was
/// signed. Changes nothing.
pub(crate) async fn verify(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: EstimateId = request.path_id("estimate_id")?;
    request.no_fields()?;
    let estimate = stored::load(app, principal, id).await?.value;
    let accepted = estimates::accepted(&app.ports, &estimate).await?;
    Ok(Response::json(200, &view::verified(&estimate, &accepted)))
}
