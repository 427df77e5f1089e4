//! What the client gets: sent, taken back, begun anew, read as it was sent.

use remit_billing::estimate::{Choice, Estimate, EstimateRefusal};
use remit_billing::fault::Fault;
use remit_billing::ids::{EstimateId, FileId, ScopeLineId};
use remit_billing::line::MAX_LINES;
use remit_billing::party::{Name, Paragraph};
use remit_operations::estimates::{self, OfEstimate};
use remit_operations::shown::estimates as view;
use remit_operations::signing::{self, RecordedAcceptance};
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned};

use crate::{App, stored};

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

/// `POST /v1/estimates/{estimate_id}/accept`: records what the client accepted elsewhere.
pub(crate) async fn accept(app: &App, request: &Request) -> Result<Response, Problem> {
    let written = &read(&request.json()?, |r| {
        let max = i64::from(u32::MAX);
        let version = r.integer("version", 1, max);
        if !r.has("version") {
            r.fault("version", Fault::Required);
        }
        let name = r.text("name", Name::parse);
        let reference = r.optional_text("reference", Name::parse);
        let accepted_on = r.text("accepted_on", date);
        let options = r.values("options", MAX_LINES, |value| {
            let expected = "a text";
            let text = value.as_str().ok_or(Fault::WrongType { expected })?;
            text.parse::<ScopeLineId>()
        });
        let file_id = r.text("file_id", str::parse::<FileId>);
        Some((
            u32::try_from(version?).ok()?,
            name?,
            reference,
            accepted_on?,
            Choice(options.unwrap_or_default().into_iter().collect()),
            file_id?,
        ))
    })
    .map_err(Problem::invalid_body)?;
    take_effect(app, request, |of| {
        let (version, name, reference, accepted_on, choice, file_id) = written.clone();
        let wanted = RecordedAcceptance {
            of,
            version,
            choice,
            name,
            reference,
            accepted_on,
            file_id,
        };
        async move { signing::accept_elsewhere(&app.ports, &wanted).await }
    })
    .await
}

pub(crate) async fn revise(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    take_effect(app, request, |wanted| estimates::revise(&app.ports, wanted)).await
}

/// `POST /v1/estimates/{estimate_id}/links/revoke`.
pub(crate) async fn revoke_links(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    take_effect(app, request, |wanted| {
        estimates::revoke_links(&app.ports, wanted)
    })
    .await
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
    let account = principal.account_id;
    let (estimate, acceptance) = estimates::with_acceptance(&app.ports, account, id).await?;
    if !principal.reaches(estimate.project_id) {
        return Err(Problem::not_found());
    }
    let acceptance = acceptance.ok_or(EstimateRefusal::NotAccepted)?;
    let sent = estimates::sent(&app.ports, account, id, acceptance.version).await?;
    let verified = view::verified(&estimate, &acceptance, &sent);
    Ok(Response::json(200, &verified))
}
