//! `POST /v1/exchange-rates`: the European Central Bank's file, as it is published.
//!
//! Rates stand under currency and day, so an import may be repeated, and one that breaks off is ended by the next:
//! what it has recorded is right by itself. So a file needs no commit of its own for all of it, which could not be
//! one transaction either.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::exchange::{EuroRates, ExchangeRate};
use remit_billing::fault::Fault;
use remit_billing::money::Currency;
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::body::date;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, from_item, keys};
use serde_json::json;

use crate::refusal::MAX_RATES;
use crate::{App, RatesRefusal, euro_file, latest};

/// Rates of one commit: as many as one transaction writes, and one request reads.
const AT_ONCE: usize = 100;

/// Who quotes, as the source of a rate says.
const BANK: &str = "ECB";

/// What an import came to.
#[derive(Debug, Default, Clone, Copy)]
struct Outcome {
    recorded: usize,
    changed: usize,
    unchanged: usize,
    by_hand: usize,
}

impl Outcome {
    fn and(self, other: Self) -> Self {
        Self {
            recorded: self.recorded + other.recorded,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
            by_hand: self.by_hand + other.by_hand,
        }
    }
}

pub(crate) async fn import(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let wanted = parameters.optional("currencies", currencies);
    let from = parameters.optional("from", date);
    parameters.finish()?;
    let file = euro_file::read(request.raw_body()?).map_err(RatesRefusal::from)?;
    let (now, by) = (app.ports.now(), principal.actor_id());
    let store = &app.ports.store;
    let account = load::account(store, principal.account_id).await?.value;
    let within = file.days.into_iter();
    let within = within.filter(|day| from.is_none_or(|from| day.on >= from));
    let within: Vec<EuroRates> = within.collect();
    let last = latest(app, &account);
    if let Some(day) = within.iter().find(|day| day.on > last) {
        let (on, latest) = (day.on, last);
        return Err(RatesRefusal::ToCome { on, latest }.into());
    }
    let rates = &reckoned(&account, &within, wanted.as_ref(), by, now)?;
    let days = || within.iter().map(|day| day.on);
    let view = json!({
        "books": account.currency,
        "from": days().min(),
        "to": days().max(),
        "unknown_currencies": file.unknown,
    });
    let (keyed, view) = (request.keyed(principal)?, &view);
    perform(store, keyed, now, || async move {
        let mut outcome = Outcome::default();
        for some in rates.chunks(AT_ONCE) {
            outcome = outcome.and(record(app, some).await?);
        }
        let mut view = view.clone();
        view["recorded"] = json!(outcome.recorded);
        view["changed"] = json!(outcome.changed);
        view["unchanged"] = json!(outcome.unchanged);
        view["by_hand"] = json!(outcome.by_hand);
        Ok(Effect {
            commit: Commit::new(),
            response: Response::json(200, &view),
        })
    })
    .await
}

fn currencies(text: &str) -> Result<BTreeSet<Currency>, Fault> {
    text.split(',')
        .map(|code| Currency::parse(code.trim()))
        .collect()
}

/// The rates to these books, as they are to be recorded.
fn reckoned(
    account: &Account,
    days: &[EuroRates],
    wanted: Option<&BTreeSet<Currency>>,
    by: ActorId,
    now: Timestamp,
) -> Result<Vec<ExchangeRate>, Problem> {
    let books = account.currency;
    let record = |on: Date, of: remit_billing::exchange::Reckoned| ExchangeRate {
        account_id: account.id,
        currency: of.currency,
        on,
        books,
        rate: of.rate,
        source: of.source,
        by_hand: false,
        recorded_by: by,
        recorded_at: now,
    };
    let mut rates = Vec::new();
    for day in days {
        let on = day.on;
        let reckoned = day.to_books(books, BANK);
        let reckoned = reckoned.ok_or(RatesRefusal::BooksNotQuoted { books, on })?;
        let reckoned = reckoned.into_iter();
        let reckoned = reckoned.filter(|of| wanted.is_none_or(|all| all.contains(&of.currency)));
        rates.extend(reckoned.map(|of| record(on, of)));
    }
    let found = rates.len();
    match found > MAX_RATES {
        true => Err(RatesRefusal::TooMany { found }.into()),
        false => Ok(rates),
    }
}

/// Records some: what is there stays where it says the same, or where a person wrote it.
async fn record(app: &App, rates: &[ExchangeRate]) -> Result<Outcome, Problem> {
    let store = &app.ports.store;
    app.ports
        .perform(async || {
            let keys = rates.iter();
            let keys = keys.map(|of| keys::exchange_rate(of.account_id, of.currency, of.on));
            let known = store.get_many_items(&keys.collect::<Vec<_>>()).await;
            let known = known.map_err(|error| Problem::store(&error))?;
            let (mut commit, mut outcome) = (Commit::new(), Outcome::default());
            for (rate, known) in rates.iter().zip(known) {
                let known = known.map(from_item::<ExchangeRate>).transpose();
                let known = known.map_err(|error| Problem::store(&error))?;
                let said = |of: &ExchangeRate| (of.rate, of.source.clone(), of.books);
                match known {
                    None => {
                        outcome.recorded += 1;
                        commit = commit.create(rate, Vec::new());
                    }
                    Some(known) if known.value.by_hand => outcome.by_hand += 1,
                    Some(known) if said(&known.value) == said(rate) => outcome.unchanged += 1,
                    Some(known) => {
                        outcome.changed += 1;
                        commit = commit.replace(&known, rate, Vec::new());
                    }
                }
            }
            Ok((commit, outcome))
        })
        .await
}
