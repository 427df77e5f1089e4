//! What payment providers say: verified, taken in once, acknowledged only when it is kept.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::ids::AccountId;
use remit_billing::ledger::Rail;
use remit_operations::Ports;
use remit_operations::checkouts::Checkouts;
use remit_operations::settle::{Signed, keep_unreadable, settle};
use remit_payments::stripe;
use remit_payments::{Notification, NotificationFault, SignatureFault};
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

/// What a signed body says.
enum Read {
    Notification(Notification),
    /// It is the provider's and cannot be read.
    Unreadable(NotificationFault),
}

impl App {
    async fn stripe(&self, account: AccountId, request: &Request) -> Result<Response, Problem> {
        let body = request.raw_body()?;
        let read = match self.read_stripe(account, request, false).await? {
            Ok(read) => read,
            // The secrets may have been rotated a moment ago.
            Err(fault) if fault.secrets_may_be_stale() => self
                .read_stripe(account, request, true)
                .await?
                .map_err(Problem::bad_signature)?,
            Err(fault) => return Err(Problem::bad_signature(fault)),
        };
        let text = std::str::from_utf8(body).map_err(Problem::bad_notification)?;
        match read {
            Read::Notification(notification) => {
                let signed = Signed {
                    account_id: account,
                    provider: stripe::NAME,
                    rail: Rail::Stripe,
                    notification: &notification,
                    body: text,
                };
                settle(&self.ports, &signed).await?;
            }
            Read::Unreadable(fault) => {
                tracing::error!(%account, %fault, "a signed notification cannot be read");
                keep_unreadable(&self.ports, account, stripe::NAME, text).await?;
            }
        }
        Ok(Response::json(200, &json!({"received": true})))
    }

    async fn read_stripe(
        &self,
        account: AccountId,
        request: &Request,
        fresh: bool,
    ) -> Result<Result<Read, SignatureFault>, Problem> {
        let credentials = self.checkouts.stripe_credentials(account, fresh).await?;
        // An account that is not there, or takes no payments: the same for both.
        let Some(credentials) = credentials else {
            return Err(Problem::not_found());
        };
        let read = stripe::verify_and_parse(
            request.headers(),
            request.raw_body()?,
            credentials.webhook_secrets(),
            self.ports.now(),
        );
        Ok(match read {
            Ok(notification) => Ok(Read::Notification(notification)),
            Err(NotificationFault::Signature(fault)) => Err(fault),
            Err(fault) => Ok(Read::Unreadable(fault)),
        })
    }
}
