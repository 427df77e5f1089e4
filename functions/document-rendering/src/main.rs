//! The Lambda function `document-rendering`.

use remit_runtime::{BoxError, start};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // While Lambda starts the function, before anybody waits for an answer.
    remit_document_rendering::read_fonts()?;
    start(remit_document_rendering::function).await
}
