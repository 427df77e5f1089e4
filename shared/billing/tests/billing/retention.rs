//! How long things are kept.

use jiff::Timestamp;
use remit_billing::client::Client;
use remit_billing::retention::{Retention, RetentionRun};

use crate::house::{agency, customer};

fn keeps(contacts_years: Option<u8>) -> Retention {
    Retention {
        documents_years: 6,
        contacts_years,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_document_is_kept_to_the_end_of_a_year() {
    let kept = |day: &str| keeps(None).kept_until(day.parse().unwrap()).to_string();
    assert_eq!(kept("2026-01-01"), "2032-12-31");
    assert_eq!(kept("2026-12-31"), "2032-12-31");
    assert_eq!(kept("9999-12-31"), "9999-12-31");
}

#[test]
fn contacts_have_their_years_from_the_day_that_the_client_was_archived_on() {
    let agency = agency();
    let archived = |text: &str| Client {
        archived_at: Some(at(text)),
        ..customer()
    };
    let is_over = |years, of: &Client, now: &str| keeps(years).is_over(of, &agency, at(now));
    // In Berlin it is the 18th by then.
    let client = archived("2026-03-17T23:30:00Z");
    assert!(!is_over(Some(2), &client, "2028-03-17T22:59:00Z"));
    assert!(is_over(Some(2), &client, "2028-03-17T23:00:00Z"));
    assert!(!is_over(Some(3), &client, "2028-03-17T23:00:00Z"));
    assert!(!is_over(None, &client, "2099-01-01T00:00:00Z"));
    assert!(!is_over(Some(1), &customer(), "2099-01-01T00:00:00Z"));
    let leap = archived("2028-02-29T12:00:00Z");
    assert!(!is_over(Some(1), &leap, "2029-02-27T12:00:00Z"));
    assert!(is_over(Some(1), &leap, "2029-02-28T12:00:00Z"));
}

#[test]
fn clients_are_looked_through_page_by_page_and_then_a_day_later() {
    let now = at("2026-03-17T09:00:00Z");
    let begun = RetentionRun::begun(agency().id, now);
    let further = begun.went_on(Some("a".to_owned()), keeps(Some(2)), now);
    assert_eq!(
        (further.due_at, further.after.as_deref()),
        (Some(now), Some("a"))
    );
    let tomorrow = at("2026-03-18T09:00:00Z");
    let ended = further.went_on(None, keeps(Some(2)), now);
    assert_eq!((ended.due_at, ended.after), (Some(tomorrow), None));
    // The agency thought otherwise meanwhile.
    for next in [None, Some("a".to_owned())] {
        assert_eq!(begun.went_on(next, keeps(None), now).due_at, None);
    }
}
