//! One estimate as it is stored: read, and replaced.

use remit_billing::estimate::Estimate;
use remit_billing::ids::EstimateId;
use remit_operations::load;
use remit_operations::shown::estimates as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, keys};

use crate::App;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: EstimateId = request.path_id("estimate_id")?;
    let found = load(app, principal, id).await?;
    Ok(answer(app, &found))
}

/// The estimate, which is there for a key of its project.
pub(crate) async fn load(
    app: &App,
    principal: &Principal,
    id: EstimateId,
) -> Result<Versioned<Estimate>, Problem> {
    let key = keys::estimate(principal.account_id, id);
    let found = load::need::<Estimate>(&app.ports.store, &key).await?;
    match principal.reaches(found.value.project_id) {
        true => Ok(found),
        false => Err(Problem::not_found()),
    }
}

pub(crate) fn answer(app: &App, found: &Versioned<Estimate>) -> Response {
    let now = app.ports.now();
    Response::json(200, &view::estimate(&found.value, now)).etag(found.version)
}

/// Stores what is changed; what is as it was keeps its version.
pub(crate) async fn replace<F, Fut>(
    app: &App,
    request: &Request,
    seen: Option<u64>,
    change: F,
) -> Result<Response, Problem>
where
    F: Fn(Estimate) -> Fut + Sync,
    Fut: Future<Output = Result<Estimate, Problem>> + Send,
{
    let principal = request.principal()?;
    let id: EstimateId = request.path_id("estimate_id")?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let change = &change;
    perform(&app.ports.store, keyed, now, || async move {
        let before = load(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Problem::stale_version());
        }
        let changed = change(before.value.clone()).await?;
        if changed == before.value {
            return Ok(Effect {
                commit: Commit::new(),
                response: answer(app, &before),
            });
        }
        let after = Estimate {
            updated_at: now,
            ..changed
        };
        let commit = Commit::new().replace(&before, &after, Vec::new());
        let after = Versioned::new(after, before.version + 1);
        Ok(Effect {
            commit,
            response: answer(app, &after),
        })
    })
    .await
}
