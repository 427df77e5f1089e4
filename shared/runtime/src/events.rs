//! What asynchronous functions are invoked with: queues, rules, the table's stream.

use remit_billing::event::Event;
use remit_store::Item;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::function::BoxError;

/// One message of a queue, with the event of the bus in it.
#[derive(Debug)]
pub struct QueueMessage {
    /// The queue's id of the message, to name it where it failed.
    pub message_id: String,
    /// The event; an error where the message holds none.
    pub event: Result<Event, String>,
}

/// The messages of a batch.
///
/// # Errors
/// A payload that is no batch of a queue.
pub fn queue_batch(payload: Value) -> Result<Vec<QueueMessage>, BoxError> {
    let bodies = queue_bodies(payload)?.into_iter();
    Ok(bodies
        .map(|(message_id, body)| QueueMessage {
            message_id,
            event: bus_event(&body),
        })
        .collect())
}

/// Whether a payload is a batch of a queue, and not the tick of a schedule.
pub fn is_queue_batch(payload: &Value) -> bool {
    payload.get("Records").is_some_and(Value::is_array)
}

/// The messages of a batch as they were sent: the queue's id of each, and its body.
///
/// # Errors
/// A payload that is no batch of a queue.
pub fn queue_bodies(payload: Value) -> Result<Vec<(String, String)>, BoxError> {
    let batch: aws_lambda_events::sqs::SqsEvent = serde_json::from_value(payload)?;
    let records = batch.records.into_iter();
    Ok(records
        .map(|record| {
            let id = record.message_id.unwrap_or_default();
            (id, record.body.unwrap_or_default())
        })
        .collect())
}

fn bus_event(body: &str) -> Result<Event, String> {
    #[derive(Deserialize)]
    struct Envelope {
        detail: Event,
    }
    serde_json::from_str::<Envelope>(body)
        .map(|envelope| envelope.detail)
        .map_err(|error| error.to_string())
}

/// The partial answer of a batch: only these come again.
pub fn failed_messages(ids: &[String]) -> Value {
    let failures: Vec<Value> = ids.iter().map(|id| json!({"itemIdentifier": id})).collect();
    json!({"batchItemFailures": failures})
}

/// One change of the table.
#[derive(Debug)]
pub struct StreamChange {
    /// Its place in the stream, to name it where it failed.
    pub sequence_number: String,
    /// The item before; none if it is new.
    pub old: Option<Item>,
    /// The item after; none if it was removed.
    pub new: Option<Item>,
}

/// The changes of a batch, in order.
///
/// # Errors
/// A payload that is no batch of the stream.
pub fn stream_batch(payload: Value) -> Result<Vec<StreamChange>, BoxError> {
    let batch: aws_lambda_events::dynamodb::Event = serde_json::from_value(payload)?;
    Ok(batch
        .records
        .into_iter()
        .map(|record| {
            let image = |item: serde_dynamo::Item| {
                let item: Item = item.into();
                (!item.is_empty()).then_some(item)
            };
            StreamChange {
                sequence_number: record.change.sequence_number.unwrap_or_default(),
                old: image(record.change.old_image),
                new: image(record.change.new_image),
            }
        })
        .collect())
}
