//! How far a provider's own list was read for an account: what no notification told is found in it.
//!
//! The list is read by itself, a little faster than once a day, page by page. Each reading begins some hours before the
//! last one ended: what was stated meanwhile may have come into the list late. What is known has no effect.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// Between two readings. Shorter than the day after which a provider is asked once more for a payment on its way: the list
/// tells of all that happened at once, and who asks one by one then hears nothing new.
pub const READ_EVERY: SignedDuration = SignedDuration::from_hours(20);
/// After a provider that gave no answer.
pub const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// How far a reading goes back behind the end of the one before.
const OVERLAP: SignedDuration = SignedDuration::from_hours(6);
/// What providers list: thirty days.
const LISTED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A stretch of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first moment (UTC).
    pub from: Timestamp,
    /// The first moment behind it (UTC).
    pub until: Timestamp,
}

/// A reading that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What is read.
    pub stretch: Stretch,
    /// The provider's word for its next page; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How far one provider's list was read for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Whose.
    pub account_id: AccountId,
    /// The provider.
    pub provider: String,
    /// What was stated before this was taken in (UTC).
    pub known_until: Timestamp,
    /// What is being read; none between readings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// When to read on (UTC); none where there is no list, or nobody to ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

impl Reconciliation {
    /// The list of a provider that was set up now.
    pub fn begun(account_id: AccountId, provider: &str, now: Timestamp) -> Self {
        Self {
            account_id,
            provider: provider.to_owned(),
            known_until: now,
            reading: None,
            due_at: Some(now + READ_EVERY),
        }
    }

    /// The provider was set up once more; none where its list is read anyway.
    pub fn resumed(&self, now: Timestamp) -> Option<Self> {
        match self.due_at {
            Some(_) => None,
            None => Some(Self {
                due_at: Some(now + READ_EVERY),
                ..self.clone()
            }),
        }
    }

    /// What to read now, if it is due: where the last page ended, or all since the last reading that a list still has.
    pub fn next(&self, now: Timestamp) -> Option<Reading> {
        if self.due_at.is_none_or(|at| at > now) {
            return None;
        }
        let listed = now.checked_sub(LISTED).unwrap_or(now);
        // A reading that was left for longer than lists reach back is begun anew.
        let lasting = self.reading.as_ref();
        if let Some(reading) = lasting.filter(|reading| reading.stretch.from >= listed) {
            return Some(reading.clone());
        }
        let from = self.known_until.checked_sub(OVERLAP);
        Some(Reading {
            stretch: Stretch {
                from: from.unwrap_or(listed).max(listed),
                until: now,
            },
            cursor: None,
        })
    }

    /// A page of a reading was taken in, and `next` is the one behind it: to be read at once, or the reading is over.
    #[must_use]
    pub fn read(self, reading: Reading, next: Option<String>, now: Timestamp) -> Self {
        match next {
            Some(cursor) => Self {
                reading: Some(Reading {
                    cursor: Some(cursor),
                    ..reading
                }),
                due_at: Some(now),
                ..self
            },
            None => Self {
                known_until: self.known_until.max(reading.stretch.until),
                reading: None,
                due_at: Some(now + READ_EVERY),
                ..self
            },
        }
    }

    /// The provider did not answer: the same page again, later.
    #[must_use]
    pub fn put_off(self, now: Timestamp) -> Self {
        Self {
            due_at: Some(now + TRY_AGAIN_AFTER),
            ..self
        }
    }

    /// The provider keeps no list, or is not set up any more.
    #[must_use]
    pub fn stopped(self) -> Self {
        Self {
            reading: None,
            due_at: None,
            ..self
        }
    }
}
