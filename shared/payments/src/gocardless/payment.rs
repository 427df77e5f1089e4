//! Debits on a mandate: asked for, looked up, called off.
//!
//! A debit takes days. It is received when GoCardless has collected it (`confirmed`), not when it
//! arrives in the agency's bank with a payout (`paid_out`): from then on it is the agency's money at
//! GoCardless, as money paid by card is at Stripe. A payer's bank can take it back all the same, for
//! weeks.

use jiff::civil::Date;
use remit_billing::ids::AttemptId;
use remit_billing::money::Money;
use serde_json::{Value, json};

use super::amount::{from_gocardless, to_gocardless};
use super::call::ActFault;
use super::{GoCardlessProvider, metadata};
use crate::amount::AmountFault;
use crate::notification::References;
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::{MandateId, PaymentIntent};
use crate::wire::unreadable;

/// A debit on a mandate that the payer has given.
#[derive(Debug, Clone)]
pub struct Debit {
    /// The committed attempt; also the idempotency key.
    pub attempt_id: AttemptId,
    /// The payer's leave.
    pub mandate: MandateId,
    /// What is debited; above zero.
    pub amount: Money,
    /// What is paid.
    pub references: References,
    /// The day in the scheme's zone; the earliest possible if `None`, and no earlier than that.
    pub charge_date: Option<Date>,
}

/// A debit as GoCardless sees it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebitState {
    /// The key of the payment.
    pub payment_intent: PaymentIntent,
    /// Where it stands.
    pub status: DebitStatus,
    /// What is debited.
    pub amount: Money,
    /// What it is for; `None` if Remit did not make it.
    pub references: Option<References>,
}

/// Where a debit stands, as far as money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebitStatus {
    /// Under way: `pending_customer_approval`, `pending_submission`, `submitted`.
    Processing,
    /// Collected: `confirmed`, `paid_out`.
    Received,
    /// No money, or none any more: `failed`, `cancelled`, `customer_approval_denied`,
    /// `charged_back`.
    Over,
}

impl GoCardlessProvider {
    /// Asks for a debit. Asked twice for the same attempt, it is one.
    ///
    /// # Errors
    /// As for a page; `Declined` where the mandate does not allow it any more.
    pub async fn debit(&self, debit: &Debit) -> Result<DebitState, CheckoutError> {
        let mut fields = json!({
            "amount": to_gocardless(&debit.amount)?,
            "currency": debit.amount.currency().code(),
            "metadata": metadata::of(&debit.references, &debit.amount),
            "links": {"mandate": debit.mandate},
        });
        if let Some(date) = debit.charge_date {
            fields["charge_date"] = Value::from(date.to_string());
        }
        let key = format!("{}-payment", debit.attempt_id);
        let made = self.create("payments", Some(&key), fields).await?;
        let state = read(&made).map_err(unreadable)?;
        if state.amount != debit.amount || state.references != Some(debit.references) {
            return Err(CheckoutError::Unknown {
                reason: format!("the key made another payment: {}", state.payment_intent),
            });
        }
        Ok(state)
    }

    /// A debit, `None` if GoCardless knows of none.
    ///
    /// # Errors
    /// As for a page.
    pub async fn find_debit(
        &self,
        payment: &PaymentIntent,
    ) -> Result<Option<DebitState>, CheckoutError> {
        let found = self
            .get(&format!("/payments/{payment}"), "payments")
            .await?;
        found
            .map(|found| read(&found).map_err(unreadable))
            .transpose()
    }

    /// Calls a debit off that has not gone to the bank yet. Answers it as it then is.
    ///
    /// # Errors
    /// As for a page.
    pub async fn cancel_debit(
        &self,
        payment: &PaymentIntent,
    ) -> Result<Option<DebitState>, CheckoutError> {
        let path = format!("/payments/{payment}/actions/cancel");
        match self.act(&path, "payments").await? {
            Ok(cancelled) => read(&cancelled).map_err(unreadable).map(Some),
            Err(ActFault::Missing) => Ok(None),
            Err(ActFault::NotInThisState) => self.find_debit(payment).await,
        }
    }

    /// Whether money is on its way by a mandate.
    pub(super) async fn moves_on(&self, mandate: &MandateId) -> Result<bool, CheckoutError> {
        let path = format!("/payments?mandate={mandate}&limit=100");
        let answer = self.list(&path).await?;
        let page = Object::root(&answer).map_err(unreadable)?;
        for payment in page.objects("payments").map_err(unreadable)? {
            let debit = state(&payment).map_err(unreadable)?;
            if debit.status == DebitStatus::Processing {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The debit that an attempt made on a mandate: a mandate of one page has few.
    pub(super) async fn debit_on(
        &self,
        mandate: &MandateId,
        attempt_id: AttemptId,
    ) -> Result<Option<DebitState>, CheckoutError> {
        let answer = self
            .list(&format!("/payments?mandate={mandate}&limit=100"))
            .await?;
        let page = Object::root(&answer).map_err(unreadable)?;
        for payment in page.objects("payments").map_err(unreadable)? {
            let references = metadata::references(&payment).map_err(unreadable)?;
            if references.and_then(|references| references.attempt) == Some(attempt_id) {
                return state(&payment).map_err(unreadable).map(Some);
            }
        }
        Ok(None)
    }
}

/// What an object of GoCardless' has that cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadFault {
    #[error(transparent)]
    Field(#[from] FieldFault),
    #[error(transparent)]
    Amount(#[from] AmountFault),
}

fn read(payment: &Value) -> Result<DebitState, ReadFault> {
    state(&Object::root(payment)?)
}

fn state(payment: &Object<'_>) -> Result<DebitState, ReadFault> {
    let status = match payment.text("status")? {
        "pending_customer_approval" | "pending_submission" | "submitted" => DebitStatus::Processing,
        "confirmed" | "paid_out" => DebitStatus::Received,
        "failed" | "cancelled" | "customer_approval_denied" | "charged_back" => DebitStatus::Over,
        _ => Err(payment.unexpected("status", "a status of a payment"))?,
    };
    Ok(DebitState {
        payment_intent: payment.parsed("id", "an id")?,
        status,
        amount: money(payment)?,
        references: metadata::references(payment)?,
    })
}

/// `amount` and `currency` of an object.
pub(super) fn money(object: &Object<'_>) -> Result<Money, ReadFault> {
    Ok(from_gocardless(
        object.integer("amount")?,
        object.text("currency")?,
    )?)
}
