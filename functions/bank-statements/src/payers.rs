//! `/v1/clients/{client_id}/payers`: accounts and names that members placed with a client.

use remit_billing::bank_matching::PayerHash;
use remit_billing::banking::KnownPayer;
use remit_billing::ids::ClientId;
use remit_operations::load;
use remit_operations::shown::banking as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, list as lists};
use remit_store::{Commit, Index, Query, Range, keys};

use crate::App;

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let mut parameters = request.query();
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    load::client(&app.ports.store, account, id).await?;
    let query = Query::on(Index::ByClient, keys::client_partition(account, id))
        .range(Range::Prefix(keys::CLIENT_PAYER_PREFIX.to_owned()))
        .limit(limit);
    let show = |payer: &KnownPayer| Some(view::payer(payer));
    lists::records(&app.ports.store, account, &query, from.as_deref(), show).await
}

pub(crate) async fn forget(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let payer = request.path_text("payer").and_then(PayerHash::parse);
    let payer = &payer.ok_or_else(Problem::not_found)?;
    request.no_fields()?;
    let account = principal.account_id;
    perform(&app.ports.store, None, app.ports.now(), || async move {
        let key = keys::known_payer(account, payer, id);
        let known = load::need::<KnownPayer>(&app.ports.store, &key).await?;
        let commit = Commit::new().delete(&known);
        let response = Response::empty(204);
        Ok(Effect { commit, response })
    })
    .await
}
