//! What the books come to: `GET /v1/reports/trial-balance`, `/journal`, `/revenue`, `/payouts`, `/receivables`,
//! `/client-ledger`, `/tax`, as JSON and as CSV; `GET /v1/overview`, what stands and what waits in one look, and `GET /overview`,
//! the same as a page for a member who signs in with a browser; and a client's statement of account, which `POST` sends.
//!
//! The ledger is read month by month, strongly consistent: what a report costs grows with the
//! period and not with the table. Receivables are read by the index of open invoices, which follows
//! within a second or so.

mod client_ledger;
mod documents;
mod export;
mod journal;
mod overview;
mod page;
mod payouts;
mod period;
mod receivables;
mod revenue;
mod sheet;
mod sign_in;
mod statements;
mod tax;
mod trial_balance;

use std::sync::Arc;

use async_trait::async_trait;
use remit_oidc::{CodeFlow, HttpsFetch};
use remit_operations::Ports;
use remit_operations::links::Links;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and randomness.
    pub ports: Ports,
    /// The secret that sessions are proved with, and where this deployment answers.
    pub links: Links,
    /// Where members sign in; none where the deployment has no such client of its issuer's.
    pub sign_in: Option<Arc<CodeFlow>>,
}

/// The function on a platform.
///
/// # Errors
/// An issuer in the environment that cannot be one.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    let links = Links::of(platform, Arc::new(platform.secrets()));
    let config = &platform.config;
    let back = format!("{}{}", links.public_base_url, sign_in::BACK);
    let (issuer, client) = (&config.oidc_issuer, &config.oidc_client_id);
    let sign_in = CodeFlow::new(issuer, client, back, Arc::new(HttpsFetch::new()))?;
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
        links,
        sign_in: sign_in.map(Arc::new),
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
            "GET /overview" => page::show(self, request).await,
            "POST /overview/sign-in" => sign_in::begin(self, request).await,
            "GET /overview/signed-in" => sign_in::come_back(self, request).await,
            "POST /overview/sign-out" => sign_in::sign_out(self, request).await,
            "GET /v1/reports/tax" => tax::get(self, request).await,
            "GET /v1/clients/{client_id}/statements" => statements::get(self, request).await,
            "POST /v1/clients/{client_id}/statements" => statements::send(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }

    fn explain(&self, request: &Request, problem: &Problem) -> Response {
        match request.route.split_once(' ') {
            Some((_, path)) if path.starts_with("/overview") => page::explain(request, problem),
            _ => Response::problem(problem),
        }
    }
}
