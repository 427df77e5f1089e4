//! The Lambda function `reply-receiving`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_reply_receiving::function).await
}
