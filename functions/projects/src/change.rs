//! `PATCH /v1/projects/{project_id}`, and closing and reopening.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, ProjectDeliveryKind};
use remit_billing::ids::ProjectId;
use remit_billing::notices;
use remit_billing::project::{Project, ProjectState};
use remit_operations::facts::Facts;
use remit_operations::load::Batch;
use remit_operations::shown::projects as view;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned, keys};

use crate::create::check_members;
use crate::{App, fields, read as reading};

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let body = &request.json()?;
    let seen = Some(request.if_match()?);
    replace(app, request, seen, |present| {
        fields::changed(body, present).map_err(Problem::invalid_body)
    })
    .await
}

/// Closes it, and thanks its client where the agency does, unless the body says otherwise.
pub(crate) async fn close(app: &App, request: &Request) -> Result<Response, Problem> {
    let thanks = read(&request.json()?, |r| Some(r.boolean("thanks")));
    let thanks = thanks.map_err(Problem::invalid_body)?.unwrap_or(true);
    let principal = request.principal()?;
    let id: ProjectId = request.path_id("project_id")?;
    let seen = request.if_match_optional()?;
    let keyed = request.keyed(principal)?;
    let ports = &app.ports();
    let now = ports.now();
    perform(&app.store, keyed, now, || async move {
        let before = reading::load(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Problem::stale_version());
        }
        if before.value.state() == ProjectState::Closed {
            return Ok(Effect {
                commit: Commit::new(),
                response: answer(&before),
            });
        }
        let mut after = Project {
            updated_at: now,
            ..before.value.clone().closed(now)
        };
        let mut commit = Commit::new();
        if thanks && before.value.thanked_at.is_none() && is_thanked(app, &before.value).await? {
            after = after.thanked(now);
            let about = About::Project {
                project_id: id,
                kind: ProjectDeliveryKind::ProjectThanks,
            };
            let facts = Facts::new(ports, principal.account_id, now);
            commit = facts.ask_for_mail(commit, after.client_id, about)?;
        }
        let commit = commit.replace(&before, &after, Vec::new());
        let after = Versioned::new(after, before.version + 1);
        Ok(Effect {
            commit,
            response: answer(&after),
        })
    })
    .await
}

/// Whether the client of a project is thanked, and there is somebody to thank.
async fn is_thanked(app: &App, project: &Project) -> Result<bool, Problem> {
    let wanted = [
        keys::account(project.account_id),
        keys::client(project.account_id, project.client_id),
    ];
    let mut batch = Batch::read(&app.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let client = batch.need::<Client>()?.value;
    Ok(notices::thanks(&account, &client) && !client.recipients().is_empty() && !account.held)
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
        let before = reading::load(app, principal, id).await?;
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
