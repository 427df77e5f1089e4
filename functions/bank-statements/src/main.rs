//! The Lambda function `bank-statements`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_bank_statements::function).await
}
