//! The Lambda function `audit-log`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_audit_log::function).await
}
