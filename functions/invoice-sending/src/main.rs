//! The Lambda function `invoice-sending`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_invoice_sending::function).await
}
