//! The ladder of reminders over months, zones and changes of the clock.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::fault::Fault;
use remit_billing::follow_up::Timing;
use remit_billing::party::ZoneName;
use remit_billing::reminder::{Ladder, ReminderTimer, Schedule};
use remit_billing::terms::Due;
use serde_json::json;

use crate::house::of;

const NET: Due = Due::Net { days: 14 };

fn long_ago() -> Timestamp {
    of("2000-01-01T00:00:00Z")
}

/// Every step with its moment, from the start.
fn steps(
    ladder: &Ladder,
    issue_on: &str,
    due_on: &str,
    due: Due,
    zone: &str,
) -> Vec<(i16, String)> {
    let zone: ZoneName = of(zone);
    let schedule = Schedule {
        ladder,
        due_on: of(due_on),
        issue_on: of(issue_on),
        due,
        zone: zone.zone(),
        timing: Timing::default(),
    };
    all(&schedule)
        .into_iter()
        .map(|step| (step.offset_days, step.at.to_string()))
        .collect()
}

fn all(schedule: &Schedule<'_>) -> Vec<ReminderTimer> {
    let mut found = Vec::new();
    let mut last = None;
    while let Some(step) = schedule.next(last, long_ago()) {
        last = Some(step.offset_days);
        found.push(step);
    }
    found
}

fn ladder(days: &[i16]) -> Ladder {
    Ladder::new(days.to_vec()).unwrap()
}

#[test]
fn it_is_nine_in_the_morning_where_the_client_is() {
    for (zone, due_on, at) in [
        ("UTC", "2026-06-15", "2026-06-15T09:00:00Z"),
        ("Asia/Seoul", "2026-06-15", "2026-06-15T00:00:00Z"),
        ("America/Los_Angeles", "2026-06-15", "2026-06-15T16:00:00Z"),
        ("America/Los_Angeles", "2026-12-15", "2026-12-15T17:00:00Z"),
        ("Asia/Kathmandu", "2026-06-15", "2026-06-15T03:15:00Z"),
        // The day begins before and after everybody else's.
        ("Pacific/Kiritimati", "2026-06-15", "2026-06-14T19:00:00Z"),
        ("Pacific/Niue", "2026-06-15", "2026-06-15T20:00:00Z"),
        // The clock was changed that very night: forwards, and backwards.
        ("Europe/Berlin", "2026-03-29", "2026-03-29T07:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T08:00:00Z"),
        ("America/New_York", "2026-03-08", "2026-03-08T13:00:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-01T14:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T22:30:00Z"),
    ] {
        let found = steps(&ladder(&[0]), "2026-01-01", due_on, NET, zone);
        assert_eq!(found, [(0, at.to_owned())], "{zone} {due_on}");
    }
}

/// Apia had no 30 December 2011: the reminder of that day leaves when it would have been.
#[test]
fn a_day_that_never_was_does_not_lose_its_reminder() {
    let days = ladder(&[-1, 0, 1]);
    let found = steps(&days, "2011-12-01", "2011-12-30", NET, "Pacific/Apia");
    assert_eq!(
        found.iter().map(|step| step.0).collect::<Vec<_>>(),
        [-1, 0, 1]
    );
    assert_eq!(found[0].1, "2011-12-29T19:00:00Z");
    assert_eq!(found[2].1, "2011-12-30T19:00:00Z");
}

#[test]
fn steps_are_days_across_months_and_leap_days() {
    let days = ladder(&[-3, 0, 7, 14, 30]);
    for (due_on, expected) in [
        ("2026-01-31", ["01-28", "01-31", "02-07", "02-14", "03-02"]),
        ("2028-02-29", ["02-26", "02-29", "03-07", "03-14", "03-30"]),
        ("2027-02-28", ["02-25", "02-28", "03-07", "03-14", "03-30"]),
        ("2028-02-01", ["01-29", "02-01", "02-08", "02-15", "03-02"]),
        ("2026-12-31", ["12-28", "12-31", "01-07", "01-14", "01-30"]),
    ] {
        let found = steps(&days, "2025-01-01", due_on, NET, "UTC");
        let found: Vec<_> = found.iter().map(|(_, at)| &at[5..10]).collect();
        assert_eq!(found, expected, "due on {due_on}");
    }
}

#[test]
fn nobody_is_reminded_before_they_have_the_invoice() {
    let days = Ladder::default();
    // Due in two days: three days before would be yesterday.
    let found = steps(
        &days,
        "2026-03-17",
        "2026-03-19",
        Due::Net { days: 2 },
        "UTC",
    );
    assert_eq!(found[0].0, 0);
    // Three days: the day of the invoice itself.
    let found = steps(
        &days,
        "2026-03-17",
        "2026-03-20",
        Due::Net { days: 3 },
        "UTC",
    );
    assert_eq!(found[0].0, 0);
    let found = steps(
        &days,
        "2026-03-17",
        "2026-03-21",
        Due::Net { days: 4 },
        "UTC",
    );
    assert_eq!(found[0].0, -3);
    // Net 0 is due on the day of issue, as what is due on receipt.
    let found = steps(
        &days,
        "2026-03-17",
        "2026-03-17",
        Due::Net { days: 0 },
        "UTC",
    );
    assert_eq!(found[0].0, 7);
}

#[test]
fn what_is_due_on_receipt_reminds_after_its_day_only() {
    let due = Due::DueOnReceipt;
    let days = ladder(&[-60, -3, -1, 0, 1, 7]);
    let found = steps(&days, "2026-03-17", "2026-03-17", due, "UTC");
    let found: Vec<_> = found.into_iter().map(|(offset, _)| offset).collect();
    assert_eq!(found, [1, 7]);
    assert!(steps(&ladder(&[-3, 0]), "2026-03-17", "2026-03-17", due, "UTC").is_empty());
}

#[test]
fn an_empty_ladder_reminds_never() {
    assert!(steps(&ladder(&[]), "2026-03-17", "2026-03-31", NET, "UTC").is_empty());
}

#[test]
fn the_end_of_the_calendar_ends_the_ladder() {
    let days = ladder(&[-3, 0, 365]);
    let found = steps(&days, "9999-01-01", "9999-12-25", NET, "UTC");
    assert_eq!(found.len(), 2);
}

#[test]
fn a_step_is_due_at_its_very_moment_and_not_before() {
    let (days, zone) = (Ladder::default(), of::<ZoneName>("UTC"));
    let schedule = Schedule {
        ladder: &days,
        due_on: of("2026-03-31"),
        issue_on: of("2026-03-17"),
        due: NET,
        zone: zone.zone(),
        timing: Timing::default(),
    };
    let at: Timestamp = of("2026-03-28T09:00:00Z");
    let before = at - SignedDuration::from_nanos(1);
    assert_eq!(schedule.due_now(None, before), None);
    assert_eq!(schedule.due_now(None, at).unwrap().offset_days, -3);
    assert_eq!(schedule.next(None, at).unwrap().offset_days, -3);
    let after = at + SignedDuration::from_nanos(1);
    assert_eq!(schedule.next(None, after).unwrap().offset_days, 0);
}

#[test]
fn a_ladder_reads_back_in_order_and_refuses_what_it_cannot_hold() {
    let read = |value| serde_json::from_value::<Ladder>(value);
    assert_eq!(json!(read(json!([7, -3, 0])).unwrap()), json!([-3, 0, 7]));
    assert_eq!(json!(read(json!([])).unwrap()), json!([]));
    assert!(read(json!([-60, 365])).is_ok());
    for bad in [
        json!([1, 1]),
        json!([366]),
        json!([-61]),
        json!([40_000]),
        json!(["1"]),
        json!([1.5]),
        json!((0..13).collect::<Vec<_>>()),
        json!(null),
    ] {
        assert!(read(bad.clone()).is_err(), "{bad}");
    }
    assert_eq!(
        Ladder::new(vec![366]),
        Err(Fault::OutOfRange {
            min: (-60).into(),
            max: 365.into()
        })
    );
}

fn days(issue: i16, lasts: i16) -> (Date, Date) {
    let start: Date = of("2024-01-01");
    let day = |plus: i16| start.checked_add(jiff::Span::new().days(plus)).unwrap();
    (day(issue), day(issue + lasts))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// However often, and however late, a sweep comes: each step at most once, none before its
    /// moment, in order, and the last one always when the sweeps come long enough.
    #[test]
    fn sweeps_take_each_step_once_and_in_order(
        offsets in prop::collection::btree_set(-60..=365_i16, 0..12),
        (issue, lasts) in (0..1_500_i16, 0..90_i16),
        due in select(vec![NET, Due::DueOnReceipt]),
        zone in select(vec!["UTC", "Europe/Berlin", "Asia/Seoul", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]),
        pauses in prop::collection::vec(1..60_i64, 1..80),
    ) {
        let ladder = Ladder::new(offsets.into_iter().collect()).unwrap();
        let zone: ZoneName = of(zone);
        let (issue_on, due_on) = days(issue, lasts);
        let schedule = Schedule { ladder: &ladder, due_on, issue_on, due, zone: zone.zone(), timing: Timing::default() };
        let start = zone.zone().to_timestamp(issue_on.at(12, 0, 0, 0)).unwrap();
        let steps = all(&schedule);
        prop_assert!(steps.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].offset_days < pair[1].offset_days));
        let (mut now, mut last, mut taken) = (start, None, Vec::new());
        for pause in pauses {
            now += SignedDuration::from_hours(pause * 24) + SignedDuration::from_mins(pause);
            if let Some(step) = schedule.due_now(last, now) {
                prop_assert!(step.at <= now);
                prop_assert!(last.is_none_or(|last| step.offset_days > last));
                last = Some(step.offset_days);
                taken.push(step);
            }
            // One morning, one mail; and what is waited for is still to come.
            prop_assert_eq!(schedule.due_now(last, now), None);
            prop_assert!(schedule.next(last, now).is_none_or(|next| next.at >= now));
        }
        for step in &taken {
            prop_assert!(steps.contains(step));
            let day = zone.date_of(step.at);
            prop_assert!(day > issue_on);
        }
        if steps.last().is_some_and(|step| step.at <= now) {
            prop_assert_eq!(taken.last(), steps.last());
        }
    }
}
