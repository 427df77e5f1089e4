//! When what is agreed may be billed: a deposit, milestones, the remainder.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::content::{Deliverable, Key};
use crate::fault::{Fault, PointedFault};
use crate::ids::MilestoneId;
use crate::money::{Currency, Money, MoneyError};
use crate::number::{Amount, Percent};
use crate::party::Name;
use rust_decimal::Decimal;

/// Milestones of one estimate.
pub const MAX_MILESTONES: usize = 50;

/// What is asked for before the work begins: a share of the gross, or an amount, tax included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deposit {
    /// A share of what is accepted, tax included.
    Percent(Percent),
    /// An amount, tax included.
    Amount(Amount),
}

impl Deposit {
    /// What it comes to of a gross amount, at most the whole.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn of(self, gross: Money) -> Result<Money, MoneyError> {
        match self {
            Deposit::Percent(percent) => part(percent, gross),
            Deposit::Amount(amount) => {
                Money::rounded(amount.decimal(), gross.currency())?.min(gross)
            }
        }
    }
}

/// What a milestone comes to: `{"percent": "30"}`, `{"amount": "500.00"}`, `{"remainder": true}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// A share of what is accepted, net.
    Percent(Percent),
    /// An amount, net.
    Amount(Amount),
    /// All that the milestones before leave; the last one only.
    Remainder(Rest),
}

/// All that is left. It is written `true`, and nothing else is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
pub struct Rest;

impl From<Rest> for bool {
    fn from(_: Rest) -> Self {
        true
    }
}

impl TryFrom<bool> for Rest {
    type Error = &'static str;
    fn try_from(all: bool) -> Result<Self, Self::Error> {
        all.then_some(Rest).ok_or("a remainder is true or left out")
    }
}

/// A point at which a part may be billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// What it is called.
    pub title: Name,
    /// What it comes to.
    #[serde(flatten)]
    pub share: Share,
    /// The day from which it may be billed, where it is a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The deliverable whose delivery lets it be billed, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliverable: Option<Key>,
}

/// When what is agreed may be billed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentSchedule {
    /// Before the work begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Deposit>,
    /// In the order in which they come; none means that work is billed as it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
}

impl PaymentSchedule {
    /// Whether nothing is scheduled.
    pub fn is_empty(&self) -> bool {
        self.deposit.is_none() && self.milestones.is_empty()
    }

    /// What is wrong with it by itself and against the deliverables, below `/schedule`.
    pub(super) fn faults(
        &self,
        currency: Currency,
        deliverables: &[Deliverable],
    ) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        let mut add = |pointer: String, fault| faults.push(PointedFault::new(pointer, fault));
        match self.deposit {
            Some(Deposit::Percent(percent)) if percent.is_zero() => {
                add("/schedule/deposit/percent".to_owned(), Fault::NotPositive);
            }
            Some(Deposit::Amount(amount)) => match amount.in_currency(currency) {
                Err(fault) => add("/schedule/deposit/amount".to_owned(), fault),
                Ok(amount) if amount.is_zero() => {
                    add("/schedule/deposit/amount".to_owned(), Fault::NotPositive);
                }
                Ok(_) => {}
            },
            _ => {}
        }
        let last = self.milestones.len().saturating_sub(1);
        let (mut percent, mut only_percent) = (Decimal::ZERO, true);
        for (index, milestone) in self.milestones.iter().enumerate() {
            let at = |field: &str| format!("/schedule/milestones/{index}/{field}");
            match milestone.share {
                Share::Percent(share) => {
                    percent += share.decimal();
                    if share.is_zero() {
                        add(at("percent"), Fault::NotPositive);
                    }
                }
                Share::Amount(amount) => {
                    only_percent = false;
                    match amount.in_currency(currency) {
                        Err(fault) => add(at("amount"), fault),
                        Ok(amount) if amount.is_zero() => add(at("amount"), Fault::NotPositive),
                        Ok(_) => {}
                    }
                }
                Share::Remainder(Rest) => {
                    only_percent = false;
                    if index != last {
                        add(at("remainder"), Fault::RemainderNotLast);
                    }
                }
            }
            if milestone.due_on.is_some() && milestone.deliverable.is_some() {
                let fields = "due_date or deliverable";
                add(at("deliverable"), Fault::Exclusive { fields });
            }
            let known = |key: &Key| deliverables.iter().any(|found| found.key == *key);
            if milestone
                .deliverable
                .as_ref()
                .is_some_and(|key| !known(key))
            {
                add(at("deliverable"), Fault::UnknownReference);
            }
        }
        let hundred = Decimal::ONE_HUNDRED;
        let ends_with_remainder = self
            .milestones
            .last()
            .is_some_and(|milestone| milestone.share == Share::Remainder(Rest));
        let whole = self.milestones.is_empty()
            || ends_with_remainder
            || (only_percent && percent == hundred);
        if percent > hundred {
            add("/schedule/milestones".to_owned(), Fault::ScheduleTooLarge);
        } else if !whole {
            add("/schedule/milestones".to_owned(), Fault::ScheduleIncomplete);
        }
        faults
    }

    /// What each milestone comes to of a net amount: parts that make up the whole. None where
    /// they would be more than it.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn amounts(&self, net: Money) -> Result<Option<Vec<Money>>, MoneyError> {
        let mut left = net;
        let mut to_date = Decimal::ZERO;
        let mut by_percent = Money::zero(net.currency());
        let mut amounts = Vec::with_capacity(self.milestones.len());
        for milestone in &self.milestones {
            let amount = match milestone.share {
                // Of all percentages so far, less those before: they add up without a rest.
                Share::Percent(percent) => {
                    to_date += percent.decimal();
                    let whole = Percent::new(to_date).map_or(Ok(net), |all| part(all, net))?;
                    let amount = whole.checked_sub(by_percent)?;
                    by_percent = whole;
                    amount
                }
                Share::Amount(amount) => Money::rounded(amount.decimal(), net.currency())?,
                Share::Remainder(Rest) => left,
            };
            left = left.checked_sub(amount)?;
            if left.is_negative() {
                return Ok(None);
            }
            amounts.push(amount);
        }
        Ok(Some(amounts))
    }
}

fn part(percent: Percent, whole: Money) -> Result<Money, MoneyError> {
    let share = whole
        .amount()
        .checked_mul(percent.decimal())
        .ok_or(MoneyError::Overflow)?;
    Money::rounded(share / Decimal::ONE_HUNDRED, whole.currency())
}
