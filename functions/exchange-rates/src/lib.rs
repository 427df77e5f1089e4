//! Exchange rates to the books' currency: `POST /v1/exchange-rates` takes the European Central Bank's files, `GET
//! /v1/exchange-rates/{currency}` lists, `GET` and `PUT /v1/exchange-rates/{currency}/{date}` say and set what counts
//! for a day.
//!
//! What is issued keeps its rate: a rate that changes here counts for what comes after.

mod by_hand;
pub mod euro_file;
mod import;
mod read;
mod refusal;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::ToSpan;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::money::Currency;
use remit_operations::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

pub use refusal::RatesRefusal;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store and the time.
    pub ports: Ports,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "POST /v1/exchange-rates" => import::import(self, request).await,
            "GET /v1/exchange-rates/{currency}" => read::list(self, request).await,
            "GET /v1/exchange-rates/{currency}/{date}" => read::of_day(self, request).await,
            "PUT /v1/exchange-rates/{currency}/{date}" => by_hand::put(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}

/// The currency that the path names.
fn currency(request: &Request) -> Result<Currency, Problem> {
    let named = request.path_text("currency");
    let currency = named.and_then(|code| Currency::parse(code).ok());
    currency.ok_or_else(Problem::not_found)
}

/// The day that the path names.
fn day(request: &Request) -> Result<Date, Problem> {
    let named = request.path_text("date");
    let day = named.and_then(|text| remit_runtime::body::date(text).ok());
    day.ok_or_else(Problem::not_found)
}

/// The last day that a rate can be of: somewhere it is tomorrow already.
fn latest(app: &App, account: &Account) -> Date {
    let today = account.today(app.ports.now());
    today.checked_add(1.day()).unwrap_or(today)
}
