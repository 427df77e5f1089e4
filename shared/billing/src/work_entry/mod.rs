//! Work that members note on projects: time, expenses, mileage; submitted, approved by somebody
//! else, billed once.
//!
//! What is billed of a piece of work is frozen when it is approved. Which invoice bills it stands
//! in the piece itself, so that it can stand on one only.

mod entry;
mod refusal;
mod settings;
mod timesheet;

pub use entry::{ApprovalContext, MAX_WORK_AUTHORS, WorkEntry};
pub use refusal::WorkRefusal;
pub use settings::{
    MAX_RATES, MAX_TASKS, RatePer, Rates, Task, TaskKey, WorkGrouping, WorkRate, WorkSettings,
};
pub use timesheet::{
    MAX_WORK_ON_INVOICE, Measure, Timesheet, TimesheetLine, TimesheetRow, hours, is_credited_back,
    lines_of,
};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::approval::{Rejection, Submission};
use crate::canonical::ContentHash;
use crate::fault::Fault;
use crate::ids::{FileId, InvoiceId};
use crate::money::{Money, MoneyError};
use crate::number::{Percent, Quantity, UnitPrice};
use crate::party::{Name, Paragraph};
use crate::tax::Tax;

/// Minutes of one entry: a day.
pub const MAX_MINUTES: u32 = 24 * 60;
/// The longest way of one entry, in its unit.
pub const MAX_DISTANCE: u32 = 100_000;
/// What was done, for the client to read.
pub type WorkDescription = Paragraph<500>;

/// How long a way is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceUnit {
    /// In kilometres.
    Km,
    /// In statute miles.
    Mi,
}

impl DistanceUnit {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["km", "mi"];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "km" => Ok(Self::Km),
            "mi" => Ok(Self::Mi),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }

    /// Its code in UN/ECE recommendation 20.
    pub fn code(self) -> &'static str {
        match self {
            Self::Km => "KMT",
            Self::Mi => "SMI",
        }
    }
}

/// The file that proves an expense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Which.
    pub file_id: FileId,
    /// What it is called.
    pub name: Name,
    /// Its SHA-256: what was looked at when it was approved.
    pub sha256: ContentHash,
}

/// What was spent for the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expense {
    /// How much, in the project's currency, without the tax that the agency takes back.
    pub amount: Money,
    /// What is put on top of it when it is billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markup_percent: Option<Percent>,
    /// Its taxes when it is billed; those of the project's work, where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Vec<Tax>>,
    /// Where it was spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<Name>,
    /// What proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl Expense {
    /// What it is billed for: the amount and what is put on top, rounded half away from zero.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn billed(&self) -> Result<Money, MoneyError> {
        let percent = self.markup_percent.map_or(Decimal::ZERO, Percent::decimal);
        let factor = Decimal::ONE + percent / Decimal::ONE_HUNDRED;
        let amount = self.amount.amount().checked_mul(factor);
        Money::rounded(amount.ok_or(MoneyError::Overflow)?, self.amount.currency())
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Time, in whole minutes.
    Time {
        /// How many: 1 to [`MAX_MINUTES`].
        minutes: u32,
    },
    /// Money.
    Expense(Expense),
    /// A way.
    Mileage {
        /// How long.
        distance: Quantity,
        /// In what.
        unit: DistanceUnit,
    },
}

impl Work {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["time", "expense", "mileage"];

    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            Work::Time { .. } => "time",
            Work::Expense(_) => "expense",
            Work::Mileage { .. } => "mileage",
        }
    }
}

/// What is billed of a piece of work, as it was when that was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Charge {
    /// Minutes at a price for the hour.
    Hours {
        /// The minutes, rounded up where the agency does so.
        minutes: u32,
        /// The price of an hour.
        unit_price: UnitPrice,
    },
    /// A way at a price for its unit.
    Distance {
        /// The price of a unit.
        unit_price: UnitPrice,
    },
    /// An amount.
    Amount {
        /// How much.
        amount: Money,
    },
}

/// How a piece of work was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovedWork {
    /// Who did.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
    /// Whose work it is, by the name of then.
    pub member: Name,
    /// The task, by the name of then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Name>,
    /// What is billed of it; nothing, where it is not billable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charge>,
}

/// Where a piece of work stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "word", rename_all = "snake_case")]
pub enum WorkState {
    /// Its member writes on it.
    Draft,
    /// It waits for somebody else.
    Submitted {
        /// Who asks, and since when.
        submission: Submission,
    },
    /// It was sent back to its member.
    Rejected {
        /// By whom, and why.
        rejection: Rejection,
    },
    /// It is as it was said.
    Approved {
        /// How.
        approved: ApprovedWork,
    },
    /// It stands on an invoice, or on the draft of one.
    Billed {
        /// How it was approved.
        approved: ApprovedWork,
        /// Which.
        invoice_id: InvoiceId,
    },
}

impl WorkState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] =
        &["draft", "submitted", "rejected", "approved", "billed"];

    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            WorkState::Draft => "draft",
            WorkState::Submitted { .. } => "submitted",
            WorkState::Rejected { .. } => "rejected",
            WorkState::Approved { .. } => "approved",
            WorkState::Billed { .. } => "billed",
        }
    }

    /// Reads the word of the contract, as itself.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse_word(text: &str) -> Result<&'static str, Fault> {
        let found = Self::WORDS.iter().find(|word| **word == text);
        found.copied().ok_or(Fault::UnknownValue {
            allowed: Self::WORDS,
        })
    }
}
