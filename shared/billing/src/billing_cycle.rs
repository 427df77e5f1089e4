//! A client's billing days: what is ready is gathered into one invoice, in the client's time zone.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan as _};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::business_days::is_business_day;
use crate::client::Client;
use crate::fault::Fault;
use crate::ids::{AccountId, ClientId, InvoiceId};
use crate::party::{CountryCode, ZoneName};
use crate::subscription::{Trouble, morning};

/// Weeks between two billing days, at most.
const WEEKS_MAX: u16 = 52;
/// Months that are looked through for a day: every month has one.
const MONTHS_AHEAD: i32 = 3;

/// On which days a client is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BillingDay {
    /// The last day of each month on which people work where the client is.
    LastBusinessDay,
    /// A day of each month; the last one of a month that lacks it.
    DayOfMonth {
        /// From 1 to 31.
        day: i8,
    },
    /// Every so many weeks, on the weekday of a first day.
    Weeks {
        /// How many: one to 52.
        every: u16,
        /// The first day.
        from: Date,
    },
}

impl BillingDay {
    /// The words of the contract.
    pub const KINDS: &'static [&'static str] = &["last_business_day", "day_of_month", "weeks"];

    /// A day of each month.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`].
    pub fn day_of_month(day: i64) -> Result<Self, Fault> {
        let range = Fault::OutOfRange {
            min: Decimal::ONE,
            max: 31.into(),
        };
        match i8::try_from(day) {
            Ok(day @ 1..=31) => Ok(Self::DayOfMonth { day }),
            _ => Err(range),
        }
    }

    /// Every so many weeks.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`].
    pub fn weeks(every: i64, from: Date) -> Result<Self, Fault> {
        let known = u16::try_from(every).ok();
        let every = known.filter(|every| (1..=WEEKS_MAX).contains(every));
        let every = every.ok_or(Fault::OutOfRange {
            min: Decimal::ONE,
            max: WEEKS_MAX.into(),
        })?;
        Ok(Self::Weeks { every, from })
    }

    /// The first billing day on or after a day, where people work by a country's calendar; none where
    /// the calendar ends.
    pub fn from(&self, day: Date, country: Option<&CountryCode>) -> Option<Date> {
        match self {
            Self::Weeks { every, from } if *from >= day => Some(*from).filter(|_| *every > 0),
            Self::Weeks { every, from } => {
                let step = i64::from(*every) * 7;
                let passed = from.duration_until(day).as_hours() / 24;
                let steps = (passed + step - 1) / step;
                from.checked_add(Span::new().try_days(steps * step).ok()?)
                    .ok()
            }
            Self::LastBusinessDay | Self::DayOfMonth { .. } => (0..MONTHS_AHEAD)
                .filter_map(|months| self.of_month(day.first_of_month(), months, country))
                .find(|found| *found >= day),
        }
    }

    fn of_month(&self, first: Date, months: i32, country: Option<&CountryCode>) -> Option<Date> {
        let last = first.checked_add(months.months()).ok()?.last_of_month();
        match self {
            Self::DayOfMonth { day } => last.with().day((*day).min(last.day())).build().ok(),
            _ => {
                let mut day = last;
                while !is_business_day(country, day) && day.day() > 1 {
                    day = day.yesterday().ok()?;
                }
                Some(day)
            }
        }
    }
}

/// What becomes of a cycle's invoices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleAutomation {
    /// Drafts, for a member to look at.
    #[default]
    Draft,
    /// They are issued and sent.
    Send,
}

impl CycleAutomation {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["draft", "send"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "draft" => Some(Self::Draft),
            "send" => Some(Self::Send),
            _ => None,
        }
    }
}

/// The next run of a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRun {
    /// The billing day.
    pub on: Date,
    /// When it is looked at (UTC): in the morning of that day, or of a later one where it could
    /// not be billed then.
    pub at: Timestamp,
}

/// The billing days of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingCycle {
    /// Whose.
    pub account_id: AccountId,
    /// Of which client.
    pub client_id: ClientId,
    /// On which days; none where nothing is billed by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<BillingDay>,
    /// What becomes of the invoices.
    pub automation: CycleAutomation,
    /// The next run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextRun>,
    /// What the run that is under way has made, or the last one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invoice_ids: Vec<InvoiceId>,
    /// The billing day that these are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billed_on: Option<Date>,
    /// Why the run that is due could not bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// The client's zone, in which its days are read.
    pub time_zone: ZoneName,
    /// The client's country, whose business days count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

impl BillingCycle {
    /// A client's cycle that bills nothing.
    pub fn none(client: &Client, now: Timestamp) -> Self {
        Self {
            account_id: client.account_id,
            client_id: client.id,
            day: None,
            automation: CycleAutomation::Draft,
            next: None,
            invoice_ids: Vec::new(),
            billed_on: None,
            trouble: None,
            time_zone: client.time_zone.clone(),
            country: country_of(client),
            updated_at: now,
        }
    }

    /// Other days from now on, where the client is now.
    #[must_use]
    pub fn set(
        self,
        day: Option<BillingDay>,
        automation: CycleAutomation,
        client: &Client,
        now: Timestamp,
    ) -> Self {
        let today = client.time_zone.date_of(now);
        let mut after = Self {
            day,
            automation,
            time_zone: client.time_zone.clone(),
            country: country_of(client),
            trouble: None,
            updated_at: now,
            ..self
        };
        // A day whose morning has passed is billed at once.
        after.next = after.run_from(today);
        after
    }

    fn run_from(&self, day: Date) -> Option<NextRun> {
        let on = self.day?.from(day, self.country.as_ref())?;
        let at = morning(on, self.time_zone.zone())?;
        Some(NextRun { on, at })
    }

    /// Whether a run is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next.is_some_and(|next| next.at <= now)
    }

    /// The run that is due has made one more invoice.
    #[must_use]
    pub fn with_invoice(self, id: InvoiceId, now: Timestamp) -> Self {
        let on = self.next.map(|next| next.on);
        let mut invoice_ids = match self.billed_on == on {
            true => self.invoice_ids,
            false => Vec::new(),
        };
        invoice_ids.push(id);
        Self {
            invoice_ids,
            billed_on: on,
            trouble: None,
            updated_at: now,
            ..self
        }
    }

    /// The run that is due has nothing left to do: the next billing day to come is waited for.
    #[must_use]
    pub fn moved_on(self, now: Timestamp) -> Self {
        let billed = self
            .next
            .map_or(self.time_zone.date_of(now), |next| next.on);
        let today = self.time_zone.date_of(now).max(billed);
        let next = today.tomorrow().ok().and_then(|day| self.run_from(day));
        let was_billed = self.billed_on == self.next.map(|next| next.on);
        Self {
            invoice_ids: match was_billed {
                true => self.invoice_ids,
                false => Vec::new(),
            },
            billed_on: Some(billed),
            next,
            trouble: None,
            updated_at: now,
            ..self
        }
    }

    /// Tried again on the next morning, for this reason.
    #[must_use]
    pub fn put_off(self, code: &str, detail: &str, now: Timestamp) -> Self {
        let tomorrow = self.time_zone.date_of(now).tomorrow().ok();
        let at = tomorrow.and_then(|day| morning(day, self.time_zone.zone()));
        let trouble = Trouble::again(self.trouble.as_ref(), code, detail, now);
        Self {
            next: self.next.map(|next| NextRun {
                at: at.unwrap_or(Timestamp::MAX),
                ..next
            }),
            trouble: Some(trouble),
            updated_at: now,
            ..self
        }
    }
}

fn country_of(client: &Client) -> Option<CountryCode> {
    let address = client.address.as_ref();
    address.map(|address| address.country.clone())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn days(day: BillingDay, from: Date, count: usize) -> Vec<Date> {
        let mut all = Vec::new();
        let mut from = from;
        for _ in 0..count {
            let next = day.from(from, None).unwrap();
            all.push(next);
            from = next.tomorrow().unwrap();
        }
        all
    }

    #[test]
    fn the_last_business_day_is_no_weekend() {
        let found = days(BillingDay::LastBusinessDay, date(2027, 1, 1), 5);
        // The 31st of January 2027 and the 28th of February are Sundays.
        let expected = [
            date(2027, 1, 29),
            date(2027, 2, 26),
            date(2027, 3, 31),
            date(2027, 4, 30),
            date(2027, 5, 31),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_last_business_day_is_no_holiday_there() {
        let day = BillingDay::LastBusinessDay;
        let country = |code: &str| CountryCode::parse(code).unwrap();
        // Memorial Day, the last Monday of May.
        let may = date(2027, 5, 1);
        assert_eq!(day.from(may, Some(&country("US"))), Some(date(2027, 5, 28)));
        assert_eq!(day.from(may, Some(&country("DE"))), Some(date(2027, 5, 31)));
    }

    #[test]
    fn a_day_that_a_month_lacks_is_its_last() {
        let day = BillingDay::day_of_month(31).unwrap();
        let found = days(day, date(2027, 12, 31), 4);
        let expected = [
            date(2027, 12, 31),
            date(2028, 1, 31),
            date(2028, 2, 29),
            date(2028, 3, 31),
        ];
        assert_eq!(found, expected);
        assert!(BillingDay::day_of_month(0).is_err());
        assert!(BillingDay::day_of_month(32).is_err());
    }

    #[test]
    fn every_second_friday() {
        let day = BillingDay::weeks(2, date(2027, 1, 8)).unwrap();
        assert_eq!(day.from(date(2026, 12, 1), None), Some(date(2027, 1, 8)));
        let found = days(day, date(2027, 1, 9), 2);
        assert_eq!(found, [date(2027, 1, 22), date(2027, 2, 5)]);
    }

    #[test]
    fn a_run_that_was_missed_is_made_once() {
        let now: Timestamp = "2027-01-10T12:00:00Z".parse().unwrap();
        let zone = ZoneName::parse("Pacific/Kiritimati").unwrap();
        let client: Client = serde_json::from_value(serde_json::json!({
            "account_id": "acc_01h455vb4pex5vsknk084sn02q",
            "id": "cli_01h455vb4pex5vsknk084sn02q",
            "name": "Aurora", "contacts": [], "currency": "EUR", "language": "en",
            "time_zone": zone, "terms": {"kind": "net", "days": 14}, "reminders": true,
            "created_at": now, "updated_at": now,
        }))
        .unwrap();
        let cycle = BillingCycle::none(&client, now);
        let day = Some(BillingDay::day_of_month(25).unwrap());
        let cycle = cycle.set(day, CycleAutomation::Send, &client, now);
        // Six in the morning there is the day before in Greenwich.
        let due = "2027-01-24T16:00:00Z".parse().unwrap();
        assert_eq!(cycle.next.unwrap().at, due);
        let late: Timestamp = "2027-04-01T12:00:00Z".parse().unwrap();
        assert!(cycle.is_due(late));
        let after = cycle.moved_on(late);
        assert_eq!(after.next.unwrap().on, date(2027, 4, 25));
    }

    proptest! {
        #[test]
        fn billing_days_rise(kind in 0usize..3, day in 1i64..32, every in 1i64..53, start in 0i64..2_000) {
            let start = date(2026, 1, 1).checked_add(Span::new().days(start)).unwrap();
            let day = match kind {
                0 => BillingDay::LastBusinessDay,
                1 => BillingDay::day_of_month(day).unwrap(),
                _ => BillingDay::weeks(every, date(2026, 5, 8)).unwrap(),
            };
            let found = days(day, start, 20);
            prop_assert!(found[0] >= start);
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
