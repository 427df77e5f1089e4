//! Sends the reminders, and the notices of offers that end soon, that are due: a schedule's only message is that time has passed.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::remind;
use remit_runtime::{BoxError, Function, Platform};
use serde_json::{Value, json};

/// A run stops taking on more after this time, well within the function's own limit; what is left
/// is due at the next.
const RUN: SignedDuration = SignedDuration::from_mins(3);

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
    async fn invoke(&self, _: Value) -> Result<Value, BoxError> {
        let until = self.ports.now() + RUN;
        let swept = remind::sweep(&self.ports, &self.postbox, Some(until)).await?;
        swept.report(self.ports.now());
        Ok(json!({"seen": swept.seen, "failed": swept.failed}))
    }
}
