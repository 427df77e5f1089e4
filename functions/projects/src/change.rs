//! `PATCH /v1/projects/{project_id}`, and closing and reopening.

use remit_billing::ids::ProjectId;
use remit_billing::project::Project;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned};

use crate::create::check_members;
use crate::{App, fields, read, view};

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let body = &request.json()?;
    let seen = Some(request.if_match()?);
    replace(app, request, seen, |present| {
        fields::changed(body, present).map_err(Problem::invalid_body)
    })
    .await
}

pub(crate) async fn close(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    let now = app.clock.now();
    let seen = request.if_match_optional()?;
    replace(app, request, seen, |present| {
        Ok(present.clone().closed(now))
    })
    .await
}

pub(crate) async fn reopen(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    let seen = request.if_match_optional()?;
    replace(app, request, seen, |present| Ok(present.clone().reopened())).await
}

/// Stores what is changed; what is as it was keeps its version.
async fn replace(
    app: &App,
    request: &Request,
    seen: Option<u64>,
    change: impl Fn(&Project) -> Result<Project, Problem> + Sync,
) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ProjectId = request.path_id("project_id")?;
    let keyed = request.keyed(principal)?;
    let now = app.clock.now();
    let change = &change;
    perform(&app.store, keyed, now, || async move {
        let before = read::load(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Problem::stale_version());
        }
        let changed = change(&before.value)?;
        if changed == before.value {
            return Ok(Effect {
                commit: Commit::new(),
                response: answer(&before),
            });
        }
        if changed.member_ids != before.value.member_ids {
            check_members(app, principal.account_id, &changed.member_ids).await?;
        }
        let after = Project {
            updated_at: now,
            ..changed
        };
        let commit = Commit::new().replace(&before, &after, Vec::new());
        let after = Versioned::new(after, before.version + 1);
        Ok(Effect {
            commit,
            response: answer(&after),
        })
    })
    .await
}

fn answer(project: &Versioned<Project>) -> Response {
    Response::json(200, &view::project(&project.value)).etag(project.version)
}
