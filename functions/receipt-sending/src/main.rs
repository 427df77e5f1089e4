//! The Lambda function `receipt-sending`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_receipt_sending::function).await
}
