//! The Lambda function `subscriptions`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_subscriptions::function).await
}
