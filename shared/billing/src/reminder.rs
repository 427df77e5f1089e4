//! The ladder of reminders: pure arithmetic of days, in the client's zone.

use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::terms::Due;

/// Reminders leave at nine in the morning where the client is.
const REMINDER_TIME: Time = time(9, 0, 0, 0);
/// More steps than this is harassment, not dunning.
const STEPS_MAX: usize = 12;
const OFFSET_MIN_DAYS: i16 = -60;
const OFFSET_MAX_DAYS: i16 = 365;

/// Days after (or, negative, before) the due day on which a reminder leaves; ascending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<i16>", into = "Vec<i16>")]
pub struct Ladder(Vec<i16>);

impl Default for Ladder {
    fn default() -> Self {
        Self(vec![-3, 0, 7, 14, 30])
    }
}

impl Ladder {
    /// A ladder of these days, in any order, each once. Empty means no reminders.
    pub fn new(mut offsets: Vec<i16>) -> Result<Self, Fault> {
        if offsets.len() > STEPS_MAX {
            return Err(Fault::TooLong { max: STEPS_MAX });
        }
        if offsets
            .iter()
            .any(|days| !(OFFSET_MIN_DAYS..=OFFSET_MAX_DAYS).contains(days))
        {
            return Err(Fault::OutOfRange {
                min: OFFSET_MIN_DAYS.into(),
                max: OFFSET_MAX_DAYS.into(),
            });
        }
        offsets.sort_unstable();
        if offsets.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Fault::Duplicate);
        }
        Ok(Self(offsets))
    }

    /// The days, ascending.
    pub fn offsets(&self) -> &[i16] {
        &self.0
    }
}

impl TryFrom<Vec<i16>> for Ladder {
    type Error = Fault;
    fn try_from(offsets: Vec<i16>) -> Result<Self, Fault> {
        Self::new(offsets)
    }
}

impl From<Ladder> for Vec<i16> {
    fn from(ladder: Ladder) -> Self {
        ladder.0
    }
}

/// The next reminder of an invoice and its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderTimer {
    /// The step: days after the due day.
    pub offset_days: i16,
    /// When it falls due (UTC).
    pub at: Timestamp,
}

/// The next time at which reminders leave in a zone; none where the calendar ends.
pub fn next_morning(zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let here = zone.to_datetime(now);
    let day = if here.time() < REMINDER_TIME {
        here.date()
    } else {
        here.date().tomorrow().ok()?
    };
    zone.to_timestamp(day.to_datetime(REMINDER_TIME)).ok()
}

/// What the moments of an invoice's reminders follow from.
#[derive(Debug, Clone)]
pub struct Schedule<'a> {
    /// The agency's ladder.
    pub ladder: &'a Ladder,
    /// The due day.
    pub due_on: Date,
    /// The day of issue, in the same reading of days.
    pub issue_on: Date,
    /// How the due day came about.
    pub due: Due,
    /// The client's zone.
    pub zone: &'a TimeZone,
}

impl Schedule<'_> {
    /// The moment of a step; none where the calendar ends.
    fn moment(&self, offset_days: i16) -> Option<Timestamp> {
        let day = self
            .due_on
            .checked_add(Span::new().days(i64::from(offset_days)))
            .ok()?;
        // An invoice due on receipt has no time before its due day; and nobody is reminded on
        // the day of the invoice itself.
        if day <= self.issue_on || (matches!(self.due, Due::DueOnReceipt) && offset_days <= 0) {
            return None;
        }
        // In a gap of the clock the later reading counts, in a fold the earlier one.
        self.zone.to_timestamp(day.to_datetime(REMINDER_TIME)).ok()
    }

    /// The first step after `last` whose moment is not before `now`: what to wait for.
    pub fn next(&self, last: Option<i16>, now: Timestamp) -> Option<ReminderTimer> {
        self.after(last).find(|timer| timer.at >= now)
    }

    /// The step to send now: the latest one whose moment has come. Steps that a pause has left
    /// behind are skipped, so that nobody gets three reminders in one morning.
    pub fn due_now(&self, last: Option<i16>, now: Timestamp) -> Option<ReminderTimer> {
        self.after(last).take_while(|timer| timer.at <= now).last()
    }

    fn after(&self, last: Option<i16>) -> impl Iterator<Item = ReminderTimer> + '_ {
        self.ladder
            .offsets()
            .iter()
            .copied()
            .filter(move |offset| last.is_none_or(|last| *offset > last))
            .filter_map(|offset_days| {
                let at = self.moment(offset_days)?;
                Some(ReminderTimer { offset_days, at })
            })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn schedule<'a>(ladder: &'a Ladder, zone: &'a TimeZone) -> Schedule<'a> {
        Schedule {
            ladder,
            due_on: date(2026, 3, 31),
            issue_on: date(2026, 3, 17),
            due: Due::Net { days: 14 },
            zone,
        }
    }

    #[test]
    fn steps_follow_one_another_at_nine_where_the_client_is() {
        let ladder = Ladder::default();
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        let schedule = schedule(&ladder, &zone);
        let issued_at: Timestamp = "2026-03-17T05:00:00Z".parse().unwrap();
        let first = schedule.next(None, issued_at).unwrap();
        assert_eq!(first.offset_days, -3);
        assert_eq!(first.at.to_string(), "2026-03-28T00:00:00Z");
        let second = schedule.next(Some(-3), first.at).unwrap();
        assert_eq!(
            (second.offset_days, second.at.to_string().as_str()),
            (0, "2026-03-31T00:00:00Z")
        );
        assert_eq!(schedule.next(Some(30), second.at), None);
    }

    #[test]
    fn a_long_pause_sends_the_latest_step_only() {
        let ladder = Ladder::default();
        let zone = TimeZone::UTC;
        let schedule = schedule(&ladder, &zone);
        let late: Timestamp = "2026-04-20T12:00:00Z".parse().unwrap();
        assert_eq!(schedule.due_now(None, late).unwrap().offset_days, 14);
        assert_eq!(schedule.due_now(Some(14), late), None);
    }

    #[test]
    fn nothing_comes_before_what_is_due_on_receipt() {
        let ladder = Ladder::default();
        let zone = TimeZone::UTC;
        let schedule = Schedule {
            due_on: date(2026, 3, 17),
            due: Due::DueOnReceipt,
            ..schedule(&ladder, &zone)
        };
        let issued_at: Timestamp = "2026-03-17T05:00:00Z".parse().unwrap();
        assert_eq!(schedule.next(None, issued_at).unwrap().offset_days, 7);
    }

    #[test]
    fn the_next_morning_is_that_of_the_zone() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (now, morning) in [
            ("2026-03-27T07:59:59Z", "2026-03-27T08:00:00Z"),
            ("2026-03-27T08:00:00Z", "2026-03-28T08:00:00Z"),
            // The clock goes forward in between.
            ("2026-03-28T12:00:00Z", "2026-03-29T07:00:00Z"),
            ("2026-03-29T23:30:00Z", "2026-03-30T07:00:00Z"),
        ] {
            let found = next_morning(&zone, now.parse().unwrap()).unwrap();
            assert_eq!(found.to_string(), morning, "{now}");
        }
    }

    #[test]
    fn a_ladder_is_ordered_unique_and_bounded() {
        assert_eq!(Ladder::new(vec![7, -3, 0]).unwrap().offsets(), [-3, 0, 7]);
        assert_eq!(Ladder::new(vec![7, 7]), Err(Fault::Duplicate));
        assert!(Ladder::new(vec![400]).is_err());
        assert!(Ladder::new((0..13).collect()).is_err());
    }
}
