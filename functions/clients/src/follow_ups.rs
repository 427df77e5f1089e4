//! `POST /v1/clients/{client_id}/follow-ups/pause` and `/resume`: nothing follows up its invoices for a while.

use jiff::Timestamp;
use remit_billing::client::Client;
use remit_billing::follow_up::{ClientFollowUps, Pause, pause_of_client};
use remit_billing::ids::ClientId;
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::perform;

use crate::change::effect;
use crate::{App, read as reading};

pub(crate) async fn pause(app: &App, request: &Request) -> Result<Response, Problem> {
    let body = request.json()?;
    let until = read(&body, |r| Some(r.optional_text("until", date)));
    let until = until.map_err(Problem::invalid_body)?;
    let by = request.principal()?.actor_id();
    change(app, request, |client, now| {
        let pause = pause_of_client(client, until, by, now)?;
        Ok(pause.or_else(|| client.follow_ups.pause.clone()))
    })
    .await
}

pub(crate) async fn resume(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    change(app, request, |client, now| {
        let today = client.time_zone.date_of(now);
        let pause = client.follow_ups.pause.clone();
        Ok(pause.map(|pause| match pause.holds_on(today) {
            true => Pause {
                resumed_at: Some(now),
                ..pause
            },
            false => pause,
        }))
    })
    .await
}

async fn change(
    app: &App,
    request: &Request,
    paused: impl Fn(&Client, Timestamp) -> Result<Option<Pause>, Problem> + Sync,
) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let seen = request.if_match_optional()?;
    let now = app.clock.now();
    let keyed = request.keyed(principal)?;
    let paused = &paused;
    perform(&app.store, keyed, now, || async move {
        let (client, balances) = reading::load(app, principal.account_id, id).await?;
        if seen.is_some_and(|seen| client.version != seen) {
            return Err(Problem::stale_version());
        }
        let changed = Client {
            follow_ups: ClientFollowUps {
                pause: paused(&client.value, now)?,
                ..client.value.follow_ups.clone()
            },
            ..client.value.clone()
        };
        Ok(effect(&client, changed, &balances, now))
    })
    .await
}
