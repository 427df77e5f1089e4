//! What a period bills: its content, made from what a whole period bills.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use super::schedule::length;
use super::{BillingMoment, BillingPeriod, Drawn, PriceChange, Proration, Subscription};
use crate::fault::Fault;
use crate::invoice::{InvoiceContent, Supply};
use crate::line::{Charge, Discount, Line};
use crate::money::{Currency, Money};
use crate::number::{Amount, MAX_DECIMALS, Quantity};
use crate::party::Period;
use crate::work_entry::TimesheetLine;

/// A line of noted work: on the sheet, and on the bill.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkLine {
    /// What is in it.
    pub sheet: TimesheetLine,
    /// What the bill says.
    pub line: Line,
}

/// A period's bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Bill {
    /// The period's number.
    pub number: u32,
    /// The days that it covers; none for the settlement of a retainer.
    pub days: Option<Period>,
    /// What it says.
    pub content: InvoiceContent,
    /// What was drawn from the retainer.
    pub retainer: Option<Drawn>,
    /// The change that has come into force with it.
    pub in_force: Option<PriceChange>,
}

impl Bill {
    /// Whether it bills nothing at all: then no invoice is made of it.
    pub fn is_empty(&self) -> bool {
        self.content.lines.is_empty()
    }
}

/// So many days of so many.
#[derive(Debug, Clone, Copy)]
struct Ratio {
    days: i64,
    of: i64,
}

impl Ratio {
    fn is_whole(self) -> bool {
        self.days == self.of
    }

    fn of(self, whole: Decimal, decimals: u32) -> Result<Decimal, Fault> {
        let product = whole.checked_mul(self.days.into());
        let share = product.and_then(|product| product.checked_div(self.of.into()));
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        let share = share.ok_or(Fault::AmountTooLarge)?;
        Ok(share.round_dp_with_strategy(decimals, strategy))
    }

    fn amount(self, amount: Amount, currency: Currency) -> Result<Amount, Fault> {
        let share = self.of(amount.decimal(), MAX_DECIMALS)?;
        Amount::new(Money::rounded(share, currency)?.amount())
    }

    fn discount(self, discount: Discount, currency: Currency) -> Result<Discount, Fault> {
        match discount {
            Discount::Percent(_) => Ok(discount),
            Discount::Amount(amount) => self.amount(amount, currency).map(Discount::Amount),
        }
    }

    fn line(self, line: &Line, days: Period, currency: Currency) -> Result<Line, Fault> {
        let discount = line.discount.map(|of| self.discount(of, currency));
        Ok(Line {
            quantity: Quantity::new(self.of(line.quantity.decimal(), MAX_DECIMALS)?)?,
            discount: discount.transpose()?,
            period: line.period.or(Some(days)),
            ..line.clone()
        })
    }

    fn charge(self, charge: &Charge, currency: Currency) -> Result<Charge, Fault> {
        Ok(Charge {
            amount: self.amount(charge.amount, currency)?,
            ..charge.clone()
        })
    }
}

impl Subscription {
    /// The last day of work that the next bill takes with it: of the period that is over then.
    pub fn work_until(&self) -> Option<Date> {
        let number = self.next?.number;
        let schedule = &self.terms.schedule;
        let over = match schedule.bills {
            BillingMoment::InAdvance => number.checked_sub(1)?,
            BillingMoment::InArrears => number,
        };
        Some(schedule.period(over)?.days.to())
    }

    /// What the next bill says. `asked` is whether the agency's policy asks for an approval, without
    /// which a change does not count; `work` is what was done under the retainer until
    /// [`Subscription::work_until`].
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with; [`Fault::UnknownReference`] where nothing is next.
    pub fn bill(&self, asked: bool, work: &[WorkLine]) -> Result<Bill, Fault> {
        let next = self.next.ok_or(Fault::UnknownReference)?;
        let period = self.terms.schedule.period(next.number);
        let (mut content, in_force) = match &period {
            Some(period) => self.of_period(period, asked)?,
            None => (self.of_nothing(), None),
        };
        let mut retainer = None;
        if let (Some(agreed), Some(state), Some(_)) =
            (&self.terms.retainer, self.retainer_state, self.work_until())
        {
            let again = match self.terms.schedule.bills {
                BillingMoment::InAdvance => period.is_some(),
                BillingMoment::InArrears => self.terms.schedule.period(next.number + 1).is_some(),
            };
            let (drawn, taken_off) = agreed.draw(state, work, again)?;
            content
                .lines
                .extend(work.iter().map(|done| done.line.clone()));
            content.lines.extend(taken_off);
            retainer = Some(drawn);
        }
        Ok(Bill {
            number: next.number,
            days: period.map(|period| period.days),
            content,
            retainer,
            in_force,
        })
    }

    /// The bill that settles what was done in the last period.
    fn of_nothing(&self) -> InvoiceContent {
        InvoiceContent {
            lines: Vec::new(),
            discount: None,
            charges: Vec::new(),
            ..self.terms.content.clone()
        }
    }

    fn of_period(
        &self,
        period: &BillingPeriod,
        asked: bool,
    ) -> Result<(InvoiceContent, Option<PriceChange>), Fault> {
        let terms = &self.terms;
        let currency = terms.content.currency;
        let by_days = terms.schedule.proration == Proration::Days;
        let latest = match by_days {
            true => period.days.to(),
            false => period.days.from(),
        };
        let change = self.change.clone().filter(|change| {
            let passes = change.review.pass(change.content_hash, asked);
            passes.is_ok() && change.from <= latest
        });
        let ratio = |days: &Period| match by_days {
            true => Ratio {
                days: length(days),
                of: period.whole_length(),
            },
            false => Ratio { days: 1, of: 1 },
        };
        let mut lines = Vec::new();
        let mut add = |all: &[Line], days: Period| -> Result<(), Fault> {
            let share = ratio(&days);
            for line in all {
                lines.push(share.line(line, days, currency)?);
            }
            Ok(())
        };
        match &change {
            Some(change) if change.from > period.days.from() => {
                let before = change.from.yesterday().map_err(|_| Fault::BadDate)?;
                add(
                    &terms.content.lines,
                    Period::new(period.days.from(), before)?,
                )?;
                add(&change.lines, Period::new(change.from, period.days.to())?)?;
            }
            Some(change) => add(&change.lines, period.days)?,
            None => add(&terms.content.lines, period.days)?,
        }
        let share = ratio(&period.days);
        let (discount, charges) = match share.is_whole() {
            true => (terms.content.discount, terms.content.charges.clone()),
            false => {
                let discount = terms.content.discount;
                let discount = discount
                    .map(|of| share.discount(of, currency))
                    .transpose()?;
                let charges = terms.content.charges.iter();
                let charges = charges.map(|charge| share.charge(charge, currency));
                (discount, charges.collect::<Result<_, _>>()?)
            }
        };
        let content = InvoiceContent {
            lines,
            discount,
            charges,
            supply: Some(Supply::Period(period.days)),
            ..terms.content.clone()
        };
        Ok((content, change))
    }
}
