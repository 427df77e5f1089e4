//! Amounts in GoCardless' units: integers of the minor unit.
//!
//! Source: <https://developer.gocardless.com/api-reference/#core-endpoints-payments>, `amount` ("in
//! the lowest denomination for the currency") and `currency` (the eight of its schemes). All eight
//! have two decimals in ISO 4217 and here: nothing is special, anything else is refused.

use remit_billing::money::Money;

use crate::amount::{AmountFault, Units, from_units, to_units};

/// How GoCardless counts this currency; `None` if none of its schemes is in it.
pub fn units(code: &str) -> Option<Units> {
    match code {
        "AUD" | "CAD" | "DKK" | "EUR" | "GBP" | "NZD" | "SEK" | "USD" => Some(Units::HUNDREDTHS),
        _ => None,
    }
}

/// What to ask GoCardless for: above zero, exact, never rounded.
pub fn to_gocardless(money: &Money) -> Result<i64, AmountFault> {
    to_units(money, units)
}

/// What GoCardless states, as money.
pub fn from_gocardless(units_count: i64, currency: &str) -> Result<Money, AmountFault> {
    from_units(units_count, currency, units)
}
