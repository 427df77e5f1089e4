use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant};
use jiff::civil::date;
use remit_billing::money::{Currency, Money};

use super::*;

/// Messages and the variables that each of them uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn catalogue(tag: &str) -> Messages {
    let source = fs::read_to_string(root().join(format!("locales/{tag}.ftl"))).unwrap();
    let resource = fluent_syntax::parser::parse(source.as_str()).unwrap();
    let mut messages = Messages::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut variables = BTreeSet::new();
            in_pattern(message.value.as_ref().unwrap(), &mut variables);
            let twice = messages.insert(message.id.name.to_owned(), variables);
            assert!(twice.is_none(), "{} stands twice in {tag}", message.id.name);
        }
    }
    messages
}

fn in_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => in_inline(inline, found),
                Expression::Select { selector, variants } => {
                    in_inline(selector, found);
                    for Variant { value, .. } in variants {
                        in_pattern(value, found);
                    }
                }
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        found.insert(id.name.to_owned());
    }
}

/// Every file of code and every template below a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("tests.rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_language_has_every_message_and_variable() {
    let english = catalogue("en");
    for language in Language::ALL {
        let tag = Words::of(*language).unwrap().tag();
        let other = catalogue(tag);
        for (key, variables) in &english {
            let here = other
                .get(key)
                .unwrap_or_else(|| panic!("{tag} lacks the message {key}"));
            // `$count` only chooses between one and many, which not every language does, where
            // `$number` is what is shown.
            let wanted = variables
                .iter()
                .filter(|v| *v != "count" || !variables.contains("number"));
            for variable in wanted {
                assert!(here.contains(variable), "{tag}: {key} lacks ${variable}");
            }
            for variable in here {
                assert!(variables.contains(variable), "{tag}: {key} has ${variable}");
            }
        }
        for key in other.keys() {
            assert!(
                english.contains_key(key),
                "{tag} has {key}, which English lacks"
            );
        }
    }
}

#[test]
fn every_message_is_used() {
    let mut texts = Vec::new();
    sources(&root().join("src"), &mut texts);
    for key in catalogue("en").keys() {
        let quoted = format!("\"{key}\"");
        assert!(
            texts.iter().any(|text| text.contains(&quoted)),
            "nobody says {key}"
        );
    }
}

/// Every key that is said literally is in the catalogue. Those said by variable are covered by
/// the tests that render every page and mail.
#[test]
fn every_literal_key_exists() {
    let mut texts = Vec::new();
    sources(&root().join("src"), &mut texts);
    let english = catalogue("en");
    let mut seen = 0;
    for text in &texts {
        for call in [".say(\"", ".say1(\"", ".say_with(\""] {
            for (at, _) in text.match_indices(call) {
                let key = text[at + call.len()..].split('"').next().unwrap();
                assert!(english.contains_key(key), "{key} is said and missing");
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "the sources were not found");
}

fn money(text: &str, code: &str) -> Money {
    Money::parse(text, Currency::parse(code).unwrap()).unwrap()
}

#[test]
fn money_is_written_as_cldr_does() {
    let table = [
        ("1234.56", "USD", "$1,234.56", "US$1,234.56"),
        ("-1234.56", "USD", "-$1,234.56", "-US$1,234.56"),
        ("0.00", "EUR", "€0.00", "€0.00"),
        ("999.90", "GBP", "£999.90", "£999.90"),
        ("1000.00", "CAD", "CA$1,000.00", "CA$1,000.00"),
        ("1000000.00", "AUD", "A$1,000,000.00", "AU$1,000,000.00"),
        ("1100000", "KRW", "₩1,100,000", "₩1,100,000"),
        ("5000", "JPY", "¥5,000", "JP¥5,000"),
        ("12.345", "BHD", "BHD\u{a0}12.345", "BHD\u{a0}12.345"),
        ("-10.00", "CHF", "-CHF\u{a0}10.00", "-CHF\u{a0}10.00"),
        ("100", "XAF", "FCFA\u{a0}100", "FCFA\u{a0}100"),
    ];
    for (amount, code, english, korean) in table {
        let money = money(amount, code);
        assert_eq!(Words::of(Language::En).unwrap().money(&money), english);
        assert_eq!(Words::of(Language::Ko).unwrap().money(&money), korean);
    }
}

#[test]
fn numbers_keep_what_they_have() {
    let w = Words::of(Language::En).unwrap();
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap();
    assert_eq!(w.quantity(number("12.500")), "12.5");
    assert_eq!(w.quantity(number("-1250")), "-1,250");
    assert_eq!(w.quantity(number("0.000001")), "0.000001");
    assert_eq!(w.quantity(number("-0.0")), "0");
    assert_eq!(w.percent(number("3.30")), "3.3%");
    let dollars = money("1.00", "USD");
    assert_eq!(w.unit_price(number("83.3333"), &dollars), "$83.3333");
    assert_eq!(w.unit_price(number("120"), &dollars), "$120.00");
    assert_eq!(w.unit_price(number("1.5"), &money("1", "JPY")), "¥1.5");
}

#[test]
fn dates_and_periods() {
    let en = Words::of(Language::En).unwrap();
    let ko = Words::of(Language::Ko).unwrap();
    let day = date(2026, 11, 23);
    assert_eq!(en.date(day).unwrap(), "23 November 2026");
    assert_eq!(ko.date(day).unwrap(), "2026년 11월 23일");
    assert_eq!(ko.day_and_month(day).unwrap(), "11월 23일");
    for (first, last, english, korean) in [
        (day, day, "23 November 2026", "2026년 11월 23일"),
        (
            date(2026, 11, 1),
            date(2026, 11, 30),
            "1–30 November 2026",
            "2026년 11월 1일~30일",
        ),
        (
            date(2026, 10, 1),
            date(2026, 11, 30),
            "1 October – 30 November 2026",
            "2026년 10월 1일 ~ 11월 30일",
        ),
        (
            date(2026, 12, 1),
            date(2027, 1, 31),
            "1 December 2026 – 31 January 2027",
            "2026년 12월 1일 ~ 2027년 1월 31일",
        ),
    ] {
        assert_eq!(en.period(first, last).unwrap(), english);
        assert_eq!(ko.period(first, last).unwrap(), korean);
    }
}

#[test]
fn one_and_many() {
    let w = Words::of(Language::En).unwrap();
    let hours = |text: &str| {
        let number: rust_decimal::Decimal = text.parse().unwrap();
        w.say_with(
            "unit-hours",
            &[
                ("number", w.quantity(number).into()),
                ("count", number.into()),
            ],
        )
        .unwrap()
    };
    assert_eq!(hours("1.00"), "1 hour");
    assert_eq!(hours("1.5"), "1.5 hours");
    assert_eq!(hours("0"), "0 hours");
    assert_eq!(hours("12"), "12 hours");
}

#[test]
fn what_is_missing_is_an_error() {
    let w = Words::of(Language::En).unwrap();
    assert!(matches!(
        w.say("no-such-message"),
        Err(LocaleError::MissingMessage { .. })
    ));
    assert!(matches!(
        w.say("page-invoice"),
        Err(LocaleError::BadMessage { .. })
    ));
}
