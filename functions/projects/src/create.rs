//! `POST /v1/projects`.

use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, MemberId, ProjectId};
use remit_billing::member::Roster;
use remit_operations::shown::projects as view;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, keys};

use crate::fields::Written;
use crate::{App, fields};

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let written = &Written::read(&request.json()?).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.clock.now();
    let id: ProjectId = app.ids.make(now).map_err(Problem::no_randomness)?;
    perform(&app.store, keyed, now, || async move {
        let key = keys::client(principal.account_id, written.client_id);
        let client = app.store.get::<Client>(&key).await;
        let Some(client) = client.map_err(|error| Problem::store(&error))? else {
            let unknown = PointedFault::new("/client_id", Fault::UnknownReference);
            return Err(Problem::invalid_body(vec![unknown]));
        };
        check_members(app, principal.account_id, &written.member_ids).await?;
        let project = written.clone().project(&client.value, id, now);
        let response = Response::json(201, &view::project(&project))
            .header("location", format!("/v1/projects/{id}"))
            .etag(1);
        let commit = Commit::new().create(&project, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

/// Who works on it is of the team.
pub(crate) async fn check_members(
    app: &App,
    account: AccountId,
    named: &[MemberId],
) -> Result<(), Problem> {
    if named.is_empty() {
        return Ok(());
    }
    let roster = app.store.get::<Roster>(&keys::roster(account)).await;
    let roster = roster.map_err(|error| Problem::store(&error))?;
    let faults = fields::check_members(named, roster.as_ref().map(|found| &found.value));
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::invalid_body(faults)),
    }
}
