//! A hold that an operator puts an account under: after a restore above all, when numbers that were given, mails that
//! left and money that came are not in the table any more.
//!
//! While it lasts the account is held ([`Account::held`]): nothing is issued, sent or charged, and what falls due is kept. The
//! agency's own owner cannot end it. After a restore it ends only once somebody has said where the numbers go on:
//! a number that is given twice is on two clients' papers.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::fault::Fault;
use crate::ids::AccountId;
use crate::numbering::{Counter, MAX_SEQUENCE, Series};
use crate::refusal::{Refusal, RefusalKind};

/// Why an operator holds an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyHeld {
    /// To look at something: all that was done is in the table.
    ByHand,
    /// Its table was put back to an earlier moment.
    Restored,
}

/// Where an operator's hold stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum HoldState {
    /// It lasts, and may end: no number is in doubt.
    Held,
    /// It lasts, and numbers may have been given that are not known any more.
    NumbersInDoubt,
    /// It lasts, and may end: somebody said where the numbers go on.
    NumbersSettled {
        /// When (UTC).
        settled_at: Timestamp,
    },
    /// It is over.
    Released {
        /// When (UTC).
        released_at: Timestamp,
    },
}

/// A series whose next numbers were passed over: so the gap in it is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// The series.
    pub series: Series,
    /// The first number that nobody gets.
    pub from: u64,
    /// The number that the next document gets.
    pub next: u64,
    /// When it was decided (UTC).
    pub at: Timestamp,
}

/// The hold of an account, the last there was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorHold {
    /// Whose.
    pub account_id: AccountId,
    /// Since when (UTC).
    pub held_at: Timestamp,
    /// Whether the agency's owner held it already, and still does afterwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_held: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub state: HoldState,
    /// The gaps that operators made, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<PassedOver>,
}

/// Why a hold does not end, or its numbers are not settled: told to an operator, at no route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldRefusal {
    /// No operator holds it.
    #[error("no operator holds this account")]
    NotHeld,
    /// It was restored, and nobody said where its numbers go on.
    #[error(
        "this account was restored, and numbers may have been given since: raise its counters, or say that none was"
    )]
    NumbersInDoubt,
}

/// The agency's owner cannot end what an operator began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an operator holds this account: the deployment's operator releases it")]
pub struct HeldByOperator;

impl Refusal for HeldByOperator {
    fn code(&self) -> &'static str {
        "held_by_operator"
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl OperatorHold {
    /// Holds an account; `before` is what is known of earlier holds. A restore puts numbers in doubt, whatever was said
    /// before it; a hold by hand takes nothing back.
    pub fn begun(
        account: &Account,
        before: Option<Self>,
        reason: WhyHeld,
        now: Timestamp,
    ) -> (Account, Self) {
        let held = Account {
            held: true,
            updated_at: now,
            ..account.clone()
        };
        let lasting = before.clone().filter(Self::lasts);
        let state = match (reason, &lasting) {
            (WhyHeld::Restored, _) => HoldState::NumbersInDoubt,
            (WhyHeld::ByHand, Some(lasting)) => lasting.state.clone(),
            (WhyHeld::ByHand, None) => HoldState::Held,
        };
        let hold = Self {
            account_id: account.id,
            held_at: lasting.as_ref().map_or(now, |lasting| lasting.held_at),
            was_held: lasting.map_or(account.held, |lasting| lasting.was_held),
            state,
            passed_over: before.map(|before| before.passed_over).unwrap_or_default(),
        };
        (held, hold)
    }

    /// Whether it lasts.
    pub fn lasts(&self) -> bool {
        !matches!(self.state, HoldState::Released { .. })
    }

    /// Somebody said where the numbers go on, and these were passed over for it.
    ///
    /// # Errors
    /// [`HoldRefusal::NotHeld`]: a series that is in use leaves no number out.
    pub fn numbers_settled(
        mut self,
        passed_over: &[PassedOver],
        now: Timestamp,
    ) -> Result<Self, HoldRefusal> {
        if !self.lasts() {
            return Err(HoldRefusal::NotHeld);
        }
        self.passed_over.extend_from_slice(passed_over);
        Ok(Self {
            state: HoldState::NumbersSettled { settled_at: now },
            ..self
        })
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`HoldRefusal::NotHeld`], [`HoldRefusal::NumbersInDoubt`].
    pub fn released(
        self,
        account: &Account,
        now: Timestamp,
    ) -> Result<(Account, Self), HoldRefusal> {
        match self.state {
            HoldState::Released { .. } => return Err(HoldRefusal::NotHeld),
            HoldState::NumbersInDoubt => return Err(HoldRefusal::NumbersInDoubt),
            HoldState::Held | HoldState::NumbersSettled { .. } => {}
        }
        let free = Account {
            held: self.was_held,
            updated_at: now,
            ..account.clone()
        };
        let state = HoldState::Released { released_at: now };
        Ok((free, Self { state, ..self }))
    }

    /// Whether the agency's owner may end what holds the account.
    ///
    /// # Errors
    /// [`HeldByOperator`].
    pub fn may_be_ended_by_owner(&self) -> Result<(), HeldByOperator> {
        match self.lasts() {
            true => Err(HeldByOperator),
            false => Ok(()),
        }
    }
}

impl Counter {
    /// The series going on at `next`, or where it is if that is further; a document that comes has this day at least.
    /// With it what is passed over, if anything is.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] above the last number of a series.
    pub fn passed_to(
        self,
        next: u64,
        today: Date,
        now: Timestamp,
    ) -> Result<(Self, Option<PassedOver>), Fault> {
        if next > MAX_SEQUENCE {
            return Err(Fault::OutOfRange {
                min: 1.into(),
                max: MAX_SEQUENCE.into(),
            });
        }
        if next <= self.next {
            return Ok((self, None));
        }
        let passed = PassedOver {
            series: self.series,
            from: self.next,
            next,
            at: now,
        };
        let after = Self {
            next,
            last_issue_on: Some(self.issue_on(today)),
            ..self
        };
        Ok((after, Some(passed)))
    }
}
