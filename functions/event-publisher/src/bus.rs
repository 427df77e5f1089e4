//! The bus that facts go to.

use async_trait::async_trait;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::DisplayErrorContext;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_smithy_types::DateTime;
use remit_billing::event::Event;

/// The source of Remit's events.
pub const SOURCE: &str = "remit";
/// Most entries of one call (EventBridge quota).
pub const ENTRIES_MAX: usize = 10;
/// Most bytes of one call; all its entries together have to fit. EventBridge takes more in some
/// regions by now, and 256 KB in every one.
pub const BYTES_MAX: usize = 256 * 1024;
/// What EventBridge counts for an entry beside its detail: time, source and detail-type.
const ENTRY_OVERHEAD_BYTES: usize = 128;

/// One event, ready to be put.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The event, for its kind and time.
    pub event: Event,
    /// The whole of it as JSON.
    pub detail: String,
}

impl Entry {
    /// The entry of an event.
    ///
    /// # Errors
    /// What cannot be written as JSON; no event of Remit's is such.
    pub fn of(event: Event) -> Result<Self, serde_json::Error> {
        let detail = serde_json::to_string(&event)?;
        Ok(Self { event, detail })
    }

    /// What it counts in a call.
    pub fn bytes(&self) -> usize {
        self.detail.len() + ENTRY_OVERHEAD_BYTES
    }
}

/// Nothing of a call is known to have been taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bus: {0}")]
pub struct BusError(pub String);

/// Takes events. At least once: what is put twice arrives twice.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Puts at most [`ENTRIES_MAX`] entries of [`BYTES_MAX`] together; answers, for each of them in
    /// order, the error with which it was refused.
    async fn put(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, BusError>;
}

/// EventBridge.
#[derive(Debug, Clone)]
pub struct EventBridgeBus {
    client: Client,
    name: String,
}

impl EventBridgeBus {
    /// The bus of this name.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            client,
            name: name.into(),
        }
    }
}

#[async_trait]
impl Bus for EventBridgeBus {
    async fn put(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, BusError> {
        let wanted = entries.iter().map(|entry| {
            let at = entry.event.occurred_at;
            PutEventsRequestEntry::builder()
                .event_bus_name(&self.name)
                .source(SOURCE)
                .detail_type(entry.event.kind.as_str())
                .time(DateTime::from_secs(at.as_second()))
                .detail(&entry.detail)
                .build()
        });
        let answer = self
            .client
            .put_events()
            .set_entries(Some(wanted.collect()))
            .send()
            .await
            .map_err(|error| BusError(DisplayErrorContext(error).to_string()))?;
        let results = answer.entries();
        if results.len() != entries.len() {
            let (asked, answered) = (entries.len(), results.len());
            return Err(BusError(format!(
                "{asked} entries were put, {answered} are answered"
            )));
        }
        // An entry that was taken has an id; whatever else is said, one without was not.
        Ok(results
            .iter()
            .map(|result| match result.event_id() {
                Some(_) => None,
                None => Some(result.error_code().unwrap_or("no reason").to_owned()),
            })
            .collect())
    }
}
