//! Amounts in a provider's units, exact in both directions.
//!
//! Every provider counts currencies in its own way: each has one table of what it takes, in its own
//! `amount` module with the source of the rule. What is the same is here: nothing is rounded, and a
//! currency that is not in a provider's table is refused rather than taken to have two decimals.

use remit_billing::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Why an amount cannot be said in a provider's units, or read from them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// The provider does not take payments in this currency, or Remit does not know it.
    #[error("{currency} is not a currency that can be paid in")]
    CurrencyNotSupported {
        /// The code as it came.
        currency: String,
    },
    /// A payment page asks for more than nothing.
    #[error("the amount must be above zero")]
    NotPositive,
    /// The amount falls between two amounts that the provider takes.
    #[error("{amount} {currency} is not a multiple of {step}, the smallest step that is taken")]
    BetweenSteps {
        /// The amount in units of the currency.
        amount: Decimal,
        /// The currency's code.
        currency: String,
        /// The smallest step in units of the currency.
        step: Decimal,
    },
    /// More than the provider's integer or Remit's money can hold.
    #[error("the amount is too large")]
    TooLarge,
}

/// How a provider counts a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// Decimals in the provider's integer, or in its decimal text.
    pub decimals: u32,
    /// What the integer must be a multiple of when money is asked for.
    pub multiple: i64,
}

impl Units {
    /// Whole units of the currency.
    pub const WHOLE: Units = Units {
        decimals: 0,
        multiple: 1,
    };
    /// Hundredths, with nothing special.
    pub const HUNDREDTHS: Units = Units {
        decimals: 2,
        multiple: 1,
    };
}

fn unsupported(currency: &str) -> AmountFault {
    AmountFault::CurrencyNotSupported {
        currency: currency.to_owned(),
    }
}

/// What to ask a provider for, counted in its units: above zero, exact, never rounded.
pub fn to_units(money: &Money, table: fn(&str) -> Option<Units>) -> Result<i64, AmountFault> {
    let code = money.currency().code();
    let units = table(code).ok_or_else(|| unsupported(code))?;
    let amount = money.amount();
    if amount <= Decimal::ZERO {
        return Err(AmountFault::NotPositive);
    }
    let step = Decimal::new(units.multiple, units.decimals);
    let scale = Decimal::from(10_i64.pow(units.decimals));
    let scaled = amount.checked_mul(scale).ok_or(AmountFault::TooLarge)?;
    let between = || AmountFault::BetweenSteps {
        amount,
        currency: code.to_owned(),
        step: step.normalize(),
    };
    if !scaled.fract().is_zero() {
        return Err(between());
    }
    let count = scaled.to_i64().ok_or(AmountFault::TooLarge)?;
    if count % units.multiple != 0 {
        return Err(between());
    }
    Ok(count)
}

/// What a provider states in its units, as money. Zero and negative amounts are read as they are:
/// what they mean is the reader's business.
///
/// The multiple is not insisted on here: what was received was received. An amount that ISO 4217
/// cannot hold, such as half a króna, is a fault.
pub fn from_units(
    count: i64,
    currency: &str,
    table: fn(&str) -> Option<Units>,
) -> Result<Money, AmountFault> {
    let code = currency.to_ascii_uppercase();
    let units = table(&code).ok_or_else(|| unsupported(&code))?;
    let currency: Currency = code.parse().map_err(|_| unsupported(&code))?;
    let amount = Decimal::new(count, units.decimals);
    let digits = currency.minor_digits();
    if amount.normalize().scale() > digits {
        return Err(AmountFault::BetweenSteps {
            amount,
            currency: code,
            step: Decimal::new(1, digits),
        });
    }
    Money::new(amount.normalize(), currency).map_err(|_| AmountFault::TooLarge)
}
