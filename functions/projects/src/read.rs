//! `GET /v1/projects` and `GET /v1/projects/{project_id}`.

use remit_billing::fault::Fault;
use remit_billing::ids::{ClientId, ProjectId};
use remit_billing::party::Name;
use remit_billing::project::{Project, ProjectState};
use remit_operations::shown::projects as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem, list};
use remit_store::{Index, Query, Range, Versioned, keys};

use crate::App;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id = request.path_id("project_id")?;
    let project = load(app, principal, id).await?;
    Ok(Response::json(200, &view::project(&project.value)).etag(project.version))
}

pub(crate) async fn load(
    app: &App,
    principal: &Principal,
    id: ProjectId,
) -> Result<Versioned<Project>, Problem> {
    if !principal.reaches(id) {
        return Err(Problem::not_found());
    }
    let key = keys::project(principal.account_id, id);
    let project = app.store.get::<Project>(&key).await;
    project
        .map_err(|error| Problem::store(&error))?
        .ok_or_else(Problem::not_found)
}

fn state(text: &str) -> Result<ProjectState, Fault> {
    let allowed = ProjectState::WORDS;
    ProjectState::parse(text).ok_or(Fault::UnknownValue { allowed })
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let client: Option<ClientId> = parameters.optional("client_id", str::parse);
    let wanted = parameters.optional("state", state);
    let team = parameters.optional("team", Name::parse);
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;

    let account = principal.account_id;
    // Ids rise with time: the newest come first.
    let query = match client {
        Some(client) => Query::on(Index::ByClient, keys::client_partition(account, client))
            .range(Range::Prefix(keys::CLIENT_PROJECT_PREFIX.to_owned())),
        None => {
            let wanted = wanted.unwrap_or(ProjectState::Active);
            Query::on(Index::ByStatus, keys::projects(account, wanted))
        }
    };
    let query = query.backward().limit(limit);
    // A client's projects stand in one list, whatever their state.
    let takes = |project: &Project| {
        principal.reaches(project.id)
            && wanted.is_none_or(|state| project.state() == state)
            && (team.is_none() || project.team == team)
    };
    list::records(&app.store, account, &query, from.as_deref(), |found| {
        takes(found).then(|| view::project(found))
    })
    .await
}
