//! How an agency follows up on what is due: at which times, on which days, and what stands in the way.
//!
//! The agency says what holds for all, a client may have it otherwise, and an invoice may have a ladder of
//! its own. A member pauses; a client promises a day.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::actor::ActorId;
use crate::business_days;
use crate::client::Client;
use crate::fault::Fault;
use crate::party::{CountryCode, EmailAddress};
use crate::refusal::{Refusal, RefusalKind};
use crate::reminder::Ladder;

/// Days off that an agency names itself.
pub const MAX_DAYS_OFF: usize = 200;
/// So many days ahead of today a client may promise to pay.
pub const PROMISED_WITHIN_DAYS: i64 = 30;
/// So many days ahead a member may record it, or pause.
pub const WITHIN_DAYS: i64 = 366;
/// Promises that a client may make about one invoice.
pub const MAX_PROMISES_BY_CLIENT: usize = 3;
/// Promises that are kept with one invoice, whoever recorded them.
pub const MAX_PROMISES: usize = 20;
/// Pauses that are kept with one invoice; the oldest are forgotten.
const MAX_PAUSES: usize = 20;
/// A clock that is changed takes an hour: what is left has to be enough.
const WINDOW_MIN_HOURS: i64 = 2;
/// No country rests for longer.
const MOVED_MAX_DAYS: usize = 60;

/// Between which times of the day mails leave, where the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WindowForm", into = "WindowForm")]
pub struct SendWindow {
    from: Time,
    /// None is the end of the day.
    until: Option<Time>,
}

impl Default for SendWindow {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl SendWindow {
    /// From nine in the morning until the end of the day: what is late leaves today still, but not at night.
    pub const DEFAULT: Self = Self {
        from: time(9, 0, 0, 0),
        until: None,
    };

    /// From a time until another one of the same day, or until its end.
    ///
    /// # Errors
    /// [`Fault::WindowTooShort`].
    pub fn new(from: Time, until: Option<Time>) -> Result<Self, Fault> {
        let open = from.duration_until(until.unwrap_or(Time::MAX));
        // The last of the day's nanoseconds is not counted against anybody.
        let long =
            open + SignedDuration::from_nanos(1) >= SignedDuration::from_hours(WINDOW_MIN_HOURS);
        match long {
            true => Ok(Self { from, until }),
            false => Err(Fault::WindowTooShort {
                hours: WINDOW_MIN_HOURS,
            }),
        }
    }

    /// From when on.
    pub fn from(&self) -> Time {
        self.from
    }

    /// Reads a time of the day, to the minute.
    ///
    /// # Errors
    /// [`Fault::BadTime`].
    pub fn time(text: &str) -> Result<Time, Fault> {
        if text.len() != 5 {
            return Err(Fault::BadTime);
        }
        Time::strptime("%H:%M", text).map_err(|_| Fault::BadTime)
    }

    /// The same, where `24:00` is the end of the day.
    ///
    /// # Errors
    /// [`Fault::BadTime`].
    pub fn end(text: &str) -> Result<Option<Time>, Fault> {
        match text {
            "24:00" => Ok(None),
            _ => Self::time(text).map(Some),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct WindowForm {
    from: String,
    until: String,
}

impl From<SendWindow> for WindowForm {
    fn from(window: SendWindow) -> Self {
        let text = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        Self {
            from: text(window.from),
            until: window.until.map_or("24:00".to_owned(), text),
        }
    }
}

impl TryFrom<WindowForm> for SendWindow {
    type Error = Fault;
    fn try_from(form: WindowForm) -> Result<Self, Fault> {
        Self::new(Self::time(&form.from)?, Self::end(&form.until)?)
    }
}

/// What an agency says of all follow-ups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyFollowUps {
    /// Between which times they leave; none is [`SendWindow::DEFAULT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<SendWindow>,
    /// Whether they leave on business days only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub business_days_only: bool,
    /// Whose holidays count for clients of whom no country is known; none is the agency's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays_of: Option<CountryCode>,
    /// More days on which none leave.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub days_off: BTreeSet<Date>,
}

impl AgencyFollowUps {
    const DEFAULT: Self = Self {
        send_at: None,
        business_days_only: false,
        holidays_of: None,
        days_off: BTreeSet::new(),
    };

    /// Whether nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Self::DEFAULT
    }
}

/// What holds for a client where it is not as the agency has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFollowUps {
    /// Its ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// Between which times they leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<SendWindow>,
    /// Whether they leave on business days only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_days_only: Option<bool>,
    /// Whose holidays count; none is the country of its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays_of: Option<CountryCode>,
    /// The pause that a member has put them in, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// Addresses from which mail came back for good: follow-ups do not go there. Whoever sets the contacts
    /// anew vouches for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounced: Vec<BouncedAddress>,
}

impl ClientFollowUps {
    /// Whether all is as the agency has it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// An address from which mail came back for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BouncedAddress {
    /// The address.
    pub email: EmailAddress,
    /// When (UTC).
    pub at: Timestamp,
}

/// What a client wants otherwise than its agency, as an invoice keeps it: whatever moves the invoice can
/// tell its next step by it, and the step itself asks the client again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRules {
    /// Its ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// Between which times mails leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<SendWindow>,
    /// Whether they leave on business days only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_days_only: Option<bool>,
    /// Whose holidays count, where any do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays_of: Option<CountryCode>,
}

impl ClientRules {
    /// Those of a client; none where all is as the agency has it.
    pub fn of(client: &Client, agency: AgencyRules<'_>) -> Option<Self> {
        let own = &client.follow_ups;
        let business_days = own
            .business_days_only
            .unwrap_or(agency.follow_ups.business_days_only);
        let address = client.address.as_ref().map(|address| &address.country);
        let country = own.holidays_of.as_ref().or(address);
        let rules = Self {
            ladder: own.ladder.clone(),
            send_at: own.send_at,
            business_days_only: own.business_days_only,
            holidays_of: country.filter(|_| business_days).cloned(),
        };
        (rules != Self::default()).then_some(rules)
    }
}

/// What an agency says of all its follow-ups.
#[derive(Debug, Clone, Copy)]
pub struct AgencyRules<'a> {
    ladder: &'a Ladder,
    follow_ups: &'a AgencyFollowUps,
    country: Option<&'a CountryCode>,
}

impl<'a> From<&'a Account> for AgencyRules<'a> {
    fn from(account: &'a Account) -> Self {
        let address = account.address.as_ref().map(|address| &address.country);
        Self {
            ladder: &account.reminder_ladder,
            follow_ups: &account.follow_ups,
            country: account.follow_ups.holidays_of.as_ref().or(address),
        }
    }
}

/// A ladder, and everything else as it is where nothing is said.
impl<'a> From<&'a Ladder> for AgencyRules<'a> {
    fn from(ladder: &'a Ladder) -> Self {
        static DEFAULT: AgencyFollowUps = AgencyFollowUps::DEFAULT;
        Self {
            ladder,
            follow_ups: &DEFAULT,
            country: None,
        }
    }
}

/// What holds for the follow-ups of one invoice.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The ladder.
    pub ladder: &'a Ladder,
    /// Whose it is.
    pub ladder_of: LadderOf,
    /// At which times and on which days mails leave.
    pub timing: Timing<'a>,
}

/// Whose ladder counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LadderOf {
    /// The agency's.
    Account,
    /// The client's.
    Client,
    /// The invoice's own.
    Invoice,
}

/// At which times and on which days mails leave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timing<'a> {
    /// Between which times.
    pub window: SendWindow,
    /// On which days; none is every day.
    pub days: Option<BusinessDays<'a>>,
}

/// On which days mails leave.
#[derive(Debug, Clone, Copy)]
pub struct BusinessDays<'a> {
    /// Whose weekends and holidays count.
    pub country: Option<&'a CountryCode>,
    /// Days on which none leave beside those.
    pub days_off: &'a BTreeSet<Date>,
}

impl Timing<'_> {
    /// Whether a step can be moved off its day.
    pub fn moves(&self) -> bool {
        self.days.is_some()
    }

    fn is_sending_day(&self, day: Date) -> bool {
        self.days.is_none_or(|days| {
            !days.days_off.contains(&day) && business_days::is_business_day(days.country, day)
        })
    }

    /// When mails begin to leave, on this day or on the next one on which they do; none where the
    /// calendar ends.
    pub fn first_opening(&self, zone: &TimeZone, day: Date) -> Option<Timestamp> {
        let days = day.series(jiff::Span::new().days(1)).take(MOVED_MAX_DAYS);
        let mut days = days.filter(|day| self.is_sending_day(*day));
        days.find_map(|day| {
            // In a gap of the clock the later reading counts, in a fold the earlier one. A day that
            // never was ends on another, on which nobody may work.
            let at = zone.to_timestamp(day.to_datetime(self.window.from)).ok()?;
            self.is_sending_day(zone.to_datetime(at).date())
                .then_some(at)
        })
    }

    /// Whether mails may leave now.
    pub fn is_open(&self, zone: &TimeZone, now: Timestamp) -> bool {
        let here = zone.to_datetime(now);
        let over = self.window.until.is_some_and(|until| here.time() >= until);
        let open = self.window.from <= here.time() && !over;
        open && self.is_sending_day(here.date())
    }

    /// When mails begin to leave next, after now; none where the calendar ends.
    pub fn next_opening(&self, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
        let today = zone.to_datetime(now).date();
        let at = self.first_opening(zone, today)?;
        match at > now {
            true => Some(at),
            false => self.first_opening(zone, today.tomorrow().ok()?),
        }
    }

    /// Now where mails may leave, else when they begin to.
    pub fn from_now(&self, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
        match self.is_open(zone, now) {
            true => Some(now),
            false => self.next_opening(zone, now),
        }
    }
}

/// A pause that a member has put follow-ups in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when (UTC).
    pub since: Timestamp,
    /// Who did.
    pub by: ActorId,
    /// The day on which they go on, where the client is; none until somebody resumes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// When somebody resumed them (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_at: Option<Timestamp>,
}

impl Pause {
    /// Whether it holds on a day.
    pub fn holds_on(&self, today: Date) -> bool {
        self.resumed_at.is_none() && self.until.is_none_or(|until| today < until)
    }

    /// Whether it held at an instant of this day.
    pub fn held_at(&self, at: Timestamp, day: Date) -> bool {
        self.since <= at
            && self.resumed_at.is_none_or(|resumed| at < resumed)
            && self.until.is_none_or(|until| day < until)
    }

    /// When it goes on, while it holds.
    pub fn wait(&self, today: Date) -> Option<Wait> {
        self.holds_on(today)
            .then_some(self.until.map_or(Wait::Forever, Wait::Until))
    }
}

/// Who promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromisedBy {
    /// The client, on its page.
    Client,
    /// The client, as a member recorded it.
    Member(ActorId),
}

/// A client's word to pay on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The day, where the client is.
    pub on: Date,
    /// When it was made (UTC).
    pub made_at: Timestamp,
    /// Who said so.
    pub by: PromisedBy,
    /// When another one took its place (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_at: Option<Timestamp>,
    /// When its day was over, the invoice open still, and the client was asked about it (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<Timestamp>,
}

impl Promise {
    /// Whether its day is still to come, or today.
    pub fn holds_on(&self, today: Date) -> bool {
        self.replaced_at.is_none() && self.broken_at.is_none() && today <= self.on
    }

    /// Whether it held at an instant of this day.
    pub fn held_at(&self, at: Timestamp, day: Date) -> bool {
        self.made_at <= at
            && self.replaced_at.is_none_or(|replaced| at < replaced)
            && day <= self.on
    }
}

/// What stands between an invoice and its next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// Until this day, where the client is.
    Until(Date),
    /// Until somebody resumes them.
    Forever,
}

/// What an invoice keeps of its follow-ups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUps {
    /// Its own ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder: Option<Ladder>,
    /// What its client wanted when it was last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Box<ClientRules>>,
    /// What the client promised, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// The pauses that members have put it in, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

impl FollowUps {
    /// Whether nothing is kept.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What holds here.
    pub fn rules<'a>(&'a self, agency: AgencyRules<'a>) -> Rules<'a> {
        let client = self.client.as_deref();
        let (ladder, ladder_of) = match (&self.ladder, client.and_then(|of| of.ladder.as_ref())) {
            (Some(own), _) => (own, LadderOf::Invoice),
            (None, Some(clients)) => (clients, LadderOf::Client),
            (None, None) => (agency.ladder, LadderOf::Account),
        };
        let own = client.and_then(|client| client.business_days_only);
        let business_days = own.unwrap_or(agency.follow_ups.business_days_only);
        let window = client.and_then(|client| client.send_at);
        let window = window.or(agency.follow_ups.send_at).unwrap_or_default();
        let country = client.and_then(|client| client.holidays_of.as_ref());
        let days = BusinessDays {
            country: country.or(agency.country),
            days_off: &agency.follow_ups.days_off,
        };
        Rules {
            ladder,
            ladder_of,
            timing: Timing {
                window,
                days: business_days.then_some(days),
            },
        }
    }

    /// The newest promise.
    pub fn promise(&self) -> Option<&Promise> {
        self.promises.last()
    }

    /// The pause that holds on a day.
    pub fn pause(&self, today: Date) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.holds_on(today))
    }

    /// What it waits for: the later of a pause and a promise.
    pub fn wait(&self, today: Date) -> Option<Wait> {
        let pause = self.pause(today).and_then(|pause| pause.wait(today));
        let promise = self.promise().filter(|promise| promise.holds_on(today));
        let promise = promise.map(|promise| match promise.on.tomorrow() {
            Ok(day) => Wait::Until(day),
            Err(_) => Wait::Forever,
        });
        pause.max(promise)
    }

    pub(crate) fn paused(&mut self, pause: Pause) {
        self.pauses.push(pause);
        if self.pauses.len() > MAX_PAUSES {
            self.pauses.remove(0);
        }
    }
}

/// Why a promise is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromiseRefusal {
    /// Nothing is due.
    #[error("nothing is due on this invoice")]
    NothingDue,
    /// The day is not one that can be promised.
    #[error("promise a day from {earliest} to {latest}")]
    NotThen {
        /// The first one.
        earliest: Date,
        /// The last one.
        latest: Date,
    },
    /// So many were made.
    #[error("{max} promises were made about this invoice: no more are taken")]
    TooMany {
        /// How many.
        max: usize,
    },
}

impl Refusal for PromiseRefusal {
    fn code(&self) -> &'static str {
        match self {
            PromiseRefusal::NothingDue => "nothing_due",
            PromiseRefusal::NotThen { .. } => "not_a_day_to_promise",
            PromiseRefusal::TooMany { .. } => "too_many_promises",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why follow-ups are not paused, or not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FollowUpRefusal {
    /// Nothing is due.
    #[error("nothing is due on this invoice: there is nothing to follow up")]
    NothingDue,
    /// The day is not one until which it can be paused.
    #[error("pause until a day from {earliest} to {latest}")]
    NotThen {
        /// The first one.
        earliest: Date,
        /// The last one.
        latest: Date,
    },
}

impl Refusal for FollowUpRefusal {
    fn code(&self) -> &'static str {
        match self {
            FollowUpRefusal::NothingDue => "nothing_due",
            FollowUpRefusal::NotThen { .. } => "not_a_day_to_pause_until",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// The first and the last of the days from tomorrow on.
pub(crate) fn days_ahead(today: Date, within: i64) -> (Date, Date) {
    let ahead = |days| today.saturating_add(jiff::Span::new().days(days));
    (ahead(1), ahead(within))
}

/// A client's pause that begins now; none where it is in just that one.
///
/// # Errors
/// [`FollowUpRefusal::NotThen`].
pub fn pause_of_client(
    client: &Client,
    until: Option<Date>,
    by: ActorId,
    now: Timestamp,
) -> Result<Option<Pause>, FollowUpRefusal> {
    let today = client.time_zone.date_of(now);
    let present = client.follow_ups.pause.as_ref();
    next_pause(present, until, by, today, now)
}

/// A pause that begins now; none where the present one is the same.
pub(crate) fn next_pause(
    present: Option<&Pause>,
    until: Option<Date>,
    by: ActorId,
    today: Date,
    now: Timestamp,
) -> Result<Option<Pause>, FollowUpRefusal> {
    let (earliest, latest) = days_ahead(today, WITHIN_DAYS);
    if until.is_some_and(|until| until < earliest || until > latest) {
        return Err(FollowUpRefusal::NotThen { earliest, latest });
    }
    let present = present.filter(|pause| pause.holds_on(today));
    if present.is_some_and(|pause| pause.until == until) {
        return Ok(None);
    }
    Ok(Some(Pause {
        // A pause with another end is the same pause.
        since: present.map_or(now, |pause| pause.since),
        by,
        until,
        resumed_at: None,
    }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

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
            let found = Timing::default().next_opening(&zone, now.parse().unwrap());
            assert_eq!(found.unwrap().to_string(), morning, "{now}");
        }
    }

    #[test]
    fn a_window_is_read_to_the_minute_and_long_enough() {
        let read = |from: &str, until: &str| {
            let window = serde_json::json!({"from": from, "until": until});
            serde_json::from_value::<SendWindow>(window)
        };
        let window = read("09:30", "17:05").unwrap();
        assert_eq!(
            serde_json::json!(window),
            serde_json::json!({"from": "09:30", "until": "17:05"})
        );
        assert!(read("22:00", "24:00").is_ok());
        for (from, until) in [
            ("09:00", "10:59"),
            ("17:00", "09:00"),
            ("9:00", "12:00"),
            ("09:00:00", "12:00"),
            ("24:00", "25:00"),
            ("22:01", "24:00"),
            ("", ""),
        ] {
            assert!(read(from, until).is_err(), "{from} {until}");
        }
    }

    #[test]
    fn a_gap_of_the_clock_lies_within_the_window_still() {
        let window = SendWindow::new(time(2, 0, 0, 0), Some(time(4, 0, 0, 0))).unwrap();
        let timing = Timing { window, days: None };
        for (zone, day, opens) in [
            ("America/New_York", date(2026, 3, 8), "2026-03-08T07:00:00Z"),
            (
                "America/New_York",
                date(2026, 11, 1),
                "2026-11-01T07:00:00Z",
            ),
            ("Europe/Paris", date(2026, 3, 29), "2026-03-29T01:00:00Z"),
            ("Europe/Paris", date(2026, 10, 25), "2026-10-25T00:00:00Z"),
            (
                "Australia/Sydney",
                date(2026, 10, 4),
                "2026-10-03T16:00:00Z",
            ),
            ("Australia/Sydney", date(2026, 4, 5), "2026-04-04T15:00:00Z"),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let found = timing.first_opening(&zone, day).unwrap();
            assert_eq!(found.to_string(), opens, "{day}");
            assert!(timing.is_open(&zone, found), "{day}");
        }
    }

    #[test]
    fn a_step_off_the_working_days_moves_to_the_next_of_them() {
        let (country, off) = (
            CountryCode::parse("DE").unwrap(),
            BTreeSet::from([date(2026, 12, 28)]),
        );
        let timing = Timing {
            days: Some(BusinessDays {
                country: Some(&country),
                days_off: &off,
            }),
            ..Timing::default()
        };
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        // Christmas, a weekend and a day of the agency's own.
        let found = timing.first_opening(&zone, date(2026, 12, 25)).unwrap();
        assert_eq!(found.to_string(), "2026-12-29T08:00:00Z");
        let evening: Timestamp = "2026-12-25T19:00:00Z".parse().unwrap();
        assert!(!timing.is_open(&zone, evening));
        assert_eq!(timing.from_now(&zone, evening), Some(found));
    }
}
