//! The parts by which an invoice is paid, and what is asked for.

use jiff::Timestamp;

use crate::delivery::CancelReason;
use crate::follow_up::AgencyRules;
use crate::instalment::{self, Instalment, InstalmentPlan, InstalmentRefusal, NotAgreed};
use crate::money::{Money, MoneyError};

use super::{Standing, Status};

impl Standing {
    /// What is asked for now: of an invoice that is paid in instalments, the next one and all whose day
    /// has come; else all that is due. What is disputed is not asked for.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn asked(&self, now: Timestamp) -> Result<Money, MoneyError> {
        let due = self.balance_due()?;
        let undisputed = self.undisputed()?;
        match &self.instalments {
            Some(plan) if matches!(self.status, Status::Open) => plan
                .asked(self.settled()?, due, self.time_zone.date_of(now))?
                .min(undisputed),
            _ => Ok(undisputed),
        }
    }

    /// What is due and not disputed, instalments or not.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn undisputed(&self) -> Result<Money, MoneyError> {
        self.balance_due()?.checked_sub(self.disputed()?)
    }

    /// The standing once it is agreed that it is paid in these parts; none of them ends an agreement.
    ///
    /// # Errors
    /// [`NotAgreed`]: nothing is due; what is wrong with the parts.
    pub fn agreed<'a>(
        mut self,
        parts: Vec<Instalment>,
        agency: impl Into<AgencyRules<'a>>,
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
        self.reminders.next = self.next_reminder(agency.into(), now);
        Ok(self)
    }

    /// Moves the due day to that of the next instalment; whether it moved.
    pub(super) fn follow_instalments(&mut self) -> Result<bool, MoneyError> {
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
            (Status::Paid { .. } | Status::Uncollectible { .. }, _) => {
                Some(CancelReason::NothingDue)
            }
            (Status::Open, Some(plan)) if plan.agreed_at == agreed_at => None,
            (Status::Open, _) => Some(CancelReason::Superseded),
        }
    }
}
