//! Schedule expressions: `rate(...)` and `cron(...)` as EventBridge reads them, in UTC.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// An expression that EventBridge would refuse, or that is not known here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schedule {expression:?} cannot be read")]
pub struct ScheduleFault {
    /// As written.
    pub expression: String,
}

/// When something runs again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// Every so often.
    Rate(SignedDuration),
    /// At civil times.
    Cron(Box<Cron>),
}

/// The five fields that decide, each as the values that it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: Vec<i8>,
    hours: Vec<i8>,
    days: Option<Vec<i8>>,
    months: Vec<i8>,
    /// 1 is Sunday, as EventBridge counts.
    weekdays: Option<Vec<i8>>,
    zone: TimeZone,
}

impl Schedule {
    /// Reads an expression; a cron's times are of the zone.
    ///
    /// # Errors
    /// [`ScheduleFault`].
    pub fn parse(expression: &str, zone: TimeZone) -> Result<Self, ScheduleFault> {
        let inside = |name: &str| expression.trim().strip_prefix(name)?.strip_suffix(')');
        let read = match (inside("rate("), inside("cron(")) {
            (Some(rate), _) => parse_rate(rate).map(Self::Rate),
            (_, Some(cron)) => parse_cron(cron, zone).map(|cron| Self::Cron(Box::new(cron))),
            _ => None,
        };
        read.ok_or_else(|| ScheduleFault {
            expression: expression.to_owned(),
        })
    }

    /// The first time after an instant.
    pub fn after(&self, instant: Timestamp) -> Timestamp {
        match self {
            Self::Rate(every) => {
                // On the grid of the epoch, so that a restart keeps the rhythm.
                let every_s = every.as_secs().max(1);
                let next_s = (instant.as_second().div_euclid(every_s) + 1).saturating_mul(every_s);
                Timestamp::from_second(next_s).unwrap_or(Timestamp::MAX)
            }
            Self::Cron(cron) => cron.after(instant),
        }
    }
}

fn parse_rate(rate: &str) -> Option<SignedDuration> {
    let (count, unit) = rate.trim().split_once(' ')?;
    let count: i64 = count.parse().ok().filter(|count| *count > 0)?;
    let unit_s = match unit.trim() {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    Some(SignedDuration::from_secs(count.checked_mul(unit_s)?))
}

const MONTHS: &[&str] = &[
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

fn parse_cron(cron: &str, zone: TimeZone) -> Option<Cron> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    // The year is there to be `*`: a schedule of a deployment does not end.
    let [minutes, hours, days, months, weekdays, "*"] = fields.as_slice() else {
        return None;
    };
    let any = |text: &str| text == "?" || text == "*";
    Some(Cron {
        minutes: values(minutes, 0, 59, &[])?,
        hours: values(hours, 0, 23, &[])?,
        days: if any(days) {
            None
        } else {
            Some(values(days, 1, 31, &[])?)
        },
        months: values(months, 1, 12, MONTHS)?,
        weekdays: if any(weekdays) {
            None
        } else {
            Some(values(weekdays, 1, 7, WEEKDAYS)?)
        },
        zone,
    })
}

/// `*`, `7`, `1-5`, `0/15`, `MON-FRI`, and lists of these.
fn values(field: &str, min: i8, max: i8, names: &[&str]) -> Option<Vec<i8>> {
    let one = |text: &str| {
        let named = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text));
        let value = match named {
            Some(at) => i8::try_from(at).ok()? + 1,
            None => text.parse().ok()?,
        };
        (min..=max).contains(&value).then_some(value)
    };
    let mut all = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (min, max),
            Some((from, to)) => (one(from)?, one(to)?),
            None if part.contains('/') => (one(range)?, max),
            None => (one(range)?, one(range)?),
        };
        all.extend((from..=to).step_by(step));
    }
    all.sort_unstable();
    all.dedup();
    (!all.is_empty()).then_some(all)
}

impl Cron {
    fn after(&self, instant: Timestamp) -> Timestamp {
        let from = instant.to_zoned_datetime(self.zone.clone());
        let mut day = from.date();
        // Four years hold every date that there is; a cron of none never runs.
        for _ in 0..(4 * 366) {
            if self.has_day(day) {
                let times = self
                    .hours
                    .iter()
                    .flat_map(|hour| self.minutes.iter().map(move |minute| (*hour, *minute)));
                for (hour, minute) in times {
                    let Some(at) = self.instant(day.at(hour, minute, 0, 0)) else {
                        continue;
                    };
                    if at > instant {
                        return at;
                    }
                }
            }
            let Ok(next) = day.checked_add(1.day()) else {
                break;
            };
            day = next;
        }
        Timestamp::MAX
    }

    fn instant(&self, at: DateTime) -> Option<Timestamp> {
        self.zone.to_timestamp(at).ok()
    }

    fn has_day(&self, day: Date) -> bool {
        let weekday = Weekday::to_sunday_one_offset(day.weekday());
        self.months.contains(&day.month())
            && self
                .days
                .as_ref()
                .is_none_or(|days| days.contains(&day.day()))
            && self
                .weekdays
                .as_ref()
                .is_none_or(|days| days.contains(&weekday))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, zone: &str, from: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let schedule = Schedule::parse(expression, zone).unwrap();
        schedule.after(from.parse().unwrap()).to_string()
    }

    #[test]
    fn the_next_time_is_after_now() {
        for (expression, from, expected) in [
            (
                "rate(5 minutes)",
                "2026-11-24T10:00:00Z",
                "2026-11-24T10:05:00Z",
            ),
            (
                "rate(5 minutes)",
                "2026-11-24T10:04:59Z",
                "2026-11-24T10:05:00Z",
            ),
            (
                "rate(1 hour)",
                "2026-11-24T10:04:59Z",
                "2026-11-24T11:00:00Z",
            ),
            (
                "cron(0 9 * * ? *)",
                "2026-11-24T09:00:00Z",
                "2026-11-25T09:00:00Z",
            ),
            (
                "cron(0/15 9-17 ? * MON-FRI *)",
                "2026-11-27T17:50:00Z",
                "2026-11-30T09:00:00Z",
            ),
            (
                "cron(30 1 1 JAN,JUL ? *)",
                "2026-11-27T17:50:00Z",
                "2027-01-01T01:30:00Z",
            ),
            (
                "cron(0 0 29 2 ? *)",
                "2026-11-27T17:50:00Z",
                "2028-02-29T00:00:00Z",
            ),
        ] {
            assert_eq!(next(expression, "UTC", from), expected, "{expression}");
        }
        let from = "2026-11-24T01:00:00Z";
        assert_eq!(
            next("cron(0 9 * * ? *)", "Asia/Seoul", from),
            "2026-11-25T00:00:00Z"
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for bad in [
            "rate(0 minutes)",
            "rate(5 seconds)",
            "rate(5)",
            "cron(0 9 * * ?)",
            "cron(60 9 * * ? *)",
            "cron(0 9 * * ? 2027)",
            "at(2026-01-01)",
            "",
        ] {
            assert!(Schedule::parse(bad, TimeZone::UTC).is_err(), "{bad}");
        }
    }
}
