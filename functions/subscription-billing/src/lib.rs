//! Bills what subscriptions and clients' billing days have due: on the tick of a schedule, whose only
//! message is that time has passed, and by messages of its own queue, where much is due at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use remit_billing::billing_cycle::BillingCycle;
use remit_billing::ids::AccountId;
use remit_billing::subscription::{BilledPeriod, Subscription};
use remit_operations::checkouts::Checkouts;
use remit_operations::due::Swept;
use remit_operations::fan_out::{DueWork, FanOut};
use remit_operations::{Ports, billing_cycles, subscriptions};
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::keys::DueKind;
use remit_store::{Item, Record, Versioned, from_item, type_of};
use serde_json::Value;

/// Agencies under way at a time: the bills of one take their numbers one after the other.
const AT_ONCE: usize = 4;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The agencies' payment providers.
    pub checkouts: Checkouts,
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
        checkouts: Checkouts::of(platform, Arc::new(platform.secrets())),
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
    const KIND: DueKind = DueKind::Subscription;

    async fn perform(&self, items: Vec<Item>, swept: &mut Swept) -> Result<(), Problem> {
        let Sorted {
            charges,
            cycles,
            bills,
        } = sorted(items)?;
        let mut work = futures::stream::iter(cycles)
            .map(|cycle| billing_cycles::run(&self.ports, cycle))
            .buffer_unordered(AT_ONCE);
        while let Some(outcome) = work.next().await {
            swept.count("billing cycle", outcome);
        }
        let mut work = futures::stream::iter(charges)
            .map(|period| subscriptions::charge_due(&self.ports, &self.checkouts, period))
            .buffer_unordered(AT_ONCE);
        while let Some(outcome) = work.next().await {
            swept.count("charge", outcome);
        }
        let mut work = futures::stream::iter(bills)
            .map(|of| subscriptions::bill_together(&self.ports, &self.checkouts, of))
            .buffer_unordered(AT_ONCE);
        while let Some(outcomes) = work.next().await {
            for outcome in outcomes {
                swept.count("subscription", outcome);
            }
        }
        Ok(())
    }
}

/// What is due.
struct Sorted {
    charges: Vec<Versioned<BilledPeriod>>,
    /// Clients whose day has come.
    cycles: Vec<Versioned<BillingCycle>>,
    /// By account.
    bills: Vec<Vec<Versioned<Subscription>>>,
}

fn sorted(items: Vec<Item>) -> Result<Sorted, Problem> {
    let (mut charges, mut cycles) = (Vec::new(), Vec::new());
    let mut bills: BTreeMap<AccountId, Vec<Versioned<Subscription>>> = BTreeMap::new();
    for item in items {
        if type_of(&item) == Some(BilledPeriod::TYPE) {
            charges.push(from_item(item).map_err(|error| Problem::store(&error))?);
            continue;
        }
        if type_of(&item) == Some(BillingCycle::TYPE) {
            cycles.push(from_item(item).map_err(|error| Problem::store(&error))?);
            continue;
        }
        let found = from_item::<Subscription>(item).map_err(|error| Problem::store(&error))?;
        bills.entry(found.value.account_id).or_default().push(found);
    }
    Ok(Sorted {
        charges,
        cycles,
        bills: bills.into_values().collect(),
    })
}
