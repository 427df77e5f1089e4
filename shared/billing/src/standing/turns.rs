//! What became of payments after they were applied: with it the past of an invoice can be told, day by day.
//!
//! What is applied once and stays is said by the payment that is listed; a turn is written only where more
//! happens than that, which is seldom.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::PaymentId;
use crate::money::Money;

use super::{AppliedPayment, Hold, Standing};

/// Turns that one invoice keeps; the oldest are forgotten, and are then as if they had not been.
const MAX_TURNS: usize = 100;

/// What kind of invoice it is, for a client who reads it in a row of others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// It bills.
    #[default]
    Bill,
    /// It charges fees for paying another one late.
    LateFee,
    /// Another program issued it, and this was left of it to pay.
    CarriedOver,
}

impl Nature {
    /// Whether it is an ordinary one.
    pub fn is_bill(&self) -> bool {
        *self == Nature::Bill
    }
}

/// How money that was applied went away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversal {
    /// It was given back.
    Refund,
    /// Its payer, or the bank, took it back.
    Loss,
    /// It was not what it was taken for.
    Undo,
}

impl Reversal {
    /// Whether reminders are held after it: a refund without a credit is for a member to decide on.
    pub(super) fn hold(self) -> Option<Hold> {
        match self {
            Reversal::Refund => Some(Hold::Refund),
            Reversal::Loss | Reversal::Undo => None,
        }
    }

    fn turn(self) -> TurnKind {
        match self {
            Reversal::Refund => TurnKind::Refunded,
            Reversal::Loss => TurnKind::Lost,
            Reversal::Undo => TurnKind::Undone,
        }
    }
}

/// What happened to a payment on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnKind {
    /// It was given back.
    Refunded,
    /// Its payer, or the bank, took it back.
    Lost,
    /// It was not what it was taken for.
    Undone,
    /// A credit note made it too much: it is the client's balance since.
    SetFree,
    /// It came back after all.
    Reinstated,
    /// More of it was applied: it was the client's balance.
    AppliedAgain,
    /// As it was first applied, it paid what was given up, and so that much less of what is due.
    Recovered,
    /// The same of what came back, or was applied again.
    RecoveredAgain,
}

impl TurnKind {
    /// Whether it lessens what is due.
    pub fn settles(self) -> bool {
        matches!(self, TurnKind::Reinstated | TurnKind::AppliedAgain)
    }
}

/// Something that happened to a payment after it was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Which payment.
    pub payment_id: PaymentId,
    /// The day it was received, in the account's zone.
    pub received_on: Date,
    /// When it was first applied (UTC), where that was later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<Timestamp>,
    /// Whether it was the client's balance until then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_balance: bool,
    /// What happened.
    pub what: TurnKind,
    /// How much of it; above zero.
    pub amount: Money,
    /// When (UTC).
    pub at: Timestamp,
}

impl Standing {
    /// The standing with something that happened to a payment.
    pub(super) fn note(
        &mut self,
        payment: &AppliedPayment,
        what: TurnKind,
        amount: Money,
        at: Timestamp,
    ) {
        if !amount.is_positive() {
            return;
        }
        self.turns.push(Turn {
            payment_id: payment.id,
            received_on: payment.on,
            applied_at: payment.applied_at,
            from_balance: payment.from_balance,
            what,
            amount,
            at,
        });
        if self.turns.len() > MAX_TURNS {
            self.turns.remove(0);
        }
    }

    /// The same of a payment that goes back.
    pub(super) fn note_reversal(
        &mut self,
        payment_id: PaymentId,
        why: Reversal,
        amount: Money,
        at: Timestamp,
    ) {
        // Of one that is not listed any more nothing is known but that it goes.
        let listed = self.payments.iter().find(|known| known.id == payment_id);
        if let Some(payment) = listed.cloned() {
            self.note(&payment, why.turn(), amount, at);
        }
    }

    /// The same of a payment that is applied: what of it recovers, and whether it was here before. Returns how
    /// it is listed: by its first application, if that is known.
    pub(super) fn note_application(
        &mut self,
        payment: AppliedPayment,
        recovered: Money,
        now: Timestamp,
    ) -> AppliedPayment {
        let listed = self.payments.iter().find(|known| known.id == payment.id);
        let listed = listed.map(|known| (known.applied_at, known.from_balance));
        let mut turns = self.turns.iter();
        let turned = turns.find(|turn| turn.payment_id == payment.id);
        let turned = turned.map(|turn| (turn.applied_at, turn.from_balance));
        let Some((applied_at, from_balance)) = listed.or(turned) else {
            self.note(&payment, TurnKind::Recovered, recovered, now);
            return payment;
        };
        let what = match payment.from_balance {
            true => TurnKind::AppliedAgain,
            false => TurnKind::Reinstated,
        };
        let payment = AppliedPayment {
            applied_at,
            from_balance,
            ..payment
        };
        self.note(&payment, what, payment.amount, now);
        self.note(&payment, TurnKind::RecoveredAgain, recovered, now);
        payment
    }
}

/// When money is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    /// As it is received.
    AsItCame,
    /// After it had been kept, or had gone.
    Later {
        /// When (UTC).
        at: Timestamp,
        /// Whether it was the client's balance until then.
        from_balance: bool,
    },
}
