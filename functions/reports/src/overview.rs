//! `GET /v1/overview`: where the agency's money stands, and what waits for it, in one answer.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::estimate::Estimate;
use remit_billing::ids::AccountId;
use remit_billing::report::{Overview, Tally};
use remit_billing::standing::Standing;
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{Index, Query, keys};
use serde_json::{Value, json};

use crate::App;
use crate::documents::each_of_status;
use crate::period::{MAX_ENTRIES, Period};

/// Rows of each list.
const ROWS: usize = 25;
/// What waits is counted so far.
const COUNTED: u32 = 100;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    request.query().finish()?;
    let id = principal.account_id;
    let mut batch = Batch::read(&app.ports.store, &[keys::account(id)]).await?;
    let account = batch.need::<Account>()?.value;
    let now = app.ports.now();
    let today = account.today(now);
    let mut overview = Overview::default();
    let open = keys::invoices_of_status(id, "open");
    each_of_status::<Standing>(app, open, |standing| overview.add_invoice(&standing, now)).await?;
    let sent = keys::estimates_of_state(id, "sent");
    each_of_status::<Estimate>(app, sent, |estimate| {
        overview.add_estimate(&estimate, now);
        Ok(())
    })
    .await?;
    let month = Period {
        from: today.first_of_month(),
        to: today,
    };
    month
        .each(app, id, MAX_ENTRIES, |entry| {
            overview.add_entry(&entry).map_err(Problem::internal)
        })
        .await?;
    let waiting = waiting(app, id).await?;
    let mut view = view(&overview, today);
    view["at"] = json!(now);
    view["waiting"] = waiting;
    Ok(Response::json(200, &view))
}

/// What members have to look at, a hundred of each at most.
async fn waiting(app: &App, id: AccountId) -> Result<Value, Problem> {
    let places = [
        ("questions", keys::threads(id, "waiting")),
        (
            "estimates_in_review",
            keys::estimates_of_state(id, "in_review"),
        ),
        ("submitted_work", keys::work_of_state(id, "submitted")),
        ("bank_entries", keys::bank_entries(id, "waiting")),
        ("unmatched_payments", keys::payments_unmatched(id)),
    ];
    let mut counts = serde_json::Map::new();
    for (name, partition) in places {
        let query = Query::on(Index::ByStatus, partition).limit(COUNTED);
        let page = app.ports.store.query_keys(&query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        counts.insert(name.to_owned(), page.found.len().into());
    }
    Ok(counts.into())
}

fn tally(tally: Tally) -> Value {
    json!({"count": tally.count, "amount": tally.amount.amount_text()})
}

fn view(overview: &Overview, today: Date) -> Value {
    let currencies = overview.by_currency.iter().map(|(code, of)| {
        json!({
            "currency": code,
            "outstanding": tally(of.outstanding),
            "overdue": tally(of.overdue),
            "processing": tally(of.processing),
            "disputed": tally(of.disputed),
            "received": of.received.amount_text(),
            "given_back": of.given_back.amount_text(),
        })
    });
    let promised = overview.promised.values().take(ROWS).map(|promise| {
        json!({
            "invoice_id": promise.invoice_id,
            "number": promise.number,
            "client_id": promise.client_id,
            "date": promise.on,
            "currency": promise.amount.currency(),
            "amount": promise.amount.amount_text(),
        })
    });
    let ending = overview.ending.values().take(ROWS).map(|offer| {
        json!({
            "estimate_id": offer.estimate_id,
            "number": offer.number,
            "title": offer.title,
            "client_id": offer.client_id,
            "valid_until": offer.valid_until,
            "currency": offer.amount.currency(),
            "amount": offer.amount.amount_text(),
        })
    });
    json!({
        "month": today.first_of_month(),
        "currencies": currencies.collect::<Value>(),
        "promised": promised.collect::<Value>(),
        "ending_offers": ending.collect::<Value>(),
    })
}
