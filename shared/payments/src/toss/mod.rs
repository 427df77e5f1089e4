//! Toss Payments: cards, transfers and virtual accounts in Korea, in won.
//!
//! A small typed client of the few calls that Remit makes, written against
//! <https://docs.tosspayments.com/reference>. The key of a payment is Toss' `paymentKey`, which is
//! also its page.

pub mod amount;
mod call;
pub mod credentials;
pub mod event;
mod order_id;
mod page;
mod payment;
mod refund;
mod settlement;

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::money::Money;

pub use credentials::{CredentialsFault, TossCredentials, TossMethod};

use crate::amount::AmountFault;
use crate::delivery::{Delivery, DeliveryFault};
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, LookUp, Provider, SessionState,
};
use crate::reference::{PaymentIntent, SessionId};
use crate::refund::{RefundLookUp, RefundRequest, RefundState};
use crate::transport::Transport;
use crate::vault::Vault;
use crate::wire;

/// The name in routes and settings.
pub const NAME: &str = "toss";

/// Where Toss Payments answers, with test keys too.
pub const API_BASE: &str = "https://api.tosspayments.com";

/// Toss Payments with one agency's key.
pub struct TossProvider {
    transport: Arc<dyn Transport>,
    base_url: String,
    /// The `Authorization` of all calls: never shown.
    basic: String,
    method: TossMethod,
    livemode: bool,
}

impl TossProvider {
    /// A provider that calls `base_url` ([`API_BASE`] in production) with the agency's key.
    pub fn new(
        transport: Arc<dyn Transport>,
        base_url: &str,
        credentials: &TossCredentials,
    ) -> Self {
        Self {
            transport,
            base_url: wire::base(base_url),
            basic: call::basic(credentials.secret_key()),
            method: credentials.method(),
            livemode: credentials.livemode(),
        }
    }
}

#[async_trait]
impl Provider for TossProvider {
    fn name(&self) -> &'static str {
        NAME
    }

    fn livemode(&self) -> bool {
        self.livemode
    }

    fn can_take(&self, amount: &Money) -> Result<(), AmountFault> {
        amount::Won::of(amount).map(|_| ())
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
            LookUp::Session(session) => self.find(&page::by_key(session)).await,
            LookUp::Attempt {
                account_id,
                invoice_id,
                attempt_id,
                ..
            } => {
                let order = order_id::write(*account_id, *invoice_id, *attempt_id);
                self.find(&page::by_order(&order)).await
            }
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

    /// Toss says its fees with the settlement that the payment is in.
    async fn fee(&self, payment: &PaymentIntent) -> Result<Option<Money>, CheckoutError> {
        self.fee_in_settlement(payment).await
    }

    /// Its billing keys are asked for by a script of Toss' on the page, which Remit's pages do not run, and
    /// under a contract of their own.
    fn vault(&self) -> Option<&dyn Vault> {
        None
    }

    async fn read_delivery(
        &self,
        _headers: &HeaderMap,
        raw_body: &[u8],
        _now: Timestamp,
    ) -> Result<Delivery, DeliveryFault> {
        self.statements(raw_body).await.map(Delivery::verified)
    }
}
