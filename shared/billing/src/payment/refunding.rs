//! Money that a member gives back: asked for before the provider is, answered after.
//!
//! What is asked for stays with the payment until the provider has answered, so that two who give
//! back at once cannot give back more than there is, and a lost answer is looked for.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{DisputeState, MatchState, Payment};
use crate::actor::ActorId;
use crate::ids::RefundId;
use crate::money::{Money, MoneyError};
use crate::party::Paragraph;
use crate::refusal::{Refusal, RefusalKind};

/// An answer that has not come after this long is looked for.
const LOOK_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Providers know a request by its key for 24 hours.
const KEY_KEPT: SignedDuration = SignedDuration::from_hours(23);

/// A refund that was asked for and has no answer yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRefund {
    /// Its id: the provider's idempotency key.
    pub id: RefundId,
    /// How much.
    pub amount: Money,
    /// The agency's words, which the payer may read.
    pub reason: Paragraph<500>,
    /// Who gives back.
    pub by: ActorId,
    /// When it was asked for (UTC).
    pub asked_at: Timestamp,
    /// When it is looked for (UTC).
    pub look_at: Timestamp,
    /// Whether a bank account was named that it goes to. That is kept nowhere, so it is asked for once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_account: bool,
}

/// Why nothing is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// Nothing of it is left.
    #[error("nothing is left of this payment to give back")]
    NothingLeft,
    /// More than what is left, less what is asked for already and what its payer disputes.
    #[error("{left} of this payment can be given back: give back that much at most")]
    MoreThanLeft {
        /// How much is left.
        left: Money,
    },
    /// It waits for its invoice.
    #[error("this payment waits for the invoice that it names: give it back at the provider")]
    Unmatched,
}

impl Refusal for RefundRefusal {
    fn code(&self) -> &'static str {
        match self {
            RefundRefusal::NothingLeft => "nothing_to_refund",
            RefundRefusal::MoreThanLeft { .. } => "more_than_left",
            RefundRefusal::Unmatched => "payment_unmatched",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl Payment {
    /// What can be given back: what is left, less what is asked for and what is disputed.
    ///
    /// # Errors
    /// None that a stored payment can have.
    pub fn refundable(&self) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.amount.currency());
        let open = self.disputes.iter();
        let open = open.filter(|dispute| dispute.state == DisputeState::Open);
        let held = open
            .map(|dispute| dispute.amount)
            .chain(self.asked_refunds.iter().map(|asked| asked.amount));
        let left = held
            .into_iter()
            .try_fold(self.left()?, Money::checked_sub)?;
        left.max(zero)
    }

    /// How much is given back where so much is wanted, or all.
    ///
    /// # Errors
    /// [`RefundRefusal`] inside; [`MoneyError`]: another currency.
    pub fn to_refund(
        &self,
        wanted: Option<Money>,
    ) -> Result<Result<Money, RefundRefusal>, MoneyError> {
        if matches!(self.match_state, MatchState::Unmatched { .. }) {
            return Ok(Err(RefundRefusal::Unmatched));
        }
        let left = self.refundable()?;
        if left.is_zero() {
            return Ok(Err(RefundRefusal::NothingLeft));
        }
        let amount = wanted.unwrap_or(left);
        Ok(match amount.checked_sub(left)?.is_positive() {
            true => Err(RefundRefusal::MoreThanLeft { left }),
            false => Ok(amount),
        })
    }

    /// The payment once a refund is asked for.
    pub fn with_asked_refund(mut self, asked: AskedRefund) -> Self {
        self.asked_refunds.push(asked);
        self
    }

    /// The payment once a refund that was asked for has its answer.
    pub fn without_asked_refund(mut self, id: RefundId) -> Self {
        self.asked_refunds.retain(|asked| asked.id != id);
        self
    }

    /// A refund that was asked for and has no answer yet.
    pub fn asked_refund(&self, id: RefundId) -> Option<&AskedRefund> {
        self.asked_refunds.iter().find(|asked| asked.id == id)
    }

    /// The payment with its refunds looked for later again.
    pub fn refunds_put_off(mut self, now: Timestamp) -> Self {
        for asked in &mut self.asked_refunds {
            asked.look_at = asked.look_at.max(AskedRefund::look_after(now));
        }
        self
    }
}

impl AskedRefund {
    /// Whether the provider still knows its key: they keep them for a day.
    pub fn may_be_asked_again(&self, now: Timestamp) -> bool {
        now.duration_since(self.asked_at) < KEY_KEPT
    }

    /// When a refund that is asked for now is looked for.
    pub fn look_after(now: Timestamp) -> Timestamp {
        now + LOOK_AFTER
    }
}
