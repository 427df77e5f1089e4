//! Where an issued invoice stands: what is due, how it was settled, what comes next.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::credit_note::CreditNote;
use crate::delivery::CancelReason;
use crate::ids::{AccountId, AttemptId, ClientId, CreditNoteId, InvoiceId, PaymentId, ProjectId};
use crate::instalment::{self, Instalment, InstalmentPlan, InstalmentRefusal, NotAgreed};
use crate::invoice::IssuedInvoice;
use crate::ledger::{BookRate, Rail};
use crate::money::{Currency, Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::party::{Language, ZoneName};
use crate::payment::RailReference;
use crate::refusal::{Refusal, RefusalKind};
use crate::reminder::{Ladder, ReminderTimer, Schedule};
use crate::section::{Direction, Share, allocate};
use crate::terms::PaymentTerms;
use crate::totals::split_by;

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
}

/// A credit note as the invoice lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedCredit {
    /// The credit note.
    pub id: CreditNoteId,
    /// Its number.
    pub number: DocumentNumber,
    /// The day of its issue, in the account's zone.
    pub on: Date,
    /// What is less to pay by it.
    pub amount: Money,
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

/// A project's part of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectPart {
    /// The project; none for what is of no project.
    pub project_id: Option<ProjectId>,
    /// What was to be paid.
    pub payable: Money,
    /// What is paid of it.
    pub paid: Money,
    /// What is still due of it.
    pub open: Money,
}

/// Why money is not for the project that a payer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectionFault {
    /// The invoice does not bill several projects, this one among them.
    Unknown {
        /// The place in the list.
        place: usize,
    },
    /// More than what is due of the project.
    TooMuch {
        /// The place in the list.
        place: usize,
    },
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
    /// The credit notes, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<AppliedCredit>,
    /// Its reminders.
    pub reminders: Reminders,
    /// The generation of its link; raising it revokes older links.
    pub link_generation: u32,
    /// When it was last asked to be sent (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
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
    /// The standing of an invoice that was just issued. A total of zero is paid at once.
    pub fn opened(
        invoice: &IssuedInvoice,
        client: &Client,
        ladder: &Ladder,
        now: Timestamp,
    ) -> Self {
        let currency = invoice.content.currency;
        let zero = Money::zero(currency);
        let mut standing = Self {
            account_id: invoice.account_id,
            invoice_id: invoice.id,
            client_id: invoice.content.client_id,
            project_ids: invoice.content.project_ids(),
            shares: invoice.sections.iter().map(Share::of).collect(),
            number: invoice.number.clone(),
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
            credits: Vec::new(),
            reminders: Reminders {
                cycle: 1,
                last: None,
                next: None,
                hold: (!client.reminders).then_some(Hold::Client),
            },
            link_generation: 1,
            sent_at: None,
        };
        if standing.payable.is_zero() {
            standing.status = Status::Paid { paid_at: now };
        } else {
            standing.reminders.next = standing.next_reminder(ladder, now);
        }
        standing
    }

    /// What is payable and what is paid, by project.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn by_project(&self) -> Result<Vec<ProjectPart>, MoneyError> {
        let due = self.balance_due()?;
        if self.shares.is_empty() {
            return Ok(vec![ProjectPart {
                project_id: self.project_ids.first().copied(),
                payable: self.payable,
                paid: self.paid,
                open: due,
            }]);
        }
        let paid = allocate(&self.shares, self.paid)?;
        // What was given up is taken from each in proportion to what it left.
        let left: Vec<Money> = self
            .shares
            .iter()
            .zip(&paid)
            .map(|(share, paid)| share.to_pay()?.checked_sub(*paid))
            .collect::<Result<_, _>>()?;
        let open = match left.iter().all(Money::is_zero) {
            true => left,
            false => split_by(due, &left)?,
        };
        let parts = self.shares.iter().zip(paid).zip(open);
        Ok(parts
            .map(|((share, paid), open)| ProjectPart {
                project_id: share.project_id,
                payable: share.payable,
                paid,
                open,
            })
            .collect())
    }

    /// What a payer said is for which project.
    ///
    /// # Errors
    /// [`DirectionFault`]: by the place of the first that cannot be.
    pub fn directed(mut self, directions: &[Direction]) -> Result<Self, DirectionFault> {
        let mut parts = self.by_project().unwrap_or_default();
        if !directions.is_empty() {
            // What came before stays where it is.
            for (share, part) in self.shares.iter_mut().zip(&parts) {
                share.directed = Some(part.paid);
            }
        }
        for (place, direction) in directions.iter().enumerate() {
            let of_project = |id: Option<ProjectId>| id == Some(direction.project_id);
            let mut shares = self.shares.iter_mut();
            let share = shares.find(|share| of_project(share.project_id));
            let part = parts.iter_mut().find(|part| of_project(part.project_id));
            let (Some(share), Some(part)) = (share, part) else {
                return Err(DirectionFault::Unknown { place });
            };
            let open = part.open.checked_sub(direction.amount);
            let open = open.ok().filter(|open| !open.is_negative());
            part.open = open.ok_or(DirectionFault::TooMuch { place })?;
            let before = share
                .directed
                .unwrap_or_else(|| Money::zero(direction.amount.currency()));
            let after = before.checked_add(direction.amount);
            share.directed = Some(after.map_err(|_| DirectionFault::TooMuch { place })?);
        }
        Ok(self)
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
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        matches!(self.status, Status::Open) && self.time_zone.date_of(now) > self.due_on
    }

    /// What a payment of this amount comes to: what is applied here, and the rest.
    pub fn split(&self, amount: Money) -> Result<(Money, Money), MoneyError> {
        let due = match self.status {
            Status::Open => self.balance_due()?,
            Status::Paid { .. } | Status::Void { .. } => Money::zero(self.currency()),
        };
        let applied = if amount.checked_sub(due)?.is_positive() {
            due
        } else {
            amount
        };
        Ok((applied, amount.checked_sub(applied)?))
    }

    /// The standing after a payment was applied; paid once nothing is due.
    pub fn applied(mut self, payment: AppliedPayment, now: Timestamp) -> Result<Self, MoneyError> {
        self.paid = self.paid.checked_add(payment.amount)?;
        // A payment whose refund failed comes again, and is one payment still.
        match self.payments.iter_mut().find(|p| p.id == payment.id) {
            Some(listed) => listed.amount = listed.amount.checked_add(payment.amount)?,
            None => self.payments.push(payment),
        }
        if self.payments.len() > PAYMENTS_LISTED_MAX {
            self.payments.remove(0);
        }
        self.settled_more(now)?;
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

    /// The standing after a credit note, and what of which payment it sets free: the newest first.
    ///
    /// # Errors
    /// [`MoneyError`]: none that what [`crate::credit_note::credit`] reckoned can have.
    pub fn after_credit(
        mut self,
        note: &CreditNote,
        invoice: &IssuedInvoice,
        now: Timestamp,
    ) -> Result<(Self, Vec<AppliedPayment>), MoneyError> {
        let mut over = note.kept;
        let mut freed = Vec::new();
        for payment in self.payments.iter_mut().rev() {
            let part = over.min(payment.amount)?;
            if part.is_positive() {
                payment.amount = payment.amount.checked_sub(part)?;
                over = over.checked_sub(part)?;
                freed.push(AppliedPayment {
                    amount: part,
                    ..payment.clone()
                });
            }
        }
        self.payments.retain(|payment| !payment.amount.is_zero());
        self.credit_shares(note, invoice)?;
        self.paid = self.paid.checked_sub(note.kept)?;
        self.credited = self.credited.checked_add(note.credited.payable)?;
        self.credits.push(AppliedCredit {
            id: note.id,
            number: note.number.clone(),
            on: note.issue_on,
            amount: note.credited.payable,
        });
        let was_paid = matches!(self.status, Status::Paid { .. });
        if !was_paid {
            self.settled_more(now)?;
        }
        Ok((self, freed))
    }

    /// Each project's part of a credit note: in proportion to the net of its lines, no more than is left.
    fn credit_shares(
        &mut self,
        note: &CreditNote,
        invoice: &IssuedInvoice,
    ) -> Result<(), MoneyError> {
        if self.shares.is_empty() {
            return Ok(());
        }
        let currency = self.payable.currency();
        let zero = Money::zero(currency);
        let paid = allocate(&self.shares, self.paid)?;
        let mut left = Vec::with_capacity(self.shares.len());
        for share in &self.shares {
            left.push(share.to_pay()?);
        }
        let mut nets = vec![zero; self.shares.len()];
        for part in &note.credited.lines {
            let place = usize::try_from(part.place).ok();
            let project = place.and_then(|place| invoice.content.project_of(place));
            let at = self
                .shares
                .iter()
                .position(|share| share.project_id == project);
            if let Some(at) = at {
                nets[at] = nets[at].checked_add(part.net)?.max(zero)?;
            }
        }
        let amount = note.credited.payable;
        let wanted = match note.credited.completes || nets.iter().all(Money::is_zero) {
            true => split_by(amount, &left)?,
            false => split_by(amount, &nets)?,
        };
        // What is more than a part goes to the others, in their order.
        let mut over = zero;
        let mut credited = Vec::with_capacity(wanted.len());
        for (wanted, left) in wanted.iter().zip(&left) {
            let part = wanted.min(*left)?;
            over = over.checked_add(wanted.checked_sub(part)?)?;
            credited.push(part);
        }
        for (part, left) in credited.iter_mut().zip(&left) {
            let more = over.min(left.checked_sub(*part)?)?;
            *part = part.checked_add(more)?;
            over = over.checked_sub(more)?;
        }
        // What payers said stays within what is left of each.
        for ((share, part), paid) in self.shares.iter_mut().zip(credited).zip(paid) {
            let before = share.credited.unwrap_or(zero);
            share.credited = Some(before.checked_add(part)?);
            if let Some(directed) = share.directed {
                let most = share.to_pay()?;
                share.directed = Some(directed.min(most)?.min(paid)?);
            }
        }
        Ok(())
    }

    /// The standing after part of a payment went back: it is owed again, under a new cycle.
    pub fn reopened(
        mut self,
        payment_id: PaymentId,
        amount: Money,
        hold: Option<Hold>,
        ladder: &Ladder,
        now: Timestamp,
    ) -> Result<Self, MoneyError> {
        self.paid = self.paid.checked_sub(amount)?;
        if let Some(listed) = self.payments.iter_mut().find(|p| p.id == payment_id) {
            listed.amount = listed.amount.checked_sub(amount)?;
        }
        self.payments.retain(|payment| !payment.amount.is_zero());
        if matches!(self.status, Status::Void { .. }) || amount.is_zero() {
            return Ok(self);
        }
        self.status = Status::Open;
        // Who asked for no reminders is not reminded because a member has decided on a refund.
        let hold = match self.reminders.hold {
            Some(Hold::Client) => Some(Hold::Client),
            known => hold.or(known),
        };
        self.reminders.hold = hold;
        self.follow_instalments()?;
        self.start_cycle();
        self.reminders.next = self.next_reminder(ladder, now);
        Ok(self)
    }

    /// What is settled, however it was.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn settled(&self) -> Result<Money, MoneyError> {
        self.payable.checked_sub(self.balance_due()?)
    }

    /// What is asked for now: of an invoice that is paid in instalments, the next one and all whose day
    /// has come; else all that is due.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn asked(&self, now: Timestamp) -> Result<Money, MoneyError> {
        let due = self.balance_due()?;
        match &self.instalments {
            Some(plan) if matches!(self.status, Status::Open) => {
                plan.asked(self.settled()?, due, self.time_zone.date_of(now))
            }
            _ => Ok(due),
        }
    }

    /// The standing once it is agreed that it is paid in these parts; none of them ends an agreement.
    ///
    /// # Errors
    /// [`NotAgreed`]: nothing is due; what is wrong with the parts.
    pub fn agreed(
        mut self,
        parts: Vec<Instalment>,
        ladder: &Ladder,
        now: Timestamp,
    ) -> Result<Self, NotAgreed> {
        if !matches!(self.status, Status::Open) {
            return Err(NotAgreed::Refused(InstalmentRefusal::NothingDue));
        }
        let document_due_on = match &self.instalments {
            Some(plan) => plan.document_due_on,
            None => self.due_on,
        };
        if parts.is_empty() {
            self.instalments = None;
            self.due_on = document_due_on;
        } else {
            let today = self.time_zone.date_of(now);
            let faults = instalment::faults(&parts, self.balance_due()?, today);
            if !faults.is_empty() {
                return Err(NotAgreed::Faults(faults));
            }
            self.instalments = Some(InstalmentPlan {
                agreed_at: now,
                parts,
                settled_before: self.settled()?,
                document_due_on,
            });
            self.follow_instalments()?;
        }
        self.start_cycle();
        self.reminders.next = self.next_reminder(ladder, now);
        Ok(self)
    }

    /// Moves the due day to that of the next instalment; whether it moved.
    fn follow_instalments(&mut self) -> Result<bool, MoneyError> {
        let settled = self.settled()?;
        let next = match &self.instalments {
            Some(plan) => plan.next(settled)?,
            None => None,
        };
        let before = self.due_on;
        self.due_on = next.map_or(before, |next| next.due_on);
        Ok(self.due_on != before)
    }

    /// Why a mail about what was agreed then is not sent.
    pub fn agreement_is_over(&self, agreed_at: Timestamp) -> Option<CancelReason> {
        match (&self.status, &self.instalments) {
            (Status::Void { .. }, _) => Some(CancelReason::Void),
            (Status::Paid { .. }, _) => Some(CancelReason::NothingDue),
            (Status::Open, Some(plan)) if plan.agreed_at == agreed_at => None,
            (Status::Open, _) => Some(CancelReason::Superseded),
        }
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
            Status::Paid { .. } => Some(CancelReason::NothingDue),
            Status::Open if !self.processing.is_empty() => Some(CancelReason::PaymentProcessing),
            Status::Open if self.reminders.hold.is_some() => Some(CancelReason::Held),
            Status::Open => None,
        }
    }

    /// Why a reminder of this step may not leave now; none where it may.
    pub fn step_is_wrong(&self, offset_days: i16, cycle: u32) -> Option<CancelReason> {
        let newest = self.reminders.cycle == cycle && self.reminders.last == Some(offset_days);
        self.reminder_is_wrong()
            .or((!newest).then_some(CancelReason::Superseded))
    }

    /// The standing once its client asked for no more reminders of it.
    pub fn reminders_held(mut self) -> Self {
        self.reminders.hold = Some(Hold::Client);
        self.reminders.next = None;
        self
    }

    /// The step that is due now, if any.
    pub fn due_reminder(&self, ladder: &Ladder, now: Timestamp) -> Option<ReminderTimer> {
        self.schedule(ladder).due_now(self.reminders.last, now)
    }

    /// The standing after a step was taken or passed.
    pub fn step_taken(mut self, offset_days: Option<i16>, ladder: &Ladder, now: Timestamp) -> Self {
        if let Some(offset_days) = offset_days {
            self.reminders.last = Some(offset_days);
        }
        self.reminders.next = self.next_reminder(ladder, now);
        self
    }

    /// The standing with its next look at reminders put off, while a payment is on its way.
    pub fn reminder_put_off(mut self, until: Timestamp) -> Self {
        if let Some(next) = &mut self.reminders.next {
            next.at = until;
        }
        self
    }

    fn next_reminder(&self, ladder: &Ladder, now: Timestamp) -> Option<ReminderTimer> {
        if !matches!(self.status, Status::Open) || self.reminders.hold.is_some() {
            return None;
        }
        self.schedule(ladder).next(self.reminders.last, now)
    }

    fn schedule<'a>(&'a self, ladder: &'a Ladder) -> Schedule<'a> {
        Schedule {
            ladder,
            due_on: self.due_on,
            issue_on: self.issue_on,
            due: self.terms.due,
            zone: self.time_zone.zone(),
        }
    }
}
