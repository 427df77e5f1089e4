//! Fees for paying late: only what the accepted terms name, once a period, on invoices of their own.
//!
//! A fee is reckoned on what was overdue and not disputed, for days that are over. Whatever it comes to is
//! charged by an invoice that names the one that it is about; the invoice itself never changes, and a
//! fee bears none.

mod overdue;
mod reckon;
mod rule;

pub use reckon::{FeeContext, FeeLine, FeeLook, FeeRefusal, FeesDue, Segment};
pub use rule::{
    Compensation, Every, LateCharge, LateFeeRule, MAX_COMPENSATION_STEPS, MAX_GRACE_DAYS, Preset,
    Reference, ReferenceRate, ReferenceRates, YearlyRate, half_year,
};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::client::Client;
use crate::fault::Fault;
use crate::follow_up::Timing;
use crate::ids::{AccountId, ClientId, InvoiceId};
use crate::invoice::InvoiceContent;
use crate::money::{Currency, Money};
use crate::numbering::DocumentNumber;
use crate::party::{Paragraph, Period, Text, ZoneName};
use crate::refusal::{Refusal, RefusalKind};
use crate::scope::Scope;
use crate::standing::{Standing, Status};
use crate::subscription::Trouble;

/// Waivers that are kept with one invoice.
pub const MAX_WAIVERS: usize = 50;

/// What a client agreed to outside of estimates: a frame contract, general terms that it signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateFeeAgreement {
    /// What was agreed.
    #[serde(flatten)]
    pub rule: LateFeeRule,
    /// The currency of its sums.
    pub currency: Currency,
    /// On which day.
    pub agreed_on: Date,
    /// Where it stands: the contract's name or number.
    pub agreement: Text<200>,
}

/// The rule that an invoice bears: what was accepted on every project that it bills, and what its client agreed
/// to for all that has no terms of its own. Where these are not the same, none.
pub fn agreed(content: &InvoiceContent, client: &Client, scopes: &[Scope]) -> Option<LateFeeRule> {
    if !content.charge_late_fees || content.late_fee_of.is_some() {
        return None;
    }
    let of_client = client.late_fee_agreement.as_ref();
    let of_client = of_client
        .filter(|agreed| agreed.currency == content.currency || !agreed.rule.names_sums())
        .map(|agreed| &agreed.rule);
    let of_project = |id| {
        let scope = scopes.iter().find(|scope| scope.project_id == id);
        scope.and_then(Scope::late_fees).or(of_client)
    };
    let mut rules = (0..content.lines.len().max(1)).map(|place| {
        let project = content.project_of(place).or(content.project_id);
        project.map_or(of_client, of_project)
    });
    let first = rules.next().flatten()?;
    rules.all(|rule| rule == Some(first)).then(|| first.clone())
}

/// What becomes of fees for paying late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeAutomation {
    /// Their invoices are issued and sent.
    #[default]
    Send,
    /// They are drafts, for a member to look at.
    Draft,
}

impl FeeAutomation {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["send", "draft"];

    /// Reads a word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "send" => Ok(Self::Send),
            "draft" => Ok(Self::Draft),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::Send
    }
}

/// What was charged at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeCharge {
    /// The invoice that charges it.
    pub invoice_id: InvoiceId,
    /// Its number; none while it is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<DocumentNumber>,
    /// The days that it is for.
    pub days: Period,
    /// The fees, without compensation.
    pub amount: Money,
    /// The fixed sum beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensation: Option<Money>,
    /// When (UTC).
    pub at: Timestamp,
}

/// What a member let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Nothing is charged for days until this one, which were not charged before.
    pub through: Date,
    /// Whether nothing is charged any more at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_good: bool,
    /// The agency's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Paragraph<500>>,
    /// Who.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
}

/// Why no fee is let go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaiverRefusal {
    /// There is none.
    #[error("no late fee is agreed for this invoice")]
    NoneAgreed,
    /// Nothing is to come.
    #[error("no late fee of this invoice is to come; void or credit what was charged")]
    NoneToCome,
    /// It was done too often.
    #[error("a fee of this invoice was waived {max} times already: waive it for good")]
    TooMany {
        /// How often it can be.
        max: usize,
    },
}

impl Refusal for WaiverRefusal {
    fn code(&self) -> &'static str {
        match self {
            WaiverRefusal::NoneAgreed => "no_late_fee_agreed",
            WaiverRefusal::NoneToCome => "no_late_fee_to_come",
            WaiverRefusal::TooMany { .. } => "too_many_waivers",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// The fees of an invoice, from when it is first overdue, or again after it was reopened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateFees {
    /// Whose.
    pub account_id: AccountId,
    /// Who pays late.
    pub client_id: ClientId,
    /// Which invoice.
    pub invoice_id: InvoiceId,
    /// The standing's cycle: reopening begins anew.
    pub cycle: u32,
    /// The day before the first that counts: the due day, or that before it was reopened.
    pub anchor_on: Date,
    /// Periods that are over, whatever they came to.
    pub done: u32,
    /// When it is looked at next (UTC); none once nothing is to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// What was charged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<FeeCharge>,
    /// What was let go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    /// Why what is due is not charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

impl LateFees {
    /// Those of an invoice that was just issued; none where no fee is agreed, or nothing is owed.
    pub fn opened(standing: &Standing, rule: Option<&LateFeeRule>) -> Option<Self> {
        let rule = rule.filter(|_| matches!(standing.status, Status::Open))?;
        let mut fees = Self::of(standing, standing.due_on);
        fees.next = fees.next_look(rule, &standing.time_zone);
        Some(fees)
    }

    /// Those of an invoice that is owed again; none where no fee is agreed, or where it was owed all along.
    pub fn reopened(before: &Standing, after: &Standing, now: Timestamp) -> Option<Self> {
        let was_settled = !matches!(before.status, Status::Open);
        let is_open = matches!(after.status, Status::Open);
        if !was_settled || !is_open || after.late_fees_from.is_none() {
            return None;
        }
        let zone = &after.time_zone;
        let today = zone.date_of(now);
        let mut fees = Self::of(after, today.yesterday().ok()?.max(after.due_on));
        // By which rule, and so when, the first look finds out.
        fees.next = nine(fees.anchor_on.checked_add(2.days()).ok()?, zone);
        Some(fees)
    }

    fn of(standing: &Standing, anchor_on: Date) -> Self {
        Self {
            account_id: standing.account_id,
            client_id: standing.client_id,
            invoice_id: standing.invoice_id,
            cycle: standing.reminders.cycle,
            anchor_on,
            done: 0,
            next: None,
            charges: Vec::new(),
            waivers: Vec::new(),
            trouble: None,
        }
    }

    /// The days of a period, counted from one.
    fn days(&self, number: u32) -> Option<(Date, Date)> {
        let months = |count: u32| {
            let months = i64::from(count).months();
            self.anchor_on.checked_add(months).ok()
        };
        let from = months(number.checked_sub(1)?)?.tomorrow().ok()?;
        Some((from, months(number)?))
    }

    /// The day on which a period is charged; none where the calendar ends.
    fn charged_on(&self, rule: &LateFeeRule, number: u32) -> Option<Date> {
        let (from, to) = self.days(number)?;
        let grace = i64::from(rule.grace_days).days();
        let day = match rule.charge {
            LateCharge::Interest(_) => to.max(self.anchor_on.checked_add(grace).ok()?),
            LateCharge::Flat { .. } | LateCharge::Percent { .. } => {
                from.yesterday().ok()?.checked_add(grace).ok()?
            }
        };
        day.tomorrow().ok()
    }

    /// When the period that is next is looked at, in the morning where the client is.
    fn next_look(&self, rule: &LateFeeRule, zone: &ZoneName) -> Option<Timestamp> {
        nine(self.charged_on(rule, self.done + 1)?, zone)
    }

    /// What is let go of what was not charged yet.
    ///
    /// # Errors
    /// [`WaiverRefusal`].
    pub fn waived(
        mut self,
        rule: &LateFeeRule,
        zone: &ZoneName,
        waiver: Waiver,
    ) -> Result<Self, WaiverRefusal> {
        if self.next.is_none() {
            return Err(WaiverRefusal::NoneToCome);
        }
        if self.waivers.len() >= MAX_WAIVERS && !waiver.for_good {
            return Err(WaiverRefusal::TooMany { max: MAX_WAIVERS });
        }
        let now = waiver.at;
        if waiver.for_good {
            self.next = None;
        } else if !matches!(rule.charge, LateCharge::Interest(_)) {
            // A sum is let go as a whole: the next one that would be charged.
            self.done += 1;
            self.next = match rule.charge.every() {
                Every::Once => None,
                Every::Month => self.next_look(rule, zone).map(|at| at.max(now)),
            };
        }
        self.trouble = None;
        self.waivers.push(waiver);
        Ok(self)
    }

    /// The first day that was not let go.
    fn counts_from(&self) -> Option<Date> {
        let last = self.waivers.iter().map(|waiver| waiver.through).max()?;
        last.tomorrow().ok()
    }

    /// What was charged, without compensation.
    pub fn charged(&self, currency: Currency) -> Result<Money, crate::money::MoneyError> {
        Money::sum(currency, self.charges.iter().map(|charge| charge.amount))
    }

    /// It cannot be charged: why, and that it is tried again tomorrow.
    #[must_use]
    pub fn put_off(mut self, code: &str, detail: &str, zone: &ZoneName, now: Timestamp) -> Self {
        self.trouble = Some(Trouble::again(self.trouble.as_ref(), code, detail, now));
        self.next = tomorrow(zone, now);
        self
    }
}

/// Nine in the morning of a day.
fn nine(day: Date, zone: &ZoneName) -> Option<Timestamp> {
    Timing::default().first_opening(zone.zone(), day)
}

/// Nine in the morning of the next day.
fn tomorrow(zone: &ZoneName, now: Timestamp) -> Option<Timestamp> {
    nine(zone.date_of(now).tomorrow().ok()?, zone)
}
