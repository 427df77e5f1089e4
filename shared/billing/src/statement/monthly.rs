//! The monthly statements of an account: on which day they are made, of which month, and how far that is.
//!
//! There is one such record of an account, and only where somebody gets statements. Its clients are gone through
//! page by page; how far, stands in it, so a run that died goes on there. What a client gets for a month is known
//! by client and month, so it is made once, whatever is gone through twice.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::account::Account;
use crate::client::Client;
use crate::follow_up::{AgencyRules, ClientRules, FollowUps};
use crate::ids::{AccountId, ClientId, DeliveryId, TypedId as _};
use crate::notices;
use crate::party::Period;

/// An id holds 128 bits; as many of a hash are nobody's chance.
const ID_BYTES: usize = 16;

/// The monthly statements of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyStatements {
    /// Whose.
    pub account_id: AccountId,
    /// When the next ones are made (UTC); none while nobody gets any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// Those that are being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<StatementRun>,
    /// When they were last switched on, for all or for one (UTC).
    pub wanted_at: Timestamp,
}

/// Statements that are being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRun {
    /// The first day of the month that they are of.
    pub month: Date,
    /// When they were begun (UTC).
    pub begun_at: Timestamp,
    /// The last client that was gone through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ClientId>,
    /// Whether somebody was met who gets them.
    pub met: bool,
}

impl StatementRun {
    /// The days that they are of: a month, where the books are.
    pub fn days(&self) -> Option<Period> {
        Period::new(self.month, self.month.last_of_month()).ok()
    }

    /// The delivery of a client's statement of the month: the same whenever it is made.
    pub fn delivery_id(&self, account: AccountId, client: ClientId) -> DeliveryId {
        let month = self.month;
        let digest = Sha256::digest(format!("{account}\n{client}\nmonthly statement\n{month}"));
        let mut bytes = [0; ID_BYTES];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        DeliveryId::from_uuid(Uuid::from_bytes(bytes))
    }

    /// When a client's leaves: when its mails do, on the agency's day where the client is or as soon after as
    /// they do. None where the calendar ends.
    pub fn leaves_at(
        &self,
        account: &Account,
        client: &Client,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let agency = AgencyRules::from(account);
        let own = FollowUps {
            client: ClientRules::of(client, agency).map(Box::new),
            ..FollowUps::default()
        };
        let timing = own.rules(agency).timing;
        let zone = client.time_zone.zone();
        let next = self.month.checked_add(1.month()).ok()?;
        let first =
            timing.first_opening(zone, on_day(next, notices::statement_day_of(account))?)?;
        match first > now {
            true => Some(first),
            false => timing.from_now(zone, now),
        }
    }
}

impl MonthlyStatements {
    /// As they are once somebody is to get them, or the day is another one: the next day that comes. What is
    /// being made goes on.
    pub fn wanted(before: Option<&Self>, account: &Account, now: Timestamp) -> Self {
        let run = before.and_then(|before| before.run);
        let next_at = match run {
            Some(_) => before.and_then(|before| before.next_at),
            None => next_day(account, now),
        };
        Self {
            account_id: account.id,
            next_at,
            run,
            wanted_at: now,
        }
    }

    /// What is to be made now, where something is: where several months were missed, the newest alone. Its
    /// opening balance has what was before.
    pub fn due(&self, account: &Account, now: Timestamp) -> Option<StatementRun> {
        self.next_at.filter(|at| *at <= now)?;
        let month = newest_month(account, now)?;
        Some(match self.run {
            Some(run) if run.month == month => run,
            _ => StatementRun {
                month,
                begun_at: now,
                after: None,
                met: false,
            },
        })
    }

    /// As they are behind some clients.
    pub fn went_on(&self, run: StatementRun) -> Self {
        Self {
            run: Some(run),
            ..self.clone()
        }
    }

    /// As they are behind the last client: where nobody gets any, they end until somebody wants them.
    pub fn ended(&self, run: StatementRun, account: &Account, now: Timestamp) -> Self {
        let by_agency = account.notices.statement_day.is_some();
        let goes_on = by_agency || run.met || self.wanted_at >= run.begun_at;
        Self {
            next_at: next_day(account, now).filter(|_| goes_on),
            run: None,
            ..self.clone()
        }
    }
}

/// The day of a month that is so far in it.
fn on_day(month: Date, day: u8) -> Option<Date> {
    let day = i8::try_from(day).ok()?;
    Date::new(month.year(), month.month(), day).ok()
}

/// When the agency's day comes next: at the hour when its mails begin to leave.
fn next_day(account: &Account, now: Timestamp) -> Option<Timestamp> {
    let wanted = notices::statement_day_of(account);
    let hour = account.follow_ups.send_at.unwrap_or_default().from();
    let mut month = account.today(now).first_of_month();
    loop {
        let at = on_day(month, wanted)?.to_datetime(hour);
        let at = account.time_zone.zone().to_timestamp(at).ok()?;
        if at > now {
            return Some(at);
        }
        month = month.checked_add(1.month()).ok()?;
    }
}

/// The first day of the month before the agency's day that came last.
fn newest_month(account: &Account, now: Timestamp) -> Option<Date> {
    let today = account.today(now);
    let wanted = on_day(today, notices::statement_day_of(account))?;
    let back = if today < wanted { 2 } else { 1 };
    today.first_of_month().checked_sub(back.months()).ok()
}
