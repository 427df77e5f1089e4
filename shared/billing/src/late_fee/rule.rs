//! What was agreed on late payment: a fixed sum, a share of what is overdue, or interest by the day.
//!
//! The presets are the law's own words, for agreements that name it. Directive 2011/7/EU: the European
//! Central Bank's rate for main refinancing operations on the first day of the half-year, and eight points
//! (articles 2 and 3), and a fixed sum of 40 euros (article 6). United Kingdom, Late Payment of
//! Commercial Debts (Interest) Act 1998: the Bank of England's rate on the last day of the half-year before
//! interest begins to run, and eight points (SI 2002/1675), and 40, 70 or 100 pounds (section 5A).

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, PointedFault};
use crate::line::Discount;
use crate::money::Currency;
use crate::number::{Amount, Percent, Rate};

/// Nobody waits for longer before something is charged.
pub const MAX_GRACE_DAYS: u16 = 365;
/// Steps of a fixed sum by the size of the debt.
pub const MAX_COMPENSATION_STEPS: usize = 10;
/// Interest in percent a year, at most: more is a typing error, or usury.
pub const MAX_YEARLY_PERCENT: i64 = 100;

/// How often something is charged of one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// One time.
    Once,
    /// Each month that it stays overdue.
    Month,
}

impl Every {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["once", "month"];

    /// Reads a word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "once" => Ok(Self::Once),
            "month" => Ok(Self::Month),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }
}

/// A rate that a central bank sets, and that an agency notes for each half-year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Main refinancing operations of the European Central Bank. Each half-year has its own.
    EcbRefinancing,
    /// The Bank of England's official rate. That of the half-year in which interest begins stays.
    BankOfEngland,
}

impl Reference {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["ecb_refinancing", "bank_of_england"];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Reference::EcbRefinancing => "ecb_refinancing",
            Reference::BankOfEngland => "bank_of_england",
        }
    }

    /// Reads a word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "ecb_refinancing" => Ok(Self::EcbRefinancing),
            "bank_of_england" => Ok(Self::BankOfEngland),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }
}

/// A central bank's rate for a half-year, as the agency noted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRate {
    /// Which.
    pub reference: Reference,
    /// The first day of the half-year.
    pub from: Date,
    /// In percent a year.
    pub percent: Rate,
}

/// The first day of the half-year of a day.
pub fn half_year(day: Date) -> Date {
    let month = if day.month() <= 6 { 1 } else { 7 };
    date(day.year(), month, 1)
}

/// The rates that an agency has noted, each half-year once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReferenceRates(Vec<ReferenceRate>);

impl ReferenceRates {
    /// Half-years of all references, at most.
    pub const MAX: usize = 60;

    /// Rates in any order.
    ///
    /// # Errors
    /// [`Fault::NotAHalfYear`] and [`Fault::Duplicate`], at the place of each.
    pub fn new(mut rates: Vec<ReferenceRate>) -> Result<Self, Vec<PointedFault>> {
        let mut faults = Vec::new();
        for (place, rate) in rates.iter().enumerate() {
            let mut add = |fault| {
                let pointer = format!("/{place}/from");
                faults.push(PointedFault::new(pointer, fault));
            };
            if rate.from != half_year(rate.from) {
                add(Fault::NotAHalfYear);
            }
            let known = rates.iter().take(place);
            let mut known = known.map(|known| (known.reference, known.from));
            if known.any(|known| known == (rate.reference, rate.from)) {
                add(Fault::Duplicate);
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        rates.sort_by_key(|rate| (rate.reference, rate.from));
        Ok(Self(rates))
    }

    /// All of them, by reference and day.
    pub fn all(&self) -> &[ReferenceRate] {
        &self.0
    }

    /// Whether none is noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// That of the half-year of a day.
    pub fn on(&self, reference: Reference, day: Date) -> Option<Rate> {
        let from = half_year(day);
        let mut rates = self.0.iter();
        let found = rates.find(|rate| rate.reference == reference && rate.from == from);
        found.map(|rate| rate.percent)
    }
}

/// Interest in percent a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum YearlyRate {
    /// Always the same.
    Fixed {
        /// In percent.
        yearly_percent: Rate,
    },
    /// So many points over what a central bank sets.
    Over {
        /// Over which.
        reference: Reference,
        /// How many points.
        points: Rate,
    },
}

/// What is charged for paying late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LateCharge {
    /// A fixed sum, in the document's currency.
    Flat {
        /// How much.
        amount: Amount,
        /// How often.
        every: Every,
    },
    /// A share of what is overdue and not disputed.
    Percent {
        /// How much of it.
        percent: Percent,
        /// How often.
        every: Every,
    },
    /// Simple interest on what is overdue and not disputed, by the day (actual/365), from the day after the due
    /// day; charged each month, and at the end.
    Interest(YearlyRate),
}

impl LateCharge {
    /// The words of the contract.
    pub const KINDS: &'static [&'static str] = &["flat", "percent", "interest"];

    /// How often it is charged.
    pub fn every(&self) -> Every {
        match self {
            LateCharge::Flat { every, .. } | LateCharge::Percent { every, .. } => *every,
            LateCharge::Interest(_) => Every::Month,
        }
    }
}

/// A fixed sum for the trouble of recovering a debt from a size on, once for an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compensation {
    /// Debts of at least so much, in the document's currency.
    pub from: Amount,
    /// How much.
    pub amount: Amount,
}

/// What was agreed on late payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateFeeRule {
    /// What is charged.
    #[serde(flatten)]
    pub charge: LateCharge,
    /// Days after the due day within which paying costs nothing.
    #[serde(default, skip_serializing_if = "is_none")]
    pub grace_days: u16,
    /// All that is charged of an invoice, compensation apart, is at most this: a share of what it came to, or
    /// a sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Discount>,
    /// Fixed sums beside it, by the size of the debt, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compensation: Vec<Compensation>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_none(days: &u16) -> bool {
    *days == 0
}

/// Laws that agreements name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Directive 2011/7/EU.
    Eu,
    /// Late Payment of Commercial Debts (Interest) Act 1998.
    Uk,
}

impl Preset {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["eu", "uk"];

    /// Reads a word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "eu" => Ok(Self::Eu),
            "uk" => Ok(Self::Uk),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }

    /// What the law says of a debt in a currency. Its fixed sums are in its own currency, and for that alone.
    ///
    /// # Errors
    /// None: the numbers are within their bounds.
    pub fn rule(self, currency: Currency) -> Result<LateFeeRule, Fault> {
        let (reference, own, steps): (_, _, &[(&str, &str)]) = match self {
            Preset::Eu => (Reference::EcbRefinancing, "EUR", &[("0", "40")]),
            Preset::Uk => (
                Reference::BankOfEngland,
                "GBP",
                &[("0", "40"), ("1000", "70"), ("10000", "100")],
            ),
        };
        let steps = match currency.code() == own {
            true => steps,
            false => &[],
        };
        let compensation = steps.iter().map(|(from, amount)| {
            Ok(Compensation {
                from: Amount::parse(from)?,
                amount: Amount::parse(amount)?,
            })
        });
        Ok(LateFeeRule {
            charge: LateCharge::Interest(YearlyRate::Over {
                reference,
                points: Rate::parse("8")?,
            }),
            grace_days: 0,
            cap: None,
            compensation: compensation.collect::<Result<_, Fault>>()?,
        })
    }
}

impl LateFeeRule {
    /// Whether it names sums of a currency.
    pub fn names_sums(&self) -> bool {
        let charges_sum = matches!(self.charge, LateCharge::Flat { .. });
        charges_sum
            || matches!(self.cap, Some(Discount::Amount(_)))
            || !self.compensation.is_empty()
    }

    /// What is wrong with it for a document in a currency, each with its field.
    pub fn faults(&self, currency: Currency) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        let mut add = |pointer: &str, fault| faults.push(PointedFault::new(pointer, fault));
        let sum = |amount: Amount| match amount.in_currency(currency) {
            Err(fault) => Some(fault),
            Ok(sum) => (!sum.is_positive()).then_some(Fault::NotPositive),
        };
        match self.charge {
            LateCharge::Flat { amount, .. } => {
                if let Some(fault) = sum(amount) {
                    add("/amount", fault);
                }
            }
            LateCharge::Percent { percent, .. } if percent.is_zero() => {
                add("/percent", Fault::NotPositive);
            }
            LateCharge::Percent { .. } => {}
            LateCharge::Interest(rate) => {
                let (field, rate) = match rate {
                    YearlyRate::Fixed { yearly_percent } => ("/yearly_percent", yearly_percent),
                    YearlyRate::Over { points, .. } => ("/points", points),
                };
                let max = MAX_YEARLY_PERCENT.into();
                if rate.decimal() > max {
                    let min = rust_decimal::Decimal::ZERO;
                    add(field, Fault::OutOfRange { min, max });
                }
                if field == "/yearly_percent" && rate.is_zero() {
                    add(field, Fault::NotPositive);
                }
            }
        }
        match self.cap {
            Some(Discount::Amount(amount)) => {
                if let Some(fault) = sum(amount) {
                    add("/cap/amount", fault);
                }
            }
            Some(Discount::Percent(percent)) if percent.is_zero() => {
                add("/cap/percent", Fault::NotPositive);
            }
            _ => {}
        }
        for (place, step) in self.compensation.iter().enumerate() {
            if let Some(fault) = sum(step.amount) {
                add(&format!("/compensation/{place}/amount"), fault);
            }
            let before = self.compensation.get(place.wrapping_sub(1));
            let rises = before.is_none_or(|before| before.from < step.from);
            let from = step.from.in_currency(currency).err();
            if let Some(fault) = from.or((!rises).then_some(Fault::NotAscending)) {
                add(&format!("/compensation/{place}/from"), fault);
            }
        }
        faults
    }
}
