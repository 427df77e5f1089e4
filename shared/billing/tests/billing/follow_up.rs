//! Follow-ups: quiet hours, business days, promises, pauses, the hand-over, and why a step was not taken.

use std::collections::BTreeSet;

use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::business_days::is_business_day;
use remit_billing::client::Client;
use remit_billing::delivery::{About, CancelReason, Delivery, DeliveryKind};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::follow_up::{
    BouncedAddress, BusinessDays, FollowUpRefusal, Pause, PromiseRefusal, PromisedBy, SendWindow,
    Timing,
};
use remit_billing::party::{CountryCode, ZoneName};
use remit_billing::reminder::{Ladder, Schedule, Step, StepDoes, Tone};
use remit_billing::standing::{Look, RowDoes, RowState, SkipReason, Standing};
use remit_billing::terms::Due;
use serde_json::json;

use crate::house::{agency, customer, id, of, open_invoice};

fn step(day: i16, tone: Tone) -> Step {
    Step {
        offset_days: day,
        does: StepDoes::Remind(Some(tone)),
    }
}

fn hand_over(day: i16) -> Step {
    Step {
        offset_days: day,
        does: StepDoes::HandOver(Some(id(77))),
    }
}

fn by() -> ActorId {
    ActorId::Member(id(7))
}

/// A delivery that the standing's look asks for.
fn made(standing: &Standing, kind: DeliveryKind, now: Timestamp) -> Delivery {
    let about = About::Invoice {
        invoice_id: standing.invoice_id,
        kind,
    };
    let number = u128::try_from(now.as_second()).unwrap();
    Delivery::requested(
        id(number),
        standing.account_id,
        standing.client_id,
        about,
        now,
    )
}

/// An invoice of 100.00 EUR that is due on 31 March in Berlin, and everything that becomes of it.
struct Case {
    agency: Account,
    client: Client,
    standing: Standing,
    mails: Vec<Delivery>,
}

impl Case {
    fn new(ladder: Vec<Step>) -> Self {
        let mut agency = agency();
        agency.reminder_ladder = Ladder::of(ladder).unwrap();
        let (_, mut standing) = open_invoice();
        standing = standing.step_taken(None, &agency, of("2026-03-17T12:00:00Z"));
        Self {
            agency,
            client: customer(),
            standing,
            mails: Vec::new(),
        }
    }

    fn plain(days: &[i16]) -> Self {
        Self::new(days.iter().copied().map(Step::plain).collect())
    }

    /// Looks at an instant, as the sweep does; what leaves.
    fn look(&mut self, at: &str) -> Option<DeliveryKind> {
        let now: Timestamp = of(at);
        match self.standing.look(&self.agency, &self.client, now) {
            Look::NotDue => None,
            Look::Moved(standing) => {
                self.standing = *standing;
                None
            }
            Look::Takes { standing, kind } => {
                self.standing = *standing;
                self.mails.push(made(&self.standing, kind, now));
                Some(kind)
            }
        }
    }

    /// Looks every hour until a day; the instants at which something left.
    fn until(&mut self, from: &str, to: &str) -> Vec<(String, DeliveryKind)> {
        let (mut now, end): (Timestamp, Timestamp) = (of(from), of(to));
        let mut left = Vec::new();
        while now < end {
            let at = now.to_string();
            if let Some(kind) = self.look(&at) {
                left.push((at, kind));
            }
            now += SignedDuration::from_hours(1);
        }
        left
    }

    fn next(&self) -> Option<String> {
        self.standing.reminders.next.map(|next| next.at.to_string())
    }

    /// Day and reason of each step that was left out.
    fn skipped(&self, now: &str) -> Vec<(i16, SkipReason)> {
        let rows = self
            .standing
            .follow_up_rows(&self.agency, &self.client, &self.mails, of(now));
        let skipped = rows.iter().filter_map(|row| match row.state {
            RowState::Skipped(why) => Some((row.offset_days, why)),
            RowState::Delivered(_) | RowState::Ahead => None,
        });
        skipped.collect()
    }
}

fn reminder(offset_days: i16, tone: Option<Tone>) -> DeliveryKind {
    DeliveryKind::Reminder {
        offset_days,
        cycle: 1,
        tone,
        promised_on: None,
    }
}

#[test]
fn tones_only_rise_and_the_hand_over_is_the_end() {
    let fault = |steps: Vec<Step>| Ladder::of(steps).unwrap_err();
    let pointed = |pointer: &str, fault| PointedFault::new(pointer, fault);
    assert_eq!(
        fault(vec![step(14, Tone::Neutral), step(7, Tone::Firm)]),
        pointed("/0/tone", Fault::ToneFalls)
    );
    assert_eq!(
        fault(vec![step(0, Tone::Firm)]),
        pointed("/0/tone", Fault::ToneTooEarly)
    );
    assert_eq!(
        fault(vec![hand_over(10), Step::plain(20)]),
        pointed("/0/hand_over", Fault::HandOverNotLast)
    );
    assert_eq!(
        fault(vec![hand_over(0)]),
        pointed("/0/day", Fault::NotPositive)
    );
    // What says nothing does not fall behind what does.
    let ladder = Ladder::of(vec![step(3, Tone::Firm), Step::plain(7), hand_over(30)]).unwrap();
    assert_eq!(ladder.step(7).unwrap().tone(), Some(Tone::Firm));
    assert_eq!(ladder.step(30).unwrap().tone(), None);
    let rising: Vec<_> = Ladder::default().steps().iter().map(Step::tone).collect();
    let [friendly, neutral, firm] = [Tone::Friendly, Tone::Neutral, Tone::Firm].map(Some);
    assert_eq!(rising, [friendly, friendly, friendly, neutral, firm]);
}

#[test]
fn a_ladder_reads_both_forms_and_writes_the_shorter() {
    let written = json!([-3, {"day": 7, "tone": "neutral"}, 14, {"day": 30, "hand_over": true}]);
    let ladder: Ladder = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(
        json!(ladder),
        json!([-3, {"day": 7, "tone": "neutral"}, 14, {"day": 30, "hand_over": true}])
    );
    for bad in [
        json!([{"tone": "firm"}]),
        json!([{"day": 7, "tone": "angry"}]),
        json!([{"day": 7, "tone": "firm", "hand_over": true}]),
        json!([{"day": 7, "hand_over": true}, 9]),
    ] {
        assert!(
            serde_json::from_value::<Ladder>(bad.clone()).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn each_step_says_its_tone_and_the_last_one_hands_over() {
    let mut case = Case::new(vec![
        Step::plain(-3),
        step(7, Tone::Firm),
        step(14, Tone::Final),
        hand_over(30),
    ]);
    let left = case.until("2026-03-17T12:00:00Z", "2026-06-01T00:00:00Z");
    let kinds: Vec<_> = left.iter().map(|(_, kind)| *kind).collect();
    assert_eq!(
        kinds,
        [
            reminder(-3, None),
            reminder(7, Some(Tone::Firm)),
            reminder(14, Some(Tone::Final)),
            DeliveryKind::HandOver {
                offset_days: 30,
                cycle: 1,
                member_id: Some(id(77)),
            },
        ]
    );
    assert_eq!(case.next(), None);
    assert_eq!(case.skipped("2026-06-01T00:00:00Z"), []);
}

#[test]
fn a_promise_waits_until_its_day_is_over_and_then_asks() {
    let mut case = Case::plain(&[0, 7, 14, 30]);
    case.until("2026-03-31T06:00:00Z", "2026-04-05T00:00:00Z");
    let now: Timestamp = of("2026-04-05T10:00:00Z");
    let promised = |case: &Case, on: &str, now| {
        case.standing
            .clone()
            .promised(of(on), PromisedBy::Client, &case.agency, now)
    };
    // Today, and more than a month ahead, cannot be promised.
    let refusal = PromiseRefusal::NotThen {
        earliest: of("2026-04-06"),
        latest: of("2026-05-05"),
    };
    for day in ["2026-04-05", "2026-04-01", "2026-05-06"] {
        assert_eq!(promised(&case, day, now), Err(refusal), "{day}");
    }
    case.standing = promised(&case, "2026-04-16", now).unwrap().unwrap();
    // The same word again is no other one.
    assert_eq!(promised(&case, "2026-04-16", now), Ok(None));
    assert_eq!(case.next().unwrap(), "2026-04-17T07:00:00Z");
    let left = case.until("2026-04-05T11:00:00Z", "2026-05-10T00:00:00Z");
    let asks = DeliveryKind::Reminder {
        offset_days: 17,
        cycle: 1,
        tone: Some(Tone::Neutral),
        promised_on: Some(of("2026-04-16")),
    };
    assert_eq!(
        left,
        [
            ("2026-04-17T07:00:00Z".to_owned(), asks),
            ("2026-04-30T07:00:00Z".to_owned(), reminder(30, None)),
        ]
    );
    assert_eq!(
        case.skipped("2026-05-10T00:00:00Z"),
        [(7, SkipReason::Promised), (14, SkipReason::Promised)]
    );
    // What was asked about is not asked about twice, and the ladder's end is its end.
    assert_eq!(case.next(), None);
}

#[test]
fn what_is_promised_before_it_is_due_only_waits() {
    let mut case = Case::plain(&[-3, 7]);
    let now: Timestamp = of("2026-03-20T10:00:00Z");
    let by = PromisedBy::Client;
    let after = case
        .standing
        .clone()
        .promised(of("2026-03-29"), by, &case.agency, now);
    case.standing = after.unwrap().unwrap();
    let left = case.until("2026-03-20T11:00:00Z", "2026-05-01T00:00:00Z");
    // The step before the due day is taken up as the promise ends: it is not late.
    assert_eq!(
        left,
        [
            ("2026-03-30T07:00:00Z".to_owned(), reminder(-3, None)),
            ("2026-04-07T07:00:00Z".to_owned(), reminder(7, None)),
        ]
    );
}

#[test]
fn a_client_changes_its_word_three_times_at_most() {
    let mut case = Case::plain(&[7]);
    let now: Timestamp = of("2026-04-02T10:00:00Z");
    for day in ["2026-04-10", "2026-04-12", "2026-04-14"] {
        let after = case
            .standing
            .clone()
            .promised(of(day), PromisedBy::Client, &case.agency, now);
        case.standing = after.unwrap().unwrap();
    }
    assert!(!case.standing.may_promise(PromisedBy::Client));
    let once_more = |by| {
        case.standing
            .clone()
            .promised(of("2026-04-15"), by, &case.agency, now)
    };
    assert_eq!(
        once_more(PromisedBy::Client),
        Err(PromiseRefusal::TooMany { max: 3 })
    );
    assert!(once_more(PromisedBy::Member(by())).unwrap().is_some());
    let replaced: Vec<_> = case.standing.follow_ups.promises.iter().collect();
    let replaced: Vec<_> = replaced.iter().map(|of| of.replaced_at.is_some()).collect();
    assert_eq!(replaced, [true, true, false]);
}

#[test]
fn a_pause_leaves_behind_what_its_end_takes_up_once() {
    let mut case = Case::plain(&[0, 7, 14, 30]);
    let now: Timestamp = of("2026-03-30T10:00:00Z");
    let paused = |case: &Case, until: Option<&str>, now| {
        let until = until.map(of);
        case.standing
            .clone()
            .follow_ups_paused(until, by(), &case.agency, now)
    };
    assert!(matches!(
        paused(&case, Some("2026-03-30"), now),
        Err(FollowUpRefusal::NotThen { .. })
    ));
    case.standing = paused(&case, Some("2026-04-16"), now).unwrap().unwrap();
    assert_eq!(paused(&case, Some("2026-04-16"), now), Ok(None));
    assert_eq!(case.next().unwrap(), "2026-04-16T07:00:00Z");
    let wrong = |case: &Case, at: &str| {
        let reminder = reminder(0, None);
        case.standing.step_is_wrong(&case.client, &reminder, of(at))
    };
    assert_eq!(
        wrong(&case, "2026-04-01T10:00:00Z"),
        Some(CancelReason::Paused)
    );
    let left = case.until("2026-03-30T11:00:00Z", "2026-04-20T00:00:00Z");
    assert_eq!(
        left,
        [("2026-04-16T07:00:00Z".to_owned(), reminder(14, None))]
    );
    assert_eq!(
        case.skipped("2026-04-20T00:00:00Z"),
        [(0, SkipReason::Paused), (7, SkipReason::Paused)]
    );
    // Without an end, until somebody resumes it: at night, in the morning.
    let now: Timestamp = of("2026-04-20T10:00:00Z");
    case.standing = paused(&case, None, now).unwrap().unwrap();
    assert_eq!(case.next(), None);
    let now: Timestamp = of("2026-05-05T01:00:00Z");
    let resumed = case.standing.clone().follow_ups_resumed(&case.agency, now);
    case.standing = resumed.unwrap();
    assert_eq!(case.next().unwrap(), "2026-05-05T07:00:00Z");
    assert_eq!(
        case.standing.clone().follow_ups_resumed(&case.agency, now),
        None
    );
    let left = case.until("2026-05-05T02:00:00Z", "2026-06-20T00:00:00Z");
    assert_eq!(
        left,
        [("2026-05-05T07:00:00Z".to_owned(), reminder(30, None))]
    );
}

#[test]
fn a_paused_client_is_left_alone_until_it_is_resumed() {
    let mut case = Case::plain(&[0, 7]);
    case.client.follow_ups.pause = Some(Pause {
        since: of("2026-03-20T10:00:00Z"),
        by: by(),
        until: None,
        resumed_at: None,
    });
    let left = case.until("2026-03-31T06:00:00Z", "2026-04-20T00:00:00Z");
    assert_eq!(left, []);
    assert_eq!(
        case.skipped("2026-04-20T00:00:00Z"),
        [(7, SkipReason::Paused)],
        "the step that waits is not left out"
    );
    // A mail that was held up when the pause began does not leave either.
    let held_up = |case: &Case| {
        let (reminder, now) = (reminder(0, None), of("2026-04-01T10:00:00Z"));
        case.standing.step_is_wrong(&case.client, &reminder, now)
    };
    assert_eq!(held_up(&case), Some(CancelReason::Paused));
    case.client.follow_ups.pause = None;
    assert_ne!(held_up(&case), Some(CancelReason::Paused));
    let left = case.until("2026-04-20T00:00:00Z", "2026-05-20T00:00:00Z");
    let kinds: Vec<_> = left.iter().map(|(_, kind)| *kind).collect();
    assert_eq!(kinds, [reminder(7, None)]);
}

#[test]
fn mail_that_came_back_stops_the_ladder_but_not_the_hand_over() {
    let mut case = Case::new(vec![Step::plain(7), hand_over(14)]);
    case.client.follow_ups.bounced = vec![BouncedAddress {
        email: of("jo@acme.example"),
        at: of("2026-03-17T12:00:01Z"),
    }];
    let left = case.until("2026-04-01T06:00:00Z", "2026-05-01T00:00:00Z");
    let kinds: Vec<_> = left.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(kinds, ["hand_over"]);
    assert_eq!(
        case.skipped("2026-05-01T00:00:00Z"),
        [(7, SkipReason::Bounced)]
    );
}

#[test]
fn an_invoice_has_a_ladder_of_its_own_before_its_clients_and_the_agencys() {
    let mut case = Case::plain(&[3]);
    let now: Timestamp = of("2026-03-31T10:00:00Z");
    case.client.follow_ups.ladder = Some(Ladder::new(vec![5]).unwrap());
    // The client's is found at the next look.
    assert_eq!(case.look("2026-04-03T07:00:00Z"), None);
    assert_eq!(case.next().unwrap(), "2026-04-05T07:00:00Z");
    let own = Ladder::new(vec![9, 12]).unwrap();
    let with = |case: &Case, own: Option<&Ladder>| {
        case.standing
            .clone()
            .with_ladder(own.cloned(), &case.agency, now)
    };
    case.standing = with(&case, Some(&own)).unwrap().unwrap();
    assert_eq!(with(&case, Some(&own)), Ok(None));
    assert_eq!(case.next().unwrap(), "2026-04-09T07:00:00Z");
    case.standing = with(&case, None).unwrap().unwrap();
    assert_eq!(case.next().unwrap(), "2026-04-05T07:00:00Z");
}

#[test]
fn rows_say_what_was_sent_what_was_not_and_what_comes() {
    let mut case = Case::new(vec![Step::plain(0), Step::plain(7), hand_over(30)]);
    case.until("2026-03-31T06:00:00Z", "2026-04-01T00:00:00Z");
    let now: Timestamp = of("2026-04-01T10:00:00Z");
    let promised =
        case.standing
            .clone()
            .promised(of("2026-04-09"), PromisedBy::Client, &case.agency, now);
    case.standing = promised.unwrap().unwrap();
    let rows = case
        .standing
        .follow_up_rows(&case.agency, &case.client, &case.mails, now);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            let state = match row.state {
                RowState::Delivered(_) => "sent".to_owned(),
                RowState::Skipped(why) => format!("{why:?}"),
                RowState::Ahead => "ahead".to_owned(),
            };
            (row.at.to_string()[..10].to_owned(), row.does, state)
        })
        .collect();
    let friendly = RowDoes::Remind(Tone::Friendly);
    let promised_on = of("2026-04-09");
    assert_eq!(
        shown,
        [
            ("2026-03-31".to_owned(), friendly, "sent".to_owned()),
            ("2026-04-07".to_owned(), friendly, "Promised".to_owned()),
            (
                "2026-04-10".to_owned(),
                RowDoes::AskAboutPromise { promised_on },
                "ahead".to_owned()
            ),
            (
                "2026-04-30".to_owned(),
                RowDoes::HandOver(Some(id(77))),
                "ahead".to_owned()
            ),
        ]
    );
}

#[test]
fn what_is_late_waits_for_the_morning_and_the_working_day() {
    let mut case = Case::plain(&[0, 7]);
    case.agency.follow_ups.business_days_only = true;
    case.agency.follow_ups.holidays_of = Some(of("DE"));
    case.agency.follow_ups.send_at =
        Some(SendWindow::new(time(10, 0, 0, 0), Some(time(16, 0, 0, 0))).unwrap());
    // The sweep was down on the day, and comes in the evening before Good Friday.
    assert_eq!(case.look("2026-04-02T18:00:00Z"), None);
    assert_eq!(case.next().unwrap(), "2026-04-07T08:00:00Z");
    // By then the second step has come: one mail, not two.
    assert_eq!(case.look("2026-04-07T08:00:00Z"), Some(reminder(7, None)));
    assert_eq!(case.next(), None);
    assert_eq!(
        case.skipped("2026-04-08T00:00:00Z"),
        [(0, SkipReason::Missed)]
    );
}

#[test]
fn the_year_ends_twice_in_the_pacific() {
    for (zone, due_on, at) in [
        ("Pacific/Kiritimati", "2026-12-31", "2026-12-30T19:00:00Z"),
        ("Pacific/Kiritimati", "2027-01-01", "2026-12-31T19:00:00Z"),
        ("Pacific/Pago_Pago", "2026-12-31", "2026-12-31T20:00:00Z"),
        ("Pacific/Pago_Pago", "2027-01-01", "2027-01-01T20:00:00Z"),
    ] {
        let ladder = Ladder::new(vec![0]).unwrap();
        let zone: ZoneName = of(zone);
        let schedule = Schedule {
            ladder: &ladder,
            due_on: of(due_on),
            issue_on: of("2026-11-30"),
            due: Due::Net { days: 30 },
            zone: zone.zone(),
            timing: Timing::default(),
        };
        let next = schedule.next(None, of("2026-11-30T00:00:00Z")).unwrap();
        assert_eq!(next.at.to_string(), at, "{} {due_on}", zone.as_str());
        assert_eq!(zone.date_of(next.at), of::<Date>(due_on));
    }
}

const ZONES: [&str; 6] = [
    "America/New_York",
    "Australia/Sydney",
    "Europe/Paris",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the ladder, the window and the calendar: steps ascend, no two share a moment, none lies in
    /// quiet hours, at a weekend, on a holiday or on a day off, and none passes the one that follows it.
    #[test]
    fn no_step_is_in_quiet_hours_or_off_the_working_days(
        offsets in prop::collection::btree_set(-60..=365_i16, 0..12),
        (issue, lasts) in (0..1_200_i16, 0..90_i16),
        zone in select(&ZONES[..]),
        country in select(vec![None, Some("US"), Some("AU"), Some("FR"), Some("KR"), Some("SA"), Some("IN")]),
        (from, hours) in (0..22_i8, 2..24_i8),
        off in prop::collection::btree_set(0..1_600_i16, 0..60),
    ) {
        let start: Date = of("2025-01-01");
        let day = |plus: i16| start.checked_add(jiff::Span::new().days(plus)).unwrap();
        let ladder = Ladder::new(offsets.into_iter().collect()).unwrap();
        let zone: ZoneName = of(zone);
        let country: Option<CountryCode> = country.map(of);
        let days_off: BTreeSet<Date> = off.into_iter().map(day).collect();
        let until = (from + hours < 24).then(|| time(from + hours, 0, 0, 0));
        let window = SendWindow::new(time(from, 0, 0, 0), until).unwrap();
        let days = BusinessDays { country: country.as_ref(), days_off: &days_off };
        let timing = Timing { window, days: Some(days) };
        let schedule = Schedule {
            ladder: &ladder,
            due_on: day(issue + lasts),
            issue_on: day(issue),
            due: Due::Net { days: 14 },
            zone: zone.zone(),
            timing,
        };
        let placed = schedule.placed();
        let kept: Vec<_> = placed.iter().filter(|placed| !placed.merged).collect();
        prop_assert!(kept.windows(2).all(|pair| pair[0].at < pair[1].at));
        prop_assert!(placed.windows(2).all(|pair| pair[0].at <= pair[1].at));
        for placed in &placed {
            let here = zone.zone().to_datetime(placed.at);
            let due = day(issue + lasts);
            let nominal = due.checked_add(jiff::Span::new().days(placed.step.offset_days)).unwrap();
            prop_assert!(here.date() >= nominal, "a step never comes early");
            prop_assert!(here.hour() >= from && until.is_none_or(|until| here.time() < until));
            prop_assert!(timing.is_open(zone.zone(), placed.at));
            prop_assert!(is_business_day(country.as_ref(), here.date()));
            prop_assert!(!days_off.contains(&here.date()));
        }
    }

    /// However the sweeps come, through pauses and promises: nothing leaves while either holds, nothing in
    /// quiet hours, each step once, and the list says of every step what became of it.
    #[test]
    fn sweeps_keep_to_pauses_promises_and_hours(
        offsets in prop::collection::btree_set(-20..=90_i16, 1..8),
        acts in prop::collection::vec((0..5_u8, 1..40_i64, 1..30_i64), 1..40),
        business_days in any::<bool>(),
    ) {
        let mut case = Case::plain(&offsets.into_iter().collect::<Vec<_>>());
        case.agency.follow_ups.business_days_only = business_days;
        case.agency.follow_ups.holidays_of = Some(of("DE"));
        let mut now: Timestamp = of("2026-03-17T12:00:00Z");
        let mut taken = BTreeSet::new();
        for (act, hours, days) in acts {
            now += SignedDuration::from_hours(hours) + SignedDuration::from_mins(17);
            let zone = case.standing.time_zone.clone();
            let ahead = zone.date_of(now).checked_add(jiff::Span::new().days(days)).unwrap();
            let before = case.standing.clone();
            match act {
                0 => {
                    let by = PromisedBy::Member(by());
                    if let Ok(Some(after)) = before.promised(ahead, by, &case.agency, now) {
                        case.standing = after;
                    }
                }
                1 => {
                    let paused = before.follow_ups_paused(Some(ahead), by(), &case.agency, now);
                    if let Ok(Some(after)) = paused {
                        case.standing = after;
                    }
                }
                2 => {
                    if let Some(after) = before.follow_ups_resumed(&case.agency, now) {
                        case.standing = after;
                    }
                }
                _ => {
                    let waits = case.standing.follow_ups.wait(zone.date_of(now));
                    if let Some(kind) = case.look(&now.to_string()) {
                        prop_assert_eq!(waits, None);
                        let DeliveryKind::Reminder { offset_days, cycle, .. } = kind else {
                            return Err(TestCaseError::fail("no other kind"));
                        };
                        prop_assert!(taken.insert((cycle, offset_days)), "{offset_days} twice");
                        let here = zone.zone().to_datetime(now);
                        prop_assert!(here.hour() >= 9);
                        let germany = of::<CountryCode>("DE");
                        let works = is_business_day(Some(&germany), here.date());
                        prop_assert!(works || !business_days);
                        // A second sweep at the same moment finds nothing.
                        prop_assert_eq!(case.look(&now.to_string()), None);
                    }
                }
            }
            let rows = case.standing.follow_up_rows(&case.agency, &case.client, &case.mails, now);
            let delivered = rows.iter().filter(|row| matches!(row.state, RowState::Delivered(_)));
            prop_assert_eq!(delivered.count(), case.mails.len());
            let ahead = rows.iter().any(|row| row.state == RowState::Ahead);
            prop_assert!(case.standing.reminders.next.is_none() || ahead || case.standing.reminders.next.unwrap().at <= now);
        }
    }
}
