//! Closes the payment pages that are still open for an invoice that is paid or void, and finds out
//! what the payer let the agency keep.
//!
//! It makes early what comes anyway: a page expires within a day, and the janitor sees to its end, and
//! to what is to be kept.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::event::Event;
use remit_billing::ids::InvoiceId;
use remit_operations::checkouts::Checkouts;
use remit_operations::{Ports, open_pages};
use remit_runtime::{BoxError, Function, Platform};
use serde::Deserialize;
use serde_json::Value;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The agencies' payment providers.
    pub checkouts: Checkouts,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        checkouts: Checkouts::of(platform, Arc::new(platform.secrets())),
    }))
}

#[derive(Deserialize)]
struct FromTheBus {
    detail: Event,
}

#[derive(Deserialize)]
struct NothingDue {
    invoice_id: InvoiceId,
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let FromTheBus { detail: event } = serde_json::from_value(payload)?;
        let NothingDue { invoice_id } = serde_json::from_value(event.data)?;
        let (ports, checkouts) = (&self.ports, &self.checkouts);
        open_pages::close_and_keep(ports, checkouts, event.account_id, invoice_id).await?;
        Ok(Value::Null)
    }
}
