//! The Lambda function `payments-api`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_payments_api::function).await
}
