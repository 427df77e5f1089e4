//! The Lambda function `exchange-rates`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_exchange_rates::function).await
}
