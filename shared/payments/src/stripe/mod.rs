//! Stripe: hosted Checkout, and webhooks signed per endpoint.
//!
//! A small typed client of the few calls that Remit makes, written against
//! <https://docs.stripe.com/api>. The pinned version is sent with each call; webhooks come in the
//! version of the endpoint, so [`event`] relies only on fields that have been stable since 2022.

pub mod amount;
mod call;
pub mod credentials;
pub mod event;
pub mod form;
mod history;
mod refund;
pub mod session;
pub mod signature;
mod vault;

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::money::Money;

pub use credentials::{CredentialsFault, StripeCredentials};
pub use vault::ends_method;

use crate::amount::AmountFault;
use crate::delivery::{Delivery, DeliveryFault, Statement};
use crate::history::{History, HistoryRequest};
use crate::notification::SignatureFault;
use crate::provider::{Checkout, CheckoutError, CheckoutRequest, LookUp, Provider, SessionState};
use crate::reference::{PaymentIntent, Secret, SessionId};
use crate::refund::{RefundLookUp, RefundRequest, RefundState};
use crate::transport::Transport;
use crate::vault::Vault;
use crate::wire;

/// The name in routes and settings.
pub const NAME: &str = "stripe";

/// Where Stripe answers.
pub const API_BASE: &str = "https://api.stripe.com";

/// The version of the API that the calls are written against.
pub const API_VERSION: &str = "2024-12-18.acacia";

/// Shortest life of a checkout page that Stripe takes, in seconds.
pub const MIN_SESSION_S: i64 = 30 * 60;

/// Longest life of a checkout page that Stripe takes, in seconds.
pub const MAX_SESSION_S: i64 = 24 * 60 * 60;

/// Metadata keys: on the session for its events, on the payment intent for all others.
pub mod metadata {
    /// The account's id.
    pub const ACCOUNT: &str = "remit_account";
    /// The invoice's id.
    pub const INVOICE: &str = "remit_invoice";
    /// The attempt's id.
    pub const ATTEMPT: &str = "remit_attempt";
    /// The refund's id, on refunds.
    pub const REFUND: &str = "remit_refund";
    /// On payments by a kept method: nobody is on a page, so a failure is the end.
    pub const CHARGE: &str = "remit_charge";
}

/// Stripe with one agency's key.
pub struct StripeProvider {
    transport: Arc<dyn Transport>,
    base_url: String,
    secret_key: Secret,
    webhook_secrets: Vec<Secret>,
    livemode: bool,
}

impl StripeProvider {
    /// A provider that calls `base_url` ([`API_BASE`] in production) with the agency's key.
    pub fn new(
        transport: Arc<dyn Transport>,
        base_url: &str,
        credentials: &StripeCredentials,
    ) -> Self {
        Self {
            transport,
            base_url: wire::base(base_url),
            secret_key: credentials.secret_key().clone(),
            webhook_secrets: credentials.webhook_secrets().to_vec(),
            livemode: credentials.livemode(),
        }
    }
}

/// Checks and reads a notification; needs no key, so it can also be called without a provider.
pub fn verify_and_parse(
    headers: &HeaderMap,
    raw_body: &[u8],
    secrets: &[Secret],
    now: Timestamp,
) -> Result<Statement, SignatureFault> {
    let header = headers.get(signature::HEADER).map(|value| value.to_str());
    let header = header
        .transpose()
        .map_err(|_| SignatureFault::MalformedHeader)?;
    signature::verify(header, raw_body, secrets, now)?;
    Ok(Statement::whole(raw_body, event::parse(raw_body)))
}

#[async_trait]
impl Provider for StripeProvider {
    fn name(&self) -> &'static str {
        NAME
    }

    fn livemode(&self) -> bool {
        self.livemode
    }

    fn can_take(&self, amount: &Money) -> Result<(), AmountFault> {
        amount::to_stripe(amount).map(|_| ())
    }

    async fn create_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, CheckoutError> {
        self.create_session(request).await
    }

    async fn expire_checkout(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        self.expire_session(session).await
    }

    async fn look_up(&self, wanted: &LookUp) -> Result<Option<SessionState>, CheckoutError> {
        match wanted {
            LookUp::Session(session) => self.retrieve_session(session).await,
            LookUp::Attempt {
                attempt_id,
                sent_at,
                ..
            } => self.find_session(*attempt_id, *sent_at).await,
        }
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundState, CheckoutError> {
        self.create_refund(request).await
    }

    async fn look_up_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError> {
        self.find_refund(wanted).await
    }

    async fn fee(&self, payment: &PaymentIntent) -> Result<Option<Money>, CheckoutError> {
        self.balance_fee(payment).await
    }

    fn vault(&self) -> Option<&dyn Vault> {
        Some(self)
    }

    async fn read_delivery(
        &self,
        headers: &HeaderMap,
        raw_body: &[u8],
        now: Timestamp,
    ) -> Result<Delivery, DeliveryFault> {
        let statement = verify_and_parse(headers, raw_body, &self.webhook_secrets, now)?;
        Ok(Delivery::verified(vec![statement.of_mode(self.livemode)]))
    }

    async fn history(&self, wanted: &HistoryRequest) -> Result<Option<History>, CheckoutError> {
        self.events(wanted).await.map(Some)
    }
}
