//! Charges the fees for paying late that are due: a schedule's only message is that time has passed.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use jiff::SignedDuration;
use remit_billing::late_fee::LateFees;
use remit_operations::Ports;
use remit_operations::due::{Due, Swept};
use remit_operations::late_fees;
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::from_item;
use remit_store::keys::DueKind;
use serde_json::{Value, json};

/// A run stops taking on more after this time, well within the function's own limit; what is left
/// is due at the next.
const RUN: SignedDuration = SignedDuration::from_mins(3);
/// Invoices under way at a time. Charges of one agency take their numbers one after the other.
const AT_ONCE: usize = 4;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, _: Value) -> Result<Value, BoxError> {
        let ports = &self.ports;
        let until = ports.now() + RUN;
        let mut due = Due::by(DueKind::LateFee, ports.now());
        let mut swept = Swept::default();
        while ports.now() < until {
            let Some(items) = due.page(&ports.store).await? else {
                break;
            };
            let mut work = futures::stream::iter(items)
                .map(|item| async move {
                    let found = from_item::<LateFees>(item);
                    late_fees::run(ports, found.map_err(|error| Problem::store(&error))?).await
                })
                .buffer_unordered(AT_ONCE);
            while let Some(outcome) = work.next().await {
                swept.count("late fee", outcome);
            }
        }
        swept.report(ports.now());
        Ok(json!({"seen": swept.seen, "failed": swept.failed}))
    }
}
