//! Why something that an operator does ended early.

use aws_sdk_lambda::error::DisplayErrorContext;
use remit_billing::fault::Fault;
use remit_billing::ids::AccountId;
use remit_billing::operator_hold::HoldRefusal;
use remit_runtime::problem::Problem;
use remit_store::{CommitError, TableError};

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub enum OperateError {
    /// AWS refused, or was not reached.
    #[error("{call}: {cause}")]
    Aws {
        /// Which call.
        call: &'static str,
        /// What the SDK says.
        cause: String,
    },
    /// The stage has no such queue.
    #[error("the stage has no dead letter queue {0}: `dead-letters` names them")]
    NoQueue(String),
    /// No letter of this id is in the queue, or it stands behind the first of its group.
    #[error("{queue} shows no letter {id}")]
    NoLetter {
        /// The queue.
        queue: String,
        /// The letter.
        id: String,
    },
    /// One of a group is not sent back alone.
    #[error("the letters of a FIFO queue go back in their order: leave --message out")]
    OutOfOrder,
    /// Nobody said which table.
    #[error(
        "say which table: --table with the stack's output TableName, or the one that was restored"
    )]
    NoTable,
    /// The table has no such account.
    #[error("the table has no account {0}")]
    NoAccount(AccountId),
    /// The hold does not allow it.
    #[error("{account}: {refusal}")]
    Hold {
        /// Whose hold.
        account: AccountId,
        /// Why.
        refusal: HoldRefusal,
    },
    /// A number that no series has.
    #[error("{account}: a number of a series: {fault}")]
    Number {
        /// Whose.
        account: AccountId,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The table could not be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The table took nothing.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// Others changed the same again and again.
    #[error("{0} is being changed by others: try again")]
    Busy(AccountId),
    /// What waits to be sent could not be let pass.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The function refused what was asked, in the words of the contract.
    #[error("refused: {0}")]
    Refused(String),
    /// The function failed.
    #[error("the function failed: {0}")]
    Failed(String),
    /// The local host says no time.
    #[error("{0} says no time: {1}")]
    NoTime(String, String),
}

pub(crate) fn failed<E: std::error::Error>(call: &'static str) -> impl Fn(E) -> OperateError {
    move |error| OperateError::Aws {
        call,
        cause: DisplayErrorContext(&error).to_string(),
    }
}
