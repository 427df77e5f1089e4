//! Sends estimates, codes to sign and certificates: one message of its queue, one `delivery.requested`.

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::queued::deliver_batch;
use remit_runtime::{BoxError, Function, Platform};
use serde_json::Value;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// Where mails are handed over.
    pub postbox: Postbox,
}

/// The function on a platform.
///
/// # Errors
/// A sender in the environment that is no address.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        postbox: Postbox::of(platform, Arc::new(platform.secrets()))?,
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        deliver_batch(&self.ports, &self.postbox, payload).await
    }
}
