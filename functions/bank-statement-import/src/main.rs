//! The Lambda function `bank-statement-import`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_bank_statement_import::function).await
}
