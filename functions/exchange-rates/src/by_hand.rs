//! `PUT /v1/exchange-rates/{currency}/{date}`: the rate of a day, by a person.

use remit_billing::exchange::{ExchangeRate, read_rate};
use remit_billing::fault::Fault;
use remit_billing::party::Text;
use remit_operations::load;
use remit_operations::shown::rates as view;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, keys};

use crate::{App, RatesRefusal, currency, day, latest};

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (currency, on) = (currency(request)?, day(request)?);
    let seen = request.if_match_optional()?;
    let body = request.json()?;
    let (rate, source) = &read(&body, |r| {
        let rate = r.text("rate", read_rate);
        let source = r.text("source", Text::<100>::parse);
        Some((rate?, source?))
    })
    .map_err(Problem::invalid_body)?;
    let (now, account) = (app.ports.now(), principal.account_id);
    let keyed = request.keyed(principal)?;
    let store = &app.ports.store;
    perform(store, keyed, now, || async move {
        let account = load::account(store, account).await?.value;
        let books = account.currency;
        if currency == books {
            return Err(RatesRefusal::OwnCurrency { books }.into());
        }
        let latest = latest(app, &account);
        if on > latest {
            return Err(Problem::fault("date", Fault::TooLate { latest }));
        }
        let key = keys::exchange_rate(account.id, currency, on);
        let before = store.get::<ExchangeRate>(&key).await;
        let before = before.map_err(|error| Problem::store(&error))?;
        let version = before.as_ref().map_or(0, |before| before.version);
        if seen.is_some_and(|seen| seen != version) {
            return Err(Problem::stale_version());
        }
        let after = ExchangeRate {
            account_id: account.id,
            currency,
            on,
            books,
            rate: *rate,
            source: source.clone(),
            by_hand: true,
            recorded_by: principal.actor_id(),
            recorded_at: now,
        };
        let said = |of: &ExchangeRate| (of.rate, of.source.clone(), of.by_hand, of.books);
        let (commit, shown, version) = match before {
            Some(before) if said(&before.value) == said(&after) => {
                (Commit::new(), before.value, version)
            }
            Some(before) => {
                let commit = Commit::new().replace(&before, &after, Vec::new());
                (commit, after, version + 1)
            }
            None => (Commit::new().create(&after, Vec::new()), after, 1),
        };
        Ok(Effect {
            commit,
            response: Response::json(200, &view::rate(&shown)).etag(version),
        })
    })
    .await
}
