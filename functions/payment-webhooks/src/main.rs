//! The Lambda function `payment-webhooks`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_payment_webhooks::function).await
}
