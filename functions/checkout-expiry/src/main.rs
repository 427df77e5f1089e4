//! The Lambda function `checkout-expiry`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_checkout_expiry::function).await
}
