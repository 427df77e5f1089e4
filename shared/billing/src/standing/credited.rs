//! Credit notes: less is due, and what was paid too much is the client's.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::credit_note::CreditNote;
use crate::follow_up::AgencyRules;
use crate::ids::CreditNoteId;
use crate::invoice::IssuedInvoice;
use crate::line_dispute::{LineDispute, LineDisputeState};
use crate::money::{Money, MoneyError};
use crate::numbering::DocumentNumber;

use super::{AppliedPayment, Standing, Status, TurnKind};

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

impl Standing {
    /// The standing after a credit note, and what of which payment it sets free: the newest first.
    ///
    /// # Errors
    /// [`MoneyError`]: none that what [`crate::credit_note::credit`] reckoned can have.
    pub fn after_credit<'a>(
        mut self,
        note: &CreditNote,
        invoice: &IssuedInvoice,
        agency: impl Into<AgencyRules<'a>>,
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
        for part in &freed {
            self.note(part, TurnKind::SetFree, part.amount, now);
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
        let answered = |of: &&mut LineDispute| {
            let lines = &note.credited.lines;
            of.is_open() && lines.iter().any(|part| part.place == of.place)
        };
        let mut resumed = false;
        for dispute in self.disputes.iter_mut().filter(answered) {
            dispute.state = LineDisputeState::Credited { resolved_at: now };
            resumed = true;
        }
        if matches!(self.status, Status::Open) {
            self.settled_more(now)?;
            if resumed {
                self.resume_reminders(agency.into(), now);
            }
            if self.is_paused() {
                self.reminders.next = None;
            }
        }
        Ok((self, freed))
    }
}
