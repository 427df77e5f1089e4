//! Subscriptions are read: one, many, what they billed, and what they will.

use remit_billing::account::Account;
use remit_billing::fault::Fault;
use remit_billing::ids::{ClientId, ProjectId, SubscriptionId};
use remit_billing::subscription::{BilledPeriod, Subscription, SubscriptionStatus};
use remit_operations::shown::subscriptions as view;
use remit_operations::{load, subscriptions};
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list};
use remit_store::{Index, Query, Range, keys};
use serde_json::{Value, json};

use crate::App;
use crate::write::stored;

/// Periods to come that are shown.
const UPCOMING_MAX: i64 = 36;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let found = stored(app, principal, id).await?;
    Ok(Response::json(200, &view::subscription(&found.value)?).etag(found.version))
}

fn status(text: &str) -> Result<&'static str, Fault> {
    let allowed = SubscriptionStatus::WORDS;
    let known = allowed.iter().find(|word| **word == text);
    known.copied().ok_or(Fault::UnknownValue { allowed })
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let client: Option<ClientId> = parameters.optional("client_id", str::parse);
    let project: Option<ProjectId> = parameters.optional("project_id", str::parse);
    let wanted = parameters.optional("status", status);
    if client.is_none() && wanted.is_none() {
        parameters.fault("status", Fault::Required);
    }
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = match (client, wanted) {
        (Some(client), _) => Query::on(Index::ByClient, keys::client_partition(account, client))
            .range(Range::Prefix(keys::CLIENT_SUBSCRIPTION_PREFIX.to_owned())),
        (None, status) => {
            let status = status.unwrap_or("active");
            Query::on(
                Index::ByStatus,
                keys::subscriptions_of_status(account, status),
            )
        }
    };
    let query = query.backward().limit(limit);
    let takes = |found: &Subscription| {
        principal.reaches_all_of(&found.terms.content)
            && project.is_none_or(|project| found.project_ids().contains(&project))
            && wanted.is_none_or(|status| found.status.as_str() == status)
    };
    let show = |found: &Subscription| {
        takes(found)
            .then(|| view::subscription(found).ok())
            .flatten()
    };
    list::records(&app.ports.store, account, &query, from.as_deref(), show).await
}

/// What was billed, newest first.
pub(crate) async fn periods(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let mut parameters = request.query();
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    stored(app, principal, id).await?;
    let account = principal.account_id;
    let query = Query::of(keys::subscription_partition(account, id))
        .range(Range::Prefix(keys::BILLED_PERIOD_PREFIX.to_owned()))
        .backward()
        .limit(limit);
    let show = |found: &BilledPeriod| Some(view::billed(found));
    list::records(&app.ports.store, account, &query, from.as_deref(), show).await
}

fn many(text: &str) -> Result<i64, Fault> {
    let range = || Fault::OutOfRange {
        min: 1.into(),
        max: UPCOMING_MAX.into(),
    };
    let many: i64 = text.parse().map_err(|_| range())?;
    match (1..=UPCOMING_MAX).contains(&many) {
        true => Ok(many),
        false => Err(range()),
    }
}

/// What the next periods will bill, as it is agreed now.
pub(crate) async fn upcoming(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let mut parameters = request.query();
    let wanted = parameters.optional("limit", many).unwrap_or(12);
    parameters.finish()?;
    let found = stored(app, principal, id).await?.value;
    let account = keys::account(principal.account_id);
    let account = load::need::<Account>(&app.ports.store, &account)
        .await?
        .value;
    let now = app.ports.now();
    // A draft shows what it would bill.
    let mut ahead = match found.status {
        SubscriptionStatus::Draft => found.clone().activated(false, now).unwrap_or(found),
        _ => found,
    };
    let asked = ahead
        .change
        .as_ref()
        .is_some_and(|change| subscriptions::asks(&account, &ahead.with_lines(&change.lines)));
    let rounding = account.cash_rounding(ahead.terms.content.currency);
    let mut data: Vec<Value> = Vec::new();
    for _ in 0..wanted {
        let Some(period) = ahead.next_period() else {
            break;
        };
        let bill = ahead.bill(asked, &[]);
        let bill = bill.map_err(|fault| Problem::fault("/lines", fault))?;
        let totals = bill.content.totals_rounded(rounding);
        let totals = totals.map_err(Problem::invalid_body)?;
        let Some(bills_on) = ahead.terms.schedule.bills_on(&period) else {
            break;
        };
        data.push(view::upcoming(&period, bills_on, &totals));
        ahead = ahead.billed(&bill, now);
    }
    Ok(Response::json(200, &json!({ "data": data })))
}

/// What of a retainer is left, were all that is approved so far drawn from it now.
pub(crate) async fn retainer(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let found = stored(app, principal, id).await?.value;
    let drawn = subscriptions::drawn_now(&app.ports, &found).await?;
    let Some(drawn) = drawn else {
        return Err(Problem::not_found());
    };
    Ok(Response::json(
        200,
        &json!({
            "available": drawn.available,
            "carried": found.retainer_state.map(|state| state.carried),
            "used": drawn.used,
            "left": drawn.left(),
        }),
    ))
}
