//! `GET /v1/bank-entries` by state, and one of them.

use remit_billing::banking::{BankEntry, EntryState};
use remit_billing::ids::BankEntryId;
use remit_operations::load;
use remit_operations::shown::banking as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem, list as lists};
use remit_store::{Index, Query, Versioned, keys};

use crate::App;

pub(crate) async fn load(
    app: &App,
    principal: &Principal,
    id: BankEntryId,
) -> Result<Versioned<BankEntry>, Problem> {
    load::need(
        &app.ports.store,
        &keys::bank_entry(principal.account_id, id),
    )
    .await
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let entry = load(app, principal, request.path_id("entry_id")?).await?;
    Ok(Response::json(200, &view::entry(&entry.value)))
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let state = parameters.optional("state", EntryState::parse_word);
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let entries = keys::bank_entries(account, state.unwrap_or("waiting"));
    let query = Query::on(Index::ByStatus, entries).backward().limit(limit);
    let show = |entry: &BankEntry| Some(view::entry(entry));
    lists::records(&app.ports.store, account, &query, from.as_deref(), show).await
}
