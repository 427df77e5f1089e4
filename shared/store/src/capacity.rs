//! What use cases cost: requests, read units and write units, as DynamoDB bills them.
//!
//! For the test that holds each use case to the least that its work needs. The meter asks the
//! table for the consumed capacity of every request; without a meter nothing is asked.
//!
//! A test puts `DynamoTable::new(client, name).with_meter(meter.clone())` under the store of what
//! it measures, calls `meter.start("issue")`, runs the use case, and reads `meter.usage("issue")`.
//! Attempts that were held up by others or refused count as requests, those that the SDK repeats
//! by itself do not.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::types::ConsumedCapacity;
use rust_decimal::Decimal;

/// Counts requests and units per use case. Use cases are measured one after another.
#[derive(Debug, Default)]
pub struct CapacityMeter {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    use_case: String,
    usage: BTreeMap<String, Usage>,
}

/// What a use case took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests to the table, a transaction or a batch being one.
    pub requests: u64,
    /// Read request units (half units for eventually consistent reads).
    pub read_units: Decimal,
    /// Write request units, those of indexes included, doubled in transactions.
    pub write_units: Decimal,
}

/// Which units a request consumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Units {
    Read,
    Write,
}

impl CapacityMeter {
    /// A meter that has counted nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on requests count for this use case.
    pub fn start(&self, use_case: impl Into<String>) {
        self.state().use_case = use_case.into();
    }

    /// What a use case took so far.
    pub fn usage(&self, use_case: &str) -> Usage {
        self.state()
            .usage
            .get(use_case)
            .copied()
            .unwrap_or_default()
    }

    /// What every use case took so far.
    pub fn report(&self) -> BTreeMap<String, Usage> {
        self.state().usage.clone()
    }

    /// Counts one request and what it consumed.
    pub(crate) fn count(&self, units: Units, consumed: &[ConsumedCapacity]) {
        let all = consumed.iter().filter_map(ConsumedCapacity::capacity_units);
        // Units come in halves, which floats hold exactly; decimals add them up.
        let sum: Decimal = all.filter_map(|units| Decimal::try_from(units).ok()).sum();
        let mut state = self.state();
        let use_case = state.use_case.clone();
        let usage = state.usage.entry(use_case).or_default();
        usage.requests += 1;
        match units {
            Units::Read => usage.read_units += sum,
            Units::Write => usage.write_units += sum,
        }
    }

    /// A panic elsewhere leaves counts that are still whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
