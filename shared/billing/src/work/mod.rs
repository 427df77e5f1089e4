//! Work that members note on projects: time, expenses, mileage; submitted, approved by somebody
//! else, billed once.
//!
//! What is billed of a piece of work is frozen when it is approved. Which invoice bills it stands
//! in the piece itself, so that it can stand on one only.

mod refusal;
mod settings;
mod timesheet;

pub use refusal::WorkRefusal;
pub use settings::{
    MAX_RATES, MAX_TASKS, RatePer, Rates, Task, TaskKey, WorkGrouping, WorkRate, WorkSettings,
};
pub use timesheet::{
    MAX_WORK_ON_INVOICE, Measure, Timesheet, TimesheetLine, TimesheetRow, hours, lines_of,
};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::approval::{ApprovalRefusal, Rejection, Submission};
use crate::canonical::ContentHash;
use crate::fault::Fault;
use crate::ids::{
    AccountId, ClientId, FileId, InvoiceId, MemberId, ProjectId, ScopeLineId, WorkId,
};
use crate::member::Roster;
use crate::money::{Currency, Money, MoneyError};
use crate::number::{Percent, Quantity, UnitPrice};
use crate::party::{Name, Paragraph};
use crate::scope::Scope;
use crate::tax::Tax;

/// Minutes of one entry: a day.
pub const MAX_MINUTES: u32 = 24 * 60;
/// The longest way of one entry, in its unit.
pub const MAX_DISTANCE: u32 = 100_000;
/// Authors that are kept of one entry. Whoever is left out could approve it, so no more write it.
pub const MAX_WORK_AUTHORS: usize = 20;

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

/// A piece of work that a member noted on a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkEntry {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: WorkId,
    /// On which project; it stays.
    pub project_id: ProjectId,
    /// For whom: the project's client.
    pub client_id: ClientId,
    /// Who did it; it stays.
    pub member_id: MemberId,
    /// The day, where the member was.
    pub worked_on: Date,
    /// What kind of task, by the key of the agency's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskKey>,
    /// What was done.
    pub description: WorkDescription,
    /// Whether the client pays for it.
    pub billable: bool,
    /// The accepted line that it counts against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_line_id: Option<ScopeLineId>,
    /// What and how much.
    pub work: Work,
    /// Where it stands.
    pub state: WorkState,
    /// Who wrote it besides its member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<ActorId>,
    /// When it was first noted (UTC).
    pub created_at: Timestamp,
    /// When it last changed (UTC).
    pub updated_at: Timestamp,
}

/// What an approval is decided by.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalContext<'a> {
    /// Who approves.
    pub by: ActorId,
    /// The team.
    pub roster: &'a Roster,
    /// Whose work it is, as the team knows them.
    pub member: &'a Name,
    /// What is agreed about rates and tasks.
    pub rates: Rates<'a>,
    /// The project's currency.
    pub currency: Currency,
    /// What the client accepted on the project.
    pub scope: Option<&'a Scope>,
    /// When (UTC).
    pub now: Timestamp,
}

impl WorkEntry {
    /// Whether it may be changed or thrown away.
    ///
    /// # Errors
    /// [`WorkRefusal::Fixed`] once it was submitted, until it is sent back.
    pub fn check_changeable(&self) -> Result<(), WorkRefusal> {
        match self.state {
            WorkState::Draft | WorkState::Rejected { .. } => Ok(()),
            _ => Err(self.fixed()),
        }
    }

    fn fixed(&self) -> WorkRefusal {
        WorkRefusal::Fixed {
            id: self.id,
            state: self.state.as_str(),
        }
    }

    /// Whether somebody may write on it.
    ///
    /// # Errors
    /// [`WorkRefusal::TooManyAuthors`].
    pub fn check_author(&self, author: ActorId) -> Result<(), WorkRefusal> {
        match self.is_author(author) || self.authors.len() < MAX_WORK_AUTHORS {
            true => Ok(()),
            false => Err(WorkRefusal::TooManyAuthors { id: self.id }),
        }
    }

    fn is_author(&self, actor: ActorId) -> bool {
        actor == ActorId::Member(self.member_id) || self.authors.contains(&actor)
    }

    /// The same, written by one more. What was sent back stays so until it is submitted again.
    #[must_use]
    pub fn written_by(mut self, author: ActorId, now: Timestamp) -> Self {
        if !self.is_author(author) {
            self.authors.push(author);
        }
        self.updated_at = now;
        self
    }

    /// Asks for approval; to ask again changes nothing.
    ///
    /// # Errors
    /// [`WorkRefusal::Fixed`] once it is approved.
    pub fn submit(self, by: ActorId, now: Timestamp) -> Result<Self, WorkRefusal> {
        if matches!(self.state, WorkState::Submitted { .. }) {
            return Ok(self);
        }
        self.check_changeable()?;
        let submission = Submission { by, at: now };
        Ok(self.moved(WorkState::Submitted { submission }, now))
    }

    /// Approves it, and fixes what it is billed for.
    ///
    /// # Errors
    /// [`WorkRefusal`]: it does not wait for this, its own member or author asks, no rate is set,
    /// or it names no accepted line of its project.
    pub fn approve(self, context: ApprovalContext<'_>) -> Result<Self, WorkRefusal> {
        if matches!(self.state, WorkState::Approved { .. }) {
            return Ok(self);
        }
        if !matches!(self.state, WorkState::Submitted { .. }) {
            return Err(WorkRefusal::NotSubmitted {
                id: self.id,
                state: self.state.as_str(),
            });
        }
        self.check_reviewer(context.by, context.roster)?;
        if self.billable {
            self.check_scope(context.scope)?;
        }
        let charge = match self.billable {
            true => Some(self.charge(context)?),
            false => None,
        };
        let task = self.task.as_ref();
        let approved = ApprovedWork {
            by: context.by,
            at: context.now,
            member: context.member.clone(),
            task: task.and_then(|key| context.rates.task_name(key)),
            charge,
        };
        Ok(self.moved(WorkState::Approved { approved }, context.now))
    }

    /// Sends it back to its member: what waits, and what was approved and is not billed.
    ///
    /// # Errors
    /// [`WorkRefusal`] as [`WorkEntry::approve`]: who may not approve may not send back either.
    pub fn reject(
        self,
        by: ActorId,
        roster: &Roster,
        reason: Paragraph<1_000>,
        now: Timestamp,
    ) -> Result<Self, WorkRefusal> {
        match &self.state {
            WorkState::Submitted { .. } | WorkState::Approved { .. } => {}
            WorkState::Billed { .. } => return Err(self.fixed()),
            WorkState::Draft | WorkState::Rejected { .. } => {
                return Err(WorkRefusal::NotSubmitted {
                    id: self.id,
                    state: self.state.as_str(),
                });
            }
        }
        self.check_reviewer(by, roster)?;
        let rejection = Rejection {
            by,
            at: now,
            reason,
        };
        Ok(self.moved(WorkState::Rejected { rejection }, now))
    }

    /// A second pair of eyes: a member who neither did it nor wrote it, unless there is only one.
    fn check_reviewer(&self, by: ActorId, roster: &Roster) -> Result<(), WorkRefusal> {
        if matches!(by, ActorId::ApiKey(_)) {
            return Err(ApprovalRefusal::NotAMember.into());
        }
        if self.is_author(by) && roster.active_count() > 1 {
            return Err(ApprovalRefusal::AuthorCannotApprove.into());
        }
        Ok(())
    }

    /// On a project with a signed scope it counts against a line of that.
    ///
    /// # Errors
    /// [`WorkRefusal::OutsideScope`].
    pub fn check_scope(&self, scope: Option<&Scope>) -> Result<(), WorkRefusal> {
        let named = |scope: &Scope| {
            self.scope_line_id
                .is_some_and(|id| scope.line(id).is_some())
        };
        match scope.is_none_or(named) {
            true => Ok(()),
            false => Err(WorkRefusal::OutsideScope { id: self.id }),
        }
    }

    fn charge(&self, context: ApprovalContext<'_>) -> Result<Charge, WorkRefusal> {
        let rate = |per: RatePer| {
            let found =
                context
                    .rates
                    .find(per, context.currency, self.member_id, self.task.as_ref());
            found.ok_or(WorkRefusal::RateMissing {
                id: self.id,
                per,
                currency: context.currency,
            })
        };
        Ok(match &self.work {
            Work::Time { minutes } => Charge::Hours {
                minutes: context.rates.rounded_up(*minutes),
                unit_price: rate(RatePer::Hour)?,
            },
            Work::Mileage { unit, .. } => Charge::Distance {
                unit_price: rate(RatePer::of(*unit))?,
            },
            Work::Expense(expense) => Charge::Amount {
                amount: expense
                    .billed()
                    .map_err(|_| WorkRefusal::AmountTooLarge { id: self.id })?,
            },
        })
    }

    /// How it was approved, if it was.
    pub fn approved(&self) -> Option<&ApprovedWork> {
        match &self.state {
            WorkState::Approved { approved } | WorkState::Billed { approved, .. } => Some(approved),
            _ => None,
        }
    }

    /// Whether it waits to be billed.
    pub fn is_ready(&self) -> bool {
        matches!(&self.state, WorkState::Approved { approved } if approved.charge.is_some())
    }

    /// On this invoice from now on; nothing where it does not wait to be billed.
    pub fn billed(self, invoice_id: InvoiceId, now: Timestamp) -> Option<Self> {
        match self.state.clone() {
            WorkState::Approved { approved } if approved.charge.is_some() => {
                let state = WorkState::Billed {
                    approved,
                    invoice_id,
                };
                Some(self.moved(state, now))
            }
            _ => None,
        }
    }

    /// Waits to be billed again, where it was on this invoice; nothing where it was not.
    pub fn given_back(self, by: InvoiceId, now: Timestamp) -> Option<Self> {
        match self.state.clone() {
            WorkState::Billed {
                approved,
                invoice_id,
            } if invoice_id == by => Some(self.moved(WorkState::Approved { approved }, now)),
            _ => None,
        }
    }

    fn moved(self, state: WorkState, now: Timestamp) -> Self {
        Self {
            state,
            updated_at: now,
            ..self
        }
    }
}
