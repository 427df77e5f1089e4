//! The face of a payment provider, in words that no provider owns.

use std::time::Duration;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::money::Money;
use remit_billing::party::{EmailAddress, Language};

use crate::amount::AmountFault;
use crate::delivery::{Delivery, DeliveryFault};
use crate::history::{History, HistoryRequest};
use crate::notification::References;
use crate::reference::{PaymentIntent, SessionId};
use crate::refund::{RefundLookUp, RefundRequest, RefundState};
use crate::vault::{Keeping, Vault};

/// A payment provider with one agency's credentials.
///
/// Every call that moves money or opens a page is made for an attempt that was committed before;
/// what the outcome allows next is the error's business: see [`CheckoutError`].
#[async_trait]
pub trait Provider: Send + Sync {
    /// The word in routes and settings, such as `stripe`.
    fn name(&self) -> &'static str;

    /// Whether the credentials move real money.
    fn livemode(&self) -> bool;

    /// Whether this amount can be asked for at all.
    fn can_take(&self, amount: &Money) -> Result<(), AmountFault>;

    /// Opens a checkout page. The attempt's id is the idempotency key: the same request made
    /// again for the same attempt gives the same page, never a second one.
    async fn create_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, CheckoutError>;

    /// Closes a page that is still open, so that nobody pays on it any more.
    ///
    /// Answers the session as it then is, `None` if the provider does not know it. A page that
    /// was completed before cannot be closed: its state says that the money is on its way.
    async fn expire_checkout(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError>;

    /// What became of a page, `None` if the provider knows of none.
    async fn look_up(&self, wanted: &LookUp) -> Result<Option<SessionState>, CheckoutError>;

    /// Makes the money move once the payer has agreed ([`SessionStatus::Approved`]).
    ///
    /// The attempt's id is the idempotency key again: asked twice, the money moves once. Where the
    /// money moves by itself, this only looks. An amount, a currency or an attempt that is not the
    /// page's own moves nothing and is [`CheckoutError::Declined`]. The caller sees to it that
    /// the attempt still stands: a page that was closed here may be agreed to there.
    async fn complete_checkout(
        &self,
        completion: &Completion,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let wanted = LookUp::Session(completion.session.clone());
        self.look_up(&wanted).await
    }

    /// Gives money of a known payment back, in whole or in part. The refund's id is the
    /// idempotency key: asked twice, the money goes back once.
    ///
    /// The errors mean what they mean for a page: [`CheckoutError::Unknown`] wants a
    /// [`Provider::look_up_refund`] first, [`CheckoutError::Declined`] carries the provider's code
    /// for what it refuses, such as more than what is left.
    async fn refund(&self, request: &RefundRequest) -> Result<RefundState, CheckoutError>;

    /// What became of a refund, `None` if the provider knows of none.
    async fn look_up_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError>;

    /// What the provider kept of a payment, in the currency that it was kept in, which need not be
    /// the payment's; `None` where it does not say, or not yet.
    async fn fee(&self, payment: &PaymentIntent) -> Result<Option<Money>, CheckoutError>;

    /// What it keeps of payers, to be charged when they are not there; `None` for a provider that does
    /// not, or only under a contract of its own.
    fn vault(&self) -> Option<&dyn Vault>;

    /// Proves that a call to the webhook comes from the provider, close enough to `now` where the
    /// provider states a time, and reads what it says.
    ///
    /// Some providers have to be asked for that. A [`Delivery`] is the proof: nothing outside of
    /// this crate can make one.
    async fn read_delivery(
        &self,
        headers: &HeaderMap,
        raw_body: &[u8],
        now: Timestamp,
    ) -> Result<Delivery, DeliveryFault>;

    /// A page of what the provider stated in a period, whoever was told; `None` for one that keeps no list of it.
    /// An answer to a call that was made with the agency's key is proof enough.
    async fn history(&self, _wanted: &HistoryRequest) -> Result<Option<History>, CheckoutError> {
        Ok(None)
    }
}

/// What a checkout page is to ask for.
#[derive(Debug, Clone)]
pub struct CheckoutRequest {
    /// The committed attempt; also the idempotency key.
    pub attempt_id: AttemptId,
    /// What is paid.
    pub invoice_id: InvoiceId,
    /// The agency.
    pub account_id: AccountId,
    /// Fills the payer's address in.
    pub client_email: Option<EmailAddress>,
    /// What is asked for; above zero.
    pub amount: Money,
    /// What the payer reads, such as `Invoice INV-2026-00007`.
    pub description: String,
    /// Where the payer lands after paying.
    pub success_url: String,
    /// Where the payer lands after going back.
    pub cancel_url: String,
    /// When the page closes by itself; providers have bounds, Stripe 30 minutes to 24 hours.
    pub expires_at: Timestamp,
    /// The language of the page.
    pub language: Language,
    /// Whether what is paid with is kept, as the payer agreed to; a provider without a
    /// [`Provider::vault`] keeps nothing.
    pub keep: Option<Keeping>,
}

/// A page that the payer has agreed on, as it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The page.
    pub session: SessionId,
    /// What was asked for: nothing else moves.
    pub amount: Money,
    /// The agency.
    pub account_id: AccountId,
    /// What is paid.
    pub invoice_id: InvoiceId,
    /// The attempt that opened the page; also the idempotency key.
    pub attempt_id: AttemptId,
}

impl Completion {
    /// What the money is for.
    pub fn references(&self) -> References {
        References {
            account: self.account_id,
            invoice: self.invoice_id,
            attempt: Some(self.attempt_id),
        }
    }
}

/// An open checkout page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The provider's name of the page.
    pub session_id: SessionId,
    /// Where to send the payer.
    pub url: String,
    /// When it closes by itself.
    pub expires_at: Timestamp,
}

/// Which page to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUp {
    /// One whose id is known.
    Session(SessionId),
    /// One that an attempt with an unknown outcome may have opened.
    ///
    /// A request that is still under way can open its page after this look-up: wait longer than
    /// the transport's time-out after `sent_at` before `None` is taken for an answer.
    Attempt {
        /// The agency.
        account_id: AccountId,
        /// What was to be paid.
        invoice_id: InvoiceId,
        /// The attempt.
        attempt_id: AttemptId,
        /// When the request was made, by our clock.
        sent_at: Timestamp,
    },
}

/// Why a call to a provider has no result, and what that allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutError {
    /// Nothing happened at the provider. The same attempt may be made again.
    #[error("not made: {reason}")]
    NotMade {
        /// For the log.
        reason: String,
        /// How long the provider asks us to wait.
        retry_after: Option<Duration>,
    },
    /// It may have happened. Look the attempt up before a new one is made.
    #[error("outcome unknown: {reason}")]
    Unknown {
        /// For the log.
        reason: String,
    },
    /// The provider refuses this payment, such as an amount below its minimum. The same attempt
    /// would be refused again.
    #[error("declined: {code}: {message}")]
    Declined {
        /// The provider's code.
        code: String,
        /// For the log, never for the payer.
        message: String,
    },
    /// The amount cannot be asked for in the provider's units. Nothing was sent.
    #[error(transparent)]
    Amount(#[from] AmountFault),
    /// The agency's key is wrong, revoked, or lacks the permission.
    #[error("credentials refused: {code}")]
    BadCredentials {
        /// The provider's code.
        code: String,
    },
    /// The provider does not understand the request: a wrong base URL, a parameter it does not
    /// take. A person has to look.
    #[error("misconfigured: {code}: {message}")]
    Misconfigured {
        /// The provider's code, or the status.
        code: String,
        /// For the log.
        message: String,
    },
}

impl CheckoutError {
    /// Whether the same attempt may simply be made again.
    pub fn retryable(&self) -> bool {
        match self {
            CheckoutError::NotMade { .. } => true,
            CheckoutError::Unknown { .. }
            | CheckoutError::Declined { .. }
            | CheckoutError::Amount(_)
            | CheckoutError::BadCredentials { .. }
            | CheckoutError::Misconfigured { .. } => false,
        }
    }

    /// Whether a page may be open at the provider although there is no answer.
    pub fn in_doubt(&self) -> bool {
        match self {
            CheckoutError::Unknown { .. } => true,
            CheckoutError::NotMade { .. }
            | CheckoutError::Declined { .. }
            | CheckoutError::Amount(_)
            | CheckoutError::BadCredentials { .. }
            | CheckoutError::Misconfigured { .. } => false,
        }
    }
}

/// A checkout page as the provider sees it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionState {
    /// The page.
    pub session_id: SessionId,
    /// Whether it can still be paid on.
    pub status: SessionStatus,
    /// Whether the money came.
    pub payment: SessionPayment,
    /// The key of the payment, once there is one.
    pub payment_intent: Option<PaymentIntent>,
    /// What the page asks for.
    pub amount: Money,
    /// What it is for; `None` if Remit did not make it.
    pub references: Option<References>,
}

/// Whether a page can be paid on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionStatus {
    /// Open, with its address.
    Open {
        /// Where to send the payer; `None` where the provider says it only once.
        url: Option<String>,
        /// When it closes by itself; `None` where the provider does not say: then it stays open
        /// until it is closed.
        expires_at: Option<Timestamp>,
    },
    /// The payer agreed; the money moves at [`Provider::complete_checkout`] and not before.
    Approved,
    /// The payer went through; the money may still be on its way.
    Complete,
    /// The payer went through, and no money comes of it.
    Failed,
    /// Closed without payment.
    Expired,
}

/// Whether the money of a page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionPayment {
    /// It did.
    Paid,
    /// Not, or not yet.
    Unpaid,
    /// Nothing was asked for.
    NotRequired,
}
