//! The Lambda function `estimate-sending`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_estimate_sending::function).await
}
