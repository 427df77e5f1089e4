//! What an agency tells its clients by itself, beside invoices, receipts and follow-ups: that an offer is about
//! to end, that a subscription is about to be charged, thanks, statements. Each can be switched off, for all
//! or for one client.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::client::Client;
use crate::subscription::Automation;

/// Most days ahead that something is told.
pub const MAX_NOTICE_DAYS: u8 = 60;
/// The last day of a month on which statements are made: every month has it.
pub const MAX_STATEMENT_DAY: u8 = 28;
/// The day for clients who get statements where the agency has none for all.
const USUAL_STATEMENT_DAY: u8 = 1;

/// What an agency tells by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgencyNotices {
    /// Whether invoices, credit notes and receipts go with their mails as files.
    pub attach_documents: bool,
    /// Whether the due day of an invoice goes with its mail as an entry for a calendar.
    pub attach_calendar: bool,
    /// Whether a client is thanked when its project is closed.
    pub project_thanks: bool,
    /// How many days before an offer ends its signers are told; none is never.
    pub estimate_expiry_days: Option<u8>,
    /// How many days before a subscription is billed and charged its client is told; none is never.
    pub charge_notice_days: Option<u8>,
    /// The same of one that is billed and not charged.
    pub bill_notice_days: Option<u8>,
    /// On which day of a month clients get a statement of the month before; none is never.
    pub statement_day: Option<u8>,
}

impl Default for AgencyNotices {
    fn default() -> Self {
        Self {
            attach_documents: true,
            attach_calendar: true,
            project_thanks: true,
            estimate_expiry_days: Some(3),
            charge_notice_days: Some(3),
            // The bill itself comes before its money is due.
            bill_notice_days: None,
            // Who is billed once a month has nothing to look through.
            statement_day: None,
        }
    }
}

impl AgencyNotices {
    /// Whether it says nothing that is not so by itself.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What of it is otherwise for one client; none is as the agency has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientNotices {
    /// Whether it is thanked when its project is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_thanks: Option<bool>,
    /// Whether it is told that an offer is about to end; on is as many days before as the agency says, or as
    /// many as it says by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_expiry: Option<bool>,
    /// Whether it is told before a subscription is billed or charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_notices: Option<bool>,
    /// Whether it gets a statement of each month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statements: Option<bool>,
    /// Since when it wants no more of what is a courtesy (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
}

impl ClientNotices {
    /// Whether nothing is otherwise.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a client gets what is a courtesy: it is in use, and has not asked for an end of that.
pub fn takes_courtesies(client: &Client) -> bool {
    client.archived_at.is_none() && client.notices.stopped_at.is_none()
}

/// Whether a client is thanked when its project is closed.
pub fn thanks(account: &Account, client: &Client) -> bool {
    let own = client.notices.project_thanks;
    takes_courtesies(client) && own.unwrap_or(account.notices.project_thanks)
}

/// How many days before an offer ends a client is told; none is never.
pub fn estimate_expiry_days(account: &Account, client: &Client) -> Option<u8> {
    let agency = account.notices.estimate_expiry_days;
    let days = match client.notices.estimate_expiry {
        None => agency,
        Some(false) => None,
        Some(true) => agency.or(AgencyNotices::default().estimate_expiry_days),
    };
    days.filter(|_| takes_courtesies(client))
}

/// When a client is told that an offer ends on a day: so many days before, when its mails usually leave. None
/// where that is over, or never.
pub fn estimate_expiry_at(
    account: &Account,
    client: &Client,
    valid_until: Date,
    now: Timestamp,
) -> Option<Timestamp> {
    let days = estimate_expiry_days(account, client)?;
    let day = valid_until.checked_sub(i64::from(days).days()).ok()?;
    usual_hour(account, client, day).filter(|at| *at > now)
}

/// How many days before its bill a subscription is told; none is never. This is no courtesy: who is charged is
/// to know of it, whatever else they have asked an end of.
pub fn subscription_days(
    account: &Account,
    client: Option<&Client>,
    automation: Automation,
) -> Option<u8> {
    let usual = AgencyNotices::default().charge_notice_days;
    let agency = match automation {
        Automation::Charge => account.notices.charge_notice_days,
        Automation::Send => account.notices.bill_notice_days,
        // Nothing leaves by itself.
        Automation::Draft | Automation::Collect => return None,
    };
    match client.and_then(|client| client.notices.subscription_notices) {
        None => agency,
        Some(false) => None,
        Some(true) => agency.or(usual),
    }
}

/// On which day of a month an account's statements are made, for all or for those who get them.
pub fn statement_day_of(account: &Account) -> u8 {
    let day = account.notices.statement_day;
    day.unwrap_or(USUAL_STATEMENT_DAY)
}

/// Whether a client gets a statement of each month. It is a courtesy: what is owed was told by its invoices, and
/// reminders are for what is overdue.
pub fn statements(account: &Account, client: &Client) -> bool {
    let agency = account.notices.statement_day.is_some();
    takes_courtesies(client) && client.notices.statements.unwrap_or(agency)
}

/// When mails to a client usually leave on a day: as the first of its follow-ups would.
pub fn usual_hour(account: &Account, client: &Client, day: Date) -> Option<Timestamp> {
    let own = client.follow_ups.send_at.or(account.follow_ups.send_at);
    let zone = client.time_zone.zone();
    let at = day.to_datetime(own.unwrap_or_default().from());
    zone.to_timestamp(at).ok()
}
