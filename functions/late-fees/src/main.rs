//! The Lambda function `late-fees`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_late_fees::function).await
}
