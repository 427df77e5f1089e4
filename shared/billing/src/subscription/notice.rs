//! The notice before a bill: some days ahead of it, once for each period.
//!
//! Schemes of cards and debits want a payer to know of a charge before it is made. Which periods were told stands
//! in the subscription, so that a pause, a skip or a run that is repeated tells none twice.

use jiff::civil::{Date, Time, time};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::{Automation, Subscription, SubscriptionStatus};
use crate::money::Money;

/// When notices leave, where the client is.
const NOTICE_TIME: Time = time(9, 0, 0, 0);

/// How far ahead bills are told, and which of them were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// How many days before; at least one.
    pub days: u8,
    /// The last period that was told, by its number; zero before the first.
    pub told: u32,
}

/// What is told of a bill to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillAhead {
    /// The period's number.
    pub number: u32,
    /// The day on which it is billed, in the client's zone.
    pub on: Date,
    /// What it will come to, where that is known before: work is billed as it was done.
    pub amount: Option<Money>,
    /// Whether it is charged as well.
    pub is_charged: bool,
}

impl Subscription {
    /// The same, telling its bills so many days ahead from now on; none tells nothing.
    #[must_use]
    pub fn telling_ahead(self, days: Option<u8>) -> Self {
        let told = self.ahead.map_or(0, |ahead| ahead.told);
        // Without days, what was told is forgotten too: that needs a place only while something is told.
        let ahead = days.filter(|days| *days > 0);
        Self {
            ahead: ahead.map(|days| Ahead { days, told }),
            ..self
        }
    }

    /// When the next bill is to be told (UTC); none where it was, or is not. A bill that is late already is not
    /// told: the client is to get it, and not a word before.
    pub fn notice_at(&self) -> Option<Timestamp> {
        let (ahead, next) = (self.ahead?, self.next?);
        let is_active = matches!(self.status, SubscriptionStatus::Active { .. });
        let tells = matches!(self.terms.automation, Automation::Send | Automation::Charge);
        if !is_active || !tells || self.trouble.is_some() || ahead.told >= next.number {
            return None;
        }
        let on = self.time_zone.date_of(next.at);
        let day = on.checked_sub(i64::from(ahead.days).days()).ok()?;
        let zone = self.time_zone.zone();
        let at = zone.to_timestamp(day.to_datetime(NOTICE_TIME)).ok()?;
        (at < next.at).then_some(at)
    }

    /// Whether the next bill is to be told now: before it is made.
    pub fn notice_is_due(&self, now: Timestamp) -> bool {
        self.next.is_some_and(|next| now < next.at) && self.notice_at().is_some_and(|at| at <= now)
    }

    /// What is told of the next bill. `asked` is as of [`Subscription::bill`].
    pub fn bill_ahead(&self, asked: bool) -> Option<BillAhead> {
        let next = self.next?;
        let amount = match self.terms.retainer {
            Some(_) => None,
            None => {
                let bill = self.bill(asked, &[]).ok();
                let totals = bill.and_then(|bill| bill.content.totals().ok());
                totals.map(|totals| totals.payable)
            }
        };
        Some(BillAhead {
            number: next.number,
            on: self.time_zone.date_of(next.at),
            amount,
            is_charged: self.terms.automation == Automation::Charge,
        })
    }

    /// The next bill was told, or is not.
    #[must_use]
    pub fn told_ahead(self) -> Self {
        let told = self.next.map_or(0, |next| next.number);
        Self {
            ahead: self.ahead.map(|ahead| Ahead { told, ..ahead }),
            ..self
        }
    }

    /// Whether the bill of a period is still to come.
    pub fn is_ahead(&self, number: u32, now: Timestamp) -> bool {
        matches!(self.status, SubscriptionStatus::Active { .. })
            && self
                .next
                .is_some_and(|next| next.number == number && now < next.at)
    }
}
