//! The Lambda function `account-setup`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_account_setup::function).await
}
