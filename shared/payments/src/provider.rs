//! The face of a payment provider, in words that no provider owns.

use std::time::Duration;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::money::Money;
use remit_billing::party::{EmailAddress, Language};
use serde::{Deserialize, Serialize};

use crate::object::FieldFault;
use crate::reference::{
    DisputeReference, PaymentIntent, ProviderEventId, RefundReference, Secret, SessionId,
};
use crate::stripe::amount::AmountFault;

/// A payment provider with one agency's credentials.
///
/// Every call that reaches out is made for an attempt that was committed before; what the outcome
/// allows next is the error's business: see [`CheckoutError`].
#[async_trait]
pub trait Provider: Send + Sync {
    /// The word in routes and settings, such as `stripe`.
    fn name(&self) -> &'static str;

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

    /// Checks that a notification was signed by the provider with one of `secrets` (several
    /// during rotation), close enough to `now`, and reads it.
    fn verify_and_parse(
        &self,
        headers: &HeaderMap,
        raw_body: &[u8],
        secrets: &[Secret],
        now: Timestamp,
    ) -> Result<Notification, NotificationFault>;
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
        /// Where to send the payer.
        url: String,
        /// When it closes by itself.
        expires_at: Timestamp,
    },
    /// The payer went through; the money may still be on its way.
    Complete,
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

/// What Remit wrote into the provider's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct References {
    /// The agency. It must be the account whose secret verified the notification.
    pub account: AccountId,
    /// What is paid.
    pub invoice: InvoiceId,
    /// The attempt that opened the page.
    pub attempt: Option<AttemptId>,
}

/// One verified statement of a provider's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The same statement comes again under the same id.
    pub provider_event_id: ProviderEventId,
    /// What is stated.
    #[serde(flatten)]
    pub kind: NotificationKind,
    /// When it happened, by the provider's clock, to the second.
    pub occurred_at: Timestamp,
    /// False for the provider's test mode.
    pub livemode: bool,
}

/// What a provider states.
///
/// `references` is `None` when the metadata is not Remit's: somebody else's payment on the same
/// provider account, to be kept as unmatched and never applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NotificationKind {
    /// The money came. One payment can be stated several times, by page and by intent.
    PaymentSucceeded {
        /// The key of the payment.
        payment_intent: PaymentIntent,
        /// The page, where the statement names it.
        session: Option<SessionId>,
        /// What was received.
        amount: Money,
        /// What it is for.
        references: Option<References>,
    },
    /// The payer did their part; the money comes within days, or not.
    PaymentProcessing {
        /// The key of the payment.
        payment_intent: PaymentIntent,
        /// The page, where the statement names it.
        session: Option<SessionId>,
        /// What is expected.
        amount: Money,
        /// What it is for.
        references: Option<References>,
    },
    /// A try failed. Not the end of the payment: the payer may try another card on the same
    /// page, and success may then carry the same intent.
    PaymentFailed {
        /// The key of the payment.
        payment_intent: PaymentIntent,
        /// The page, where the statement names it.
        session: Option<SessionId>,
        /// What was asked for.
        amount: Money,
        /// What it was for.
        references: Option<References>,
        /// The provider's code, such as `card_declined`.
        code: Option<String>,
    },
    /// A page closed without payment.
    SessionExpired {
        /// The page.
        session: SessionId,
        /// What it was for.
        references: Option<References>,
    },
    /// Money went back, wholly or in part.
    Refunded {
        /// The payment it is taken from.
        payment_intent: PaymentIntent,
        /// How much.
        refunded: Refunded,
        /// What was paid, where the statement says it.
        references: Option<References>,
    },
    /// A payment is contested at the payer's bank.
    Disputed {
        /// The contested payment.
        payment_intent: PaymentIntent,
        /// The dispute.
        dispute: DisputeReference,
        /// What is contested; may be less or more than the payment.
        amount: Money,
        /// Where the dispute stands.
        status: DisputeStatus,
        /// What this statement is about.
        step: DisputeStep,
    },
    /// Something that Remit does not use. Acknowledged and kept.
    Unknown {
        /// The provider's word for it.
        event_type: String,
    },
}

/// How a refund is stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stated", rename_all = "snake_case")]
pub enum Refunded {
    /// One refund and where it stands.
    Single {
        /// The key of the refund.
        refund: RefundReference,
        /// What goes back.
        amount: Money,
        /// Where it stands.
        status: RefundStatus,
    },
    /// All that went back so far, this refund included: never to be added to what is known.
    Cumulative {
        /// The sum of all refunds of the payment.
        total: Money,
    },
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Waits for the payer.
    RequiresAction,
    /// The money is back.
    Succeeded,
    /// It could not be given back: the money is the agency's again.
    Failed,
    /// Called off: the money is the agency's again.
    Canceled,
}

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// A question of the bank's; no money has moved.
    Inquiry,
    /// The question is settled; no money has moved.
    InquiryClosed,
    /// The agency has to answer.
    NeedsResponse,
    /// The bank decides.
    UnderReview,
    /// The money is the agency's.
    Won,
    /// The money is gone.
    Lost,
    /// Settled before it became a dispute.
    Prevented,
}

/// What a notification about a dispute states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStep {
    /// It was opened.
    Opened,
    /// Something about it changed.
    Updated,
    /// The provider took the money out of the balance.
    FundsWithdrawn,
    /// The provider put the money back.
    FundsReinstated,
    /// It is decided.
    Closed,
}

/// Why a notification is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotificationFault {
    /// It is not known to come from the provider: refuse it.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// It comes from the provider and is no JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// It comes from the provider and is not as documented: keep it for a person to look at, as
    /// it may speak of money.
    #[error(transparent)]
    Field(#[from] FieldFault),
    /// It comes from the provider and speaks of an amount that cannot be held.
    #[error(transparent)]
    Amount(#[from] AmountFault),
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// There is no secret to check with.
    #[error("no webhook secret is known")]
    NoSecrets,
    /// The header is missing.
    #[error("the signature header is missing")]
    MissingHeader,
    /// The header is not as documented, or too long.
    #[error("the signature header is malformed")]
    MalformedHeader,
    /// The header carries no time.
    #[error("the signature has no timestamp")]
    MissingTimestamp,
    /// The header carries no signature of the scheme in use.
    #[error("the signature header has no signature of a known scheme")]
    MissingSignature,
    /// No signature fits any secret.
    #[error("the signature does not match")]
    Mismatch,
    /// Signed too long ago: perhaps replayed.
    #[error("signed {age_s} s ago")]
    TooOld {
        /// Seconds.
        age_s: i64,
    },
    /// Signed in the future: a clock is wrong.
    #[error("signed {ahead_s} s in the future")]
    InTheFuture {
        /// Seconds.
        ahead_s: i64,
    },
}

impl SignatureFault {
    /// Whether a secret that was rotated a moment ago could explain it, so that reading the
    /// secrets again may help.
    pub fn secrets_may_be_stale(self) -> bool {
        matches!(self, SignatureFault::NoSecrets | SignatureFault::Mismatch)
    }
}
