//! Exchange rates to the books' currency: by day, recorded by hand or taken from a bank's file.
//!
//! A document is fixed at the rate of its day of issue, and money at that of the day it came. Where a day has no
//! rate, the last one before it counts, as central banks quote none on weekends and holidays.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::actor::ActorId;
use crate::fault::Fault;
use crate::ids::AccountId;
use crate::ledger::BookRate;
use crate::money::Currency;
use crate::number::plain_decimal;
use crate::party::Text;

/// A rate this old still counts for a document: some authorities publish one rate a month for VAT, on its first
/// day (the United Kingdom, Germany).
pub const MAX_AGE_DAYS: i32 = 31;

/// Decimals of a rate that somebody writes: enough for a won in euros.
pub const MAX_RATE_DECIMALS: u32 = 12;

/// Digits of a rate that is reckoned from others: four more than central banks quote.
const SIGNIFICANT_DIGITS: u32 = 10;

/// A unit of a currency is at most so many of another.
const MAX_RATE: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// Book units per one unit of another currency, on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRate {
    /// Whose books.
    pub account_id: AccountId,
    /// The currency that it is of.
    pub currency: Currency,
    /// The day that it is of.
    pub on: Date,
    /// The books' currency.
    pub books: Currency,
    /// Book units per one unit.
    pub rate: Decimal,
    /// Who says so.
    pub source: Text<100>,
    /// Whether somebody wrote it: an import does not change it then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// Who recorded it.
    pub recorded_by: ActorId,
    /// When (UTC).
    pub recorded_at: Timestamp,
}

impl ExchangeRate {
    /// As it is fixed on a document.
    pub fn book_rate(&self) -> BookRate {
        BookRate {
            currency: self.books,
            rate: self.rate,
            on: self.on,
            source: self.source.to_string(),
        }
    }
}

/// Reads a rate: above zero, at most a milliard.
///
/// # Errors
/// [`Fault::NotADecimal`], [`Fault::TooManyDecimals`], [`Fault::NotPositive`], [`Fault::OutOfRange`].
pub fn read_rate(text: &str) -> Result<Decimal, Fault> {
    let rate = plain_decimal(text, MAX_RATE_DECIMALS)?;
    if rate <= Decimal::ZERO {
        return Err(Fault::NotPositive);
    }
    if rate > MAX_RATE {
        let min = Decimal::ZERO;
        return Err(Fault::OutOfRange { min, max: MAX_RATE });
    }
    Ok(rate)
}

/// The rate that a document of a day is fixed at. `dated` is the last one of its currency on the day or before it;
/// the settings' rate counts where none is near enough, and where it is the newer of the two.
pub fn for_document(
    account: &Account,
    currency: Currency,
    day: Date,
    dated: Option<&ExchangeRate>,
) -> Option<BookRate> {
    let earliest = day.checked_sub(MAX_AGE_DAYS.days()).unwrap_or(day);
    let dated = usable(account, currency, day, dated).filter(|rate| rate.on >= earliest);
    let standing = account.rate_from(currency);
    match (dated, standing) {
        (Some(dated), Some(standing)) if dated.on < standing.on && standing.on <= day => {
            Some(standing.clone())
        }
        (Some(dated), _) => Some(dated.book_rate()),
        (None, standing) => standing.cloned(),
    }
}

/// The rate that money of a day is booked at. It is in the books whatever is known: where no rate is near enough,
/// the last one known counts, at the end that of its invoice, and its source says so. None where there is none.
pub fn for_money(
    account: &Account,
    currency: Currency,
    day: Date,
    dated: Option<&ExchangeRate>,
    of_invoice: Option<&BookRate>,
) -> Option<BookRate> {
    if let Some(rate) = for_document(account, currency, day, dated) {
        return Some(rate);
    }
    let last = usable(account, currency, day, dated).map(ExchangeRate::book_rate);
    let of_invoice = of_invoice.filter(|rate| rate.currency == account.currency);
    let (rate, why) = match (last, of_invoice) {
        (Some(last), Some(of_invoice)) if last.on < of_invoice.on => {
            (of_invoice.clone(), "invoice")
        }
        (Some(last), _) => (last, "last known"),
        (None, Some(of_invoice)) => (of_invoice.clone(), "invoice"),
        (None, None) => return None,
    };
    let source = format!("{} ({why}: none for {day})", rate.source);
    Some(BookRate { source, ..rate })
}

fn usable<'a>(
    account: &Account,
    currency: Currency,
    day: Date,
    dated: Option<&'a ExchangeRate>,
) -> Option<&'a ExchangeRate> {
    dated.filter(|rate| {
        rate.currency == currency && rate.books == account.currency && rate.on <= day
    })
}

/// What a central bank quotes on a day: units of each currency for one euro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EuroRates {
    /// The day.
    pub on: Date,
    /// Units for one euro, above zero; the euro itself is not among them.
    pub per_euro: BTreeMap<Currency, Decimal>,
}

/// A rate that was reckoned, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoned {
    /// The currency that it is of.
    pub currency: Currency,
    /// Book units per one unit.
    pub rate: Decimal,
    /// How it came about.
    pub source: Text<100>,
}

impl EuroRates {
    /// Rates to the books' currency of all that is quoted and of the euro; none where the books' own currency is
    /// not quoted. A rate between two other currencies goes through the euro.
    pub fn to_books(&self, books: Currency, bank: &str) -> Option<Vec<Reckoned>> {
        let books_per_euro = self.of(books)?;
        let quoted = self.per_euro.keys().copied().chain([Currency::EUR]);
        let reckoned = quoted.filter(|currency| *currency != books);
        let reckoned = reckoned.filter_map(|currency| {
            let per_euro = self.of(currency)?;
            let rate = books_per_euro.checked_div(per_euro)?;
            let rounding = RoundingStrategy::MidpointAwayFromZero;
            let rate = rate.round_sf_with_strategy(SIGNIFICANT_DIGITS, rounding)?;
            let quote = |of: Currency, units: Decimal| format!("{units} {of}");
            let (other, own) = (quote(currency, per_euro), quote(books, books_per_euro));
            let source = match (currency == Currency::EUR, books == Currency::EUR) {
                (true, _) => format!("{bank}: 1 EUR = {own}"),
                (_, true) => format!("{bank}: 1 EUR = {other}"),
                _ => format!("{bank}, through the euro: 1 EUR = {other} = {own}"),
            };
            Some(Reckoned {
                currency,
                rate: rate.normalize(),
                source: Text::parse(&source).ok()?,
            })
        });
        Some(reckoned.filter(|of| of.rate > Decimal::ZERO).collect())
    }

    fn of(&self, currency: Currency) -> Option<Decimal> {
        match currency {
            Currency::EUR => Some(Decimal::ONE),
            other => self.per_euro.get(&other).copied(),
        }
    }
}
