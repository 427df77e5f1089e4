//! `GET /v1/estimates`: by client, by project, by state; newest first.

use remit_billing::estimate::{Estimate, EstimateState};
use remit_billing::fault::Fault;
use remit_billing::ids::{ClientId, ProjectId};
use remit_operations::shown::estimates as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list};
use remit_store::{Index, Query, Range, keys};

use crate::App;

fn state(text: &str) -> Result<EstimateState, Fault> {
    let allowed = EstimateState::WORDS;
    EstimateState::parse(text).ok_or(Fault::UnknownValue { allowed })
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let client: Option<ClientId> = parameters.optional("client_id", str::parse);
    let project: Option<ProjectId> = parameters.optional("project_id", str::parse);
    let wanted = parameters.optional("state", state);
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;

    let (account, now) = (principal.account_id, app.ports.now());
    let query = match (client, wanted) {
        (Some(client), _) => Query::on(Index::ByClient, keys::client_partition(account, client))
            .range(Range::Prefix(keys::CLIENT_ESTIMATE_PREFIX.to_owned())),
        (None, Some(state)) => {
            let stored = state.stored().as_str();
            Query::on(Index::ByStatus, keys::estimates_of_state(account, stored))
        }
        (None, None) => Query::on(Index::ByDate, keys::estimates(account)),
    };
    let query = query.backward().limit(limit);
    let takes = |found: &Estimate| {
        principal.reaches(found.project_id)
            && project.is_none_or(|project| found.project_id == project)
            && wanted.is_none_or(|state| found.state(now) == state)
    };
    list::records(
        &app.ports.store,
        account,
        &query,
        from.as_deref(),
        |found| takes(found).then(|| view::entry(found, now)),
    )
    .await
}
