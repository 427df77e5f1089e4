//! The Lambda function `authorizer`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_authorizer::function).await
}
