//! Where an issued invoice stands: what is due, how it was settled, what comes next.

use jiff::civil::Date;
mod credited;
mod disputed;
mod follow_ups;
mod instalments;
mod projects;
mod turns;
mod written_off;

pub use credited::AppliedCredit;
pub use follow_ups::{FollowUpRow, Look, RowDoes, RowState, SkipReason};
pub use projects::{DirectionFault, ProjectPart};
pub(crate) use turns::Applied;
pub use turns::{Nature, Reversal, Turn, TurnKind};
pub use written_off::{MAX_WRITE_OFFS, NotWrittenOff, WriteOff, WriteOffKind, WriteOffRefusal};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::delivery::CancelReason;
use crate::follow_up::{AgencyRules, ClientRules, FollowUps, Wait};
use crate::ids::{AccountId, AttemptId, ClientId, InvoiceId, PaymentId, ProjectId};
use crate::instalment::InstalmentPlan;
use crate::invoice::IssuedInvoice;
use crate::ledger::{BookRate, Rail};
use crate::line_dispute::LineDispute;
use crate::money::{Currency, Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::party::{Language, ZoneName};
use crate::payment::RailReference;
use crate::refusal::{Refusal, RefusalKind};
use crate::reminder::{ReminderTimer, Schedule};
use crate::section::Share;
use crate::terms::PaymentTerms;

/// The payments that an invoice lists by itself; older ones are found by their own list.
const PAYMENTS_LISTED_MAX: usize = 50;

/// The status of an issued invoice. Partly paid and overdue are derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Something is due.
    Open,
    /// Nothing is due, however it was settled.
    Paid {
        /// Since when (UTC).
        paid_at: Timestamp,
    },
    /// What was left due is given up.
    Uncollectible {
        /// Since when (UTC).
        since: Timestamp,
    },
    /// Void: it keeps its number and nothing is owed.
    Void {
        /// Since when (UTC).
        voided_at: Timestamp,
        /// The agency's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl Status {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Paid { .. } => "paid",
            Status::Uncollectible { .. } => "uncollectible",
            Status::Void { .. } => "void",
        }
    }
}

/// Why reminders are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Money was given back without a credit: a member decides.
    Refund,
    /// The client gets no reminders.
    Client,
}

/// The reminders of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// Reopening starts a new cycle.
    pub cycle: u32,
    /// The last step taken or passed: days after the due day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<i16>,
    /// The next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<ReminderTimer>,
    /// Whether they are held, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
}

/// A payment as the invoice lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedPayment {
    /// The payment.
    pub id: PaymentId,
    /// The day it was received, in the account's zone.
    pub on: Date,
    /// What of it was applied here, less what was given back.
    pub amount: Money,
    /// How it came.
    pub rail: Rail,
    /// The rail's own id, with which it is found; those from before it was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<RailReference>,
    /// When it was applied (UTC), where that was not as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<Timestamp>,
    /// Whether it was the client's balance until then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_balance: bool,
}

/// A payment that is on its way, at most one a provider session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processing {
    /// The attempt that it came from.
    pub attempt_id: AttemptId,
    /// How much.
    pub amount: Money,
    /// Since when (UTC).
    pub since: Timestamp,
}

/// Where an issued invoice stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whose.
    pub account_id: AccountId,
    /// Of which invoice.
    pub invoice_id: InvoiceId,
    /// Who owes it.
    pub client_id: ClientId,
    /// The projects that it bills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub project_ids: Vec<ProjectId>,
    /// What each project's part is, where it bills several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Its number.
    pub number: DocumentNumber,
    /// What kind of invoice it is.
    #[serde(default, skip_serializing_if = "Nature::is_bill")]
    pub nature: Nature,
    /// The day of issue.
    pub issue_on: Date,
    /// The day it is due; of an invoice that is paid in instalments, that of the next one.
    pub due_on: Date,
    /// By which parts it is paid, where that was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalments: Option<InstalmentPlan>,
    /// How the due day came about.
    pub terms: PaymentTerms,
    /// The client's zone, in which the due day ends.
    pub time_zone: ZoneName,
    /// The language of what is sent about it.
    pub language: Language,
    /// The status.
    #[serde(flatten)]
    pub status: Status,
    /// What was to be paid (BT-115 before payments).
    pub payable: Money,
    /// Allocated payments, less refunds and lost disputes.
    pub paid: Money,
    /// Credited by credit notes.
    pub credited: Money,
    /// Given up.
    pub written_off: Money,
    /// The rate of its issue, for the books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<BookRate>,
    /// Payments on their way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processing: Vec<Processing>,
    /// The payments applied, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<AppliedPayment>,
    /// What happened to payments after they were applied, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// The credit notes, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<AppliedCredit>,
    /// What was given up, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub write_offs: Vec<WriteOff>,
    /// Lines that the client disputes, or did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<LineDispute>,
    /// Its reminders.
    pub reminders: Reminders,
    /// What stands in their way, and what they follow where that is its own.
    #[serde(default, skip_serializing_if = "FollowUps::is_default")]
    pub follow_ups: FollowUps,
    /// The first day that fees for paying late are reckoned of; none where none are agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fees_from: Option<Date>,
    /// The generation of its link; raising it revokes older links.
    pub link_generation: u32,
    /// When it was last asked to be sent (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
}

/// What a payment comes to on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// What pays what is due.
    pub due: Money,
    /// What pays what was given up.
    pub recovered: Money,
    /// What is left of it.
    pub rest: Money,
}

/// Why an invoice is not voided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoidRefusal {
    /// It is void already.
    #[error("this invoice is void already")]
    AlreadyVoid,
    /// Something was paid on it, or is on its way.
    #[error("something was paid on this invoice, or is on its way: credit it instead")]
    Paid,
    /// Something was credited.
    #[error("something was credited on this invoice: credit the rest instead")]
    Credited,
}

impl Refusal for VoidRefusal {
    fn code(&self) -> &'static str {
        match self {
            VoidRefusal::AlreadyVoid => "already_void",
            VoidRefusal::Paid => "invoice_has_payments",
            VoidRefusal::Credited => "invoice_has_credits",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl Standing {
    /// The same under a new link: those that were handed out lead nowhere from now on.
    pub fn with_links_revoked(self) -> Self {
        Self {
            link_generation: self.link_generation.saturating_add(1),
            ..self
        }
    }

    /// The standing of an invoice that was just issued. A total of zero is paid at once.
    pub fn opened<'a>(
        invoice: &IssuedInvoice,
        client: &Client,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Self {
        let agency = agency.into();
        let currency = invoice.content.currency;
        let zero = Money::zero(currency);
        let mut standing = Self {
            account_id: invoice.account_id,
            invoice_id: invoice.id,
            client_id: invoice.content.client_id,
            project_ids: invoice.content.project_ids(),
            shares: invoice.sections.iter().map(Share::of).collect(),
            number: invoice.number.clone(),
            nature: invoice.nature(),
            issue_on: invoice.issue_on,
            due_on: invoice.due_on,
            instalments: None,
            terms: invoice.content.terms,
            time_zone: client.time_zone.clone(),
            language: client.language,
            status: Status::Open,
            payable: invoice.totals.payable,
            paid: zero,
            credited: zero,
            written_off: zero,
            rate: invoice.rate.clone(),
            processing: Vec::new(),
            payments: Vec::new(),
            turns: Vec::new(),
            credits: Vec::new(),
            write_offs: Vec::new(),
            disputes: Vec::new(),
            reminders: Reminders {
                cycle: 1,
                last: None,
                next: None,
                hold: (!client.reminders).then_some(Hold::Client),
            },
            follow_ups: FollowUps {
                ladder: invoice.content.reminder_ladder.clone(),
                client: ClientRules::of(client, agency).map(Box::new),
                ..FollowUps::default()
            },
            late_fees_from: invoice
                .content
                .late_fee_rule
                .as_ref()
                .and_then(|_| invoice.due_on.tomorrow().ok()),
            link_generation: 1,
            sent_at: None,
        };
        if standing.payable.is_zero() {
            standing.status = Status::Paid { paid_at: now };
        } else {
            standing.reminders.next = standing.next_reminder(agency, now);
        }
        standing
    }

    /// Its currency.
    pub fn currency(&self) -> Currency {
        self.payable.currency()
    }

    /// What is still due; zero once it is void.
    pub fn balance_due(&self) -> Result<Money, MoneyError> {
        if matches!(self.status, Status::Void { .. }) {
            return Ok(Money::zero(self.currency()));
        }
        self.payable
            .checked_sub(self.paid)?
            .checked_sub(self.credited)?
            .checked_sub(self.written_off)
    }

    /// Whether its due day has ended where the client is.
    /// What is disputed pauses.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        matches!(self.status, Status::Open)
            && self.time_zone.date_of(now) > self.due_on
            && !self.is_paused()
    }

    /// What a payment of this amount comes to here.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn split(&self, amount: Money) -> Result<Split, MoneyError> {
        let zero = Money::zero(self.currency());
        let (due, given_up) = match self.status {
            Status::Open => (self.balance_due()?, self.written_off),
            Status::Paid { .. } | Status::Uncollectible { .. } => (zero, self.written_off),
            Status::Void { .. } => (zero, zero),
        };
        let due = amount.min(due)?;
        let beyond = amount.checked_sub(due)?;
        let recovered = beyond.min(given_up)?;
        Ok(Split {
            due,
            recovered,
            rest: beyond.checked_sub(recovered)?,
        })
    }

    /// The standing after a payment was applied; paid once nothing is due. What is more than that pays
    /// what was given up.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn applied(mut self, payment: AppliedPayment, now: Timestamp) -> Result<Self, MoneyError> {
        let Split { recovered, .. } = self.split(payment.amount)?;
        self.recover(recovered, now)?;
        let payment = self.note_application(payment, recovered, now);
        self.paid = self.paid.checked_add(payment.amount)?;
        // A payment whose refund failed comes again, and is one payment still.
        match self.payments.iter_mut().find(|p| p.id == payment.id) {
            Some(listed) => listed.amount = listed.amount.checked_add(payment.amount)?,
            None => self.payments.push(payment),
        }
        if self.payments.len() > PAYMENTS_LISTED_MAX {
            self.payments.remove(0);
        }
        if matches!(self.status, Status::Open) {
            self.settled_more(now)?;
        }
        Ok(self)
    }

    /// Whether it is paid by now, and what is due next.
    fn settled_more(&mut self, now: Timestamp) -> Result<(), MoneyError> {
        if self.balance_due()?.is_zero() {
            self.status = Status::Paid { paid_at: now };
            self.reminders.next = None;
        } else if self.follow_instalments()? {
            // The next part has reminders of its own: when, the next look at it finds out.
            self.start_cycle();
            self.reminders.next = match self.reminders.hold {
                None => Some(ReminderTimer {
                    offset_days: 0,
                    at: now,
                }),
                Some(_) => None,
            };
        }
        Ok(())
    }

    /// The standing after part of a payment went back: it is owed again, under a new cycle.
    pub fn reopened<'a>(
        mut self,
        payment_id: PaymentId,
        amount: Money,
        why: Reversal,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Self, MoneyError> {
        self.paid = self.paid.checked_sub(amount)?;
        self.note_reversal(payment_id, why, amount, now);
        if let Some(listed) = self.payments.iter_mut().find(|p| p.id == payment_id) {
            listed.amount = listed.amount.checked_sub(amount)?;
        }
        self.payments.retain(|payment| !payment.amount.is_zero());
        if matches!(self.status, Status::Void { .. }) || amount.is_zero() {
            return Ok(self);
        }
        self.due_again(why.hold(), agency.into(), now)?;
        Ok(self)
    }

    /// Something is owed again, under a new cycle of reminders.
    fn due_again(
        &mut self,
        hold: Option<Hold>,
        agency: AgencyRules<'_>,
        now: Timestamp,
    ) -> Result<(), MoneyError> {
        self.status = Status::Open;
        // Who asked for no reminders is not reminded because a member has decided on a refund.
        let hold = match self.reminders.hold {
            Some(Hold::Client) => Some(Hold::Client),
            known => hold.or(known),
        };
        self.reminders.hold = hold;
        // Days on which it was settled are not charged for, and what they were is not known any more.
        let today = self.time_zone.date_of(now);
        self.late_fees_from = self.late_fees_from.map(|from| from.max(today));
        self.follow_instalments()?;
        self.start_cycle();
        self.reminders.next = self.next_reminder(agency, now);
        Ok(())
    }

    /// What is settled, however it was.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn settled(&self) -> Result<Money, MoneyError> {
        self.payable.checked_sub(self.balance_due()?)
    }

    fn start_cycle(&mut self) {
        self.reminders.cycle += 1;
        self.reminders.last = None;
        self.reminders.next = None;
    }

    /// The standing while a payment is on its way.
    pub fn with_processing(mut self, processing: Processing) -> Self {
        self.processing
            .retain(|known| known.attempt_id != processing.attempt_id);
        self.processing.push(processing);
        self
    }

    /// The standing once the payment of an attempt has come or failed.
    pub fn without_processing(mut self, attempt_id: AttemptId) -> Self {
        self.processing
            .retain(|known| known.attempt_id != attempt_id);
        self
    }

    /// Voids it: only what is unpaid and uncredited.
    pub fn void(mut self, reason: Option<String>, now: Timestamp) -> Result<Self, VoidRefusal> {
        if matches!(self.status, Status::Void { .. }) {
            return Err(VoidRefusal::AlreadyVoid);
        }
        if !self.paid.is_zero() || !self.processing.is_empty() || !self.payments.is_empty() {
            return Err(VoidRefusal::Paid);
        }
        if !self.credited.is_zero() || !self.written_off.is_zero() {
            return Err(VoidRefusal::Credited);
        }
        self.status = Status::Void {
            voided_at: now,
            reason,
        };
        self.reminders.next = None;
        Ok(self)
    }

    /// Why a reminder may not leave now; none where it may.
    pub fn reminder_is_wrong(&self) -> Option<CancelReason> {
        match self.status {
            Status::Void { .. } => Some(CancelReason::Void),
            Status::Paid { .. } | Status::Uncollectible { .. } => Some(CancelReason::NothingDue),
            Status::Open if !self.processing.is_empty() => Some(CancelReason::PaymentProcessing),
            Status::Open if self.reminders.hold.is_some() => Some(CancelReason::Held),
            Status::Open if self.is_paused() => Some(CancelReason::Disputed),
            Status::Open => None,
        }
    }

    /// The standing once its client asked for no more reminders of it.
    pub fn reminders_held(mut self) -> Self {
        self.reminders.hold = Some(Hold::Client);
        self.reminders.next = None;
        self
    }

    /// The step that is due now, if any.
    pub fn due_reminder<'a>(
        &self,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Option<ReminderTimer> {
        self.schedule(agency.into())
            .due_now(self.reminders.last, now)
    }

    /// The standing after a step was taken or passed.
    pub fn step_taken<'a>(
        mut self,
        offset_days: Option<i16>,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Self {
        if let Some(offset_days) = offset_days {
            self.reminders.last = Some(offset_days);
        }
        self.reminders.next = self.next_reminder(agency.into(), now);
        self
    }

    /// The standing with its next look at reminders put off, while a payment is on its way.
    pub fn reminder_put_off(mut self, until: Timestamp) -> Self {
        if let Some(next) = &mut self.reminders.next {
            next.at = until;
        }
        self
    }

    /// Whether nothing may be followed up, for as long as that is so.
    fn is_stopped(&self) -> bool {
        let held = self.reminders.hold.is_some() || self.is_paused();
        !matches!(self.status, Status::Open) || held
    }

    fn next_reminder(&self, agency: AgencyRules<'_>, now: Timestamp) -> Option<ReminderTimer> {
        if self.is_stopped() {
            return None;
        }
        let schedule = self.schedule(agency);
        let last = self.reminders.last;
        let from = match self.follow_ups.wait(self.time_zone.date_of(now)) {
            Some(Wait::Forever) => return None,
            Some(Wait::Until(day)) => schedule.timing.first_opening(schedule.zone, day)?,
            None => now,
        };
        if self.asks_about_promise(from) {
            let at = schedule.timing.from_now(schedule.zone, from)?;
            return Some(ReminderTimer { offset_days: 0, at });
        }
        // What a pause or a promise has left behind is taken up as it ends.
        let left_behind = (from != now)
            .then(|| schedule.due_now(last, from))
            .flatten();
        match left_behind {
            Some(step) => Some(ReminderTimer { at: from, ..step }),
            None => schedule.next(last, from),
        }
    }

    fn schedule<'a>(&'a self, agency: AgencyRules<'a>) -> Schedule<'a> {
        let rules = self.follow_ups.rules(agency);
        Schedule {
            ladder: rules.ladder,
            due_on: self.due_on,
            issue_on: self.issue_on,
            due: self.terms.due,
            zone: self.time_zone.zone(),
            timing: rules.timing,
        }
    }
}
