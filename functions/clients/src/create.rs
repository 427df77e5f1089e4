//! `POST /v1/clients`.

use remit_billing::account::Account;
use remit_operations::shown::clients as view;
use remit_operations::{portal, statements};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, keys};

use crate::App;
use crate::fields;

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let body = &request.json()?;
    let now = app.clock.now();
    let id = app.ids.make(now).map_err(Problem::no_randomness)?;
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let account = app
            .store
            .get::<Account>(&keys::account(principal.account_id))
            .await
            .map_err(|error| Problem::store(&error))?
            .ok_or_else(Problem::not_found)?
            .value;
        let client = fields::new_client(body, &account, id, now).map_err(Problem::invalid_body)?;
        let response = Response::json(201, &view::client_with_balances(&client, &[]))
            .header("location", format!("/v1/clients/{id}"))
            .etag(1);
        let wanted = statements::wanted_by(&app.store, None, &client, now).await?;
        let noted = portal::noted(&app.store, None, &client).await?;
        let commit = Commit::new()
            .create(&client, Vec::new())
            .and(wanted)
            .and(noted);
        Ok(Effect { commit, response })
    })
    .await
}
