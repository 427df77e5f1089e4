//! Subscriptions: retainers and repeating work that bill themselves, each period once.
//!
//! A subscription holds what one whole period bills, and which period is next. Whoever bills a
//! period moves it on in the same commit, so no period is billed twice and none is left out: a run that was
//! missed finds the same period still next, and those behind it one after the other.

mod bill;
mod notice;
mod refusal;
mod retainer;
mod schedule;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use bill::{Bill, WorkLine};
pub use notice::{Ahead, BillAhead};
pub use refusal::SubscriptionRefusal;
pub use retainer::{Allowance, CarryOver, Drawn, Retainer, RetainerState};
pub use schedule::{
    BillingMoment, BillingPeriod, BillingSchedule, Cadence, CadenceUnit, PERIODS_MAX, Proration,
    morning,
};

use crate::actor::ActorId;
use crate::approval::{ApprovalRefusal, Checked, Review};
use crate::canonical::{ContentHash, NotCanonical, canonical};
use crate::ids::{
    AccountId, AttemptId, ClientId, InvoiceId, PaymentMethodId, ProjectId, SubscriptionId,
};
use crate::invoice::InvoiceContent;
use crate::line::Line;
use crate::party::{Name, Paragraph, Period, ZoneName};

/// Lines of what a period bills: a new price in the middle of one bills twice as many.
pub const MAX_SUBSCRIPTION_LINES: usize = 100;
/// Periods that are left out on purpose, as they are kept; older ones are forgotten first.
const SKIPPED_KEPT: usize = 60;
/// Periods that one request leaves out, at most.
pub const SKIP_MAX: u32 = 12;

/// What becomes of a period's bill by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automation {
    /// A draft, for a member to look at.
    #[default]
    Draft,
    /// It is issued and sent.
    Send,
    /// It is issued and sent, and what the client lets the agency charge is charged.
    Charge,
    /// It waits for the client's billing day, and stands on the invoice of that.
    Collect,
}

impl Automation {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["draft", "send", "charge", "collect"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "draft" => Some(Self::Draft),
            "send" => Some(Self::Send),
            "charge" => Some(Self::Charge),
            "collect" => Some(Self::Collect),
            _ => None,
        }
    }
}

/// What is agreed: what a whole period bills, when, and what becomes of the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionTerms {
    /// What it is called.
    pub name: Name,
    /// What a whole period bills.
    pub content: InvoiceContent,
    /// When.
    pub schedule: BillingSchedule,
    /// What becomes of the bill.
    pub automation: Automation,
    /// Work or money that each period includes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retainer: Option<Retainer>,
}

impl SubscriptionTerms {
    /// The hash of all that is agreed: what an approval is of.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn hash(&self) -> Result<ContentHash, NotCanonical> {
        Ok(canonical(self)?.hash)
    }
}

/// Lines that count from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChange {
    /// From which day on.
    pub from: Date,
    /// What a whole period bills then.
    pub lines: Vec<Line>,
    /// The hash of both: what an approval is of.
    pub content_hash: ContentHash,
    /// Who wrote it, and who looked at it.
    #[serde(flatten)]
    pub review: Review,
}

#[derive(Serialize)]
struct ChangeSeen<'a> {
    subscription_id: SubscriptionId,
    from: Date,
    lines: &'a [Line],
}

impl PriceChange {
    /// A change that was just written.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn new(
        subscription_id: SubscriptionId,
        from: Date,
        lines: Vec<Line>,
        author: ActorId,
    ) -> Result<Self, NotCanonical> {
        let seen = ChangeSeen {
            subscription_id,
            from,
            lines: &lines,
        };
        Ok(Self {
            from,
            content_hash: canonical(&seen)?.hash,
            lines,
            review: Review::of(author),
        })
    }
}

/// Where a subscription stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// It is being written, and bills nothing.
    Draft,
    /// It bills.
    Active {
        /// Since when (UTC).
        since: Timestamp,
    },
    /// It bills nothing for a while.
    Paused {
        /// Since when (UTC).
        since: Timestamp,
        /// The first day on which it bills again by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// It bills nothing any more.
    Ended {
        /// Since when (UTC).
        at: Timestamp,
    },
}

impl SubscriptionStatus {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["draft", "active", "paused", "ended"];

    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active { .. } => "active",
            Self::Paused { .. } => "paused",
            Self::Ended { .. } => "ended",
        }
    }
}

/// The period that is billed next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextBill {
    /// Its number; one behind the last is the settlement of a retainer.
    pub number: u32,
    /// When it is looked at (UTC): its billing moment, or later where it could not be billed then.
    pub at: Timestamp,
}

/// Why periods were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// A member said so.
    Asked,
    /// It was paused.
    Paused,
}

/// Periods that were not billed, and will not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The first.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// Why.
    pub reason: SkipReason,
}

/// Why the period that is next could not be billed: it is tried again every morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The code of the refusal.
    pub code: String,
    /// What to do about it.
    pub detail: String,
    /// Since when (UTC).
    pub since: Timestamp,
}

impl Trouble {
    /// The same trouble since it began, or another one since now.
    pub fn again(before: Option<&Self>, code: &str, detail: &str, now: Timestamp) -> Self {
        let since = match before {
            Some(trouble) if trouble.code == code => trouble.since,
            _ => now,
        };
        Self {
            code: code.to_owned(),
            detail: detail.to_owned(),
            since,
        }
    }
}

/// A retainer or repeating work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: SubscriptionId,
    /// What is agreed.
    pub terms: SubscriptionTerms,
    /// The hash of that: what an approval is of.
    pub content_hash: ContentHash,
    /// Who wrote it, and who looked at it.
    #[serde(flatten)]
    pub review: Review,
    /// Lines that count from a day to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<PriceChange>,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// What is billed next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextBill>,
    /// Periods that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// Why the next could not be billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// What is there of the retainer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retainer_state: Option<RetainerState>,
    /// How far ahead its bills are told; none tells nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Ahead>,
    /// The client's zone, in which its days are read.
    pub time_zone: ZoneName,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

impl Subscription {
    /// Who is billed.
    pub fn client_id(&self) -> ClientId {
        self.terms.content.client_id
    }

    /// The projects that it bills.
    pub fn project_ids(&self) -> Vec<ProjectId> {
        self.terms.content.project_ids()
    }

    /// What a whole period would bill by these lines.
    pub fn with_lines(&self, lines: &[Line]) -> InvoiceContent {
        InvoiceContent {
            lines: lines.to_vec(),
            ..self.terms.content.clone()
        }
    }

    /// Today, where the client is.
    pub fn today(&self, now: Timestamp) -> Date {
        self.time_zone.date_of(now)
    }

    /// The period that is billed next; none at the settlement of a retainer.
    pub fn next_period(&self) -> Option<BillingPeriod> {
        self.terms.schedule.period(self.next?.number)
    }

    /// When it is to be looked at (UTC): the next bill or the notice of it, or the end of a pause.
    pub fn due_at(&self) -> Option<Timestamp> {
        match &self.status {
            SubscriptionStatus::Active { .. } => {
                let bill = self.next.map(|next| next.at);
                self.notice_at().or(bill)
            }
            SubscriptionStatus::Paused { until, .. } => {
                schedule::morning((*until)?, self.time_zone.zone())
            }
            SubscriptionStatus::Draft | SubscriptionStatus::Ended { .. } => None,
        }
    }

    /// Whether it may still be written anew.
    ///
    /// # Errors
    /// [`SubscriptionRefusal::NotADraft`].
    pub fn check_draft(&self) -> Result<(), SubscriptionRefusal> {
        match self.status {
            SubscriptionStatus::Draft => Ok(()),
            _ => Err(SubscriptionRefusal::NotADraft),
        }
    }

    /// Written anew: what was approved is so no more, unless it is as it was.
    ///
    /// # Errors
    /// [`SubscriptionRefusal::NotADraft`].
    pub fn rewritten(
        self,
        terms: SubscriptionTerms,
        content_hash: ContentHash,
        time_zone: ZoneName,
        author: ActorId,
        now: Timestamp,
    ) -> Result<Self, SubscriptionRefusal> {
        self.check_draft()?;
        let review = match self.content_hash == content_hash {
            true => self.review,
            false => self.review.rewritten(author),
        };
        Ok(Self {
            terms,
            content_hash,
            review,
            time_zone,
            updated_at: now,
            ..self
        })
    }

    /// Begins to bill. `asked` is whether the agency's policy asks for an approval.
    ///
    /// # Errors
    /// [`SubscriptionRefusal`]: it is no draft, was not approved, or its first period lies behind.
    pub fn activated(self, asked: bool, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        self.check_draft()?;
        self.review.pass(self.content_hash, asked)?;
        let today = self.today(now);
        let first = self.terms.schedule.period(1);
        let first = first.ok_or(SubscriptionRefusal::NoPeriod)?;
        if first.whole.to() < today {
            return Err(SubscriptionRefusal::StartsInThePast {
                starts_on: self.terms.schedule.starts_on,
                today,
            });
        }
        let retainer_state = self.terms.retainer.as_ref().map(Retainer::opened);
        let mut after = Self {
            status: SubscriptionStatus::Active { since: now },
            retainer_state,
            updated_at: now,
            ..self
        };
        after.next = after.bill_of(1);
        Ok(after)
    }

    /// How its bills are checked, by the approval of what they bill.
    pub fn checked(&self) -> Checked {
        match &self.review.approval {
            Some(approval) if approval.content_hash == self.content_hash => {
                Checked::Approved(approval.clone())
            }
            _ => Checked::Unchecked,
        }
    }

    fn bill_of(&self, number: u32) -> Option<NextBill> {
        let zone = self.time_zone.zone();
        let schedule = &self.terms.schedule;
        if let Some(period) = schedule.period(number) {
            let at = schedule.bills_at(&period, zone)?;
            return Some(NextBill { number, at });
        }
        // What was done in the last period is settled when that is over.
        let is_ahead = schedule.bills == BillingMoment::InAdvance;
        let last = schedule.period(number.checked_sub(1)?)?;
        if self.terms.retainer.is_none() || !is_ahead {
            return None;
        }
        let at = schedule::morning(last.days.to().tomorrow().ok()?, zone)?;
        Some(NextBill { number, at })
    }

    fn followed_by(mut self, next: Option<NextBill>, now: Timestamp) -> Self {
        self.next = next;
        if next.is_none() {
            self.status = SubscriptionStatus::Ended { at: now };
            self.change = None;
        }
        self.trouble = None;
        self.updated_at = now;
        self
    }

    /// Bills nothing for a while; to ask again changes the day of its end.
    ///
    /// # Errors
    /// [`SubscriptionRefusal`]: it is not under way, or the day has come already.
    pub fn paused(self, until: Option<Date>, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        let since = match self.status {
            SubscriptionStatus::Active { .. } => now,
            SubscriptionStatus::Paused { since, .. } => since,
            _ => return Err(self.not_under_way()),
        };
        let tomorrow = self.today(now).tomorrow();
        let earliest = tomorrow.map_err(|_| SubscriptionRefusal::NoPeriod)?;
        if let Some(until) = until.filter(|until| *until < earliest) {
            return Err(SubscriptionRefusal::TooEarly {
                day: until,
                earliest,
            });
        }
        Ok(Self {
            status: SubscriptionStatus::Paused { since, until },
            updated_at: now,
            ..self
        })
    }

    /// Bills again: what would have been billed meanwhile is left out.
    ///
    /// # Errors
    /// [`SubscriptionRefusal::NotPaused`].
    pub fn resumed(self, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        let SubscriptionStatus::Paused { .. } = self.status else {
            return Err(SubscriptionRefusal::NotPaused);
        };
        let today = self.today(now);
        let before = self.next.map_or(1, |next| next.number);
        let schedule = &self.terms.schedule;
        let next = match schedule.first_billed_from(before, today) {
            Some(period) => self.bill_of(period.number),
            // Nothing is left but, perhaps, what a retainer is still to settle.
            None => self.bill_of(self.behind_the_last(before)),
        };
        let after_last = self.behind_the_last(before);
        let skipped_to = next.map_or(after_last, |next| next.number) - 1;
        let mut after = Self {
            status: SubscriptionStatus::Active { since: now },
            ..self
        };
        after.skip(before, skipped_to, SkipReason::Paused);
        Ok(after.followed_by(next, now))
    }

    /// The number behind the last period.
    fn behind_the_last(&self, from: u32) -> u32 {
        let mut number = from;
        while self.terms.schedule.period(number).is_some() {
            number += 1;
        }
        number
    }

    /// Whether a pause is over by itself.
    pub fn pause_is_over(&self, now: Timestamp) -> bool {
        matches!(
            self.status,
            SubscriptionStatus::Paused { until: Some(_), .. }
        ) && self.due_at().is_some_and(|at| at <= now)
    }

    /// Leaves the next periods out.
    ///
    /// # Errors
    /// [`SubscriptionRefusal`] where it is not under way, or so many are not left.
    pub fn skipping(self, periods: u32, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        match self.status {
            SubscriptionStatus::Active { .. } | SubscriptionStatus::Paused { .. } => {}
            _ => return Err(self.not_under_way()),
        }
        let from = self.next.ok_or(SubscriptionRefusal::NoPeriod)?.number;
        let to = from + periods.clamp(1, SKIP_MAX) - 1;
        if self.terms.schedule.period(to).is_none() {
            return Err(SubscriptionRefusal::NoPeriod);
        }
        let next = self.bill_of(to + 1);
        let mut after = self;
        after.skip(from, to, SkipReason::Asked);
        Ok(after.followed_by(next, now))
    }

    fn skip(&mut self, from: u32, to: u32, reason: SkipReason) {
        if to < from {
            return;
        }
        self.skipped.push(Skipped { from, to, reason });
        let over = self.skipped.len().saturating_sub(SKIPPED_KEPT);
        self.skipped.drain(..over);
    }

    /// Ends after this day, or after what is billed already; at once, where nothing is billed for it any
    /// more, or was yet.
    ///
    /// # Errors
    /// [`SubscriptionRefusal`]: it has ended, or the day lies before what is billed already.
    pub fn ending(self, on: Option<Date>, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        if let SubscriptionStatus::Ended { .. } | SubscriptionStatus::Draft = self.status {
            return Err(self.not_under_way());
        }
        let next = self.next.ok_or(SubscriptionRefusal::NoPeriod)?.number;
        let schedule = &self.terms.schedule;
        let billed = next.checked_sub(1).and_then(|last| schedule.period(last));
        let on = match (billed, on) {
            (Some(billed), Some(on)) if on < billed.days.to() => {
                let billed_until = billed.days.to();
                return Err(SubscriptionRefusal::BilledAlready { on, billed_until });
            }
            (Some(billed), on) => on.unwrap_or(billed.days.to()),
            (None, Some(on)) if on >= schedule.starts_on => on,
            // It has not begun.
            (None, _) => return Ok(self.followed_by(None, now)),
        };
        let mut after = self;
        after.terms.schedule.ends_on = Some(on);
        let at = after.next.map(|next| next.at);
        let next = after.bill_of(next).map(|bill| NextBill {
            // What could not be billed yet is not billed earlier by this.
            at: match after.trouble {
                Some(_) => at.unwrap_or(bill.at),
                None => bill.at,
            },
            ..bill
        });
        let trouble = after.trouble.clone();
        let mut after = after.followed_by(next, now);
        after.trouble = trouble.filter(|_| next.is_some());
        Ok(after)
    }

    /// Other lines from a day on: it replaces a change that has not come into force.
    ///
    /// # Errors
    /// [`SubscriptionRefusal`]: it is not under way, or the day lies in what is billed already.
    pub fn changing(
        self,
        change: PriceChange,
        now: Timestamp,
    ) -> Result<Self, SubscriptionRefusal> {
        match self.status {
            SubscriptionStatus::Active { .. } | SubscriptionStatus::Paused { .. } => {}
            _ => return Err(self.not_under_way()),
        }
        let period = self.next_period().ok_or(SubscriptionRefusal::NoPeriod)?;
        let earliest = period.days.from();
        if change.from < earliest {
            return Err(SubscriptionRefusal::TooEarly {
                day: change.from,
                earliest,
            });
        }
        Ok(Self {
            change: Some(change),
            updated_at: now,
            ..self
        })
    }

    /// Without the change that has not come into force.
    ///
    /// # Errors
    /// [`SubscriptionRefusal::NoChange`].
    pub fn unchanged(self, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        if self.change.is_none() {
            return Err(SubscriptionRefusal::NoChange);
        }
        Ok(Self {
            change: None,
            updated_at: now,
            ..self
        })
    }

    /// The review that is under way: of the change, where there is one, else of the draft.
    ///
    /// # Errors
    /// [`SubscriptionRefusal::NotADraft`] where nothing is to be looked at.
    pub fn under_review(&mut self) -> Result<(&mut Review, ContentHash), SubscriptionRefusal> {
        if let Some(change) = &mut self.change {
            return Ok((&mut change.review, change.content_hash));
        }
        match self.status {
            SubscriptionStatus::Draft => Ok((&mut self.review, self.content_hash)),
            _ => Err(SubscriptionRefusal::NotADraft),
        }
    }

    /// Asks for approval.
    ///
    /// # Errors
    /// As [`Subscription::under_review`].
    pub fn submitted(mut self, by: ActorId, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        self.under_review()?.0.submit(by, now);
        Ok(self)
    }

    /// Approves what was read.
    ///
    /// # Errors
    /// What [`Review::approve`] refuses.
    pub fn approved(
        mut self,
        by: ActorId,
        read: ContentHash,
        now: Timestamp,
    ) -> Result<Self, SubscriptionRefusal> {
        let (review, present) = self.under_review()?;
        review.approve(by, present, read, now)?;
        Ok(self)
    }

    /// Sends it back to its authors.
    ///
    /// # Errors
    /// What [`Review::approve`] refuses.
    pub fn rejected(
        mut self,
        by: ActorId,
        read: ContentHash,
        reason: Paragraph<1_000>,
        now: Timestamp,
    ) -> Result<Self, SubscriptionRefusal> {
        let (review, present) = self.under_review()?;
        review.reject(by, present, read, reason, now)?;
        Ok(self)
    }

    /// The period that is due, if one is.
    pub fn is_due(&self, now: Timestamp) -> bool {
        matches!(self.status, SubscriptionStatus::Active { .. })
            && self.next.is_some_and(|next| next.at <= now)
    }

    /// Whether what is next has come, and waits for the client's billing day.
    pub fn is_collectable(&self, now: Timestamp) -> bool {
        let zone = self.time_zone.zone();
        let schedule = &self.terms.schedule;
        let comes_at = self
            .next_period()
            .and_then(|period| schedule.bills_at(&period, zone));
        matches!(self.status, SubscriptionStatus::Active { .. })
            && self.terms.automation == Automation::Collect
            && comes_at.is_some_and(|at| at <= now)
    }

    /// Waits until a moment: the client's next billing day.
    #[must_use]
    pub fn waiting_until(self, at: Timestamp) -> Self {
        Self {
            next: self.next.map(|next| NextBill { at, ..next }),
            ..self
        }
    }

    /// Moved on behind the bill that was just made.
    #[must_use]
    pub fn billed(self, bill: &Bill, now: Timestamp) -> Self {
        let next = self.bill_of(bill.number + 1);
        let mut after = self;
        if let Some(change) = bill.in_force.clone() {
            after.terms.content.lines = change.lines;
            after.content_hash = change.content_hash;
            // Whoever wrote what still counts is an author of it as before.
            after.review = change.review.with_authors(&after.review.authors);
            after.change = None;
        }
        after.retainer_state = bill
            .retainer
            .map(|drawn| drawn.after)
            .or(after.retainer_state);
        after.followed_by(next, now)
    }

    /// Tried again on the next morning, for this reason.
    #[must_use]
    pub fn put_off(self, code: &str, detail: &str, now: Timestamp) -> Self {
        let zone = self.time_zone.zone();
        let tomorrow = self.today(now).tomorrow().ok();
        let at = tomorrow.and_then(|day| schedule::morning(day, zone));
        let trouble = Trouble::again(self.trouble.as_ref(), code, detail, now);
        Self {
            next: self.next.map(|next| NextBill {
                at: at.unwrap_or(Timestamp::MAX),
                ..next
            }),
            trouble: Some(trouble),
            updated_at: now,
            ..self
        }
    }

    /// Looked at once more today, as somebody mended what stood in the way.
    ///
    /// # Errors
    /// [`SubscriptionRefusal::NotUnderWay`].
    pub fn tried_again(self, now: Timestamp) -> Result<Self, SubscriptionRefusal> {
        if let SubscriptionStatus::Ended { .. } | SubscriptionStatus::Draft = self.status {
            return Err(self.not_under_way());
        }
        let is_late = self.trouble.is_some();
        Ok(Self {
            next: self.next.map(|next| match is_late {
                true => NextBill { at: now, ..next },
                false => next,
            }),
            ..self
        })
    }

    fn not_under_way(&self) -> SubscriptionRefusal {
        let status = self.status.as_str();
        SubscriptionRefusal::NotUnderWay { status }
    }
}

/// A period that was billed, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilledPeriod {
    /// Whose.
    pub account_id: AccountId,
    /// Of which subscription.
    pub subscription_id: SubscriptionId,
    /// For whom.
    pub client_id: ClientId,
    /// Its number.
    pub number: u32,
    /// The days that it covers; none for the settlement of a retainer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Period>,
    /// What bills it.
    pub invoice_id: InvoiceId,
    /// What was drawn from the retainer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retainer: Option<Drawn>,
    /// That what the client lets the agency charge is charged with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<PeriodCharge>,
    /// When it was billed (UTC).
    pub billed_at: Timestamp,
}

/// The charge of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodCharge {
    /// With what; the newest method that fits where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_id: Option<PaymentMethodId>,
    /// The charges that were tried, each an attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempt_ids: Vec<AttemptId>,
    /// When it is looked at again (UTC); none once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Timestamp>,
    /// Why nothing was charged, by the code of the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl From<ApprovalRefusal> for SubscriptionRefusal {
    fn from(refusal: ApprovalRefusal) -> Self {
        Self::Approval(refusal)
    }
}
