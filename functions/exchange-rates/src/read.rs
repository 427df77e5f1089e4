//! `GET /v1/exchange-rates/{currency}` and `/{date}`: what is recorded, and what counts for a day.

use remit_billing::exchange::ExchangeRate;
use remit_operations::shown::rates as view;
use remit_operations::{load, rates};
use remit_runtime::body::date;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list as lists, shown};
use remit_store::{Query, keys};
use serde_json::json;

use crate::{App, currency, day};

/// What is recorded of a currency, the newest day first.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let currency = currency(request)?;
    let mut parameters = request.query();
    let first = parameters.optional("from", date);
    let last = parameters.optional("to", date);
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = Query::of(keys::exchange_rates(account, currency))
        .range(lists::days("", first, last))
        .backward()
        .consistent()
        .limit(limit);
    let show = |rate: &ExchangeRate| Some(view::rate(rate));
    lists::records(&app.ports.store, account, &query, from.as_deref(), show).await
}

/// The rate that a document which is issued on a day is fixed at; null where it would be refused.
pub(crate) async fn of_day(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (currency, day) = (currency(request)?, day(request)?);
    request.query().finish()?;
    let store = &app.ports.store;
    let account = load::account(store, principal.account_id).await?.value;
    let rate = rates::for_document(store, &account, currency, day).await?;
    let view = json!({
        "currency": currency,
        "date": day,
        "exchange_rate": rate.as_ref().map(shown::book_rate),
    });
    Ok(Response::json(200, &view))
}
