//! Amounts in Stripe's units, exact in both directions.
//!
//! Stripe takes integers, mostly of ISO 4217's minor unit, with exceptions of its own. Source of
//! the table: <https://docs.stripe.com/currencies>, sections "Zero-decimal currencies", "Special
//! cases" and "Three-decimal currencies"; the list of two-decimal currencies is "Supported
//! presentment currencies" of the same page. A currency that is not in the table is refused
//! rather than taken to have two decimals.
//!
//! | Stripe counts | currencies | note |
//! | --- | --- | --- |
//! | whole units | BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF | MGA has two digits in ISO 4217: only whole ariary can be asked for |
//! | hundredths that must be `00` | ISK UGX | without minor unit in ISO 4217, two decimals at Stripe for old integrations: 5 ISK is 500 |
//! | thousandths ending in 0 | BHD JOD KWD OMR TND | Stripe wants the last digit 0; 5.124 KWD cannot be asked for, and is refused rather than rounded |
//! | hundredths | HUF TWD | payouts must be whole, charges need not: nothing to do here |
//! | hundredths | the others | |

use jiff::Timestamp;
use remit_billing::money::Money;

pub use crate::amount::{AmountFault, Units};
use crate::amount::{from_units, to_units};

const HUNDREDTHS_WHOLE: Units = Units {
    decimals: 2,
    multiple: 100,
};
const THOUSANDTHS_BY_TEN: Units = Units {
    decimals: 3,
    multiple: 10,
};

/// Currencies with two decimals and nothing special.
const TWO_DECIMALS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY",
    "COP", "CRC", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "JMD",
    "KES", "KGS", "KHR", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MKD",
    "MMK", "MNT", "MOP", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK",
    "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR",
    "SBD", "SCR", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "STD", "SZL", "THB", "TJS", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "WST", "XCD", "XCG", "YER", "ZAR",
    "ZMW",
];

/// How Stripe counts this currency; `None` if it takes no payments in it.
pub fn units(code: &str) -> Option<Units> {
    match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "MGA" | "PYG" | "RWF" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => Some(Units::WHOLE),
        // UGX stands in both of Stripe's lists; the special case is the one that says how.
        "ISK" | "UGX" => Some(HUNDREDTHS_WHOLE),
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => Some(THOUSANDTHS_BY_TEN),
        _ => TWO_DECIMALS
            .binary_search(&code)
            .ok()
            .map(|_| Units::HUNDREDTHS),
    }
}

/// What to ask Stripe for: above zero, exact, never rounded.
pub fn to_stripe(money: &Money) -> Result<i64, AmountFault> {
    to_units(money, units)
}

/// What Stripe states, as money. `currency` comes in lower case.
pub fn from_stripe(units_count: i64, currency: &str) -> Result<Money, AmountFault> {
    from_units(units_count, currency, units)
}

/// Stripe's time: whole seconds of the epoch.
pub(super) fn instant(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use proptest::prelude::*;
    use remit_billing::money::Currency;
    use rust_decimal::Decimal;

    fn money(text: &str) -> Money {
        let (amount, currency) = text.split_once(' ').unwrap();
        Money::new(amount.parse().unwrap(), currency.parse().unwrap()).unwrap()
    }

    #[test]
    fn amounts_are_said_in_stripes_units() {
        for (said, expected) in [
            ("10.00 USD", 1000),
            ("0.01 EUR", 1),
            ("999999.99 EUR", 99_999_999),
            ("500 JPY", 500),
            ("33000 KRW", 33_000),
            ("1000000 VND", 1_000_000),
            ("655957 XOF", 655_957),
            ("5 ISK", 500),
            ("5 UGX", 500),
            ("5.00 MGA", 5),
            ("10.45 HUF", 1045),
            ("300.50 TWD", 30_050),
            ("5.120 KWD", 5120),
            ("0.010 BHD", 10),
            ("12.340 TND", 12_340),
        ] {
            assert_eq!(to_stripe(&money(said)), Ok(expected), "{said}");
            let currency = said.split_once(' ').unwrap().1.to_lowercase();
            assert_eq!(from_stripe(expected, &currency), Ok(money(said)), "{said}");
        }
    }

    #[test]
    fn what_stripe_cannot_ask_for_is_refused_and_not_rounded() {
        let between = |amount: &str, currency: &str, step: &str| AmountFault::BetweenSteps {
            amount: amount.parse().unwrap(),
            currency: currency.to_owned(),
            step: step.parse().unwrap(),
        };
        let unsupported = |currency: &str| AmountFault::CurrencyNotSupported {
            currency: currency.to_owned(),
        };
        for (said, expected) in [
            ("5.124 KWD", between("5.124", "KWD", "0.01")),
            ("0.001 BHD", between("0.001", "BHD", "0.01")),
            ("5.20 MGA", between("5.20", "MGA", "1")),
            ("1.000 IQD", unsupported("IQD")),
            ("1.000 LYD", unsupported("LYD")),
            ("0.00 EUR", AmountFault::NotPositive),
            ("-1.00 EUR", AmountFault::NotPositive),
        ] {
            assert_eq!(to_stripe(&money(said)), Err(expected), "{said}");
        }
    }

    #[test]
    fn what_stripe_states_is_read_exactly_or_not_at_all() {
        assert_eq!(from_stripe(5124, "kwd"), Ok(money("5.124 KWD")));
        assert_eq!(from_stripe(0, "usd"), Ok(money("0.00 USD")));
        assert_eq!(from_stripe(-250, "usd"), Ok(money("-2.50 USD")));
        assert_eq!(from_stripe(100, "USD"), Ok(money("1.00 USD")));
        assert!(matches!(
            from_stripe(550, "isk"),
            Err(AmountFault::BetweenSteps { .. })
        ));
        for unknown in ["usdc", "", "xxx", "zzz", "eu", "€"] {
            let verdict = from_stripe(100, unknown);
            assert!(
                matches!(verdict, Err(AmountFault::CurrencyNotSupported { .. })),
                "{unknown}: {verdict:?}"
            );
        }
    }

    #[test]
    fn the_table_is_sorted_and_holds_every_currency_once() {
        assert!(TWO_DECIMALS.windows(2).all(|pair| pair[0] < pair[1]));
        let special = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF \
                       ISK BHD JOD KWD OMR TND";
        for code in special.split_whitespace() {
            assert!(TWO_DECIMALS.binary_search(&code).is_err(), "{code}");
            assert!(units(code).is_some(), "{code}");
        }
    }

    #[test]
    fn two_decimals_at_stripe_are_two_decimals_in_iso_4217() {
        for code in TWO_DECIMALS {
            // Codes that ISO 4217 has added or withdrawn may be unknown to the domain: then no
            // document can be in them.
            if let Ok(currency) = code.parse::<Currency>() {
                assert_eq!(currency.minor_digits(), 2, "{code}");
            }
        }
    }

    fn any_code() -> impl Strategy<Value = &'static str> {
        const SPECIAL: &[&str] = &[
            "JPY", "KRW", "MGA", "ISK", "UGX", "KWD", "TND", "XAF", "CLP",
        ];
        prop_oneof![
            proptest::sample::select(TWO_DECIMALS),
            proptest::sample::select(SPECIAL)
        ]
    }

    proptest! {
        #[test]
        fn what_is_asked_for_is_what_is_read(code in any_code(), count in 1_i64..=99_999_999_999) {
            let Ok(currency) = code.parse::<Currency>() else { return Ok(()) };
            let asked = Money::new(Decimal::new(count, currency.minor_digits()), currency).unwrap();
            match to_stripe(&asked) {
                Ok(units_count) => {
                    prop_assert!(units_count > 0);
                    prop_assert_eq!(from_stripe(units_count, &code.to_lowercase()), Ok(asked));
                }
                Err(fault) => {
                    let is_between = matches!(fault, AmountFault::BetweenSteps { .. });
                    prop_assert!(is_between);
                    prop_assert!(["KWD", "TND", "MGA"].contains(&code));
                }
            }
        }

        #[test]
        fn what_is_read_is_what_was_stated(code in any_code(), count in any::<i64>()) {
            if let Ok(read) = from_stripe(count, &code.to_lowercase()) {
                let units = units(code).unwrap();
                prop_assert_eq!(read.amount(), Decimal::new(count, units.decimals));
                if count > 0 && count % units.multiple == 0 {
                    prop_assert_eq!(to_stripe(&read), Ok(count));
                }
            }
        }
    }
}
