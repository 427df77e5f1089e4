//! Takes the steps of follow-ups, and gives the notices of offers that end soon, that are due: on the tick of a
//! schedule, whose only message is that time has passed, and by messages of its own queue, where much
//! is due at once.

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::due::Swept;
use remit_operations::fan_out::{DueWork, FanOut};
use remit_operations::remind;
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::Item;
use remit_store::keys::DueKind;
use serde_json::Value;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// Where mails are handed over.
    pub postbox: Postbox,
    /// Where much that is due is shared out.
    pub fan_out: FanOut,
}

/// The function on a platform.
///
/// # Errors
/// A sender in the environment that is no address.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        postbox: Postbox::of(platform, Arc::new(platform.secrets()))?,
        fan_out: FanOut::of(platform),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        self.fan_out.invoke(&self.ports, self, payload).await
    }
}

#[async_trait]
impl DueWork for App {
    const KIND: DueKind = DueKind::Reminder;

    async fn perform(&self, items: Vec<Item>, swept: &mut Swept) -> Result<(), Problem> {
        remind::take_steps(&self.ports, &self.postbox, items, swept).await;
        Ok(())
    }
}
