//! Money given back: what is asked for, and where it stands.

use std::fmt;

use jiff::Timestamp;
use remit_billing::ids::RefundId;
use remit_billing::money::Money;

use crate::notification::{References, RefundStatus};
use crate::reference::{PaymentIntent, RefundReference};

/// What is to go back.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// The committed attempt to refund; also the idempotency key.
    pub refund_id: RefundId,
    /// The payment that it is taken from.
    pub payment_intent: PaymentIntent,
    /// What was paid.
    pub references: References,
    /// What goes back; above zero.
    pub amount: Money,
    /// What went back before, or is on its way: a provider that is told the sum refuses a refund
    /// that was decided on an older one.
    pub refunded_before: Money,
    /// What the payer may read, in the words of the agency.
    pub reason: String,
    /// Where the money goes, for payments that cannot go back the way they came.
    pub receiver: Option<RefundReceiver>,
}

/// A bank account that a refund goes to. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefundReceiver {
    /// The bank's code, as the provider lists it.
    pub bank: String,
    /// Digits only.
    pub account_number: String,
    /// Whose account it is.
    pub holder: String,
}

impl fmt::Debug for RefundReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefundReceiver(redacted)")
    }
}

/// Which refund to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundLookUp {
    /// The payment that it is taken from.
    pub payment_intent: PaymentIntent,
    /// Which of its refunds.
    pub refund: RefundKey,
}

/// What a refund is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundKey {
    /// The provider's id.
    Reference(RefundReference),
    /// A request whose outcome is unknown.
    ///
    /// One that is still under way can take effect after this look-up: wait longer than the
    /// transport's time-out after `sent_at` before `None` is taken for an answer.
    Attempt {
        /// The request.
        refund_id: RefundId,
        /// What it asked for.
        amount: Money,
        /// When it was made, by our clock.
        sent_at: Timestamp,
    },
}

/// A refund as the provider sees it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundState {
    /// The provider's id.
    pub reference: RefundReference,
    /// The payment that it is taken from.
    pub payment_intent: PaymentIntent,
    /// What goes back.
    pub amount: Money,
    /// Where it stands.
    pub status: RefundStatus,
}
