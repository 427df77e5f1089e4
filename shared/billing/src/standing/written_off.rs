//! What the agency gives up of an invoice, and what comes after it was given up.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::follow_up::AgencyRules;
use crate::ids::{PaymentId, WriteOffId};
use crate::ledger::{Booking, Cause, LedgerAccount, LedgerError, LedgerTransaction, Posting};
use crate::money::{Money, MoneyError};
use crate::party::Paragraph;
use crate::refusal::{Refusal, RefusalKind};

use super::{Standing, Status};

/// Write-offs of one invoice.
pub const MAX_WRITE_OFFS: usize = 20;

/// Why something is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteOffKind {
    /// The client will not pay it.
    BadDebt,
    /// The client paid a little less, and it is not worth a word: a bank's fee, a rounding.
    ShortPayment,
    /// The same, given up by itself: the agency's tolerance allows it.
    Tolerance,
}

impl WriteOffKind {
    /// The words of the contract for what members give up.
    pub const WORDS: &'static [&'static str] = &["bad_debt", "short_payment"];

    /// Reads a word of the contract.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "bad_debt" => Some(Self::BadDebt),
            "short_payment" => Some(Self::ShortPayment),
            _ => None,
        }
    }
}

/// What was given up at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOff {
    /// Its id.
    pub id: WriteOffId,
    /// Why.
    pub kind: WriteOffKind,
    /// How much was given up.
    pub amount: Money,
    /// What of it came after all.
    pub recovered: Money,
    /// The agency's words; none of what was given up by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Paragraph<500>>,
    /// The day of the books.
    pub on: Date,
    /// Who gave it up; none where it was by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ActorId>,
    /// The payment that was short, where it was given up by itself: with that it is due again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<PaymentId>,
    /// Since when it is taken back (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_at: Option<Timestamp>,
}

impl WriteOff {
    /// What is given up still.
    fn left(&self) -> Result<Money, MoneyError> {
        match self.reversed_at {
            Some(_) => Ok(Money::zero(self.amount.currency())),
            None => self.amount.checked_sub(self.recovered),
        }
    }

    /// The entry of what is given up of the receivable; the standing is as it is after that.
    ///
    /// # Errors
    /// [`LedgerError`]: a defect.
    pub fn ledger_entry(
        &self,
        standing: &Standing,
        booking: Booking<'_>,
    ) -> Result<LedgerTransaction, LedgerError> {
        self.entry(standing, booking, Cause::WriteOff, self.amount)
    }

    /// The entry of so much of it that is taken back; the standing is as it is after that.
    ///
    /// # Errors
    /// [`LedgerError`]: a defect.
    pub fn taken_back_entry(
        &self,
        standing: &Standing,
        booking: Booking<'_>,
        amount: Money,
    ) -> Result<LedgerTransaction, LedgerError> {
        self.entry(standing, booking, Cause::WriteOffReversed, amount.negated())
    }

    fn entry(
        &self,
        standing: &Standing,
        booking: Booking<'_>,
        cause: Cause,
        lost: Money,
    ) -> Result<LedgerTransaction, LedgerError> {
        let (document, client) = (self.id.to_string(), Some(standing.client_id));
        let rate = booking.rate.filter(|_| lost.currency() != booking.books);
        let (written_off, receivable) = match rate {
            None if lost.currency() == booking.books => (Some(lost), Some(lost.negated())),
            None => (None, None),
            Some(rate) => (
                Some(rate.moved(standing.lost()?, lost)?),
                Some(rate.moved(standing.balance_due()?, lost.negated())?),
            ),
        };
        let postings = vec![
            Posting {
                account: LedgerAccount::WriteOffs,
                amount: lost,
                books: written_off,
            },
            Posting {
                account: LedgerAccount::Receivable,
                amount: lost.negated(),
                books: receivable,
            },
        ];
        LedgerTransaction::of_postings(booking, cause, document, client, postings)
            .map(|entry| entry.numbered(standing.number.clone()))
    }
}

/// Why nothing is given up, or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteOffRefusal {
    /// Nothing is due on it.
    #[error("nothing is due on this invoice: there is nothing to give up")]
    NothingDue,
    /// More than what is due.
    #[error("{due} is due on this invoice: give up that much at most")]
    MoreThanDue {
        /// How much is due.
        due: Money,
    },
    /// So many as one invoice has.
    #[error("this invoice has {max} write-offs: no more are taken")]
    TooMany {
        /// How many.
        max: usize,
    },
    /// It was taken back, or all of it came.
    #[error("this write-off was taken back before, or all of it was paid after all")]
    NothingLeft,
}

impl Refusal for WriteOffRefusal {
    fn code(&self) -> &'static str {
        match self {
            WriteOffRefusal::NothingDue => "nothing_due",
            WriteOffRefusal::MoreThanDue { .. } => "more_than_due",
            WriteOffRefusal::TooMany { .. } => "too_many_write_offs",
            WriteOffRefusal::NothingLeft => "nothing_written_off",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why nothing is given up: the invoice does not allow it, or amounts beyond what is reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWrittenOff {
    /// The invoice does not allow it.
    Refused(WriteOffRefusal),
    /// A defect.
    Money(MoneyError),
}

impl From<WriteOffRefusal> for NotWrittenOff {
    fn from(refusal: WriteOffRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<MoneyError> for NotWrittenOff {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

impl Standing {
    /// The standing once something is given up. Once nothing is left due, the invoice is uncollectible;
    /// after a short payment it is paid.
    ///
    /// # Errors
    /// [`NotWrittenOff`].
    pub fn with_write_off(
        mut self,
        write_off: WriteOff,
        now: Timestamp,
    ) -> Result<Self, NotWrittenOff> {
        if !matches!(self.status, Status::Open) {
            return Err(WriteOffRefusal::NothingDue.into());
        }
        let due = self.balance_due()?;
        if write_off.amount.checked_sub(due)?.is_positive() {
            return Err(WriteOffRefusal::MoreThanDue { due }.into());
        }
        if self.write_offs.len() >= MAX_WRITE_OFFS {
            let max = MAX_WRITE_OFFS;
            return Err(WriteOffRefusal::TooMany { max }.into());
        }
        let kind = write_off.kind;
        self.written_off = self.written_off.checked_add(write_off.amount)?;
        self.write_offs.push(write_off);
        self.settled_more(now)?;
        if matches!(self.status, Status::Paid { .. }) && kind == WriteOffKind::BadDebt {
            self.status = Status::Uncollectible { since: now };
        }
        Ok(self)
    }

    /// The standing once a write-off is taken back, and how much is due again by it.
    ///
    /// # Errors
    /// [`WriteOffRefusal::NothingLeft`]; none where the invoice has no such write-off.
    pub fn without_write_off<'a>(
        mut self,
        id: WriteOffId,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Option<(Self, Money)>, NotWrittenOff> {
        let mut known = self.write_offs.iter_mut();
        let Some(found) = known.find(|write_off| write_off.id == id) else {
            return Ok(None);
        };
        let left = found.left()?;
        if left.is_zero() {
            return Err(WriteOffRefusal::NothingLeft.into());
        }
        found.reversed_at = Some(now);
        self.written_off = self.written_off.checked_sub(left)?;
        self.due_again(None, agency.into(), now)?;
        Ok(Some((self, left)))
    }

    /// The standing once what was given up because of a payment is not any more, as that goes back; and what
    /// is due again by each write-off. The status is for who takes the payment back.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn unforgiven(
        mut self,
        payment_id: PaymentId,
        now: Timestamp,
    ) -> Result<(Self, Vec<(WriteOffId, Money)>), MoneyError> {
        let mut again = Vec::new();
        for write_off in &mut self.write_offs {
            let left = write_off.left()?;
            if write_off.payment_id == Some(payment_id) && left.is_positive() {
                write_off.reversed_at = Some(now);
                self.written_off = self.written_off.checked_sub(left)?;
                again.push((write_off.id, left));
            }
        }
        Ok((self, again))
    }

    /// What the books show as given up: also what came after all, as that is booked as recovered.
    pub(crate) fn lost(&self) -> Result<Money, MoneyError> {
        let lost = self.write_offs.iter().map(|of| match of.reversed_at {
            Some(_) => of.recovered,
            None => of.amount,
        });
        Money::sum(self.currency(), lost)
    }

    /// What of a payment's rest pays what was given up: the newest first.
    pub(super) fn recover(&mut self, amount: Money, now: Timestamp) -> Result<Money, MoneyError> {
        let mut rest = amount.min(self.written_off)?;
        let recovered = rest;
        for write_off in self.write_offs.iter_mut().rev() {
            let part = rest.min(write_off.left()?)?;
            write_off.recovered = write_off.recovered.checked_add(part)?;
            rest = rest.checked_sub(part)?;
        }
        self.written_off = self.written_off.checked_sub(recovered)?;
        if self.written_off.is_zero() && matches!(self.status, Status::Uncollectible { .. }) {
            self.status = Status::Paid { paid_at: now };
        }
        Ok(recovered)
    }
}
