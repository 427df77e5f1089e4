//! PayPal: orders that the payer agrees on at PayPal and that Remit captures.
//!
//! A small typed client of the few calls that Remit makes, written against
//! <https://developer.paypal.com/docs/api/orders/v2/> and `/payments/v2/`. The key of a payment is
//! its capture.

pub mod amount;
mod call;
pub mod credentials;
pub mod event;
mod history;
mod order;
mod references;
mod refund;
mod shared;
mod vault;
pub mod verification;

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::money::Money;

pub use credentials::{CredentialsFault, PayPalCredentials, WebhookCheck};
pub use shared::PayPalShared;
pub use vault::ends_method;

use crate::amount::AmountFault;
use crate::delivery::{Delivery, DeliveryFault, Statement};
use crate::history::{History, HistoryRequest};
use crate::mode::Mode;
use crate::notification::NotificationFault;
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, LookUp, Provider, SessionState,
};
use crate::reference::{PaymentIntent, SessionId};
use crate::refund::{RefundLookUp, RefundRequest, RefundState};
use crate::transport::Transport;
use crate::vault::Vault;
use crate::wire;

/// The name in routes and settings.
pub const NAME: &str = "paypal";

/// Where PayPal answers.
pub fn api_base(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "https://api-m.paypal.com",
        Mode::Test => "https://api-m.sandbox.paypal.com",
    }
}

/// PayPal with one agency's application.
pub struct PayPalProvider {
    transport: Arc<dyn Transport>,
    base_url: String,
    shared: Arc<PayPalShared>,
    /// The `Authorization` that buys a token: never shown.
    basic: String,
    mode: Mode,
    webhook_id: String,
    webhook_check: WebhookCheck,
    now: Timestamp,
}

impl PayPalProvider {
    /// A provider for the calls of one moment, which calls `base_url` ([`api_base`] of the
    /// credentials' mode, but for a stand-in). `shared` outlives it; `now` says which tokens can
    /// still be used.
    pub fn new(
        transport: Arc<dyn Transport>,
        base_url: &str,
        credentials: &PayPalCredentials,
        shared: Arc<PayPalShared>,
        now: Timestamp,
    ) -> Self {
        Self {
            transport,
            base_url: wire::base(base_url),
            shared,
            basic: call::basic(credentials.client_id(), credentials.client_secret()),
            mode: credentials.mode(),
            webhook_id: credentials.webhook_id().to_owned(),
            webhook_check: credentials.webhook_check(),
            now,
        }
    }
}

#[async_trait]
impl Provider for PayPalProvider {
    fn name(&self) -> &'static str {
        NAME
    }

    fn livemode(&self) -> bool {
        self.mode.is_live()
    }

    fn can_take(&self, amount: &Money) -> Result<(), AmountFault> {
        amount::to_paypal(amount).map(|_| ())
    }

    async fn create_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, CheckoutError> {
        self.open(request).await
    }

    async fn expire_checkout(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        self.close(session).await
    }

    async fn look_up(&self, wanted: &LookUp) -> Result<Option<SessionState>, CheckoutError> {
        match wanted {
            LookUp::Session(session) => self.find(session).await,
            // Nobody was sent to an order whose answer was lost, and only we could capture it.
            LookUp::Attempt { .. } => Ok(None),
        }
    }

    async fn complete_checkout(
        &self,
        completion: &Completion,
    ) -> Result<Option<SessionState>, CheckoutError> {
        self.complete(completion).await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundState, CheckoutError> {
        self.give_back(request).await
    }

    async fn look_up_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError> {
        self.find_refund(wanted).await
    }

    async fn fee(&self, payment: &PaymentIntent) -> Result<Option<Money>, CheckoutError> {
        self.capture_fee(payment).await
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
        self.verify(headers, raw_body, now).await?;
        let statement = match event::statement(raw_body, self.mode.is_live()) {
            Some(text) => {
                let read = event::parse(text.as_bytes());
                Statement::new(text, read)
            }
            None => Statement::whole(raw_body, Err(NotificationFault::NotJson)),
        };
        Ok(Delivery::verified(vec![statement]))
    }

    async fn history(&self, wanted: &HistoryRequest) -> Result<Option<History>, CheckoutError> {
        self.events(wanted).await.map(Some)
    }
}
