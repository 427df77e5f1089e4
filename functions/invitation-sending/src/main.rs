//! The Lambda function `invitation-sending`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_invitation_sending::function).await
}
