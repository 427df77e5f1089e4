//! What payment providers say: verified, taken in once, acknowledged only when it is kept.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::ids::AccountId;
use remit_operations::Ports;
use remit_operations::checkouts::Checkouts;
use remit_operations::taking_in::take_in;
use remit_payments::{Delivery, DeliveryFault, Provider, ProviderKind};
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem, metrics};
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
        let named = request.path_text("provider");
        let kind = named.and_then(ProviderKind::parse);
        self.take_in(account, kind.ok_or_else(Problem::not_found)?, request)
            .await
    }
}

impl App {
    async fn take_in(
        &self,
        account: AccountId,
        kind: ProviderKind,
        request: &Request,
    ) -> Result<Response, Problem> {
        let provider = self.checkouts.provider(account, kind, self.ports.now());
        let delivery = match self.read(provider.await?, request).await? {
            // The secrets may have been rotated a moment ago.
            Err(fault) if fault.secrets_may_be_stale() => {
                let afresh = self
                    .checkouts
                    .provider_afresh(account, kind, self.ports.now());
                self.read(afresh.await?, request).await?
            }
            read => read,
        };
        let delivery = delivery.map_err(|fault| match fault {
            DeliveryFault::Signature(fault) => {
                metrics::count("WebhooksRefused", 1, self.ports.now());
                tracing::warn!(%account, provider = kind.name(), %fault, "a webhook is not signed as it should be");
                Problem::bad_signature(fault)
            }
            DeliveryFault::Unavailable(error) => Problem::provider_unavailable(error),
        })?;
        let statements = delivery.statements();
        take_in(&self.ports, &self.checkouts, account, kind, statements).await?;
        Ok(Response::json(200, &json!({"received": true})))
    }

    async fn read(
        &self,
        provider: Option<Arc<dyn Provider>>,
        request: &Request,
    ) -> Result<Result<Delivery, DeliveryFault>, Problem> {
        // An account that is not there, or takes no payments: the same for both.
        let provider = provider.ok_or_else(Problem::not_found)?;
        let body = request.raw_body()?;
        let now = self.ports.now();
        Ok(provider.read_delivery(request.headers(), body, now).await)
    }
}
