//! The agency's bank: `/v1/bank-accounts...`, `/v1/bank-statements...`, `/v1/bank-entries...` and the payers
//! of a client.
//!
//! A file is taken in here and imported by `bank-statement-import`; what waits after that is decided here.

mod accounts;
mod apply;
mod decide;
mod entries;
mod payers;
mod statements;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
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
            "POST /v1/bank-accounts" => accounts::create(self, request).await,
            "GET /v1/bank-accounts" => accounts::list(self, request).await,
            "GET /v1/bank-accounts/{bank_account_id}" => accounts::get(self, request).await,
            "PATCH /v1/bank-accounts/{bank_account_id}" => accounts::change(self, request).await,
            "POST /v1/bank-accounts/{bank_account_id}/archive" => {
                accounts::archive(self, request).await
            }
            "POST /v1/bank-statements" => statements::take_in(self, request).await,
            "GET /v1/bank-statements" => statements::list(self, request).await,
            "GET /v1/bank-statements/{statement_id}" => statements::get(self, request).await,
            "GET /v1/bank-entries" => entries::list(self, request).await,
            "GET /v1/bank-entries/{entry_id}" => entries::get(self, request).await,
            "POST /v1/bank-entries/{entry_id}/apply" => apply::apply(self, request).await,
            "POST /v1/bank-entries/{entry_id}/link" => decide::link(self, request).await,
            "POST /v1/bank-entries/{entry_id}/return" => decide::takes_back(self, request).await,
            "POST /v1/bank-entries/{entry_id}/payout" => decide::pays_out(self, request).await,
            "POST /v1/bank-entries/{entry_id}/ignore" => decide::ignore(self, request).await,
            "POST /v1/bank-entries/{entry_id}/undo" => decide::undo(self, request).await,
            "GET /v1/clients/{client_id}/payers" => payers::list(self, request).await,
            "DELETE /v1/clients/{client_id}/payers/{payer}" => payers::forget(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}
