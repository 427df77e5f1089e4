//! Which rate counts on a day, and what is reckoned from a bank's quotes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::exchange::{EuroRates, ExchangeRate, for_document, for_money, read_rate};
use remit_billing::ledger::BookRate;
use remit_billing::money::Currency;
use rust_decimal::Decimal;

use crate::house::{agency, id, of};

fn dated(on: &str, rate: &str) -> ExchangeRate {
    ExchangeRate {
        account_id: id(1),
        currency: Currency::USD,
        on: of(on),
        books: Currency::EUR,
        rate: of(rate),
        source: of("ECB"),
        by_hand: false,
        recorded_by: ActorId::Member(id(9)),
        recorded_at: of("2026-03-16T16:00:00Z"),
    }
}

/// An agency whose settings have this rate for dollars.
fn with_setting(on: &str, rate: &str) -> Account {
    let mut account = agency();
    let rate = BookRate {
        currency: Currency::EUR,
        rate: of(rate),
        on: of(on),
        source: "Our bank".to_owned(),
    };
    account.exchange_rates.insert("USD".to_owned(), rate);
    account
}

fn counts(account: &Account, day: &str, rate: Option<&ExchangeRate>) -> Option<String> {
    let found = for_document(account, Currency::USD, of(day), rate);
    found.map(|rate| format!("{} of {}", rate.rate, rate.on))
}

#[test]
fn the_last_rate_counts_for_a_month_and_that_of_the_settings_where_there_is_none() {
    let friday = dated("2026-03-13", "0.92");
    let plain = agency();
    for (day, expected) in [
        ("2026-03-13", Some("0.92 of 2026-03-13")),
        ("2026-03-16", Some("0.92 of 2026-03-13")),
        ("2026-04-13", Some("0.92 of 2026-03-13")),
        ("2026-04-14", None),
        // It is not known what a day to come brings.
        ("2026-03-12", None),
    ] {
        let found = counts(&plain, day, Some(&friday));
        assert_eq!(found.as_deref(), expected, "{day}");
    }
    assert_eq!(counts(&plain, "2026-03-13", None), None);
    // The newer of the two; where nothing is near, that of the settings, whenever it is of.
    for (setting, day, expected) in [
        ("2026-03-12", "2026-03-16", "0.92 of 2026-03-13"),
        ("2026-03-14", "2026-03-16", "0.95 of 2026-03-14"),
        ("2026-03-14", "2026-03-13", "0.92 of 2026-03-13"),
        ("2025-01-01", "2026-08-01", "0.95 of 2025-01-01"),
        ("2026-09-01", "2026-08-01", "0.95 of 2026-09-01"),
    ] {
        let account = with_setting(setting, "0.95");
        let found = counts(&account, day, Some(&friday));
        assert_eq!(found.as_deref(), Some(expected), "{setting} {day}");
    }
    // Of other books, or another currency, it is no rate.
    let other = ExchangeRate {
        books: Currency::CHF,
        ..friday.clone()
    };
    assert_eq!(counts(&plain, "2026-03-13", Some(&other)), None);
    let found = for_document(&plain, Currency::GBP, of("2026-03-13"), Some(&friday));
    assert_eq!(found, None);
}

#[test]
fn money_is_booked_at_the_last_rate_there_is_and_says_so() {
    let old = dated("2026-01-05", "0.92");
    let account = agency();
    let day = of("2026-03-20");
    let invoice = |on: &str| BookRate {
        on: of(on),
        rate: of("0.9"),
        ..old.book_rate()
    };
    let said = |rate: Option<&ExchangeRate>, of_invoice: Option<&BookRate>| {
        let found = for_money(&account, Currency::USD, day, rate, of_invoice);
        found.map(|rate| (rate.rate.to_string(), rate.source))
    };
    let near = dated("2026-03-19", "0.93");
    assert_eq!(
        said(Some(&near), Some(&invoice("2026-03-20"))),
        Some(("0.93".to_owned(), "ECB".to_owned()))
    );
    let last = "ECB (last known: none for 2026-03-20)".to_owned();
    assert_eq!(
        said(Some(&old), None),
        Some(("0.92".to_owned(), last.clone()))
    );
    assert_eq!(
        said(Some(&old), Some(&invoice("2026-01-02"))),
        Some(("0.92".to_owned(), last))
    );
    let of_invoice = "ECB (invoice: none for 2026-03-20)".to_owned();
    for rate in [None, Some(&old)] {
        assert_eq!(
            said(rate, Some(&invoice("2026-02-01"))),
            Some(("0.9".to_owned(), of_invoice.clone()))
        );
    }
    assert_eq!(said(None, None), None);
}

#[test]
fn a_rate_is_above_zero_and_fine_enough_for_a_won() {
    assert_eq!(read_rate("0.000673173500"), Ok(of("0.0006731735")));
    assert_eq!(read_rate("1000000000"), Ok(of("1000000000")));
    for (text, code) in [
        ("0", "not_positive"),
        ("-1", "not_positive"),
        ("1e3", "not_a_decimal"),
        ("0.0000000000001", "too_many_decimals"),
        ("1000000000.1", "out_of_range"),
    ] {
        assert_eq!(read_rate(text).unwrap_err().code(), code, "{text}");
    }
}

fn quotes(rates: &[(Currency, &str)]) -> EuroRates {
    EuroRates {
        on: of("2026-03-16"),
        per_euro: rates.iter().map(|(code, rate)| (*code, of(rate))).collect(),
    }
}

/// 1 / 1.0852 = 0.92148912642..., 0.8532 / 1.0852 = 0.78621452266...
#[test]
fn rates_go_through_the_euro_and_say_so() {
    let day = quotes(&[
        (Currency::USD, "1.0852"),
        (Currency::GBP, "0.8532"),
        (Currency::KRW, "1485.5"),
    ]);
    let rows = |books: Currency| -> Option<Vec<String>> {
        let rates = day.to_books(books, "ECB")?.into_iter();
        Some(
            rates
                .map(|of| format!("{} {}; {}", of.currency, of.rate, of.source))
                .collect(),
        )
    };
    assert_eq!(
        rows(Currency::EUR).unwrap(),
        [
            "GBP 1.172058134; ECB: 1 EUR = 0.8532 GBP",
            "KRW 0.0006731740155; ECB: 1 EUR = 1485.5 KRW",
            "USD 0.9214891264; ECB: 1 EUR = 1.0852 USD",
        ]
    );
    assert_eq!(
        rows(Currency::GBP).unwrap(),
        [
            "KRW 0.00057435207; ECB, through the euro: 1 EUR = 1485.5 KRW = 0.8532 GBP",
            "USD 0.7862145227; ECB, through the euro: 1 EUR = 1.0852 USD = 0.8532 GBP",
            "EUR 0.8532; ECB: 1 EUR = 0.8532 GBP",
        ]
    );
    assert_eq!(rows(Currency::CHF), None);
}

proptest! {
    /// There and back again is one, to nine digits.
    #[test]
    fn a_rate_and_its_way_back_are_one(
        left in select(vec!["0.0931", "0.8532", "1.0852", "7.4604", "1485.5", "17342.11"]),
        right in select(vec!["0.5", "0.9631", "1.0852", "11.021", "163.92"]),
    ) {
        let one = EuroRates {
            on: of("2026-03-16"),
            per_euro: BTreeMap::from([(Currency::USD, of(left)), (Currency::GBP, of(right))]),
        };
        let rate = |books, currency| {
            let mut rates = one.to_books(books, "ECB").unwrap().into_iter();
            rates.find(|of| of.currency == currency).unwrap().rate
        };
        let product = rate(Currency::GBP, Currency::USD) * rate(Currency::USD, Currency::GBP);
        let off = (product - Decimal::ONE).abs();
        prop_assert!(off < Decimal::new(2, 9), "{} {}: {}", left, right, product);
    }
}
