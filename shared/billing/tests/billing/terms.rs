//! When documents are due.

use jiff::civil::{Date, date};
use remit_billing::fault::Fault;
use remit_billing::terms::{Due, EarlyPayment, PaymentTerms};
use serde_json::json;

#[test]
fn due_dates() {
    for (due, issue_on, due_on) in [
        (Due::DueOnReceipt, date(2026, 1, 31), date(2026, 1, 31)),
        (Due::Net { days: 0 }, date(2026, 1, 31), date(2026, 1, 31)),
        (Due::Net { days: 30 }, date(2026, 1, 31), date(2026, 3, 2)),
        (Due::Net { days: 30 }, date(2028, 1, 31), date(2028, 3, 1)),
        (Due::Net { days: 14 }, date(2026, 12, 20), date(2027, 1, 3)),
        (
            Due::EomPlus { days: 0 },
            date(2028, 2, 1),
            date(2028, 2, 29),
        ),
        (
            Due::EomPlus { days: 10 },
            date(2026, 2, 28),
            date(2026, 3, 10),
        ),
        (
            Due::EomPlus { days: 30 },
            date(2026, 1, 15),
            date(2026, 3, 2),
        ),
        (
            Due::NetEom { days: 30 },
            date(2026, 1, 1),
            date(2026, 1, 31),
        ),
        (
            Due::NetEom { days: 30 },
            date(2026, 1, 2),
            date(2026, 2, 28),
        ),
        (
            Due::NetEom { days: 0 },
            date(2026, 4, 30),
            date(2026, 4, 30),
        ),
        (
            Due::On {
                date: date(2026, 5, 1),
            },
            date(2026, 5, 1),
            date(2026, 5, 1),
        ),
    ] {
        assert_eq!(due.due_on(issue_on), Ok(due_on), "{due:?} from {issue_on}");
    }
}

#[test]
fn a_date_before_the_issue_is_refused() {
    let due = Due::On {
        date: date(2026, 5, 1),
    };
    let earliest = date(2026, 5, 2);
    assert_eq!(due.due_on(earliest), Err(Fault::TooEarly { earliest }));
    assert_eq!(
        Due::Net { days: 730 }.due_on(Date::MAX),
        Err(Fault::BadDate)
    );
}

#[test]
fn terms_read_back_what_they_write() {
    for terms in [
        json!({"kind": "due_on_receipt"}),
        json!({"kind": "net", "days": 30}),
        json!({"kind": "net", "days": 30, "early_payment": {"percent": "2", "days": 10}}),
        json!({"kind": "eom_plus", "days": 10}),
        json!({"kind": "net_eom", "days": 60}),
        json!({"kind": "on", "date": "2026-01-31"}),
    ] {
        let read: PaymentTerms = serde_json::from_value(terms.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), terms);
    }
    let later = json!({"kind": "net", "days": 30, "of_a_later_version": true});
    let read: PaymentTerms = serde_json::from_value(later).unwrap();
    assert_eq!(read, PaymentTerms::of(Due::Net { days: 30 }));
    for wrong in [
        json!({}),
        json!({"kind": "net"}),
        json!({"kind": "net", "days": -1}),
        json!({"kind": "net", "days": 731}),
        json!({"kind": "net", "days": 30, "date": "2026-01-31"}),
        json!({"kind": "due_on_receipt", "days": 0}),
        json!({"kind": "on"}),
        json!({"kind": "on", "date": "2026-02-30"}),
        json!({"kind": "soon"}),
        json!({"kind": "net", "days": 30, "early_payment": {"percent": "0", "days": 10}}),
        json!({"kind": "net", "days": 30, "early_payment": {"percent": "2", "days": 0}}),
    ] {
        assert!(
            serde_json::from_value::<PaymentTerms>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn faults_name_their_field() {
    assert_eq!(
        Due::from_parts("net", None, None),
        Err(("days", Fault::Required))
    );
    assert_eq!(
        Due::from_parts("on", None, None),
        Err(("date", Fault::Required))
    );
    assert_eq!(
        Due::from_parts("on", Some(3), Some(date(2026, 1, 1))),
        Err(("days", Fault::UnknownField))
    );
    let early = EarlyPayment::new("2".parse().unwrap(), 10).unwrap();
    assert_eq!(early.until(date(2026, 1, 31)), Ok(date(2026, 2, 10)));
}
