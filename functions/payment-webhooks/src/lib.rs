//! What payment providers say: verified, taken in once, acknowledged only when it is kept.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::ids::AccountId;
use remit_billing::ledger::Rail;
use remit_operations::Ports;
use remit_operations::checkouts::Checkouts;
use remit_operations::settle::{Signed, keep_unreadable, settle};
use remit_payments::stripe;
use remit_payments::{Delivery, DeliveryFault};
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};
use serde_json::json;

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
        if request.route != "POST /webhooks/{provider}/{account_id}" {
            return Err(Problem::not_found());
        }
        let account: AccountId = request.path_id("account_id")?;
        match request.path_text("provider") {
            Some(stripe::NAME) => self.stripe(account, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}

impl App {
    async fn stripe(&self, account: AccountId, request: &Request) -> Result<Response, Problem> {
        let delivery = match self.read_stripe(account, request, false).await? {
            // The secrets may have been rotated a moment ago.
            Err(fault) if fault.secrets_may_be_stale() => {
                self.read_stripe(account, request, true).await?
            }
            read => read,
        };
        let delivery = delivery.map_err(|fault| match fault {
            DeliveryFault::Signature(fault) => Problem::bad_signature(fault),
            DeliveryFault::Unavailable(error) => Problem::provider_unavailable(error),
        })?;
        // One after the other: what a provider bundles, it also repeats as a bundle.
        for statement in delivery.statements() {
            match statement.read() {
                Ok(notification) => {
                    let signed = Signed {
                        account_id: account,
                        provider: stripe::NAME,
                        rail: Rail::Stripe,
                        notification,
                        body: statement.body(),
                    };
                    settle(&self.ports, &signed).await?;
                }
                Err(fault) => {
                    tracing::error!(%account, %fault, "a signed notification cannot be read");
                    keep_unreadable(&self.ports, account, stripe::NAME, statement.body()).await?;
                }
            }
        }
        Ok(Response::json(200, &json!({"received": true})))
    }

    async fn read_stripe(
        &self,
        account: AccountId,
        request: &Request,
        fresh: bool,
    ) -> Result<Result<Delivery, DeliveryFault>, Problem> {
        // An account that is not there, or takes no payments: the same for both.
        let Some(provider) = self.checkouts.stripe_with(account, fresh).await? else {
            return Err(Problem::not_found());
        };
        let body = request.raw_body()?;
        let now = self.ports.now();
        Ok(provider.read_delivery(request.headers(), body, now).await)
    }
}
