//! `GET /v1/overview`: where the agency's money stands, and what waits for it, in one answer.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use remit_billing::account::Account;
use remit_billing::estimate::Estimate;
use remit_billing::fault::Fault;
use remit_billing::ids::AccountId;
use remit_billing::money::{Currency, Money};
use remit_billing::report::{Age, Moved, Overview, Tally, Waiting};
use remit_billing::standing::Standing;
use remit_documents::COUNTED_MAX;
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{Index, Query, keys};
use serde_json::{Map, Value, json};

use crate::App;
use crate::documents::each_of_status;
use crate::period::{MAX_ENTRIES, Period, TooLarge};

/// Rows of each list.
const ROWS: usize = 25;
/// Months of the ledger that one look reads.
pub(crate) const MAX_MONTHS: u32 = 12;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let months = parameters.optional("months", |text| {
        let months = text.parse().ok();
        let months = months.filter(|months| (1..=MAX_MONTHS).contains(months));
        months.ok_or(Fault::OutOfRange {
            min: 1.into(),
            max: MAX_MONTHS.into(),
        })
    });
    parameters.finish()?;
    let id = principal.account_id;
    let mut batch = Batch::read(&app.ports.store, &[keys::account(id)]).await?;
    let account = batch.need::<Account>()?.value;
    let wanted = months.unwrap_or(1);
    let looked = Looked::at(app, &account, wanted).await?;
    if looked.months.len() < usize::try_from(wanted).map_err(Problem::internal)? {
        let most = MAX_ENTRIES;
        return Err(TooLarge { most }.into());
    }
    let mut view = view(&looked, months.is_some());
    let waiting = waiting(app, id, &Waiting::ALL).await?;
    let waiting: Map<String, Value> = waiting
        .into_iter()
        .map(|(what, count)| (what.as_str().to_owned(), count.into()))
        .collect();
    view["waiting"] = waiting.into();
    Ok(Response::json(200, &view))
}

/// What stands, by one look.
pub(crate) struct Looked {
    pub overview: Overview,
    /// The months whose ledger was read in whole, the oldest first; the last is this one.
    pub months: Vec<Date>,
    /// When (UTC).
    pub now: Timestamp,
    /// Today, where the agency is.
    pub today: Date,
}

impl Looked {
    /// Reads the open invoices, the offers that were sent, and the ledger of so many months, this one the first of them. Older
    /// ones are left out once there are more entries than one look reads.
    pub async fn at(app: &App, account: &Account, months: u32) -> Result<Self, Problem> {
        let id = account.id;
        let now = app.ports.now();
        let today = account.today(now);
        let mut overview = Overview::default();
        let open = keys::invoices_of_status(id, "open");
        each_of_status::<Standing>(app, open, |standing| overview.add_invoice(&standing, now))
            .await?;
        let sent = keys::estimates_of_state(id, "sent");
        each_of_status::<Estimate>(app, sent, |estimate| {
            overview.add_estimate(&estimate, now);
            Ok(())
        })
        .await?;
        let this_month = today.first_of_month();
        let mut read = Vec::new();
        let mut left = MAX_ENTRIES;
        for ago in 0..months {
            let ago = i64::from(ago).months();
            let month = this_month.checked_sub(ago).map_err(Problem::internal)?;
            let period = Period {
                from: month,
                to: month.last_of_month().min(today),
            };
            // What is read in part counts for nothing.
            let mut with = overview.clone();
            let seen = period
                .each_within(app, id, left, |entry| {
                    let added = with.add_entry(&entry, this_month);
                    added.map_err(Problem::internal)
                })
                .await?;
            let Some(seen) = seen else { break };
            left -= seen;
            overview = with;
            read.push(month);
        }
        read.reverse();
        Ok(Self {
            overview,
            months: read,
            now,
            today,
        })
    }
}

/// What members have to look at, a hundred of each at most.
pub(crate) async fn waiting(
    app: &App,
    id: AccountId,
    wanted: &[Waiting],
) -> Result<Vec<(Waiting, usize)>, Problem> {
    let mut counts = Vec::with_capacity(wanted.len());
    let limit = u32::try_from(COUNTED_MAX).map_err(Problem::internal)?;
    for what in wanted {
        let partition = match what {
            Waiting::Questions => keys::threads(id, "waiting"),
            Waiting::EstimatesInReview => keys::estimates_of_state(id, "in_review"),
            Waiting::SubmittedWork => keys::work_of_state(id, "submitted"),
            Waiting::BankEntries => keys::bank_entries(id, "waiting"),
            Waiting::UnmatchedPayments => keys::payments_unmatched(id),
        };
        let query = Query::on(Index::ByStatus, partition).limit(limit);
        let page = app.ports.store.query_keys(&query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        counts.push((*what, page.found.len()));
    }
    Ok(counts)
}

fn tally(tally: Tally) -> Value {
    json!({"count": tally.count, "amount": tally.amount.amount_text()})
}

/// What came and went back in each of the months, in one currency.
fn months(looked: &Looked, currency: Currency) -> Value {
    let (code, zero) = (currency.code(), Money::zero(currency));
    let none = Moved {
        received: zero,
        given_back: zero,
    };
    let months = looked.months.iter().map(|month| {
        let moved = looked.overview.months.get(&(code, *month));
        let moved = moved.copied().unwrap_or(none);
        json!({
            "month": month,
            "received": moved.received.amount_text(),
            "given_back": moved.given_back.amount_text(),
        })
    });
    months.collect()
}

fn view(looked: &Looked, with_months: bool) -> Value {
    let Looked {
        overview,
        now,
        today,
        ..
    } = looked;
    let currencies = overview.by_currency.iter().map(|(code, of)| {
        let ages = Age::LATE.iter().zip(of.overdue_by_age);
        let ages: Map<String, Value> = ages
            .map(|(age, amount)| (age.as_str().to_owned(), amount.amount_text().into()))
            .collect();
        let mut view = json!({
            "currency": code,
            "outstanding": tally(of.outstanding),
            "overdue": tally(of.overdue),
            "overdue_ages": ages,
            "processing": tally(of.processing),
            "disputed": tally(of.disputed),
            "received": of.received.amount_text(),
            "given_back": of.given_back.amount_text(),
        });
        if with_months {
            view["months"] = months(looked, of.received.currency());
        }
        view
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
        "at": now,
        "month": today.first_of_month(),
        "currencies": currencies.collect::<Value>(),
        "promised": promised.collect::<Value>(),
        "ending_offers": ending.collect::<Value>(),
    })
}
