//! Exact numbers that are no money: quantities, unit prices, percentages, rates.
//!
//! All are plain decimals in strings (`"12.5"`): no exponents, no floats, at most six decimals,
//! and bounded, so that what is computed from them cannot overflow without being told. They are
//! kept without trailing zeros: `19` and `19.00` are the same rate.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;
use crate::money::{Currency, Money};

/// Decimals of quantities, unit prices and rates, whatever the currency.
pub const MAX_DECIMALS: u32 = 6;

/// Longer text is no number that anybody bills with.
const MAX_TEXT_BYTES: usize = 64;
/// Digits before the point that are still read; the bounds of each type are narrower.
const MAX_WHOLE_DIGITS: usize = 18;

/// Reads digits, at most one point, and perhaps a minus before them; nothing else.
///
/// Zeros at the end do not count as decimals, and the result carries none.
pub(crate) fn plain_decimal(text: &str, max_decimals: u32) -> Result<Decimal, Fault> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Fault::NotADecimal);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(Fault::NotADecimal),
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(Fault::NotADecimal);
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let scale = u32::try_from(fraction.len()).map_err(|_| Fault::NotADecimal)?;
    if scale > max_decimals {
        return Err(Fault::TooManyDecimals { max: max_decimals });
    }
    if whole.len() > MAX_WHOLE_DIGITS {
        return Err(Fault::AmountTooLarge);
    }
    let mantissa = whole
        .bytes()
        .chain(fraction.bytes())
        .try_fold(0_i128, |value, digit| {
            value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))
        })
        .ok_or(Fault::AmountTooLarge)?;
    let signed = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(signed, scale).map_err(|_| Fault::AmountTooLarge)
}

macro_rules! bounded_decimals {
    ($($(#[$doc:meta])* $name:ident, $min:literal ..= $max:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(Decimal);

            impl $name {
                /// The least value.
                pub const MIN: i64 = $min;
                /// The largest value.
                pub const MAX: i64 = $max;
                /// Nothing.
                pub const ZERO: Self = Self(Decimal::ZERO);

                /// Takes a decimal that is within the bounds and has at most six decimals.
                ///
                /// # Errors
                /// [`Fault::TooManyDecimals`], [`Fault::Negative`], [`Fault::OutOfRange`].
                pub fn new(value: Decimal) -> Result<Self, Fault> {
                    let value = value.normalize();
                    if value.scale() > MAX_DECIMALS {
                        return Err(Fault::TooManyDecimals { max: MAX_DECIMALS });
                    }
                    let (min, max) = (Decimal::from(Self::MIN), Decimal::from(Self::MAX));
                    if min.is_zero() && value < min {
                        return Err(Fault::Negative);
                    }
                    if value < min || value > max {
                        return Err(Fault::OutOfRange { min, max });
                    }
                    Ok(Self(if value.is_zero() { Decimal::ZERO } else { value }))
                }

                /// Reads a plain decimal such as `12.5`.
                ///
                /// # Errors
                /// [`Fault::NotADecimal`], and those of [`Self::new`].
                pub fn parse(text: &str) -> Result<Self, Fault> {
                    match plain_decimal(text, MAX_DECIMALS) {
                        Ok(value) => Self::new(value),
                        Err(Fault::AmountTooLarge) => Err(Fault::OutOfRange {
                            min: Decimal::from(Self::MIN),
                            max: Decimal::from(Self::MAX),
                        }),
                        Err(fault) => Err(fault),
                    }
                }

                /// The value, without trailing zeros.
                pub fn decimal(self) -> Decimal {
                    self.0
                }

                /// Exactly nothing.
                pub fn is_zero(self) -> bool {
                    self.0.is_zero()
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&self.0, f)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&self.0, f)
                }
            }

            impl FromStr for $name {
                type Err = Fault;
                fn from_str(text: &str) -> Result<Self, Fault> {
                    Self::parse(text)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    Self::parse(&text).map_err(serde::de::Error::custom)
                }
            }
        )+
    };
}

bounded_decimals! {
    /// How many, in the line's unit; negative on a credit line.
    Quantity, -1_000_000_000_000 ..= 1_000_000_000_000;
    /// The price of one unit, finer than an amount may be (83.3333 an hour is a price).
    UnitPrice, 0 ..= 1_000_000_000_000;
    /// A share in percent: discounts, early payment.
    Percent, 0 ..= 100;
    /// A tax rate in percent.
    Rate, 0 ..= 1_000;
    /// An amount whose currency is its document's: discounts and charges as they are asked for.
    /// Whether it is on the currency's grid is seen when the document is computed.
    Amount, 0 ..= 1_000_000_000_000_000;
}

impl Amount {
    /// The amount in the document's currency.
    ///
    /// # Errors
    /// [`Fault::TooManyDecimals`] off the currency's grid, [`Fault::AmountTooLarge`].
    pub fn in_currency(self, currency: Currency) -> Result<Money, Fault> {
        Money::new(self.0, currency)
    }
}
