//! A function: payload in, payload out.

use std::sync::Arc;

use async_trait::async_trait;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use tracing_subscriber::EnvFilter;

use crate::audited::Audited;
use crate::limits::Limited;
use crate::platform::Platform;

/// An error that Lambda reports; what it says goes to the log only.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// One Lambda function.
#[async_trait]
pub trait Function: Send + Sync + 'static {
    /// Handles one payload. An error means that the caller may deliver it again.
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError>;
}

/// Runs a function in Lambda; the whole of every `main`.
///
/// # Errors
/// What keeps the function from starting, or the runtime from going on.
pub async fn start(
    make: impl FnOnce(&Platform) -> Result<Arc<dyn Function>, BoxError>,
) -> Result<(), BoxError> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_current_span(true)
        .with_span_list(false)
        .without_time()
        .init();
    let function = prepare(make).await.inspect_err(|error| {
        // What leaves `main` is printed as Rust sees it; the log says it in words.
        tracing::error!(%error, "the function does not start");
    })?;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        async move { function.invoke(event.payload).await }
    }))
    .await
}

async fn prepare(
    make: impl FnOnce(&Platform) -> Result<Arc<dyn Function>, BoxError>,
) -> Result<Arc<dyn Function>, BoxError> {
    let platform = Platform::from_env().await?;
    crate::metrics::install(&platform.config.stage);
    let name = platform.config.function.clone();
    let audited = Audited::on(&platform, name, make(&platform)?);
    Ok(Arc::new(Limited::on(&platform, Arc::new(audited))))
}
