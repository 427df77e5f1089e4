//! Amounts in PayPal's units: decimal texts such as `10.00`.
//!
//! Source of the table: <https://developer.paypal.com/api/rest/reference/currency-codes/>. A
//! currency that is not in it is refused.
//!
//! | PayPal takes | currencies | note |
//! | --- | --- | --- |
//! | whole units | HUF JPY TWD | HUF and TWD have two digits in ISO 4217: 10.45 HUF cannot be asked for, and is refused rather than rounded |
//! | hundredths | the others | BRL, CNY and MYR for accounts of those countries only: PayPal refuses the rest |

use remit_billing::money::{Currency, Money};
use rust_decimal::Decimal;

use crate::amount::{AmountFault, Units, to_units};

/// How PayPal counts this currency; `None` if it takes no payments in it.
pub fn units(code: &str) -> Option<Units> {
    match code {
        "HUF" | "JPY" | "TWD" => Some(Units::WHOLE),
        "AUD" | "BRL" | "CAD" | "CHF" | "CNY" | "CZK" | "DKK" | "EUR" | "GBP" | "HKD" | "ILS"
        | "MXN" | "MYR" | "NOK" | "NZD" | "PHP" | "PLN" | "SEK" | "SGD" | "THB" | "USD" => {
            Some(Units::HUNDREDTHS)
        }
        _ => None,
    }
}

/// What to ask PayPal for: above zero, exact, never rounded.
pub fn to_paypal(money: &Money) -> Result<String, AmountFault> {
    let count = to_units(money, units)?;
    let decimals = units(money.currency().code()).map_or(0, |units| units.decimals);
    Ok(Decimal::new(count, decimals).to_string())
}

/// What PayPal states, as money. `1000` and `1000.00` HUF are the same.
pub fn from_paypal(value: &str, currency: &str) -> Result<Money, AmountFault> {
    let unsupported = || AmountFault::CurrencyNotSupported {
        currency: currency.to_owned(),
    };
    units(currency).ok_or_else(unsupported)?;
    let currency: Currency = currency.parse().map_err(|_| unsupported())?;
    Money::parse(value, currency).map_err(|_| AmountFault::TooLarge)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_said_in_paypals_units() {
        for (asked, said) in [
            ("1190.00 EUR", "1190.00"),
            ("0.01 USD", "0.01"),
            ("1500 JPY", "1500"),
            ("1500.00 HUF", "1500"),
            ("300.00 TWD", "300"),
        ] {
            let asked = money(asked);
            assert_eq!(to_paypal(&asked).unwrap(), said);
            assert_eq!(from_paypal(said, asked.currency().code()), Ok(asked));
        }
        assert_eq!(from_paypal("1500.00", "HUF"), Ok(money("1500.00 HUF")));
        assert_eq!(from_paypal("-2.50", "USD"), Ok(money("-2.50 USD")));
    }

    #[test]
    fn what_paypal_cannot_ask_for_is_refused_and_not_rounded() {
        for (asked, is_between) in [("10.45 HUF", true), ("0.50 TWD", true), ("5 KRW", false)] {
            match to_paypal(&money(asked)) {
                Err(AmountFault::BetweenSteps { .. }) => assert!(is_between, "{asked}"),
                Err(AmountFault::CurrencyNotSupported { .. }) => assert!(!is_between, "{asked}"),
                other => unreachable!("{asked}: {other:?}"),
            }
        }
        assert_eq!(to_paypal(&money("0.00 EUR")), Err(AmountFault::NotPositive));
        for (value, currency) in [
            ("10.001", "EUR"),
            ("1e3", "EUR"),
            ("ten", "EUR"),
            ("", "EUR"),
            ("10.5", "JPY"),
            ("99999999999999999999999", "EUR"),
            ("10", "KRW"),
            ("10", "eur"),
            ("10", ""),
        ] {
            assert!(from_paypal(value, currency).is_err(), "{value} {currency}");
        }
    }
}
