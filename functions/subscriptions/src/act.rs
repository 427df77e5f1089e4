//! A subscription begins, pauses, goes on, leaves periods out and ends.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::ids::SubscriptionId;
use remit_billing::notices;
use remit_billing::subscription::{SKIP_MAX, Subscription, SubscriptionRefusal};
use remit_operations::facts::Facts;
use remit_operations::shown::subscriptions as view;
use remit_operations::{load, subscriptions};
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, keys};

use crate::App;
use crate::write::stored;

pub(crate) async fn activate(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    let account_id = request.principal()?.account_id;
    let account = load::need::<Account>(&app.ports.store, &keys::account(account_id)).await?;
    let now = app.ports.now();
    replace(app, request, |found: Subscription| {
        let asked = subscriptions::asks(&account.value, &found.terms.content);
        let days = notices::subscription_days(&account.value, None, found.terms.automation);
        Ok(found.activated(asked, now)?.telling_ahead(days))
    })
    .await
}

pub(crate) async fn pause(app: &App, request: &Request) -> Result<Response, Problem> {
    let until: Option<Date> = read(&request.json()?, |r| Some(r.optional_text("until", date)))
        .map_err(Problem::invalid_body)?;
    let now = app.ports.now();
    replace(app, request, |found| found.paused(until, now)).await
}

pub(crate) async fn resume(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    let now = app.ports.now();
    replace(app, request, |found| found.resumed(now)).await
}

pub(crate) async fn skip(app: &App, request: &Request) -> Result<Response, Problem> {
    let periods = read(&request.json()?, |r| {
        let periods = r.integer("periods", 1, SKIP_MAX.into());
        match r.has("periods") {
            true => u32::try_from(periods?).ok(),
            false => Some(1),
        }
    })
    .map_err(Problem::invalid_body)?;
    let now = app.ports.now();
    replace(app, request, |found| found.skipping(periods, now)).await
}

pub(crate) async fn end(app: &App, request: &Request) -> Result<Response, Problem> {
    let on: Option<Date> = read(&request.json()?, |r| Some(r.optional_text("on", date)))
        .map_err(Problem::invalid_body)?;
    let now = app.ports.now();
    replace(app, request, |found| found.ending(on, now)).await
}

/// What stood in the way of a bill is mended: it is looked at with the next run.
pub(crate) async fn retry(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    let now = app.ports.now();
    replace(app, request, |found: Subscription| found.tried_again(now)).await
}

pub(crate) async fn drop_change(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    let now = app.ports.now();
    replace(app, request, |found| found.unchanged(now)).await
}

/// Stores what becomes of a subscription; what is as it was keeps its version.
pub(crate) async fn replace(
    app: &App,
    request: &Request,
    change: impl Fn(Subscription) -> Result<Subscription, SubscriptionRefusal> + Sync,
) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let seen = request.if_match_optional()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let change = &change;
    perform(&app.ports.store, keyed, now, || async move {
        let before = stored(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Problem::stale_version());
        }
        let after = change(before.value.clone())?;
        if after == before.value {
            let shown = view::subscription(&after)?;
            let response = Response::json(200, &shown).etag(before.version);
            return Ok(Effect {
                commit: Commit::new(),
                response,
            });
        }
        let after = Subscription {
            updated_at: now,
            ..after
        };
        let facts = Facts::new(&app.ports, principal.account_id, now);
        let events = facts.subscription_changed(&before.value, &after)?;
        let response = Response::json(200, &view::subscription(&after)?).etag(before.version + 1);
        Ok(Effect {
            commit: Commit::new().replace(&before, &after, events),
            response,
        })
    })
    .await
}
