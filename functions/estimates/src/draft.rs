//! Estimates that are written: made, changed, thrown away.

use remit_billing::estimate::{Estimate, EstimateRefusal, Unwritable, Written};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::EstimateId;
use remit_billing::project::Project;
use remit_billing::scope::{Amendment, Scope};
use remit_operations::estimates::{self, unamendable};
use remit_operations::shown::estimates as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, keys};

use crate::content::{self, Written as Body};
use crate::{App, stored};

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let body = &Body::read(&request.json()?, None).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let id: EstimateId = app.ports.id(now)?;
    perform(&app.ports.store, keyed, now, || async move {
        let written = price(app, principal, body.clone()).await?;
        let account = principal.account_id;
        let estimate = Estimate::new(account, id, written, principal.actor_id(), now);
        let response = Response::json(201, &view::estimate(&estimate, now))
            .header("location", format!("/v1/estimates/{id}"))
            .etag(1);
        let commit = Commit::new().create(&estimate, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let seen = Some(request.if_match()?);
    let change = &request.json()?;
    let now = app.ports.now();
    stored::replace(app, request, seen, |before| async move {
        let present = &before.draft()?.content;
        let body = content::merged(present, change).map_err(Problem::invalid_body)?;
        let body = Body::read(&body, Some(present)).map_err(Problem::invalid_body)?;
        let fixed = [
            ("/project_id", body.project_id == before.project_id),
            ("/amends", body.amends == before.amends),
        ];
        let moved = fixed.into_iter().filter(|(_, stays)| !stays);
        let moved: Vec<_> = moved
            .map(|(pointer, _)| PointedFault::new(pointer, Fault::UnknownReference))
            .collect();
        if !moved.is_empty() {
            return Err(Problem::invalid_body(moved));
        }
        let written = price(app, principal, body).await?;
        Ok(before.write(written, principal.actor_id(), now)?)
    })
    .await
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: EstimateId = request.path_id("estimate_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.ports.now();
    perform(&app.ports.store, None, now, || async move {
        let found = stored::load(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != found.version) {
            return Err(Problem::stale_version());
        }
        // What was sent is kept; a next version of it is thrown away by itself.
        let commit = match (&found.value.offer, &found.value.draft) {
            (None, _) => Commit::new().delete(&found),
            (Some(_), Some(_)) => {
                let after = Estimate {
                    draft: None,
                    updated_at: now,
                    ..found.value.clone()
                };
                Commit::new().replace(&found, &after, Vec::new())
            }
            (Some(_), None) => return Err(EstimateRefusal::WasSent.into()),
        };
        let response = Response::empty(204);
        Ok(Effect { commit, response })
    })
    .await
}

/// The content for the project that it names, and what it comes to.
async fn price(app: &App, principal: &Principal, body: Body) -> Result<Written, Problem> {
    if !principal.reaches(body.project_id) {
        return Err(Problem::key_limited());
    }
    let now = app.ports.now();
    let key = keys::project(principal.account_id, body.project_id);
    let project = app.ports.store.get::<Project>(&key).await;
    let Some(project) = project.map_err(|error| Problem::store(&error))? else {
        let unknown = PointedFault::new("/project_id", Fault::UnknownReference);
        return Err(Problem::invalid_body(vec![unknown]));
    };
    let project = project.value;
    project.check_open()?;
    let is_change = body.amends.is_some();
    let (client, scope) = estimates::parties(&app.ports, &project, is_change).await?;
    let amendment = amendment(scope.as_ref(), &body)?;
    let content = body.content(&project, client.terms, amendment, &app.ports, now)?;
    Written::new(content).map_err(|refusal| match refusal {
        Unwritable::Faults(faults) => Problem::invalid_body(faults),
        Unwritable::NotCanonical(defect) => Problem::internal(defect),
    })
}

/// What a change order comes to, by what is agreed now.
fn amendment(scope: Option<&Scope>, body: &Body) -> Result<Option<Amendment>, Problem> {
    let Some(estimate_id) = body.amends else {
        return Ok(None);
    };
    let Some(scope) = scope else {
        let unknown = PointedFault::new("/amends", Fault::UnknownReference);
        return Err(Problem::invalid_body(vec![unknown]));
    };
    let amendment = scope.amend(estimate_id, &body.changes);
    Ok(Some(amendment.map_err(unamendable)?))
}
