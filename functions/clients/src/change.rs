//! `PATCH /v1/clients/{client_id}` and `POST /v1/clients/{client_id}/archive`.

use jiff::Timestamp;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::ids::ClientId;
use remit_operations::shown::clients as view;
use remit_operations::{portal, statements};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned};

use crate::{App, fields, read};

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let seen = request.if_match()?;
    let body = &request.json()?;
    let now = app.clock.now();
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let (client, balances) = read::load(app, principal.account_id, id).await?;
        if client.version != seen {
            return Err(Problem::stale_version());
        }
        let changed =
            fields::changed_client(body, &client.value, now).map_err(Problem::invalid_body)?;
        let before = Some(&client.value);
        let wanted = statements::wanted_by(&app.store, before, &changed, now).await?;
        let noted = portal::noted(&app.store, before, &changed).await?;
        let effect = effect(&client, changed, &balances, now);
        Ok(Effect {
            commit: effect.commit.and(wanted).and(noted),
            ..effect
        })
    })
    .await
}

pub(crate) async fn archive(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.clock.now();
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let (client, balances) = read::load(app, principal.account_id, id).await?;
        if seen.is_some_and(|seen| client.version != seen) {
            return Err(Problem::stale_version());
        }
        let changed = Client {
            archived_at: client.value.archived_at.or(Some(now)),
            ..client.value.clone()
        };
        Ok(effect(&client, changed, &balances, now))
    })
    .await
}

/// Stores what is changed; what is as it was keeps its version.
pub(crate) fn effect(
    before: &Versioned<Client>,
    changed: Client,
    balances: &[ClientBalance],
    now: Timestamp,
) -> Effect {
    if changed == before.value {
        return Effect {
            commit: Commit::new(),
            response: answer(&changed, before.version, balances),
        };
    }
    let after = Client {
        updated_at: now,
        ..changed
    };
    Effect {
        commit: Commit::new().replace(before, &after, Vec::new()),
        response: answer(&after, before.version + 1, balances),
    }
}

fn answer(client: &Client, version: u64, balances: &[ClientBalance]) -> Response {
    Response::json(200, &view::client_with_balances(client, balances)).etag(version)
}
