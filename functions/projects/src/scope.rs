//! What the client accepted on a project, what of it is billed, and which milestones are reached.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::ids::{MilestoneId, ProjectId};
use remit_billing::party::Paragraph;
use remit_billing::project::Project;
use remit_billing::scope::{Reached, Scope};
use remit_operations::load::Batch;
use remit_operations::shown::scopes::scope as shown;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, keys};

use crate::App;

struct Found {
    project: Project,
    scope: Option<Versioned<Scope>>,
    today: Date,
}

async fn load(app: &App, principal: &Principal, id: ProjectId) -> Result<Found, Problem> {
    if !principal.reaches(id) {
        return Err(Problem::not_found());
    }
    let account_id = principal.account_id;
    let wanted = [
        keys::project(account_id, id),
        keys::account(account_id),
        keys::scope(account_id, id),
    ];
    let mut batch = Batch::read(&app.store, &wanted).await?;
    let project = batch.need::<Project>()?.value;
    let account = batch.need::<Account>()?.value;
    Ok(Found {
        project,
        scope: batch.take::<Scope>()?,
        today: account.today(app.clock.now()),
    })
}

/// `GET /v1/projects/{project_id}/scope`.
pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id = request.path_id("project_id")?;
    let found = load(app, principal, id).await?;
    let scope = found.scope.as_ref().map(|scope| &scope.value);
    Ok(Response::json(
        200,
        &shown(&found.project, scope, found.today)?,
    ))
}

/// How a milestone is reached, as a body says it.
enum How {
    Delivered,
    ClientAgreed(Paragraph<2_000>),
}

/// `POST /v1/projects/{project_id}/milestones/{milestone_id}/reach`.
pub(crate) async fn reach(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ProjectId = request.path_id("project_id")?;
    let milestone: MilestoneId = request.path_id("milestone_id")?;
    let how = read(&request.json()?, |r| {
        let agreed = r.optional_text("client_agreed", Paragraph::parse);
        Some(agreed.map_or(How::Delivered, How::ClientAgreed))
    });
    let how = &how.map_err(Problem::invalid_body)?;
    let (by, now) = (principal.actor_id(), app.clock.now());
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let found = load(app, principal, id).await?;
        let before = found.scope.ok_or_else(Problem::not_found)?;
        let reached = match how {
            How::Delivered => Reached::Delivered { by, at: now },
            How::ClientAgreed(note) => Reached::ClientAgreed {
                by,
                at: now,
                note: note.clone(),
            },
        };
        let after = before.value.clone().reach(milestone, reached);
        let after = after.ok_or_else(Problem::not_found)?;
        let after = Scope {
            updated_at: now,
            ..after
        };
        let response = shown(&found.project, Some(&after), found.today)?;
        Ok(Effect {
            commit: Commit::new().replace(&before, &after, Vec::new()),
            response: Response::json(200, &response),
        })
    })
    .await
}
