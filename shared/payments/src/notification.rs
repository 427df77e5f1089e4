//! What a provider states: pages, payments, refunds, disputes.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::money::Money;
use serde::{Deserialize, Serialize};

use crate::amount::AmountFault;
use crate::object::FieldFault;
use crate::reference::{
    DisputeReference, PaymentIntent, PayoutReference, ProviderEventId, RefundReference, SessionId,
};

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
    /// What the provider keeps because of what is stated, the payment, its refund or its dispute, as far
    /// as it says so here; below zero where it gives fees back. One that cannot be read is none: the
    /// money beside it counts.
    pub fee: Option<Money>,
    /// When it happened, by the provider's clock, to the second.
    pub occurred_at: Timestamp,
    /// False for the provider's test mode; the mode of the credentials where it does not say.
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
    /// A try failed.
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
        /// Whether nothing more comes of the page. If not, the payer may try another card on it,
        /// and success may then carry the same intent.
        is_final: bool,
    },
    /// The payer agreed on a page; no money moves before `Provider::complete_checkout`.
    CheckoutApproved {
        /// The page.
        session: SessionId,
        /// What the page asks for, where the statement says it.
        amount: Option<Money>,
        /// What it is for.
        references: Option<References>,
    },
    /// Money that was stated as received has gone again, by itself: a debit that the bank took
    /// back, a deposit that was reversed. Stated as succeeded later, it has come once more.
    Returned {
        /// The payment.
        payment_intent: PaymentIntent,
        /// What has gone.
        amount: Money,
        /// What it was for.
        references: Option<References>,
        /// The provider's code for the reason.
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
    /// The provider has sent money to the agency's bank.
    PaidOut {
        /// The payout.
        payout: PayoutReference,
        /// What arrives, above zero, in the currency in which it does.
        amount: Money,
        /// What was kept of its payments, where it says so.
        kept: Option<Money>,
        /// What it writes on the bank statement.
        bank_text: Option<String>,
        /// The day on which it is to arrive.
        arrives_on: Date,
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

/// Why a verified statement cannot be read: it is kept for a person to look at, as it may speak of
/// money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotificationFault {
    /// It is no JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// It is not as documented.
    #[error(transparent)]
    Field(#[from] FieldFault),
    /// It speaks of an amount that cannot be held.
    #[error(transparent)]
    Amount(#[from] AmountFault),
    /// It is of the other mode than the credentials: play money never pays an invoice.
    #[error("the statement's livemode is {stated}, the credentials' is not")]
    OtherMode {
        /// What the statement says.
        stated: bool,
    },
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
    /// Nothing is signed, and the provider, when asked, does not know what it speaks of.
    #[error("the provider does not know what it speaks of")]
    Unproved,
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
