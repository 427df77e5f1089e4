//! When a subscription bills: periods that follow each other without gap, reckoned from one anchor.

use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::party::Period;

/// Bills are made at six in the morning where the client is: before anybody asks for them.
const BILLING_TIME: Time = time(6, 0, 0, 0);
/// Units of one period, at most.
const EVERY_MAX: u16 = 366;
/// Periods of one subscription, at most: a century of weeks.
pub const PERIODS_MAX: u32 = 5_200;

/// What a period is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CadenceUnit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months of the calendar.
    Month,
    /// Years of the calendar.
    Year,
}

impl CadenceUnit {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["day", "week", "month", "year"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

/// How long a period is: every so many days, weeks, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CadenceFields")]
pub struct Cadence {
    every: u16,
    unit: CadenceUnit,
}

#[derive(Deserialize)]
struct CadenceFields {
    every: i64,
    unit: CadenceUnit,
}

impl TryFrom<CadenceFields> for Cadence {
    type Error = Fault;
    fn try_from(fields: CadenceFields) -> Result<Self, Fault> {
        Self::new(fields.every, fields.unit)
    }
}

impl Cadence {
    /// A period of 1 to 366 units.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`].
    pub fn new(every: i64, unit: CadenceUnit) -> Result<Self, Fault> {
        let every = u16::try_from(every)
            .ok()
            .filter(|every| (1..=EVERY_MAX).contains(every))
            .ok_or(Fault::OutOfRange {
                min: Decimal::ONE,
                max: EVERY_MAX.into(),
            })?;
        Ok(Self { every, unit })
    }

    /// So many periods after (or, negative, before) the anchor. A month that lacks the anchor's day
    /// has its last day instead, and the next month the anchor's again: all are reckoned from the anchor.
    fn after(self, anchor: Date, periods: i64) -> Result<Date, Fault> {
        let units = i64::from(self.every)
            .checked_mul(periods)
            .ok_or(Fault::BadDate)?;
        let span = match self.unit {
            CadenceUnit::Day => Span::new().try_days(units),
            CadenceUnit::Week => Span::new().try_weeks(units),
            CadenceUnit::Month => Span::new().try_months(units),
            CadenceUnit::Year => Span::new().try_years(units),
        };
        let span = span.map_err(|_| Fault::BadDate)?;
        anchor.checked_add(span).map_err(|_| Fault::BadDate)
    }
}

/// When of a period it is billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingMoment {
    /// On its first day.
    #[default]
    InAdvance,
    /// On the day after its last.
    InArrears,
}

impl BillingMoment {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["in_advance", "in_arrears"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "in_advance" => Some(Self::InAdvance),
            "in_arrears" => Some(Self::InArrears),
            _ => None,
        }
    }
}

/// What part of a period costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proration {
    /// As much as all of it, and a new price counts from the next period on.
    #[default]
    None,
    /// Its share of the days, and a new price counts from its day on.
    Days,
}

impl Proration {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["none", "days"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "days" => Some(Self::Days),
            _ => None,
        }
    }
}

/// When a subscription bills. Its days are of the client's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingSchedule {
    /// How long a period is.
    pub cadence: Cadence,
    /// The first day of all.
    pub starts_on: Date,
    /// A day on which a period begins, and that the others are reckoned from: the first day, or the
    /// end of a shorter first period.
    pub anchor_on: Date,
    /// The last day of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// How many periods there are, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<u32>,
    /// When of a period it is billed.
    #[serde(default)]
    pub bills: BillingMoment,
    /// What part of a period costs.
    #[serde(default)]
    pub proration: Proration,
}

/// One period of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingPeriod {
    /// Which: the first is 1.
    pub number: u32,
    /// The days that it covers.
    pub days: Period,
    /// The days that it would cover, were it not cut short by the start or the end.
    pub whole: Period,
}

impl BillingPeriod {
    /// How many days it covers.
    pub fn length(&self) -> i64 {
        length(&self.days)
    }

    /// How many it would cover, were it not cut short.
    pub fn whole_length(&self) -> i64 {
        length(&self.whole)
    }
}

/// Days of a period, both ends included.
pub(super) fn length(period: &Period) -> i64 {
    period.from().duration_until(period.to()).as_hours() / 24 + 1
}

impl BillingSchedule {
    /// Whether the days fit each other; the fault names its field.
    ///
    /// # Errors
    /// [`Fault::TooEarly`] and [`Fault::TooLate`] at `anchor_on`, [`Fault::EndsBeforeStart`] at
    /// `ends_on`, [`Fault::OutOfRange`] at `periods`, [`Fault::BadDate`] beyond the calendar.
    pub fn check(&self) -> Result<(), (&'static str, Fault)> {
        if self.anchor_on < self.starts_on {
            let earliest = self.starts_on;
            return Err(("anchor_on", Fault::TooEarly { earliest }));
        }
        let before = self.boundary(-1).map_err(|fault| ("anchor_on", fault))?;
        if before > self.starts_on {
            let latest = self.cadence.after(self.starts_on, 1);
            let latest = latest.map_err(|fault| ("anchor_on", fault))?;
            return Err(("anchor_on", Fault::TooLate { latest }));
        }
        if self.ends_on.is_some_and(|ends_on| ends_on < self.starts_on) {
            return Err(("ends_on", Fault::EndsBeforeStart));
        }
        if self
            .periods
            .is_some_and(|periods| !(1..=PERIODS_MAX).contains(&periods))
        {
            let range = Fault::OutOfRange {
                min: Decimal::ONE,
                max: PERIODS_MAX.into(),
            };
            return Err(("periods", range));
        }
        Ok(())
    }

    fn boundary(&self, periods: i64) -> Result<Date, Fault> {
        self.cadence.after(self.anchor_on, periods)
    }

    /// A period by its number; none behind the end, or where the calendar ends.
    pub fn period(&self, number: u32) -> Option<BillingPeriod> {
        let is_within = (1..=self.periods.unwrap_or(PERIODS_MAX)).contains(&number);
        // Before an anchor that is not the first day lies the shorter first period.
        let first = if self.anchor_on == self.starts_on {
            0
        } else {
            -1
        };
        let from = self.boundary(first + i64::from(number) - 1).ok()?;
        let next = self.boundary(first + i64::from(number)).ok()?;
        let whole = Period::new(from, next.yesterday().ok()?).ok()?;
        let from = whole.from().max(self.starts_on);
        let to = self.ends_on.map_or(whole.to(), |ends| whole.to().min(ends));
        let days = Period::new(from, to).ok().filter(|_| is_within)?;
        Some(BillingPeriod {
            number,
            days,
            whole,
        })
    }

    /// The day on which a period is billed; none where the calendar ends.
    pub fn bills_on(&self, period: &BillingPeriod) -> Option<Date> {
        match self.bills {
            BillingMoment::InAdvance => Some(period.days.from()),
            BillingMoment::InArrears => period.days.to().tomorrow().ok(),
        }
    }

    /// The moment at which a period is billed, in the client's zone.
    pub fn bills_at(&self, period: &BillingPeriod, zone: &TimeZone) -> Option<Timestamp> {
        morning(self.bills_on(period)?, zone)
    }

    /// The first period, from this one on, that is billed on or after a day.
    pub fn first_billed_from(&self, number: u32, day: Date) -> Option<BillingPeriod> {
        let mut number = number;
        loop {
            let period = self.period(number)?;
            if self.bills_on(&period)? >= day {
                return Some(period);
            }
            number += 1;
        }
    }
}

/// When bills are made on a day. In a gap of the clock the later reading counts, in a fold the
/// earlier one.
pub fn morning(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.to_datetime(BILLING_TIME)).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn monthly(starts_on: Date, anchor_on: Date) -> BillingSchedule {
        BillingSchedule {
            cadence: Cadence::new(1, CadenceUnit::Month).unwrap(),
            starts_on,
            anchor_on,
            ends_on: None,
            periods: None,
            bills: BillingMoment::InAdvance,
            proration: Proration::Days,
        }
    }

    fn days(schedule: &BillingSchedule, number: u32) -> (Date, Date) {
        let days = schedule.period(number).unwrap().days;
        (days.from(), days.to())
    }

    #[test]
    fn the_31st_comes_back_after_a_short_month() {
        let schedule = monthly(date(2027, 1, 31), date(2027, 1, 31));
        let from: Vec<Date> = (1..=15).map(|number| days(&schedule, number).0).collect();
        assert_eq!(from[1], date(2027, 2, 28));
        assert_eq!(from[2], date(2027, 3, 31));
        assert_eq!(from[3], date(2027, 4, 30));
        assert_eq!(from[13], date(2028, 2, 29));
        assert_eq!(from[14], date(2028, 3, 31));
    }

    #[test]
    fn a_leap_day_is_a_leap_day_again_after_four_years() {
        let mut schedule = monthly(date(2028, 2, 29), date(2028, 2, 29));
        schedule.cadence = Cadence::new(1, CadenceUnit::Year).unwrap();
        let from: Vec<Date> = (1..=5).map(|number| days(&schedule, number).0).collect();
        assert_eq!(from[1], date(2029, 2, 28));
        assert_eq!(from[4], date(2032, 2, 29));
    }

    #[test]
    fn a_first_period_ends_before_the_anchor() {
        let schedule = monthly(date(2027, 1, 15), date(2027, 2, 1));
        schedule.check().unwrap();
        assert_eq!(days(&schedule, 1), (date(2027, 1, 15), date(2027, 1, 31)));
        assert_eq!(days(&schedule, 2), (date(2027, 2, 1), date(2027, 2, 28)));
        let first = schedule.period(1).unwrap();
        assert_eq!((first.length(), first.whole_length()), (17, 31));
        let late = monthly(date(2027, 1, 15), date(2027, 2, 16));
        assert!(matches!(
            late.check(),
            Err(("anchor_on", Fault::TooLate { .. }))
        ));
    }

    #[test]
    fn an_end_cuts_the_last_period() {
        let mut schedule = monthly(date(2027, 1, 1), date(2027, 1, 1));
        schedule.ends_on = Some(date(2027, 3, 10));
        assert_eq!(days(&schedule, 3), (date(2027, 3, 1), date(2027, 3, 10)));
        assert_eq!(schedule.period(4), None);
        schedule.ends_on = None;
        schedule.periods = Some(2);
        assert!(schedule.period(2).is_some());
        assert_eq!(schedule.period(3), None);
    }

    #[test]
    fn bills_are_made_in_the_morning_of_the_clients_zone() {
        for (zone, day, expected) in [
            (
                "America/New_York",
                date(2027, 3, 14),
                "2027-03-14T10:00:00Z",
            ),
            ("Australia/Sydney", date(2027, 4, 4), "2027-04-03T20:00:00Z"),
            ("Europe/Paris", date(2027, 10, 31), "2027-10-31T05:00:00Z"),
            (
                "Pacific/Kiritimati",
                date(2027, 1, 1),
                "2026-12-31T16:00:00Z",
            ),
            (
                "Pacific/Pago_Pago",
                date(2027, 1, 1),
                "2027-01-01T17:00:00Z",
            ),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(morning(day, &zone).unwrap(), expected.parse().unwrap());
        }
    }

    fn any_schedule() -> impl Strategy<Value = BillingSchedule> {
        (1i64..=40, 0usize..4, 0i64..4_000, 0i64..400).prop_map(|(every, unit, start, later)| {
            let unit = CadenceUnit::parse(CadenceUnit::WORDS[unit]).unwrap();
            let starts_on = date(2024, 1, 1)
                .checked_add(Span::new().days(start))
                .unwrap();
            let mut schedule = monthly(starts_on, starts_on);
            schedule.cadence = Cadence::new(every, unit).unwrap();
            let anchor_on = starts_on.checked_add(Span::new().days(later)).unwrap();
            let anchored = BillingSchedule {
                anchor_on,
                ..schedule.clone()
            };
            match anchored.check() {
                Ok(()) => anchored,
                Err(_) => schedule,
            }
        })
    }

    proptest! {
        #[test]
        fn periods_follow_each_other_without_gap(schedule in any_schedule()) {
            let mut day = schedule.starts_on;
            for number in 1..40 {
                let period = schedule.period(number).unwrap();
                prop_assert_eq!(period.days.from(), day);
                prop_assert!(period.length() <= period.whole_length());
                day = period.days.to().tomorrow().unwrap();
            }
        }
    }
}
