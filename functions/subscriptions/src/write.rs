//! Subscriptions are written while they are drafts; after that, their lines from a day on.

use remit_billing::approval::Review;
use remit_billing::fault::Fault;
use remit_billing::ids::SubscriptionId;
use remit_billing::subscription::{
    PriceChange, Subscription, SubscriptionRefusal, SubscriptionStatus, SubscriptionTerms,
};
use remit_operations::drafting::{self, Author, Priced};
use remit_operations::load;
use remit_operations::shown::subscriptions as view;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::App;
use crate::body::{self, Body};

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let body = &request.json()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let id: SubscriptionId = app.ports.id(now)?;
    perform(&app.ports.store, keyed, now, || async move {
        let (terms, priced) = terms(app, principal, body).await?;
        let subscription = Subscription {
            account_id: principal.account_id,
            id,
            content_hash: terms.hash().map_err(Problem::internal)?,
            terms,
            review: Review::of(principal.actor_id()),
            change: None,
            status: SubscriptionStatus::Draft,
            next: None,
            skipped: Vec::new(),
            trouble: None,
            retainer_state: None,
            ahead: None,
            time_zone: priced.client.time_zone,
            created_at: now,
            updated_at: now,
        };
        let response = Response::json(201, &view::subscription(&subscription)?)
            .header("location", format!("/v1/subscriptions/{id}"))
            .etag(1);
        let commit = Commit::new().create(&subscription, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

/// Reads a whole body for the client that it names: what its bills would say today is priced, and
/// has to come to something.
async fn terms(
    app: &App,
    principal: &Principal,
    body: &Value,
) -> Result<(SubscriptionTerms, Priced), Problem> {
    let (bills, read) = Body::read(body).map_err(Problem::invalid_body)?;
    let priced = drafting::read(&app.ports, Author::of(principal), bills).await?;
    let terms = read.terms(priced.content.clone());
    let terms = terms.map_err(Problem::invalid_body)?;
    check_worth(&terms)?;
    Ok((terms, priced))
}

fn check_worth(terms: &SubscriptionTerms) -> Result<(), Problem> {
    let totals = terms.content.totals().map_err(Problem::invalid_body)?;
    match totals.total.is_positive() {
        true => Ok(()),
        false => Err(SubscriptionRefusal::NothingToBill.into()),
    }
}

/// A subscription that the caller may see.
pub(crate) async fn stored(
    app: &App,
    principal: &Principal,
    id: SubscriptionId,
) -> Result<Versioned<Subscription>, Problem> {
    let key = keys::subscription(principal.account_id, id);
    let stored = load::need::<Subscription>(&app.ports.store, &key).await?;
    match principal.reaches_all_of(&stored.value.terms.content) {
        true => Ok(stored),
        false => Err(Problem::not_found()),
    }
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let seen = request.if_match()?;
    let change = &request.json()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let before = stored(app, principal, id).await?;
        if before.version != seen {
            return Err(Problem::stale_version());
        }
        before.value.check_draft()?;
        let body = body::merged(&before.value.terms, change).map_err(Problem::invalid_body)?;
        let (terms, priced) = terms(app, principal, &body).await?;
        let hash = terms.hash().map_err(Problem::internal)?;
        let zone = priced.client.time_zone;
        let author = principal.actor_id();
        let after = before.value.clone();
        let after = after.rewritten(terms, hash, zone, author, now)?;
        let response = Response::json(200, &view::subscription(&after)?).etag(before.version + 1);
        let commit = Commit::new().replace(&before, &after, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.ports.now();
    perform(&app.ports.store, None, now, || async move {
        let stored = stored(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != stored.version) {
            return Err(Problem::stale_version());
        }
        stored.value.check_draft()?;
        Ok(Effect {
            commit: Commit::new().delete(&stored),
            response: Response::empty(204),
        })
    })
    .await
}

/// `PUT /v1/subscriptions/{subscription_id}/change`: other lines from a day on.
pub(crate) async fn set_change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: SubscriptionId = request.path_id("subscription_id")?;
    let seen = request.if_match_optional()?;
    let body = &request.json()?;
    let (from, lines) = read(body, |r| {
        let from = r.text("from", date);
        if !r.has("lines") {
            r.fault("lines", Fault::Required);
        }
        let lines = r.value("lines");
        Some((from?, lines?.clone()))
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let lines = &lines;
    perform(&app.ports.store, keyed, now, || async move {
        let before = stored(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Problem::stale_version());
        }
        let merged = body::merged(&before.value.terms, &json!({ "lines": lines }));
        let merged = merged.map_err(Problem::invalid_body)?;
        let (terms, _) = terms(app, principal, &merged).await?;
        let author = principal.actor_id();
        let change = PriceChange::new(id, from, terms.content.lines, author);
        let change = change.map_err(Problem::internal)?;
        let after = before.value.clone().changing(change, now)?;
        let response = Response::json(200, &view::subscription(&after)?).etag(before.version + 1);
        let commit = Commit::new().replace(&before, &after, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}
