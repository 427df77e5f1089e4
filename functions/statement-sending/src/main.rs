//! The Lambda function `statement-sending`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_statement_sending::function).await
}
