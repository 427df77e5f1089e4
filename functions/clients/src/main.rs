//! The Lambda function `clients`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_clients::function).await
}
