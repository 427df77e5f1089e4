//! How long things are kept: documents as long as the law wants it, contacts of clients that are gone as long as the
//! agency says.

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::client::Client;
use crate::ids::AccountId;

/// The least and the most years that documents are kept for: Korea wants five, some registers thirty.
pub const DOCUMENTS_YEARS: (i64, i64) = (5, 30);
/// The least and the most years after which contacts of archived clients are erased.
pub const CONTACTS_YEARS: (i64, i64) = (1, 30);
/// How often clients are looked through.
const EVERY: SignedDuration = SignedDuration::from_hours(24);

/// What an agency says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Years for which books and what proves them are kept, from the end of the year that they are of.
    pub documents_years: u8,
    /// Years after a client was archived, after which its contacts are erased by themselves; none is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts_years: Option<u8>,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            documents_years: 10,
            contacts_years: None,
        }
    }
}

impl Retention {
    /// Whether nothing was said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Until when a document of this day is kept: the end of its year, and the years after it.
    pub fn kept_until(&self, day: Date) -> Date {
        let year = day.year().saturating_add(i16::from(self.documents_years));
        Date::new(year, 12, 31).unwrap_or(Date::MAX)
    }

    /// Whether the contacts of a client have had their time. The last day of February stands for a 29th that a year
    /// does not have.
    pub fn is_over(&self, client: &Client, account: &Account, now: Timestamp) -> bool {
        let (Some(years), Some(archived_at)) = (self.contacts_years, client.archived_at) else {
            return false;
        };
        let over = Span::new()
            .try_years(years)
            .and_then(|years| account.time_zone.date_of(archived_at).checked_add(years));
        over.is_ok_and(|over| over <= account.today(now))
    }
}

/// When the archived clients of an account are looked through, and how far that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRun {
    /// Whose clients.
    pub account_id: AccountId,
    /// From when on they are looked through, or gone on with (UTC); none while nothing ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Behind which of them; none at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl RetentionRun {
    /// One that begins now.
    pub fn begun(account_id: AccountId, now: Timestamp) -> Self {
        Self {
            account_id,
            due_at: Some(now),
            after: None,
        }
    }

    /// The same behind a page; at the end it begins anew a day later, if anything ends by itself still.
    #[must_use]
    pub fn went_on(&self, next: Option<String>, retention: Retention, now: Timestamp) -> Self {
        let tomorrow = now.checked_add(EVERY).ok();
        Self {
            account_id: self.account_id,
            due_at: match (&next, retention.contacts_years) {
                (_, None) => None,
                (Some(_), Some(_)) => Some(now),
                (None, Some(_)) => tomorrow,
            },
            after: next,
        }
    }
}
