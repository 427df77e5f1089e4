#![no_main]
//! Amounts: what is read is written as it is read again, sums come back, and nothing leaves the currency's grid.

use remit_billing::money::{Currency, Money};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    // As it is kept: amount and currency in one.
    if let Ok(money) = text.parse::<Money>() {
        assert_eq!(money.to_string().parse(), Ok(money));
    }
    let (code, text) = text.split_at_checked(3).unwrap_or(("EUR", text));
    let currency = Currency::parse(code).unwrap_or(Currency::EUR);
    let Ok(money) = Money::parse(text, currency) else {
        return;
    };
    assert_eq!(money.amount().scale(), currency.minor_digits());
    assert_eq!(Money::parse(&money.amount_text(), currency), Ok(money));
    let minor = money.minor_units().expect("within the bound");
    assert_eq!(Money::from_minor_units(minor, currency), Ok(money));
    assert!(money.checked_sub(money).expect("one currency").is_zero());
    assert_eq!(money.negated().negated(), money);
    if let Ok(twice) = money.checked_add(money) {
        assert_eq!(twice.checked_sub(money), Ok(money));
    }
});
