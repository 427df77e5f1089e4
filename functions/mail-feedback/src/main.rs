//! The Lambda function `mail-feedback`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_mail_feedback::function).await
}
