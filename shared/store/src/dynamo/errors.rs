//! What the SDK's errors mean here.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;

use crate::table::{TableError, WriteError};

/// Why a write did not go through.
#[derive(Debug, PartialEq)]
pub(super) enum WriteFailure {
    /// Others hold the items, or there were too many requests: try again after a pause.
    HeldUp,
    /// It stays like this.
    Final(WriteError),
}

/// The error of any request, as far as it is not about a condition.
pub(crate) fn table_error<E: ProvideErrorMetadata>(
    error: &SdkError<E, HttpResponse>,
) -> TableError {
    match error {
        SdkError::TimeoutError(_) => TableError::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => TableError::Timeout,
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(ToString::to_string);
            TableError::Unavailable(cause.unwrap_or_else(|| "no connection".to_owned()))
        }
        SdkError::ResponseError(_) => TableError::Unavailable("an unreadable answer".to_owned()),
        SdkError::ConstructionFailure(_) => {
            TableError::Rejected("the request cannot be built".to_owned())
        }
        SdkError::ServiceError(context) => {
            let status = context.raw().status().as_u16();
            service_error(context.err(), status)
        }
        _ => TableError::Unavailable("an unknown failure of the SDK".to_owned()),
    }
}

fn service_error(error: &impl ProvideErrorMetadata, status: u16) -> TableError {
    let code = error.code().unwrap_or("no code");
    let text = || format!("{code}: {}", error.message().unwrap_or("no message"));
    match code {
        "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TransactionConflictException"
        | "TransactionInProgressException"
        | "ReplicatedWriteConflictException" => TableError::Throttled,
        _ if status >= 500 => TableError::Unavailable(text()),
        _ => TableError::Rejected(text()),
    }
}

/// The failure of a PutItem or DeleteItem.
pub(super) fn single_write_failure<E: ProvideErrorMetadata>(
    error: &SdkError<E, HttpResponse>,
) -> WriteFailure {
    let code = error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code);
    if code == Some("ConditionalCheckFailedException") {
        return WriteFailure::Final(WriteError::Conflict { failed: vec![0] });
    }
    held_up_or_final(table_error(error))
}

/// The failure of a transaction.
pub(super) fn transaction_failure(
    error: &SdkError<TransactWriteItemsError, HttpResponse>,
) -> WriteFailure {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled_failure(cancelled.cancellation_reasons())
        }
        _ => held_up_or_final(table_error(error)),
    }
}

fn held_up_or_final(error: TableError) -> WriteFailure {
    match error {
        TableError::Throttled => WriteFailure::HeldUp,
        error => WriteFailure::Final(error.into()),
    }
}

/// Reads the reasons one by one; there is one for each action, in order. A condition that failed
/// decides, as it will fail again; then what can never succeed; the rest is worth another try.
fn cancelled_failure(reasons: &[CancellationReason]) -> WriteFailure {
    let mut failed = Vec::new();
    let mut refused = None;
    let mut held_up = false;
    for (position, reason) in reasons.iter().enumerate() {
        match reason.code().unwrap_or("None") {
            "None" => {}
            "ConditionalCheckFailed" => failed.push(position),
            "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded" => {
                held_up = true;
            }
            // ValidationError, ItemCollectionSizeLimitExceeded, and whatever comes to be.
            code => {
                let message = reason.message().unwrap_or("no message");
                refused.get_or_insert_with(|| format!("write {position}: {code}: {message}"));
            }
        }
    }
    if !failed.is_empty() {
        return WriteFailure::Final(WriteError::Conflict { failed });
    }
    match refused {
        Some(reason) => WriteFailure::Final(TableError::Rejected(reason).into()),
        None if held_up => WriteFailure::HeldUp,
        None => {
            let reason = "the transaction was cancelled without a reason".to_owned();
            WriteFailure::Final(TableError::Unavailable(reason).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(codes: &[&str]) -> Vec<CancellationReason> {
        let reason = |code: &&str| CancellationReason::builder().code(*code).build();
        codes.iter().map(reason).collect()
    }

    #[test]
    fn a_failed_condition_decides_over_everything_else() {
        let codes = [
            "None",
            "ConditionalCheckFailed",
            "TransactionConflict",
            "ConditionalCheckFailed",
        ];
        let failed = vec![1, 3];
        assert_eq!(
            cancelled_failure(&reasons(&codes)),
            WriteFailure::Final(WriteError::Conflict { failed })
        );
    }

    #[test]
    fn what_others_hold_is_tried_again() {
        for code in [
            "TransactionConflict",
            "ThrottlingError",
            "ProvisionedThroughputExceeded",
        ] {
            assert_eq!(
                cancelled_failure(&reasons(&["None", code])),
                WriteFailure::HeldUp
            );
        }
    }

    #[test]
    fn what_can_never_succeed_is_refused() {
        for code in [
            "ValidationError",
            "ItemCollectionSizeLimitExceeded",
            "AccessDenied",
        ] {
            let failure = cancelled_failure(&reasons(&["TransactionConflict", code]));
            assert!(
                matches!(
                    &failure,
                    WriteFailure::Final(WriteError::Table(TableError::Rejected(_)))
                ),
                "{code}: {failure:?}"
            );
        }
    }

    #[test]
    fn no_reason_at_all_is_not_taken_for_success() {
        let failure = cancelled_failure(&[]);
        assert!(matches!(
            failure,
            WriteFailure::Final(WriteError::Table(TableError::Unavailable(_)))
        ));
    }
}
