//! One piece of work, from its draft to the invoice that bills it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::approval::{ApprovalRefusal, Rejection, Submission};
use crate::ids::{AccountId, ClientId, InvoiceId, MemberId, ProjectId, ScopeLineId, WorkId};
use crate::member::Roster;
use crate::money::Currency;
use crate::party::{Name, Paragraph};
use crate::scope::Scope;

use super::{
    ApprovedWork, Charge, RatePer, Rates, TaskKey, Work, WorkDescription, WorkRefusal, WorkState,
};

/// Authors that are kept of one entry. Whoever is left out could approve it, so no more write it.
pub const MAX_WORK_AUTHORS: usize = 20;

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
