//! Money: an exact amount and its currency, never one without the other.
//!
//! An amount carries exactly the minor digits of its currency (ISO 4217: none for JPY and KRW,
//! three for BHD), is never `-0`, and arithmetic between currencies is a typed error. What does
//! not fit on the currency's grid is either refused ([`Money::new`]) or rounded by name
//! ([`Money::rounded`]); nothing rounds in passing.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;
use crate::number::plain_decimal;

/// The largest amount, in minor units: eighteen digits. Every amount fits an `i64`, and products
/// of two amounts fit an `i128`, so that shares can be computed without losing a digit.
pub const MAX_MINOR_UNITS: i64 = 999_999_999_999_999_999;

/// A currency of ISO 4217 in which something can be billed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(iso_currency::Currency::EUR);
    /// The United States dollar.
    pub const USD: Currency = Currency(iso_currency::Currency::USD);
    /// The pound sterling.
    pub const GBP: Currency = Currency(iso_currency::Currency::GBP);
    /// The Swiss franc.
    pub const CHF: Currency = Currency(iso_currency::Currency::CHF);
    /// The Japanese yen (no minor digits).
    pub const JPY: Currency = Currency(iso_currency::Currency::JPY);
    /// The South Korean won (no minor digits).
    pub const KRW: Currency = Currency(iso_currency::Currency::KRW);
    /// The Bahraini dinar (three minor digits).
    pub const BHD: Currency = Currency(iso_currency::Currency::BHD);
    /// The Canadian dollar.
    pub const CAD: Currency = Currency(iso_currency::Currency::CAD);

    /// Reads an alphabetic code in capitals.
    ///
    /// # Errors
    /// [`Fault::UnknownCurrency`] for what is no code, and for codes that are no money to bill in:
    /// metals, units of account, `XTS` and `XXX`, which have no minor unit.
    pub fn parse(code: &str) -> Result<Self, Fault> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| !currency.is_special() && currency.exponent().is_some())
            .map(Self)
            .ok_or(Fault::UnknownCurrency)
    }

    /// The alphabetic code, such as `EUR`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of an amount.
    pub fn minor_digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// The English name, such as `Euro`.
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

impl FromStr for Currency {
    type Err = Fault;
    fn from_str(code: &str) -> Result<Self, Fault> {
        Self::parse(code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// What arithmetic can refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies in one sum.
    #[error("{left} and {right} do not add up")]
    CurrencyMismatch {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// More than [`MAX_MINOR_UNITS`].
    #[error("the amount is too large")]
    Overflow,
}

impl From<MoneyError> for Fault {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch { left, .. } => Fault::CurrencyMismatch {
                expected: left.code().to_owned(),
            },
            MoneyError::Overflow => Fault::AmountTooLarge,
        }
    }
}

/// An exact amount in one currency.
///
/// In records and events it is one string, `"12.00 EUR"`; the API writes the amount alone
/// ([`Money::amount_text`]), as the document states its currency once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Self {
        Self::on_grid(0, currency)
    }

    /// An amount that must already be on the currency's grid (`5` and `5.000` are `5.00 EUR`).
    ///
    /// # Errors
    /// [`Fault::TooManyDecimals`] off the grid, [`Fault::AmountTooLarge`] beyond the bound.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, Fault> {
        let digits = currency.minor_digits();
        if amount.normalize().scale() > digits {
            return Err(Fault::TooManyDecimals { max: digits });
        }
        Ok(Self::rounded(amount, currency)?)
    }

    /// An amount rounded to the currency's grid, half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] beyond [`MAX_MINOR_UNITS`].
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let digits = currency.minor_digits();
        let amount = amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
        // Rounded, the scale is at most `digits`, and at most four digits are missing.
        let missing = digits.saturating_sub(amount.scale());
        let minor = 10_i128
            .checked_pow(missing)
            .and_then(|factor| amount.mantissa().checked_mul(factor))
            .ok_or(MoneyError::Overflow)?;
        Self::from_minor(minor, currency)
    }

    /// Reads a plain decimal such as `12.5` as an amount of the currency.
    ///
    /// # Errors
    /// [`Fault::NotADecimal`], or those of [`Money::new`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, Fault> {
        let amount = plain_decimal(text, currency.minor_digits())?;
        Self::new(amount, currency)
    }

    /// An amount given in minor units (cents), as payment providers state it.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] beyond [`MAX_MINOR_UNITS`].
    pub fn from_minor_units(minor_units: i64, currency: Currency) -> Result<Self, MoneyError> {
        Self::from_minor(i128::from(minor_units), currency)
    }

    pub(crate) fn from_minor(minor: i128, currency: Currency) -> Result<Self, MoneyError> {
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        if minor.unsigned_abs() > MAX_MINOR_UNITS.unsigned_abs() {
            return Err(MoneyError::Overflow);
        }
        Ok(Self::on_grid(minor, currency))
    }

    /// `minor` is within the bound: the caller has seen to it.
    fn on_grid(minor: i64, currency: Currency) -> Self {
        Self {
            amount: Decimal::new(minor, currency.minor_digits()),
            currency,
        }
    }

    /// The amount; its scale is exactly the currency's minor digits.
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The amount as the API writes it: `12.00`, `1200` in JPY, never an exponent.
    pub fn amount_text(&self) -> String {
        self.amount.to_string()
    }

    /// The amount in minor units (cents), as payment providers want it.
    ///
    /// # Errors
    /// None in practice: every amount is within [`MAX_MINOR_UNITS`].
    pub fn minor_units(&self) -> Result<i64, MoneyError> {
        i64::try_from(self.minor()).map_err(|_| MoneyError::Overflow)
    }

    pub(crate) fn minor(&self) -> i128 {
        self.amount.mantissa()
    }

    /// The sum.
    ///
    /// # Errors
    /// Two currencies, or a sum beyond the bound.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        Self::from_minor(self.minor() + other.minor(), self.currency)
    }

    /// The difference.
    ///
    /// # Errors
    /// Two currencies, or a difference beyond the bound.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.checked_add(other.negated())
    }

    /// The sum of many amounts of one currency; zero of none.
    ///
    /// # Errors
    /// Another currency among them, or a sum beyond the bound.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Money>,
    ) -> Result<Money, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Money::zero(currency), Money::checked_add)
    }

    /// The same amount with the other sign; zero stays zero.
    #[must_use]
    pub fn negated(self) -> Money {
        if self.is_zero() {
            return self;
        }
        Money {
            amount: -self.amount,
            currency: self.currency,
        }
    }

    /// The smaller of two.
    ///
    /// # Errors
    /// Two currencies.
    pub fn min(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        Ok(if other.amount < self.amount {
            other
        } else {
            self
        })
    }

    /// The larger of two.
    ///
    /// # Errors
    /// Two currencies.
    pub fn max(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        Ok(if other.amount > self.amount {
            other
        } else {
            self
        })
    }

    /// How two amounts compare.
    ///
    /// # Errors
    /// Two currencies.
    pub fn checked_cmp(self, other: Money) -> Result<std::cmp::Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.amount.cmp(&other.amount))
    }

    /// Exactly nothing.
    pub fn is_zero(&self) -> bool {
        self.amount.is_zero()
    }

    /// Below nothing.
    pub fn is_negative(&self) -> bool {
        self.amount < Decimal::ZERO
    }

    /// Above nothing.
    pub fn is_positive(&self) -> bool {
        self.amount > Decimal::ZERO
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch {
            left: self.currency,
            right: other.currency,
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let (amount, code) = text.split_once(' ').ok_or(Fault::NotADecimal)?;
        Self::parse(amount, Currency::parse(code)?)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
