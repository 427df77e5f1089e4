//! Makes the statements of the month that are due: a schedule's only message is that time has passed.

mod run;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use remit_billing::statement::MonthlyStatements;
use remit_operations::Ports;
use remit_operations::due::{Due, Swept};
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::from_item;
use remit_store::keys::DueKind;
use serde_json::{Value, json};

/// A run stops taking on more after this time, well within the function's own limit; what is left
/// goes on at the next.
const RUN: SignedDuration = SignedDuration::from_mins(3);

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
        let mut due = Due::by(DueKind::Statement, ports.now());
        let mut swept = Swept::default();
        while ports.now() < until {
            let Some(items) = due.page(&ports.store).await? else {
                break;
            };
            swept.found(&items);
            for item in items {
                let found = from_item::<MonthlyStatements>(item);
                let found = found.map_err(|error| Problem::store(&error))?.value;
                let outcome = run::run(ports, found.account_id, until).await;
                swept.count("statements", outcome);
            }
        }
        swept.report(ports.now());
        Ok(json!({"seen": swept.seen, "failed": swept.failed}))
    }
}
