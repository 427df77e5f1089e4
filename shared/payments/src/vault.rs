//! Payment methods that a provider keeps for a payer, to be charged when the payer is not there.
//!
//! A provider that can do this has a [`Vault`]; one that cannot, or that needs a contract of its own
//! for it, has none. What it calls payers and methods stands in no error and no log.

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::ids::AttemptId;
use remit_billing::money::Money;
use remit_billing::saved_method::{MethodKind, MethodLabel, ProviderToken};

use crate::notification::References;
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;

/// What a provider keeps of payers.
#[async_trait]
pub trait Vault: Send + Sync {
    /// What was kept of a payment whose page asked to keep it ([`Keeping`]); `None` where nothing was,
    /// or nothing that could be charged again.
    async fn kept(&self, payment: &PaymentIntent) -> Result<Option<KeptMethod>, CheckoutError>;

    /// Charges a kept method. The attempt's id is the idempotency key: asked twice, the money moves
    /// once.
    ///
    /// What the payer's bank or the provider refuses is no error but a [`Charge`]. The errors mean what
    /// they mean for a page: [`CheckoutError::Unknown`] wants a [`Vault::look_up_charge`].
    async fn charge(&self, request: &ChargeRequest) -> Result<Charge, CheckoutError>;

    /// What became of a charge, `None` if the provider knows of none.
    ///
    /// A request that is still under way can take effect after this look-up: wait longer than the
    /// transport's time-out after `sent_at` before `None` is taken for an answer.
    async fn look_up_charge(
        &self,
        request: &ChargeRequest,
        sent_at: Timestamp,
    ) -> Result<Option<Charge>, CheckoutError>;

    /// Has the provider forget a method. One that it does not know, or has forgotten, is forgotten.
    async fn forget(&self, method: &MethodTokens) -> Result<Forgotten, CheckoutError>;
}

/// A page is to keep what is paid with, as the payer agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// What the provider calls the payer, where it knows them already.
    pub customer: Option<ProviderToken>,
}

/// What a provider calls a kept method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodTokens {
    /// The payer, where methods belong to one.
    pub customer: Option<ProviderToken>,
    /// The method.
    pub method: ProviderToken,
    /// What it is.
    pub kind: MethodKind,
}

/// A method that a provider has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMethod {
    /// The payer, where methods belong to one.
    pub customer: Option<ProviderToken>,
    /// The method.
    pub method: ProviderToken,
    /// What people know it by.
    pub label: MethodLabel,
}

/// A kept method is to be charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// The committed attempt; also the idempotency key.
    pub attempt_id: AttemptId,
    /// What is paid; names the same attempt.
    pub references: References,
    /// With what.
    pub method: MethodTokens,
    /// How much; above zero.
    pub amount: Money,
    /// What the payer may read, such as `INV-2026-00007`.
    pub description: String,
}

/// What became of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charge {
    /// The money came.
    Succeeded {
        /// The key of the payment.
        payment_intent: PaymentIntent,
    },
    /// The money comes within days, or not: the provider says so by itself.
    Processing {
        /// The key of the payment.
        payment_intent: PaymentIntent,
    },
    /// The payer's bank wants the payer. Nothing moved, and nothing will.
    AuthenticationRequired,
    /// Refused. Nothing moved, and nothing will.
    Declined {
        /// The provider's code; whether the method is over with it, says
        /// [`ProviderKind::ends_method`](crate::ProviderKind::ends_method).
        code: String,
    },
}

/// Whether a provider has forgotten a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgotten {
    /// It has.
    Done,
    /// Not yet: money that is on its way by it would be called off.
    InUse,
}

/// The error without the provider's words, which may name tokens; its code says enough.
pub(crate) fn without_words(error: CheckoutError) -> CheckoutError {
    match error {
        CheckoutError::Declined { code, .. } => CheckoutError::Declined {
            code,
            message: String::new(),
        },
        CheckoutError::Misconfigured { code, .. } => CheckoutError::Misconfigured {
            code,
            message: String::new(),
        },
        error => error,
    }
}
