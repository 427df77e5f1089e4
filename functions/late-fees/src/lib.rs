//! Charges the fees for paying late that are due: on the tick of a schedule, whose only message is that
//! time has passed, and by messages of its own queue, where much is due at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use remit_billing::ids::AccountId;
use remit_billing::late_fee::LateFees;
use remit_operations::due::Swept;
use remit_operations::fan_out::{DueWork, FanOut};
use remit_operations::{Ports, late_fees};
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::keys::DueKind;
use remit_store::{Item, Versioned, from_item};
use serde_json::Value;

/// Agencies under way at a time: the charges of one take their numbers one after the other.
const AT_ONCE: usize = 4;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// Where much that is due is shared out.
    pub fan_out: FanOut,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
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
    const KIND: DueKind = DueKind::LateFee;

    async fn perform(&self, items: Vec<Item>, swept: &mut Swept) -> Result<(), Problem> {
        let mut work = futures::stream::iter(by_account(items, swept))
            .map(|fees| async move {
                let mut outcomes = Vec::with_capacity(fees.len());
                for fees in fees {
                    outcomes.push(late_fees::run(&self.ports, fees).await);
                }
                outcomes
            })
            .buffer_unordered(AT_ONCE);
        while let Some(outcomes) = work.next().await {
            for outcome in outcomes {
                swept.count("late fee", outcome);
            }
        }
        Ok(())
    }
}

/// What is due, by account. What cannot be read keeps nothing else back.
fn by_account(items: Vec<Item>, swept: &mut Swept) -> Vec<Vec<Versioned<LateFees>>> {
    let mut fees: BTreeMap<AccountId, Vec<Versioned<LateFees>>> = BTreeMap::new();
    for item in items {
        match from_item::<LateFees>(item) {
            Ok(found) => fees.entry(found.value.account_id).or_default().push(found),
            Err(error) => swept.count("late fee", Err(Problem::store(&error))),
        }
    }
    fees.into_values().collect()
}
