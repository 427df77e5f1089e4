//! Amounts in Toss Payments' units: whole won.
//!
//! Source: <https://docs.tosspayments.com/reference>, `totalAmount` and `currency`. Toss settles
//! other currencies for a few foreign wallets; Remit asks for won only, and says so by type.

use remit_billing::money::Money;
use serde::Serialize;

use crate::amount::{AmountFault, Units, from_units, to_units};

/// How Toss counts this currency; `None` for all but the won.
pub fn units(code: &str) -> Option<Units> {
    match code {
        "KRW" => Some(Units::WHOLE),
        _ => None,
    }
}

/// An amount that Toss can be asked for: whole won, above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Won(i64);

impl Won {
    /// The amount, if it is in won and above zero.
    pub fn of(money: &Money) -> Result<Self, AmountFault> {
        to_units(money, units).map(Self)
    }
}

/// What Toss states, as money.
pub fn from_toss(won: i64, currency: &str) -> Result<Money, AmountFault> {
    from_units(won, currency, units)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn won_and_nothing_else() {
        let money = |text: &str| text.parse::<Money>().unwrap();
        let won = Won::of(&money("55000 KRW")).unwrap();
        assert_eq!(serde_json::to_string(&won).unwrap(), "55000");
        assert_eq!(from_toss(55_000, "KRW"), Ok(money("55000 KRW")));
        assert_eq!(Won::of(&money("0 KRW")), Err(AmountFault::NotPositive));
        for other in ["55000 JPY", "550.00 USD"] {
            let refused = Won::of(&money(other));
            assert!(matches!(
                refused,
                Err(AmountFault::CurrencyNotSupported { .. })
            ));
        }
        assert!(from_toss(5, "USD").is_err());
        assert!(from_toss(i64::MAX, "KRW").is_err());
    }
}
