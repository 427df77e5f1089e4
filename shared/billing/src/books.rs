//! Which days of the books are open.
//!
//! A bookkeeper who has closed a period locks it: nothing is booked in it any more. What is dated in
//! it all the same, such as a transfer that a bank's file tells late, is booked on the first open day
//! after it and keeps its own date beside that. An [`OpenDay`] is what every booking asks for, and
//! only an account gives one: so no writer can go round the lock.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::account::Account;

/// A function that reads the account and books by it has ended after this long (Lambda ends each after
/// a quarter of an hour at most). So a day is locked no sooner: an entry of that very day that was
/// planned before the lock is there by then.
const LAST_BOOKING_ENDS: SignedDuration = SignedDuration::from_mins(60);

/// A day on which something may be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenDay(Date);

impl OpenDay {
    /// The day.
    pub fn date(self) -> Date {
        self.0
    }
}

impl Account {
    /// The first day of the books: that of the month in which the account was made. What is dated
    /// earlier was somebody else's to book.
    pub fn books_begin(&self) -> Date {
        self.time_zone.date_of(self.created_at).first_of_month()
    }

    /// The day that something of this day is booked on: itself, or the first open one after it.
    pub fn open_day(&self, wanted: Date) -> OpenDay {
        let wanted = wanted.max(self.books_begin());
        OpenDay(match self.books_locked_until {
            Some(locked) if wanted <= locked => locked.tomorrow().unwrap_or(wanted),
            _ => wanted,
        })
    }

    /// The last day that can be locked now: one that has been over for an hour.
    pub fn latest_lock(&self, now: Timestamp) -> Date {
        let today = self.today(now - LAST_BOOKING_ENDS);
        today.yesterday().unwrap_or(today)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn account(locked_until: Option<&str>) -> Account {
        let text = serde_json::json!({
            "id": "acc_01kc000000e008000000000051",
            "name": "Studio Nord",
            "email": "hello@studio.example",
            "time_zone": "Europe/Berlin",
            "currency": "EUR",
            "language": "en",
            "terms": {"kind": "due_on_receipt"},
            "invoice_numbers": "INV-{seq:4}",
            "reminder_ladder": [],
            "books_locked_until": locked_until,
            "created_at": "2026-01-20T00:00:00Z",
            "updated_at": "2026-01-20T00:00:00Z",
        });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn what_is_closed_moves_to_the_first_open_day() {
        for (locked, wanted, open) in [
            (None, "2026-03-15", "2026-03-15"),
            (None, "2025-12-31", "2026-01-01"),
            (Some("2026-03-31"), "2026-03-31", "2026-04-01"),
            (Some("2026-03-31"), "2026-01-05", "2026-04-01"),
            (Some("2026-03-31"), "2026-04-01", "2026-04-01"),
            (Some("2025-06-30"), "2025-06-01", "2026-01-01"),
        ] {
            let day = account(locked).open_day(wanted.parse().unwrap());
            assert_eq!(day.date(), open.parse().unwrap(), "{locked:?} {wanted}");
        }
    }

    #[test]
    fn a_day_is_locked_once_it_has_been_over_for_an_hour() {
        // Midnight in Berlin is 22:00 UTC in summer.
        for (now, latest) in [
            ("2026-06-30T21:59:59Z", "2026-06-29"),
            ("2026-06-30T22:59:59Z", "2026-06-29"),
            ("2026-06-30T23:00:00Z", "2026-06-30"),
            ("2026-07-01T21:00:00Z", "2026-06-30"),
        ] {
            let latest: Date = latest.parse().unwrap();
            assert_eq!(
                account(None).latest_lock(now.parse().unwrap()),
                latest,
                "{now}"
            );
        }
    }
}
