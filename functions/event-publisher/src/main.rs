//! The Lambda function `event-publisher`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_event_publisher::function).await
}
