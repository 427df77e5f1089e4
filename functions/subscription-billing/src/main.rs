//! The Lambda function `subscription-billing`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_subscription_billing::function).await
}
