//! When a link ends: the token says it, and its proof is over what it says.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// For how many months a link opens what it leads to, counted from the day that it was made.
///
/// A year and a month: who closes the books of a year still opens what was billed in its first days.
pub const LINK_MONTHS: i8 = 13;

/// Days since the first of January 1970.
pub(super) const END_BYTES: usize = 3;

const FIRST: Date = jiff::civil::date(1970, 1, 1);

/// The last day (UTC) on which a link opens anything.
///
/// It is the last of a month, so that the links of one month are the same: a mail that leaves again has the link that it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkEnd(Date);

impl LinkEnd {
    /// That of a link which is made at this instant.
    pub fn of(now: Timestamp) -> Self {
        let today = Self::day(now);
        let then = today.checked_add(i32::from(LINK_MONTHS).months());
        Self(then.map_or(Date::MAX, Date::last_of_month))
    }

    /// The day.
    pub fn on(self) -> Date {
        self.0
    }

    /// Whether the day is over.
    pub fn is_over(self, now: Timestamp) -> bool {
        Self::day(now) > self.0
    }

    fn day(now: Timestamp) -> Date {
        TimeZone::UTC.to_datetime(now).date()
    }

    pub(super) fn to_bytes(self) -> [u8; END_BYTES] {
        let days = self.0.since(FIRST).map_or(0, |span| span.get_days());
        let [_, high, middle, low] = days.max(0).to_be_bytes();
        [high, middle, low]
    }

    /// None for a day that no calendar has.
    pub(super) fn from_bytes([high, middle, low]: [u8; END_BYTES]) -> Option<Self> {
        let days = i32::from_be_bytes([0, high, middle, low]);
        let since = Span::new().try_days(days).ok()?;
        FIRST.checked_add(since).ok().map(Self)
    }
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// It was not made here, or is revoked. Nothing of what it names may be told.
    #[error("this link is not known")]
    Unknown,
    /// It was good until its day. Whose it is may be told.
    #[error("this link has ended")]
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_lasts_thirteen_months_and_to_the_end_of_the_last() {
        for (made, ends) in [
            ("2026-01-01T00:00:00Z", "2027-02-28"),
            ("2026-01-31T23:59:59Z", "2027-02-28"),
            ("2027-01-31T12:00:00Z", "2028-02-29"),
            ("2026-12-01T00:00:00Z", "2028-01-31"),
        ] {
            let end = LinkEnd::of(at(made));
            assert_eq!(end.on().to_string(), ends, "{made}");
            assert_eq!(LinkEnd::from_bytes(end.to_bytes()), Some(end));
        }
        let end = LinkEnd::of(at("2026-01-31T12:00:00Z"));
        assert!(!end.is_over(at("2027-02-28T23:59:59.999Z")));
        assert!(end.is_over(at("2027-03-01T00:00:00Z")));
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let last = LinkEnd::of(Timestamp::MAX);
        assert_eq!(LinkEnd::from_bytes(last.to_bytes()), Some(last));
        assert_eq!(LinkEnd::from_bytes([0xff; END_BYTES]), None);
        assert_eq!(LinkEnd::of(Timestamp::MIN).to_bytes(), [0; END_BYTES]);
    }
}
