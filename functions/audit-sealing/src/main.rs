//! The Lambda function `audit-sealing`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_audit_sealing::function).await
}
