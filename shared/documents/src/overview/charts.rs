//! The charts of the overview: bars of inline SVG. They are drawn without words, as they are stretched to the screen; what they say
//! stands beside them and in their titles, so that no colour and no length is all that tells it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use remit_billing::money::{Currency, Money, MoneyError};
use remit_billing::report::{Age, CurrencyOverview, Moved};
use rust_decimal::Decimal;

use crate::RenderError;
use crate::locale::{LocaleError, Words};

/// What a whole bar measures, in units of its drawing.
const WHOLE: i64 = 1_000;
/// What one month takes of a drawing's width, and its bar of that.
const MONTH_WIDTH: usize = 100;
const BAR_WIDTH: usize = 64;

/// How long some of what is overdue is overdue.
pub(super) struct AgeRow {
    pub label: String,
    pub amount: String,
    /// Of the whole.
    pub width: i64,
    /// The same in words.
    pub share: String,
}

impl AgeRow {
    /// A row for each age, the youngest first; none where nothing is overdue.
    pub fn all(w: &Words, of: &CurrencyOverview) -> Result<Vec<Self>, RenderError> {
        let total = of.overdue.amount;
        if of.overdue.count == 0 || !total.is_positive() {
            return Ok(Vec::new());
        }
        let rows = Age::LATE.iter().zip(of.overdue_by_age);
        let rows = rows.filter_map(|(age, amount)| Some((age_word(*age)?, amount)));
        rows.map(|(label, amount)| {
            let width = part(amount, total, WHOLE)?;
            // Whole percents, and nothing is no percent that is something.
            let percent = match part(amount, total, 100)? {
                0 if amount.is_positive() => 1,
                percent => percent,
            };
            let percent = w.percent(Decimal::from(percent));
            Ok(Self {
                label: w.say(label)?,
                amount: w.money(&amount),
                width,
                share: w.say1("overview-share", "percent", percent)?,
            })
        })
        .collect()
    }
}

fn age_word(age: Age) -> Option<&'static str> {
    match age {
        Age::NotDue => None,
        Age::To30 => Some("overview-age-30"),
        Age::To60 => Some("overview-age-60"),
        Age::To90 => Some("overview-age-90"),
        Age::Over90 => Some("overview-age-more"),
    }
}

/// How much one amount is of another, of so many units: down to a whole one.
fn part(amount: Money, of: Money, units: i64) -> Result<i64, MoneyError> {
    let (amount, of) = (amount.minor_units()?, of.minor_units()?);
    if amount <= 0 || of <= 0 {
        return Ok(0);
    }
    let part = i128::from(amount) * i128::from(units) / i128::from(of);
    Ok(i64::try_from(part).unwrap_or(units).min(units))
}

/// A month's bar.
pub(super) struct Bar {
    pub x: usize,
    pub y: i64,
    pub height: i64,
    /// It is that of this month.
    pub now: bool,
}

/// What came, month by month.
pub(super) struct MonthChart {
    pub said: String,
    /// What the highest bar comes to.
    pub most: String,
    pub width: usize,
    pub bar: usize,
    pub whole: i64,
    pub bars: Vec<Bar>,
    pub first: String,
    pub last: String,
    /// Month, what came, what went back; the newest first.
    pub rows: Vec<(String, String, Option<String>)>,
}

impl MonthChart {
    /// The chart of these months; none where there are no two of them, or nothing came.
    pub fn of(
        w: &Words,
        months: &[Date],
        moved: &BTreeMap<Date, Moved>,
        currency: Currency,
    ) -> Result<Option<Self>, RenderError> {
        let (Some(first), Some(last)) = (months.first(), months.last()) else {
            return Ok(None);
        };
        let zero = Money::zero(currency);
        let none = Moved {
            received: zero,
            given_back: zero,
        };
        let all: Vec<(Date, Moved)> = months
            .iter()
            .map(|month| (*month, moved.get(month).copied().unwrap_or(none)))
            .collect();
        let mut most = (*last, zero);
        for (month, of) in &all {
            if of.received.checked_cmp(most.1)?.is_gt() {
                most = (*month, of.received);
            }
        }
        let moves = all.iter().any(|(_, of)| *of != none);
        if first == last || !moves {
            return Ok(None);
        }
        let bars = all.iter().enumerate().map(|(at, (month, of))| {
            // What is there is seen, however little it is beside the others.
            let height = match part(of.received, most.1, WHOLE)? {
                0..=11 if of.received.is_positive() => 12,
                height => height,
            };
            Ok(Bar {
                x: at * MONTH_WIDTH + (MONTH_WIDTH - BAR_WIDTH) / 2,
                y: WHOLE - height,
                height,
                now: month == last,
            })
        });
        let rows = all.iter().rev().map(|(month, of)| {
            let back = match of.given_back.is_zero() {
                true => None,
                false => Some(w.say1("overview-back", "amount", w.money(&of.given_back))?),
            };
            Ok((w.month_of_year(*month)?, w.money(&of.received), back))
        });
        let (first, last) = (w.month_of_year(*first)?, w.month_of_year(*last)?);
        let said = [
            ("first", first.as_str().into()),
            ("last", last.as_str().into()),
            ("month", w.month_of_year(most.0)?.into()),
            ("amount", w.money(&most.1).into()),
        ];
        Ok(Some(Self {
            said: w.say_with("overview-months-said", &said)?,
            most: w.money(&most.1),
            width: all.len() * MONTH_WIDTH,
            bar: BAR_WIDTH,
            whole: WHOLE,
            bars: bars.collect::<Result<_, MoneyError>>()?,
            rows: rows.collect::<Result<_, LocaleError>>()?,
            first,
            last,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(text: &str) -> Money {
        Money::parse(text, Currency::parse("EUR").unwrap()).unwrap()
    }

    #[test]
    fn parts_are_whole_and_stay_within_the_whole() {
        for (amount, of, units, wanted) in [
            ("0.00", "10.00", 100, 0),
            ("5.00", "10.00", 100, 50),
            ("3.33", "9.99", 1000, 333),
            ("10.00", "10.00", 1000, 1000),
            ("20.00", "10.00", 1000, 1000),
            ("-5.00", "10.00", 1000, 0),
            ("5.00", "0.00", 1000, 0),
        ] {
            assert_eq!(
                part(eur(amount), eur(of), units).unwrap(),
                wanted,
                "{amount}"
            );
        }
    }

    #[test]
    fn a_little_is_seen_and_nothing_is_not() {
        let w = Words::of(remit_billing::party::Language::En).unwrap();
        let months: Vec<Date> = ["2040-01-01", "2040-02-01", "2040-03-01"]
            .map(|day| day.parse().unwrap())
            .to_vec();
        let moved = |received: &str| Moved {
            received: eur(received),
            given_back: eur("0.00"),
        };
        let of = |by_month: BTreeMap<Date, Moved>| {
            MonthChart::of(w, &months, &by_month, eur("0").currency()).unwrap()
        };
        let some = of([(months[0], moved("1000.00")), (months[1], moved("0.01"))].into());
        let some = some.unwrap();
        let heights: Vec<i64> = some.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [1000, 12, 0]);
        assert!(some.bars[2].now && !some.bars[0].now);
        assert_eq!(
            some.said,
            "From January 2040 to March 2040. The most came in January 2040: €1,000.00."
        );
        assert!(of(BTreeMap::new()).is_none());
        assert!(
            MonthChart::of(w, &months[..1], &BTreeMap::new(), eur("0").currency())
                .unwrap()
                .is_none()
        );
    }
}
