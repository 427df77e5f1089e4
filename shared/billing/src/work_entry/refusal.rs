//! Why nothing becomes of a piece of work.

use crate::approval::ApprovalRefusal;
use crate::ids::WorkId;
use crate::money::Currency;
use crate::refusal::{Refusal, RefusalKind};

use super::settings::RatePer;

/// Why a piece of work is not changed, approved or billed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkRefusal {
    /// It is out of its member's hands.
    #[error(
        "{id} is {state}: only a draft, or what was rejected, is changed, submitted or thrown away"
    )]
    Fixed {
        /// Which.
        id: WorkId,
        /// The word of its state.
        state: &'static str,
    },
    /// It does not wait for an approval.
    #[error("{id} is {state}: only what was submitted is approved or rejected")]
    NotSubmitted {
        /// Which.
        id: WorkId,
        /// The word of its state.
        state: &'static str,
    },
    /// More wrote on it than are kept in mind.
    #[error("too many have written on {id}: throw it away and note it anew")]
    TooManyAuthors {
        /// Which.
        id: WorkId,
    },
    /// Nobody said what it costs.
    #[error(
        "no rate in {currency} for {per} fits {id}: set one in the work settings of its project, or \
         of the account"
    )]
    RateMissing {
        /// Which.
        id: WorkId,
        /// Of what.
        per: RatePer,
        /// In which currency.
        currency: Currency,
    },
    /// The client accepted what is billed on its project.
    #[error(
        "{id} names no accepted line of its project's scope: reject it, so that its member names \
         the line that it counts against"
    )]
    OutsideScope {
        /// Which.
        id: WorkId,
    },
    /// More than is reckoned with.
    #[error("what {id} would be billed for is too large")]
    AmountTooLarge {
        /// Which.
        id: WorkId,
    },
    /// More than one request bills.
    #[error(
        "{entries} entries on {projects} project(s) are more than one invoice takes ({most} with \
         the projects counted in): name work_until, work_ids or project_ids"
    )]
    TooMuch {
        /// Entries that would be billed.
        entries: usize,
        /// Projects that they are of.
        projects: usize,
        /// How many are.
        most: usize,
    },
    /// A draft would no longer bill the work that stands on it.
    #[error(
        "the lines of noted work stay in the draft with their quantity and price: take off a \
         discount, or delete the draft to bill the work otherwise"
    )]
    LinesChanged,
    /// About its approval.
    #[error(transparent)]
    Approval(#[from] ApprovalRefusal),
}

impl Refusal for WorkRefusal {
    fn code(&self) -> &'static str {
        match self {
            WorkRefusal::Fixed { .. } => "work_fixed",
            WorkRefusal::NotSubmitted { .. } => "work_not_submitted",
            WorkRefusal::TooManyAuthors { .. } => "work_too_many_authors",
            WorkRefusal::RateMissing { .. } => "work_rate_missing",
            WorkRefusal::OutsideScope { .. } => "work_outside_scope",
            WorkRefusal::AmountTooLarge { .. } => "work_amount_too_large",
            WorkRefusal::TooMuch { .. } => "too_much_work",
            WorkRefusal::LinesChanged => "work_lines_changed",
            WorkRefusal::Approval(refusal) => refusal.code(),
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            WorkRefusal::Approval(refusal) => refusal.kind(),
            _ => RefusalKind::Conflict,
        }
    }
}
