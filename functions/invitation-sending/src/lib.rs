//! Sends invitations to the team: one `delivery.requested` of the bus, one mail.
//!
//! No queue stands before it: an agency invites now and then, and a polled queue costs by itself.
//! What the bus loses, or what fails here for good, the janitor finds.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::event::Event;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::queued::deliver_requested;
use remit_runtime::{BoxError, Function, Platform};
use serde::Deserialize;
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

#[derive(Deserialize)]
struct FromTheBus {
    detail: Event,
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let FromTheBus { detail: event } = serde_json::from_value(payload)?;
        deliver_requested(&self.ports, &self.postbox, event).await?;
        Ok(Value::Null)
    }
}
