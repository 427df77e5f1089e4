//! Numbers without gaps.

use jiff::civil::date;
use remit_billing::fault::Fault;
use remit_billing::numbering::{
    Counter, DocumentKind, DocumentNumber, MAX_SEQUENCE, NumberPattern, NumberRefusal, Series,
};

fn pattern(text: &str) -> NumberPattern {
    text.parse().unwrap()
}

#[test]
fn patterns() {
    let issue_on = date(2026, 3, 9);
    for (text, sequence, number, per_year) in [
        ("INV-{year}-{seq:5}", 1, "INV-2026-00001", true),
        ("INV-{year}-{seq:5}", 123_456, "INV-2026-123456", true),
        ("{seq}", 42, "42", false),
        ("{year}{month}/{seq:3}", 7, "202603/007", true),
        ("A.{seq:2}_b", 7, "A.07_b", false),
        ("{month}-{seq}", 7, "03-7", false),
    ] {
        let pattern = pattern(text);
        assert_eq!(pattern.format(sequence, issue_on).as_str(), number);
        assert_eq!(pattern.per_year(), per_year, "{text}");
        assert_eq!(pattern.to_string(), text);
        assert_eq!(DocumentNumber::parse(number).unwrap().as_str(), number);
    }
    assert_eq!(NumberPattern::parse(""), Err(Fault::Empty));
    for wrong in [
        "INV",
        "{year}",
        "{seq}{seq}",
        "{seq:0}",
        "{seq:13}",
        "{seq:05}",
        "{seq:}",
        "{seq",
        "seq}",
        "{SEQ}",
        "{day}{seq}",
        "INV {seq}",
        "INV#{seq}",
        "{{seq}}",
        "송장{seq}",
        "{seq}\n",
    ] {
        assert_eq!(
            NumberPattern::parse(wrong),
            Err(Fault::BadNumberPattern),
            "{wrong:?}"
        );
    }
    let longest = format!("{}{{seq}}", "A".repeat(28));
    assert!(NumberPattern::parse(&longest).is_ok());
    assert_eq!(
        NumberPattern::parse(&format!("A{longest}")),
        Err(Fault::NumberTooLong { max: 40 })
    );
}

#[test]
fn one_two_three_and_dates_never_run_back() {
    let pattern = pattern("INV-{year}-{seq:3}");
    let series = pattern.series(DocumentKind::Invoice, date(2026, 5, 1));
    assert_eq!(
        series,
        Series {
            kind: DocumentKind::Invoice,
            year: Some(2026)
        }
    );
    assert_eq!(series.to_string(), "invoice#2026");

    let mut counter = Counter::new(series);
    for (today, number, issue_on) in [
        (date(2026, 5, 1), "INV-2026-001", date(2026, 5, 1)),
        (date(2026, 5, 3), "INV-2026-002", date(2026, 5, 3)),
        // The account moved its zone to the west.
        (date(2026, 5, 2), "INV-2026-003", date(2026, 5, 3)),
        (date(2026, 5, 4), "INV-2026-004", date(2026, 5, 4)),
    ] {
        let taken = counter.take(&pattern, today).unwrap();
        assert_eq!((taken.number.as_str(), taken.issue_on), (number, issue_on));
        counter = taken.counter;
    }
    assert_eq!(counter.next, 5);
}

#[test]
fn a_year_has_its_own_series() {
    let with_year = pattern("{year}-{seq}");
    let counter = Counter::new(with_year.series(DocumentKind::Invoice, date(2026, 12, 31)));
    let wanted = Series {
        kind: DocumentKind::Invoice,
        year: Some(2027),
    };
    assert_eq!(
        counter.take(&with_year, date(2027, 1, 1)),
        Err(NumberRefusal::OtherSeries {
            given: counter.series,
            wanted
        })
    );
    assert!(matches!(
        counter.take(&pattern("{seq}"), date(2026, 12, 31)),
        Err(NumberRefusal::OtherSeries { .. })
    ));
    let taken = Counter::new(wanted)
        .take(&with_year, date(2027, 1, 1))
        .unwrap();
    assert_eq!(taken.number.as_str(), "2027-1");
}

#[test]
fn a_start_can_be_set_and_an_end_is_told() {
    let pattern = pattern("{seq}");
    let series = pattern.series(DocumentKind::CreditNote, date(2026, 1, 1));
    assert_eq!(series.to_string(), "credit_note");
    let counter = Counter::starting_at(series, 4711).unwrap();
    assert_eq!(
        counter
            .take(&pattern, date(2026, 1, 1))
            .unwrap()
            .number
            .as_str(),
        "4711"
    );
    assert_eq!(Counter::starting_at(series, 0), Err(Fault::NotPositive));
    assert!(Counter::starting_at(series, MAX_SEQUENCE + 1).is_err());

    let last = Counter::starting_at(series, MAX_SEQUENCE).unwrap();
    let after = last.take(&pattern, date(2026, 1, 1)).unwrap().counter;
    assert_eq!(
        after.take(&pattern, date(2026, 1, 1)),
        Err(NumberRefusal::Exhausted { series })
    );
}
