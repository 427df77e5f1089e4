//! The Lambda function `projects`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    start(remit_projects::function).await
}
