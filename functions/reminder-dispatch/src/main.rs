//! The Lambda function `reminder-dispatch`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_reminder_dispatch::function).await
}
