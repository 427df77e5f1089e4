//! What the books come to: `GET /v1/reports/trial-balance`, `/journal`, `/revenue`, `/payouts`, `/receivables`,
//! `/client-ledger`, `/tax`, as JSON and as CSV; `GET /v1/overview`, what stands and what waits in one look; and a
//! client's statement of account, which `POST` sends.
//!
//! The ledger is read month by month, strongly consistent: what a report costs grows with the
//! period and not with the table. Receivables are read by the index of open invoices, which follows
//! within a second or so.

mod client_ledger;
mod documents;
mod export;
mod journal;
mod overview;
mod payouts;
mod period;
mod receivables;
mod revenue;
mod sheet;
mod statements;
mod tax;
mod trial_balance;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

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
            "GET /v1/reports/trial-balance" => trial_balance::get(self, request).await,
            "GET /v1/reports/journal" => journal::get(self, request).await,
            "GET /v1/reports/revenue" => revenue::get(self, request).await,
            "GET /v1/reports/payouts" => payouts::get(self, request).await,
            "GET /v1/reports/receivables" => receivables::get(self, request).await,
            "GET /v1/reports/client-ledger" => client_ledger::get(self, request).await,
            "GET /v1/overview" => overview::get(self, request).await,
            "GET /v1/reports/tax" => tax::get(self, request).await,
            "GET /v1/clients/{client_id}/statements" => statements::get(self, request).await,
            "POST /v1/clients/{client_id}/statements" => statements::send(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}
