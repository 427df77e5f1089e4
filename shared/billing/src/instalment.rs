//! Instalments: how an open invoice is paid by agreement, part by part, each with its due day.
//!
//! The document stays as it is. What is due next, and when, follows from what is settled: the due
//! day of the standing is that of the first part that is not, and each part has reminders of its own.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, PointedFault};
use crate::money::{Money, MoneyError};
use crate::refusal::{Refusal, RefusalKind};

/// Instalments of one invoice.
pub const MAX_INSTALMENTS: usize = 60;

/// A part of an invoice, and its due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// The day it is due, in the client's zone.
    pub due_on: Date,
    /// How much.
    pub amount: Money,
}

/// The parts by which an invoice is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentPlan {
    /// When they were agreed (UTC).
    pub agreed_at: Timestamp,
    /// In the order of their days; they make up what was due when they were agreed.
    pub parts: Vec<Instalment>,
    /// What was settled before.
    pub settled_before: Money,
    /// The day on which the document says it is due.
    pub document_due_on: Date,
}

/// Why no instalments are agreed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstalmentRefusal {
    /// Nothing is due, or it is void.
    #[error("nothing is due on this invoice")]
    NothingDue,
}

impl Refusal for InstalmentRefusal {
    fn code(&self) -> &'static str {
        match self {
            InstalmentRefusal::NothingDue => "nothing_due",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why instalments are not agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAgreed {
    /// Something in the body is wrong; all of it at once.
    Faults(Vec<PointedFault>),
    /// The invoice does not allow it.
    Refused(InstalmentRefusal),
    /// Amounts beyond what is reckoned with.
    Money(MoneyError),
}

impl From<MoneyError> for NotAgreed {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

/// A part and what is settled of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstalmentStanding {
    /// The part.
    pub part: Instalment,
    /// What is settled of it.
    pub settled: Money,
}

/// What is wrong with parts that are to make up a sum, none due before today.
pub(crate) fn faults(parts: &[Instalment], due: Money, today: Date) -> Vec<PointedFault> {
    let mut faults = Vec::new();
    let mut last: Option<Date> = None;
    for (index, part) in parts.iter().enumerate() {
        let mut add = |field: &str, fault| {
            let pointer = format!("/instalments/{index}/{field}");
            faults.push(PointedFault::new(pointer, fault));
        };
        if !part.amount.is_positive() {
            add("amount", Fault::NotPositive);
        }
        let earliest = match last {
            Some(last) => last.tomorrow().unwrap_or(last),
            None => today,
        };
        if part.due_on < earliest {
            add("due_date", Fault::TooEarly { earliest });
        }
        last = Some(part.due_on);
    }
    let sum = Money::sum(due.currency(), parts.iter().map(|part| part.amount));
    if sum.is_ok_and(|sum| sum != due) {
        faults.push(PointedFault::new("/instalments", Fault::InstalmentsSum));
    }
    faults
}

impl InstalmentPlan {
    /// What is settled of each part, when so much is settled of the invoice.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn parts(&self, settled: Money) -> Result<Vec<InstalmentStanding>, MoneyError> {
        let zero = Money::zero(settled.currency());
        let mut left = settled.checked_sub(self.settled_before)?;
        if left.is_negative() {
            // What was paid before was given back: the first parts wait for it.
            left = zero;
        }
        let mut all = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let of_this = left.min(part.amount)?;
            left = left.checked_sub(of_this)?;
            all.push(InstalmentStanding {
                part: *part,
                settled: of_this,
            });
        }
        Ok(all)
    }

    /// The first part that is not settled.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn next(&self, settled: Money) -> Result<Option<Instalment>, MoneyError> {
        let parts = self.parts(settled)?;
        let open = parts.iter().find(|of| of.settled != of.part.amount);
        Ok(open.map(|of| of.part))
    }

    /// What is asked for on a day: the next part, and all whose day has come.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn asked(&self, settled: Money, due: Money, today: Date) -> Result<Money, MoneyError> {
        let next = self.next(settled)?;
        let mut later = Money::zero(due.currency());
        for of in self.parts(settled)? {
            let is_next = next.is_some_and(|next| next.due_on == of.part.due_on);
            if !is_next && of.part.due_on > today {
                later = later.checked_add(of.part.amount.checked_sub(of.settled)?)?;
            }
        }
        due.checked_sub(later)
    }
}
