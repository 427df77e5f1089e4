//! Amounts and plain numbers.

use remit_billing::fault::Fault;
use remit_billing::money::{Currency, MAX_MINOR_UNITS, Money, MoneyError};
use remit_billing::number::{Amount, Percent, Quantity, Rate, UnitPrice};
use rust_decimal::Decimal;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn amounts_carry_exactly_the_digits_of_their_currency() {
    for (given, written) in [
        ("12 EUR", "12.00 EUR"),
        ("12.5 EUR", "12.50 EUR"),
        ("12.500 EUR", "12.50 EUR"),
        ("-0.00 EUR", "0.00 EUR"),
        ("-0.01 EUR", "-0.01 EUR"),
        ("007 JPY", "7 JPY"),
        ("1200 KRW", "1200 KRW"),
        ("1.5 BHD", "1.500 BHD"),
        ("1.5 CLF", "1.5000 CLF"),
    ] {
        let money = money(given);
        assert_eq!(money.to_string(), written);
        assert_eq!(money.amount().scale(), money.currency().minor_digits());
        assert_eq!(
            serde_json::to_value(money).unwrap(),
            serde_json::json!(written)
        );
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for (given, code) in [
        ("12.001 EUR", "too_many_decimals"),
        ("0.5 JPY", "too_many_decimals"),
        ("1e3 EUR", "not_a_decimal"),
        ("+1 EUR", "not_a_decimal"),
        ("1_000 EUR", "not_a_decimal"),
        (".5 EUR", "not_a_decimal"),
        ("5. EUR", "not_a_decimal"),
        ("- EUR", "not_a_decimal"),
        (" EUR", "not_a_decimal"),
        ("١ EUR", "not_a_decimal"),
        ("12 eur", "unknown_currency"),
        ("12 XXX", "unknown_currency"),
        ("12 XAU", "unknown_currency"),
        ("12  EUR", "unknown_currency"),
        ("12EUR", "not_a_decimal"),
        ("9999999999999999.99 EUR", ""),
        ("10000000000000000.00 EUR", "amount_too_large"),
        (
            "9999999999999999999999999999999999999 EUR",
            "amount_too_large",
        ),
    ] {
        let code_given = given
            .parse::<Money>()
            .map_or_else(|fault| fault.code(), |_| "");
        assert_eq!(code_given, code, "{given}");
    }
    assert!(serde_json::from_str::<Money>("12.0").is_err());
}

#[test]
fn rounding_is_half_away_from_zero() {
    for (given, rounded) in [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("-0.004", "0.00"),
    ] {
        let amount: Decimal = given.parse().unwrap();
        assert_eq!(
            Money::rounded(amount, Currency::EUR).unwrap().amount_text(),
            rounded
        );
    }
    assert_eq!(
        Money::rounded(Decimal::MAX, Currency::EUR),
        Err(MoneyError::Overflow)
    );
    assert_eq!(
        Money::rounded(Decimal::MIN, Currency::JPY),
        Err(MoneyError::Overflow)
    );
    assert_eq!(
        Money::new("0.001".parse().unwrap(), Currency::EUR),
        Err(Fault::TooManyDecimals { max: 2 })
    );
}

#[test]
fn arithmetic_is_checked() {
    let largest = Money::from_minor_units(MAX_MINOR_UNITS, Currency::EUR).unwrap();
    let cent = money("0.01 EUR");
    assert_eq!(largest.checked_add(cent), Err(MoneyError::Overflow));
    assert_eq!(
        largest.negated().checked_sub(cent),
        Err(MoneyError::Overflow)
    );
    assert_eq!(
        Money::from_minor_units(i64::MIN, Currency::EUR),
        Err(MoneyError::Overflow)
    );
    assert_eq!(
        cent.checked_add(money("1 USD")),
        Err(MoneyError::CurrencyMismatch {
            left: Currency::EUR,
            right: Currency::USD
        })
    );
    assert!(cent.min(money("1 USD")).is_err());
    assert_eq!(cent.min(money("-1 EUR")).unwrap(), money("-1 EUR"));
    assert_eq!(cent.max(money("-1 EUR")).unwrap(), cent);
    assert_eq!(cent.checked_sub(cent).unwrap().to_string(), "0.00 EUR");
    assert_eq!(Money::zero(Currency::EUR).negated().to_string(), "0.00 EUR");
    assert_eq!(largest.minor_units(), Ok(MAX_MINOR_UNITS));
    assert_eq!(money("1.234 BHD").minor_units(), Ok(1234));
    assert_eq!(
        Money::sum(Currency::EUR, [cent, cent, money("1 EUR")]).unwrap(),
        money("1.02 EUR")
    );
}

#[test]
fn plain_numbers_are_bounded_and_exact() {
    assert_eq!(Quantity::parse("-12.500000").unwrap().to_string(), "-12.5");
    assert_eq!(Quantity::parse("100").unwrap().to_string(), "100");
    assert_eq!(Quantity::parse("-0").unwrap().to_string(), "0");
    assert_eq!(UnitPrice::parse("83.3333").unwrap().to_string(), "83.3333");
    assert_eq!(Rate::parse("19").unwrap(), Rate::parse("19.00").unwrap());
    assert_eq!(
        Percent::parse("100").unwrap().decimal(),
        Decimal::ONE_HUNDRED
    );

    assert_eq!(
        Quantity::parse("1.0000001"),
        Err(Fault::TooManyDecimals { max: 6 })
    );
    assert!(matches!(
        Quantity::parse("1000000000000.1"),
        Err(Fault::OutOfRange { .. })
    ));
    assert!(matches!(
        Quantity::parse("99999999999999999999999"),
        Err(Fault::OutOfRange { .. })
    ));
    assert_eq!(UnitPrice::parse("-1"), Err(Fault::Negative));
    assert_eq!(Amount::parse("-0.01"), Err(Fault::Negative));
    assert!(matches!(
        Percent::parse("100.000001"),
        Err(Fault::OutOfRange { .. })
    ));
    assert!(matches!(
        Rate::parse("1000.1"),
        Err(Fault::OutOfRange { .. })
    ));
    for wrong in [
        "", " ", "1 ", "NaN", "inf", "0x10", "1,5", "1.2.3", "--1", "1e1",
    ] {
        assert_eq!(Quantity::parse(wrong), Err(Fault::NotADecimal), "{wrong}");
    }
    assert!(serde_json::from_str::<Rate>("19").is_err());
    assert!(serde_json::from_str::<Rate>("19.0").is_err());
    assert_eq!(
        serde_json::to_string(&Rate::parse("9.975").unwrap()).unwrap(),
        "\"9.975\""
    );
}
