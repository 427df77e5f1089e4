use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey,
};
use jiff::civil::date;
use remit_billing::money::{Currency, Money};

use super::*;

/// Messages and the variables that each of them uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn source(tag: &str) -> String {
    fs::read_to_string(root().join(format!("locales/{tag}.ftl"))).unwrap()
}

fn catalogue(tag: &str) -> Messages {
    let source = source(tag);
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

/// The rows of one kind of what ICU writes: the language, what is given, what is written.
fn golden(kind: &str) -> Vec<(&'static Words, Vec<&'static str>, &'static str)> {
    let rows = include_str!("../../locales/cldr.tsv").lines();
    let rows: Vec<_> = rows
        .filter_map(|line| {
            let mut cells = line.split('\t');
            (cells.next() == Some(kind)).then(|| {
                let language = cells.next().unwrap().parse().unwrap();
                let mut given: Vec<&str> = cells.collect();
                let written = given.pop().unwrap();
                (Words::of(language).unwrap(), given, written)
            })
        })
        .collect();
    for language in Language::ALL {
        let seen = rows.iter().any(|(w, _, _)| w.language == *language);
        assert!(seen || kind == "period", "no {kind} in {language}");
    }
    rows
}

#[test]
fn money_is_written_as_cldr_does() {
    let mut currencies = BTreeSet::new();
    for (w, given, written) in golden("money") {
        // ICU has currencies of old, in which nothing can be billed.
        let Ok(currency) = Currency::parse(given[0]) else {
            continue;
        };
        currencies.insert(currency);
        let money = Money::parse(given[1], currency).unwrap();
        assert_eq!(w.money(&money), written, "{} {given:?}", w.tag());
    }
    assert!(currencies.len() > 150, "{}", currencies.len());
}

#[test]
fn numbers_and_percents_are_written_as_cldr_does() {
    for (w, given, written) in golden("number") {
        let number = given[0].parse().unwrap();
        assert_eq!(w.quantity(number), written, "{} {given:?}", w.tag());
    }
    for (w, given, written) in golden("percent") {
        let percent = given[0].parse().unwrap();
        assert_eq!(w.percent(percent), written, "{} {given:?}", w.tag());
    }
}

/// Where Remit does not write as CLDR does: the first of a month is an ordinal in French, and days
/// of one month stand close in English.
fn as_remit_writes(w: &Words, written: &str) -> String {
    const DASH: &str = "\u{2009}–\u{2009}";
    match w.language {
        Language::Fr => {
            let ordinal = |part: &str| match part.strip_prefix('1') {
                Some(rest) if rest.starts_with([' ', '–']) => format!("1er{rest}"),
                _ => part.to_owned(),
            };
            let parts = written.split_inclusive(['\u{2009}', '–']);
            parts.map(ordinal).collect()
        }
        Language::En => match written.split_once(DASH) {
            Some((day, rest)) if day.chars().all(|c| c.is_ascii_digit()) => {
                format!("{day}–{rest}")
            }
            _ => written.to_owned(),
        },
        _ => written.to_owned(),
    }
}

#[test]
fn dates_are_written_as_cldr_does() {
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    for (w, given, written) in golden("date") {
        assert_eq!(w.date(day(given[0])).unwrap(), as_remit_writes(w, written));
    }
    for (w, given, written) in golden("day_and_month") {
        let made = w.day_and_month(day(given[0])).unwrap();
        assert_eq!(made, as_remit_writes(w, written));
    }
    for (w, given, written) in golden("period") {
        let made = w.period(day(given[0]), day(given[1])).unwrap();
        assert_eq!(made, as_remit_writes(w, written));
    }
    let french = Words::of(Language::Fr).unwrap();
    assert_eq!(french.date(day("2026-03-01")).unwrap(), "1er mars 2026");
    assert_eq!(french.date(day("2026-03-11")).unwrap(), "11 mars 2026");
}

/// Selects of a catalogue: which message, on what, and the keys other than numbers and the default.
fn selects(tag: &str) -> Vec<(String, String, Vec<String>)> {
    let source = source(tag);
    let resource = fluent_syntax::parser::parse(source.as_str()).unwrap();
    let mut found = Vec::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        for element in &message.value.as_ref().unwrap().elements {
            let PatternElement::Placeable {
                expression: Expression::Select { selector, variants },
            } = element
            else {
                continue;
            };
            let InlineExpression::VariableReference { id } = selector else {
                panic!("{tag}: {} selects on {selector:?}", message.id.name);
            };
            let named = variants.iter().filter(|variant| !variant.default);
            let keys = named.filter_map(|variant| match variant.key {
                VariantKey::Identifier { name } => Some(name.to_owned()),
                VariantKey::NumberLiteral { .. } => None,
            });
            found.push((
                message.id.name.to_owned(),
                id.name.to_owned(),
                keys.collect(),
            ));
        }
    }
    found
}

/// One and many are told apart by the language's own categories, and by no other word.
#[test]
fn plurals_are_those_of_cldr() {
    for (w, _, categories) in golden("plurals") {
        let categories: Vec<&str> = categories.split(' ').collect();
        for (message, variable, keys) in selects(w.tag()) {
            for key in &keys {
                let known = categories.contains(&key.as_str());
                assert!(known, "{}: {message} has [{key}]", w.tag());
            }
            // Days and lines of an invoice are never a million.
            let countless = variable == "count" && categories.contains(&"many");
            let many = keys.iter().any(|key| key == "many");
            let same = message == "mail-more-lines" || message == "statement-more";
            assert!(!countless || many || same, "{}: {message}", w.tag());
        }
    }
}

/// Fluent chooses as ICU does.
#[test]
fn plurals_are_chosen_as_cldr_does() {
    let forms = "of = { $count ->\n    [zero] zero\n    [one] one\n    [two] two\n    [few] few\n    [many] many\n   *[other] other\n  }\n";
    for (w, given, category) in golden("plural") {
        let chosen = read(w.language, w.tag, forms).unwrap();
        let number: rust_decimal::Decimal = given[0].parse().unwrap();
        let chosen = chosen
            .say_with("of", &[("count", chosen.count(number))])
            .unwrap();
        assert_eq!(chosen, category, "{} {given:?}", w.tag());
    }
}

/// Words that a language shares with English.
const SHARED_WORDS: [(&str, &[&str]); 5] = [
    ("ko", &[]),
    (
        "de",
        &[
            "method-online",
            "offer-code",
            "offer-version",
            "sample-contact",
            "sample-subject",
            "transfer-bank",
        ],
    ),
    (
        "fr",
        &[
            "interac-message",
            "offer-code",
            "offer-signatures",
            "offer-version",
            "portal-pages",
        ],
    ),
    (
        "es",
        &["method-cheque", "section-subtotal", "total", "total-lines"],
    ),
    ("ja", &[]),
];

/// Names, and symbols of units.
const NAMES: [&str; 15] = [
    "certificate-hash",
    "duration",
    "duration-hours",
    "duration-minutes",
    "interac-title",
    "method-paypal",
    "method-toss",
    "transfer-bic",
    "transfer-iban",
    "unit-kilograms",
    "unit-kilometres",
    "unit-litres",
    "unit-metres",
    "unit-miles",
    "unit-square-metres",
];

/// Nothing was left in English: a message with words that says the same is one of those that may.
#[test]
fn nothing_is_left_in_english() {
    let english = texts("en");
    for language in Language::ALL.iter().filter(|of| **of != Language::En) {
        let tag = language.tag();
        let allowed = SHARED_WORDS.iter().find(|(of, _)| *of == tag).unwrap().1;
        let same: BTreeSet<&str> = texts(tag)
            .iter()
            .filter(|(key, text)| has_words(text) && english[*key] == **text)
            .filter(|(key, _)| !NAMES.contains(&key.as_str()))
            .map(|(key, _)| english.get_key_value(key).unwrap().0.as_str())
            .collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        assert_eq!(same, allowed, "{tag}");
    }
}

/// Messages as they stand in the file.
fn texts(tag: &str) -> BTreeMap<String, String> {
    let source = source(tag);
    let resource = fluent_syntax::parser::parse(source.as_str()).unwrap();
    let mut found = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let key = message.id.name.to_owned();
            let text = format!("{:?}", message.value.unwrap().elements);
            found.insert(key, text.replace("\\u{2009}", " "));
        }
    }
    found
}

/// Whether a text says anything beside its variables and marks.
fn has_words(text: &str) -> bool {
    text.split("TextElement { value: \"").skip(1).any(|part| {
        let words = part.split('"').next().unwrap_or_default();
        words.chars().any(char::is_alphabetic)
    })
}

/// French sets marks of two parts off by a space that does not break, and quotes by one as well.
#[test]
fn french_marks_never_begin_a_line() {
    let text = source("fr");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        for broken in [" :", " ;", " !", " ?", " »", "« ", "'"] {
            assert!(!line.contains(broken), "{broken:?} in {line}");
        }
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
    let ja = Words::of(Language::Ja).unwrap();
    let day = date(2026, 11, 23);
    assert_eq!(en.date(day).unwrap(), "23 November 2026");
    assert_eq!(ko.date(day).unwrap(), "2026년 11월 23일");
    assert_eq!(ko.day_and_month(day).unwrap(), "11월 23일");
    for (first, last, english, korean, japanese) in [
        (
            day,
            day,
            "23 November 2026",
            "2026년 11월 23일",
            "2026年11月23日",
        ),
        (
            date(2026, 11, 1),
            date(2026, 11, 30),
            "1–30 November 2026",
            "2026년 11월 1일~30일",
            "2026年11月1日～30日",
        ),
        (
            date(2026, 10, 1),
            date(2026, 11, 30),
            "1 October\u{2009}–\u{2009}30 November 2026",
            "2026년 10월 1일~11월 30일",
            "2026年10月1日～11月30日",
        ),
        (
            date(2026, 12, 1),
            date(2027, 1, 31),
            "1 December 2026\u{2009}–\u{2009}31 January 2027",
            "2026년 12월 1일~2027년 1월 31일",
            "2026年12月1日～2027年1月31日",
        ),
    ] {
        assert_eq!(en.period(first, last).unwrap(), english);
        assert_eq!(ko.period(first, last).unwrap(), korean);
        assert_eq!(ja.period(first, last).unwrap(), japanese);
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
                ("count", w.count(number)),
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
