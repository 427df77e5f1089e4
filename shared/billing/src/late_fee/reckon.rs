//! What is charged on the day on which an invoice is looked at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{
    Every, FeeCharge, LateCharge, LateFeeRule, LateFees, Reference, ReferenceRates, YearlyRate,
    half_year, tomorrow,
};
use crate::ids::InvoiceId;
use crate::line::Discount;
use crate::money::{Money, MoneyError};
use crate::number::{Amount, Percent, Rate};
use crate::numbering::DocumentNumber;
use crate::party::Period;
use crate::standing::{Standing, Status};

/// Periods that one look charges: what a longer sleep has left is charged at the next.
const PERIODS_AT_ONCE: u32 = 36;
/// Interest is of a year of so many days, leap years too (actual/365).
const DAYS_A_YEAR: i64 = 365;

/// Why a fee cannot be reckoned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeeRefusal {
    /// The agency has not noted a central bank's rate.
    #[error(
        "the rate {} of the half-year from {from} is not noted: add it to reference_rates in the settings",
        reference.as_str()
    )]
    ReferenceRateRequired {
        /// Which.
        reference: Reference,
        /// The first day of the half-year.
        from: Date,
    },
    /// Beyond what is reckoned with.
    #[error("the fee is too large to be reckoned with")]
    TooLarge,
}

impl FeeRefusal {
    /// The word of the contract for the trouble that it is.
    pub fn word(&self) -> &'static str {
        match self {
            FeeRefusal::ReferenceRateRequired { .. } => "reference_rate_required",
            FeeRefusal::TooLarge => "fee_too_large",
        }
    }
}

impl From<MoneyError> for FeeRefusal {
    fn from(_: MoneyError) -> Self {
        Self::TooLarge
    }
}

/// What a fee follows from.
#[derive(Debug, Clone, Copy)]
pub struct FeeContext<'a> {
    /// What was agreed.
    pub rule: &'a LateFeeRule,
    /// Where the invoice stands.
    pub standing: &'a Standing,
    /// Its fees of other cycles.
    pub others: &'a [LateFees],
    /// The central banks' rates that the agency has noted.
    pub rates: &'a ReferenceRates,
    /// Now (UTC).
    pub now: Timestamp,
}

/// Days in a row on which the same was overdue, at the same rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// What was overdue.
    pub principal: Money,
    /// In percent a year.
    pub yearly_percent: Decimal,
}

impl Segment {
    /// How many days.
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to)
    }
}

/// Days from one to another, both counted.
fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24 + 1
}

/// A line of the invoice that charges fees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeLine {
    /// Interest for a period, rounded once.
    Interest {
        /// What it is on, and for which days.
        segments: Vec<Segment>,
        /// How much.
        amount: Money,
    },
    /// A share of what is overdue.
    Percent {
        /// How much of it.
        percent: Percent,
        /// What was overdue.
        principal: Money,
        /// On which day.
        on: Date,
        /// How much.
        amount: Money,
    },
    /// A fixed sum.
    Flat {
        /// On which day it was overdue.
        on: Date,
        /// How much.
        amount: Money,
    },
    /// The fixed sum for recovering the debt.
    Compensation {
        /// How much.
        amount: Money,
    },
}

impl FeeLine {
    /// How much.
    pub fn amount(&self) -> Money {
        match self {
            FeeLine::Interest { amount, .. }
            | FeeLine::Percent { amount, .. }
            | FeeLine::Flat { amount, .. }
            | FeeLine::Compensation { amount } => *amount,
        }
    }
}

/// What is to be charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeesDue {
    /// The lines of its invoice.
    pub lines: Vec<FeeLine>,
    /// The days that it is for.
    pub days: Period,
    /// The fees, without compensation.
    pub amount: Money,
    /// The fixed sum beside them.
    pub compensation: Option<Money>,
}

impl FeesDue {
    /// As it is kept with the fees.
    pub fn charge(
        &self,
        invoice_id: InvoiceId,
        number: Option<DocumentNumber>,
        at: Timestamp,
    ) -> FeeCharge {
        FeeCharge {
            invoice_id,
            number,
            days: self.days,
            amount: self.amount,
            compensation: self.compensation,
            at,
        }
    }
}

/// What a look at the fees of an invoice comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeLook {
    /// It is not time.
    NotDue,
    /// Nothing is charged now; this is how it goes on.
    Moved(Box<LateFees>),
    /// Something is charged, with which it goes on like this.
    Charges {
        /// How it goes on; the charge itself is still to be added.
        after: Box<LateFees>,
        /// What is charged.
        due: FeesDue,
    },
}

/// What the periods that are over come to.
struct Reckoned {
    lines: Vec<FeeLine>,
    fees: Money,
    from: Option<Date>,
    to: Option<Date>,
    /// The most that was overdue on one of their days.
    debt: Money,
}

impl LateFees {
    /// What is to be done now.
    ///
    /// # Errors
    /// [`FeeRefusal`].
    pub fn look(&self, context: FeeContext<'_>) -> Result<FeeLook, FeeRefusal> {
        let FeeContext {
            rule,
            standing,
            others,
            now,
            ..
        } = context;
        if self.next.is_none_or(|at| at > now) {
            return Ok(FeeLook::NotDue);
        }
        let mut after = Self {
            trouble: None,
            ..self.clone()
        };
        let given_up = matches!(
            standing.status,
            Status::Void { .. } | Status::Uncollectible { .. }
        );
        if given_up || others.iter().any(|other| other.cycle > self.cycle) {
            after.next = None;
            return Ok(FeeLook::Moved(Box::new(after)));
        }
        let zone = &standing.time_zone;
        if !standing.processing.is_empty() {
            after.next = tomorrow(zone, now);
            return Ok(FeeLook::Moved(Box::new(after)));
        }
        let today = zone.date_of(now);
        let mut reckoned = Reckoned {
            lines: Vec::new(),
            fees: Money::zero(standing.currency()),
            from: None,
            to: None,
            debt: Money::zero(standing.currency()),
        };
        let mut room = self.room(context)?;
        let first = self.done + 1;
        let mut is_over = false;
        for number in first..first + PERIODS_AT_ONCE {
            let Some(day) = self.charged_on(rule, number).filter(|day| *day <= today) else {
                break;
            };
            let Some(through) = day.yesterday().ok().filter(|_| !is_over) else {
                break;
            };
            let has_charged = self.period(context, number, through, &mut room, &mut reckoned)?;
            after.done = number;
            is_over = (has_charged && rule.charge.every() == Every::Once)
                || room.is_some_and(|room| room.is_zero())
                || self.ends_with(context, number, through);
        }
        after.next = match is_over {
            true => None,
            false => after.next_look(rule, zone).map(|at| at.max(now)),
        };
        let (Some(from), Some(to)) = (reckoned.from, reckoned.to) else {
            return Ok(FeeLook::Moved(Box::new(after)));
        };
        let compensation = self.compensation(context, reckoned.debt)?;
        let mut lines = reckoned.lines;
        lines.extend(compensation.map(|amount| FeeLine::Compensation { amount }));
        let due = FeesDue {
            lines,
            days: Period::new(from, to).map_err(|_| FeeRefusal::TooLarge)?,
            amount: reckoned.fees,
            compensation,
        };
        Ok(FeeLook::Charges {
            after: Box::new(after),
            due,
        })
    }

    /// What is on its way to be charged: interest of days until yesterday that no period has charged yet. Sums are
    /// charged on their day or not at all.
    ///
    /// # Errors
    /// [`FeeRefusal`].
    pub fn accrued(&self, context: FeeContext<'_>) -> Result<Money, FeeRefusal> {
        let standing = context.standing;
        let mut accrued = Money::zero(standing.currency());
        let is_over = self.next.is_none() || !matches!(standing.status, Status::Open);
        if is_over || !matches!(context.rule.charge, LateCharge::Interest(_)) {
            return Ok(accrued);
        }
        let today = standing.time_zone.date_of(context.now);
        let Ok(through) = today.yesterday() else {
            return Ok(accrued);
        };
        let room = self.room(context)?;
        for number in self.done + 1..=self.done + PERIODS_AT_ONCE {
            let Some((from, to)) = self.days(number).filter(|(from, _)| *from <= through) else {
                break;
            };
            let segments = self.segments(context, from, to.min(through), through)?;
            accrued = accrued.checked_add(interest(&segments, standing)?)?;
        }
        Ok(match room {
            Some(room) => accrued.min(room)?,
            None => accrued,
        })
    }

    /// What may still be charged under the cap; none without one.
    fn room(&self, context: FeeContext<'_>) -> Result<Option<Money>, FeeRefusal> {
        let standing = context.standing;
        let currency = standing.currency();
        let cap = match context.rule.cap {
            None => return Ok(None),
            Some(Discount::Amount(amount)) => in_currency(amount, standing)?,
            Some(Discount::Percent(percent)) => share(percent, standing.payable)?,
        };
        let mut left = cap.checked_sub(self.charged(currency)?)?;
        for other in context.others {
            left = left.checked_sub(other.charged(currency)?)?;
        }
        Ok(Some(left.max(Money::zero(currency))?))
    }

    /// Reckons a period; whether something was charged for it.
    fn period(
        &self,
        context: FeeContext<'_>,
        number: u32,
        through: Date,
        room: &mut Option<Money>,
        reckoned: &mut Reckoned,
    ) -> Result<bool, FeeRefusal> {
        let FeeContext { rule, standing, .. } = context;
        let Some((from, to)) = self.days(number) else {
            return Ok(false);
        };
        let (days, line) = match rule.charge {
            LateCharge::Interest(_) => {
                let segments = self.segments(context, from, to, through)?;
                let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
                    return Ok(false);
                };
                let days = (first.from, last.to);
                for segment in &segments {
                    reckoned.debt = reckoned.debt.max(segment.principal)?;
                }
                let amount = capped(interest(&segments, standing)?, *room)?;
                (days, FeeLine::Interest { segments, amount })
            }
            LateCharge::Percent { .. } | LateCharge::Flat { .. } => {
                // As it stands on the morning of its day: what is paid on that day is not overdue any more.
                let Ok(on) = through.tomorrow() else {
                    return Ok(false);
                };
                let is_waived = self.counts_from().is_some_and(|from| on < from);
                let principal = standing.overdue_on(on, rule.grace_days, through)?;
                if is_waived || !principal.is_positive() {
                    return Ok(false);
                }
                reckoned.debt = reckoned.debt.max(principal)?;
                let line = match rule.charge {
                    LateCharge::Percent { percent, .. } => FeeLine::Percent {
                        percent,
                        principal,
                        on,
                        amount: capped(share(percent, principal)?, *room)?,
                    },
                    LateCharge::Flat { amount, .. } => FeeLine::Flat {
                        on,
                        amount: capped(in_currency(amount, standing)?, *room)?,
                    },
                    LateCharge::Interest(_) => return Ok(false),
                };
                ((from.min(on), on), line)
            }
        };
        let amount = line.amount();
        if !amount.is_positive() {
            return Ok(false);
        }
        if let Some(room) = room {
            *room = room.checked_sub(amount)?;
        }
        reckoned.fees = reckoned.fees.checked_add(amount)?;
        reckoned.from = reckoned.from.or(Some(days.0));
        reckoned.to = Some(days.1);
        reckoned.lines.push(line);
        Ok(true)
    }

    /// Whether nothing can be overdue after a period: it was settled by then, or in its last days.
    fn ends_with(&self, context: FeeContext<'_>, number: u32, through: Date) -> bool {
        let Status::Paid { paid_at } = context.standing.status else {
            return false;
        };
        let paid_on = context.standing.time_zone.date_of(paid_at);
        let last = match context.rule.charge {
            LateCharge::Interest(_) => self.days(number).map(|(_, to)| to),
            LateCharge::Flat { .. } | LateCharge::Percent { .. } => Some(through),
        };
        // What was paid on a day is not overdue on it.
        last.is_none_or(|last| last.tomorrow().is_ok_and(|next| paid_on <= next))
    }

    /// The days of a span on which something was overdue, with the rate of each.
    fn segments(
        &self,
        context: FeeContext<'_>,
        from: Date,
        to: Date,
        through: Date,
    ) -> Result<Vec<Segment>, FeeRefusal> {
        let FeeContext { rule, standing, .. } = context;
        let from = self.counts_from().map_or(from, |counts| from.max(counts));
        let mut segments: Vec<Segment> = Vec::new();
        for day in from
            .series(jiff::Span::new().days(1))
            .take_while(|day| *day <= to)
        {
            let principal = standing.overdue_on(day, rule.grace_days, through)?;
            if !principal.is_positive() {
                continue;
            }
            let yearly_percent = self.yearly_percent(context, day)?;
            match segments.last_mut() {
                Some(last)
                    if last.principal == principal
                        && last.yearly_percent == yearly_percent
                        && last.to.tomorrow().is_ok_and(|next| next == day) =>
                {
                    last.to = day;
                }
                _ => segments.push(Segment {
                    from: day,
                    to: day,
                    principal,
                    yearly_percent,
                }),
            }
        }
        Ok(segments)
    }

    /// Interest of a day in percent a year.
    fn yearly_percent(&self, context: FeeContext<'_>, day: Date) -> Result<Decimal, FeeRefusal> {
        let LateCharge::Interest(rate) = context.rule.charge else {
            return Ok(Decimal::ZERO);
        };
        let (reference, points): (Reference, Rate) = match rate {
            YearlyRate::Fixed { yearly_percent } => return Ok(yearly_percent.decimal()),
            YearlyRate::Over { reference, points } => (reference, points),
        };
        let of = match reference {
            Reference::EcbRefinancing => day,
            // Interest begins to run on the day after the due day, and keeps the rate of that.
            Reference::BankOfEngland => context.standing.late_fees_from.unwrap_or(day),
        };
        let found = context.rates.on(reference, of);
        let base = found.ok_or(FeeRefusal::ReferenceRateRequired {
            reference,
            from: half_year(of),
        })?;
        Ok(base.decimal() + points.decimal())
    }

    /// The fixed sum for a debt of this size; none where it was charged before.
    fn compensation(
        &self,
        context: FeeContext<'_>,
        debt: Money,
    ) -> Result<Option<Money>, FeeRefusal> {
        let all = context.others.iter().chain([self]);
        let mut charges = all.flat_map(|fees| &fees.charges);
        if charges.any(|charge| charge.compensation.is_some()) {
            return Ok(None);
        }
        let mut steps = context.rule.compensation.iter().rev();
        let step = steps.find(|step| step.from.decimal() <= debt.amount());
        step.map(|step| in_currency(step.amount, context.standing))
            .transpose()
    }
}

/// Simple interest on what was overdue, actual/365, rounded once.
fn interest(segments: &[Segment], standing: &Standing) -> Result<Money, FeeRefusal> {
    // Products of days and rates are summed by rate, so that nothing is divided but the whole.
    let mut by_rate: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    for segment in segments {
        let days = Decimal::from(segment.days());
        let product = segment.principal.amount().checked_mul(days);
        let sum = by_rate.entry(segment.yearly_percent).or_default();
        *sum = product
            .and_then(|product| sum.checked_add(product))
            .ok_or(FeeRefusal::TooLarge)?;
    }
    let mut sum = Decimal::ZERO;
    for (rate, product) in by_rate {
        let part = product.checked_mul(rate);
        sum = part
            .and_then(|part| sum.checked_add(part))
            .ok_or(FeeRefusal::TooLarge)?;
    }
    let year = Decimal::from(DAYS_A_YEAR) * Decimal::ONE_HUNDRED;
    Ok(Money::rounded(sum / year, standing.currency())?)
}

fn share(percent: Percent, of: Money) -> Result<Money, FeeRefusal> {
    let share = percent.decimal().checked_mul(of.amount());
    let share = share.ok_or(FeeRefusal::TooLarge)? / Decimal::ONE_HUNDRED;
    Ok(Money::rounded(share, of.currency())?)
}

fn in_currency(amount: Amount, standing: &Standing) -> Result<Money, FeeRefusal> {
    let amount = amount.in_currency(standing.currency());
    amount.map_err(|_| FeeRefusal::TooLarge)
}

fn capped(amount: Money, room: Option<Money>) -> Result<Money, FeeRefusal> {
    Ok(match room {
        Some(room) => amount.min(room)?,
        None => amount,
    })
}
