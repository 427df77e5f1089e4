//! Money that was received: `/v1/payments...`, `GET /v1/payment-notifications`, and `POST
//! /v1/clients/{client_id}/apply-balance` and `/opening-balance`; what clients let the agency charge, and
//! charges of it, and what providers stated: `/v1/clients/{client_id}/payment-methods...`, `POST /v1/invoices/{invoice_id}/charge`.
//!
//! Payments are recorded by hand where their invoice is, in `invoices`; providers' come by their
//! webhooks. Here they are read, given back, and applied.

mod balance;
mod charges;
mod methods;
mod notifications;
mod opening_balance;
mod payments;
mod reconciliation;
mod refunds;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_operations::checkouts::Checkouts;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The agencies' payment providers.
    pub checkouts: Checkouts,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
        checkouts: Checkouts::of(platform, Arc::new(platform.secrets())),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /v1/payments" => payments::list(self, request).await,
            "GET /v1/payments/{payment_id}" => payments::get(self, request).await,
            "POST /v1/payments/{payment_id}/refunds" => refunds::give_back(self, request).await,
            "POST /v1/clients/{client_id}/apply-balance" => balance::apply(self, request).await,
            "POST /v1/clients/{client_id}/opening-balance" => {
                opening_balance::carry_over(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/charge" => charges::charge(self, request).await,
            "GET /v1/clients/{client_id}/payment-methods" => methods::list(self, request).await,
            "DELETE /v1/clients/{client_id}/payment-methods/{method_id}" => {
                methods::remove(self, request).await
            }
            "POST /v1/settings/payment-providers/{provider}/reconciliation" => {
                reconciliation::reconcile(self, request).await
            }
            "GET /v1/payment-notifications" => notifications::list(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}
