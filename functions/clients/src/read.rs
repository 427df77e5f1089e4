//! `GET /v1/clients` and `GET /v1/clients/{client_id}`.

use remit_billing::client::{Client, ClientBalance};
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId};
use remit_operations::shown::clients as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list};
use remit_store::{Index, Query, Record, Versioned, from_item, keys, type_of};

use crate::App;

/// Whether only those in use are wanted, or only those out of use.
const STATUSES: &[&str] = &["active", "archived"];

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id = request.path_id("client_id")?;
    let (client, balances) = load(app, principal.account_id, id).await?;
    let view = view::client_with_balances(&client.value, &balances);
    Ok(Response::json(200, &view).etag(client.version))
}

/// The client and its balances, in one consistent query of its partition.
pub(crate) async fn load(
    app: &App,
    account: AccountId,
    id: ClientId,
) -> Result<(Versioned<Client>, Vec<ClientBalance>), Problem> {
    // One balance a currency, and there are fewer than 200 currencies.
    const ITEMS_MAX: usize = 300;
    let query = Query::of(keys::client_partition(account, id)).consistent();
    let items = app.store.query_all_items(&query, ITEMS_MAX).await;
    let mut client = None;
    let mut balances = Vec::new();
    for item in items.map_err(|error| Problem::store(&error))? {
        if type_of(&item) == Some(Client::TYPE) {
            client = Some(from_item::<Client>(item).map_err(|error| Problem::store(&error))?);
        } else {
            let balance = from_item::<ClientBalance>(item);
            balances.push(balance.map_err(|error| Problem::store(&error))?.value);
        }
    }
    Ok((client.ok_or_else(Problem::not_found)?, balances))
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let archived = parameters.optional("status", |text| match text {
        "active" => Ok(false),
        "archived" => Ok(true),
        _ => Err(Fault::UnknownValue { allowed: STATUSES }),
    });
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;

    let account = principal.account_id;
    let partition = keys::clients(account, archived.unwrap_or(false));
    // Ids rise with time: the newest come first.
    let query = Query::on(Index::ByStatus, partition)
        .backward()
        .limit(limit);
    list::records(
        &app.store,
        account,
        &query,
        from.as_deref(),
        |found: &Client| Some(view::client(found)),
    )
    .await
}
