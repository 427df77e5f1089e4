//! Puts the facts of every commit on the bus, from the table's stream: at least once, in the order
//! of each shard.
//!
//! A batch is answered by the first record that could not be published: Lambda comes again from
//! there, halves what keeps failing, and puts a poisoned record aside after its tries. What was
//! published after it is published twice then, which every consumer bears.

pub mod bus;

use std::sync::Arc;

use async_trait::async_trait;
use remit_runtime::events::{StreamChange, failed_messages, stream_batch};
use remit_runtime::{BoxError, Clock, Function, Platform, metrics};
use remit_store::stated_events;
use serde_json::Value;

use crate::bus::{BYTES_MAX, Bus, ENTRIES_MAX, Entry, EventBridgeBus};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// Where facts go.
    pub bus: Arc<dyn Bus>,
    /// The time, for what is counted.
    pub clock: Arc<dyn Clock>,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    let client = aws_sdk_eventbridge::Client::new(&platform.sdk);
    let bus = EventBridgeBus::new(client, platform.config.event_bus_name.clone());
    Ok(Arc::new(App {
        bus: Arc::new(bus),
        clock: Arc::clone(&platform.clock),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let (stated, unreadable) = stated(stream_batch(payload)?);
        let failed = self.publish(&stated).await.or(unreadable);
        // An empty name would mean the whole batch; records always have a number.
        Ok(failed_messages(failed.as_slice()))
    }
}

/// One fact and the record that states it.
struct Stated {
    sequence_number: String,
    entry: Entry,
}

/// The facts of a batch up to the first record that cannot be read, and that record's number.
fn stated(changes: Vec<StreamChange>) -> (Vec<Stated>, Option<String>) {
    let mut stated = Vec::new();
    for change in changes {
        let number = change.sequence_number;
        match entries(change.old.as_ref(), change.new.as_ref()) {
            Ok(entries) => stated.extend(entries.into_iter().map(|entry| Stated {
                sequence_number: number.clone(),
                entry,
            })),
            Err(error) => {
                tracing::error!(sequence_number = %number, %error, "a record cannot be read");
                return (stated, Some(number));
            }
        }
    }
    (stated, None)
}

fn entries(
    old: Option<&remit_store::Item>,
    new: Option<&remit_store::Item>,
) -> Result<Vec<Entry>, BoxError> {
    let events = stated_events(old, new)?;
    let entries = events.into_iter().map(Entry::of);
    Ok(entries.collect::<Result<_, _>>()?)
}

impl App {
    /// Publishes in order; answers the number of the first record that was not wholly published.
    /// Behind it nothing more is put.
    async fn publish(&self, stated: &[Stated]) -> Option<String> {
        let mut rest = stated;
        while !rest.is_empty() {
            let (call, behind) = rest.split_at(fitting(rest));
            let entries: Vec<Entry> = call.iter().map(|one| one.entry.clone()).collect();
            let refused = match self.bus.put(&entries).await {
                Ok(results) => results
                    .into_iter()
                    .zip(call)
                    .find_map(|(error, one)| Some((one, error?))),
                Err(error) => call.first().map(|one| (one, error.to_string())),
            };
            if let Some((one, error)) = refused {
                let number = one.sequence_number.clone();
                let event = one.entry.event.id;
                tracing::error!(sequence_number = %number, %event, error, "an event was not taken");
                return Some(number);
            }
            let count = u32::try_from(call.len()).unwrap_or(u32::MAX);
            metrics::count("EventsPublished", count, self.clock.now());
            rest = behind;
        }
        None
    }
}

/// How many of the first facts go into one call; one at least, however large it is.
fn fitting(stated: &[Stated]) -> usize {
    let mut bytes = 0;
    let fitting = stated.iter().take(ENTRIES_MAX).take_while(|one| {
        bytes += one.entry.bytes();
        bytes <= BYTES_MAX
    });
    fitting.count().max(1)
}
