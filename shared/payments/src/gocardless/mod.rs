//! GoCardless: direct debits on mandates, and instant bank payments, by hosted pages.
//!
//! A small typed client of the few calls that Remit makes, written against
//! <https://developer.gocardless.com/api-reference>. The rails are slow: a debit is processing for
//! days, and may be taken back after it was received.

pub mod amount;
mod call;
pub mod credentials;
pub mod event;
mod history;
pub mod metadata;
mod page;
mod payment;
mod payout;
mod refund;
pub mod signature;
mod vault;

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::money::{Currency, Money};

pub use credentials::{CredentialsFault, GoCardlessCredentials};
pub use payment::{Debit, DebitState, DebitStatus};
pub use vault::ends_method;

use crate::amount::AmountFault;
use crate::delivery::{Delivery, DeliveryFault};
use crate::history::{History, HistoryRequest};
use crate::mode::Mode;
use crate::notification::SignatureFault;
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, LookUp, Provider, SessionState,
};
use crate::reference::{PaymentIntent, Secret, SessionId};
use crate::refund::{RefundLookUp, RefundRequest, RefundState};
use crate::transport::Transport;
use crate::vault::Vault;
use crate::wire;

/// The name in routes and settings.
pub const NAME: &str = "gocardless";

/// The version of the API that the calls are written against; every call must name one.
pub const API_VERSION: &str = "2015-07-06";

/// Where GoCardless answers.
pub fn api_base(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "https://api.gocardless.com",
        Mode::Test => "https://api-sandbox.gocardless.com",
    }
}

/// Whether there are instant bank payments in a currency.
pub fn is_instant(currency: Currency) -> bool {
    matches!(currency.code(), "EUR" | "GBP")
}

/// GoCardless with one agency's token.
pub struct GoCardlessProvider {
    transport: Arc<dyn Transport>,
    base_url: String,
    access_token: Secret,
    webhook_secrets: Vec<Secret>,
    livemode: bool,
    instant: bool,
}

impl GoCardlessProvider {
    /// A provider that calls `base_url` ([`api_base`] of the credentials' mode, but for a
    /// stand-in) with the agency's token.
    pub fn new(
        transport: Arc<dyn Transport>,
        base_url: &str,
        credentials: &GoCardlessCredentials,
    ) -> Self {
        Self {
            transport,
            base_url: wire::base(base_url),
            access_token: credentials.access_token().clone(),
            webhook_secrets: credentials.webhook_secrets().to_vec(),
            livemode: credentials.mode().is_live(),
            instant: credentials.instant(),
        }
    }
}

#[async_trait]
impl Provider for GoCardlessProvider {
    fn name(&self) -> &'static str {
        NAME
    }

    fn livemode(&self) -> bool {
        self.livemode
    }

    fn can_take(&self, amount: &Money) -> Result<(), AmountFault> {
        amount::to_gocardless(amount).map(|_| ())
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
            LookUp::Attempt {
                attempt_id,
                sent_at,
                ..
            } => self.find_attempt(*attempt_id, *sent_at).await,
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

    /// GoCardless takes its fees from the payout that the payment is in: none before that.
    async fn fee(&self, payment: &PaymentIntent) -> Result<Option<Money>, CheckoutError> {
        self.fee_in_payout(payment).await
    }

    fn vault(&self) -> Option<&dyn Vault> {
        Some(self)
    }

    async fn read_delivery(
        &self,
        headers: &HeaderMap,
        raw_body: &[u8],
        _now: Timestamp,
    ) -> Result<Delivery, DeliveryFault> {
        let header = headers.get(signature::HEADER).map(|value| value.to_str());
        let header = header
            .transpose()
            .map_err(|_| SignatureFault::MalformedHeader)?;
        signature::verify(header, raw_body, &self.webhook_secrets)?;
        let statements = self.statements(raw_body).await;
        statements
            .map(Delivery::verified)
            .map_err(DeliveryFault::Unavailable)
    }

    async fn history(&self, wanted: &HistoryRequest) -> Result<Option<History>, CheckoutError> {
        self.events(wanted).await.map(Some)
    }
}
