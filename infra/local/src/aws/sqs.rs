//! SQS: `SendMessageBatch` and `GetQueueAttributes`. What takes messages out is the host's driver.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Answer, unknown};
use crate::cloud::Cloud;
use crate::queues::Sent;
use crate::shelf::ShelfError;

const ENTRIES_MAX: usize = 10;
/// Of a whole call.
const BYTES_MAX: usize = 1_048_576;

/// The queue in an address of it: its logical id.
pub(super) fn queue_in(request: &Value) -> &str {
    let url = request["QueueUrl"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or(url)
}

pub(super) fn answer(cloud: &Cloud, operation: &str, body: &[u8]) -> Result<Answer, ShelfError> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let queue = queue_in(&request);
    let Some(spec) = cloud.template.queues.get(queue) else {
        let message = "The specified queue does not exist.";
        return Ok(Answer::error(400, "QueueDoesNotExist", message));
    };
    match operation {
        "SendMessageBatch" => send(cloud, queue, spec.fifo, &request),
        "GetQueueAttributes" => Ok(attributes(cloud, queue, &request)),
        _ => Ok(unknown()),
    }
}

fn send(cloud: &Cloud, queue: &str, fifo: bool, request: &Value) -> Result<Answer, ShelfError> {
    let entries = request["Entries"].as_array().map(Vec::as_slice);
    let entries = entries.unwrap_or_default();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let ids: BTreeSet<String> = entries.iter().map(|entry| text(entry, "Id")).collect();
    let sizes = entries.iter().map(|entry| text(entry, "MessageBody").len());
    let fault = |name, message| Ok(Answer::error(400, name, message));
    match entries.len() {
        0 => return fault("EmptyBatchRequest", "there is no entry"),
        more if more > ENTRIES_MAX => {
            return fault("TooManyEntriesInBatchRequest", "10 entries are taken");
        }
        count if ids.len() < count => {
            return fault("BatchEntryIdsNotDistinct", "two entries have one id");
        }
        _ if sizes.sum::<usize>() > BYTES_MAX => {
            return fault("BatchRequestTooLong", "1 MB together is taken");
        }
        _ => {}
    }
    let (mut taken, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        let id = text(entry, "Id");
        let (group, once) = (
            text(entry, "MessageGroupId"),
            text(entry, "MessageDeduplicationId"),
        );
        if text(entry, "MessageBody").is_empty() || fifo && (group.is_empty() || once.is_empty()) {
            failed.push(json!({
                "Id": id, "SenderFault": true, "Code": "MissingParameter",
                "Message": "a body is needed, and in a FIFO queue a group and what makes it once",
            }));
            continue;
        }
        let sent = Sent {
            body: text(entry, "MessageBody"),
            source: None,
            group: (!group.is_empty()).then_some(group),
            once: (!once.is_empty()).then_some(once),
        };
        cloud.queues.put(queue, sent, cloud.now())?;
        let message_id = cloud.random_id();
        taken.push(json!({"Id": id, "MessageId": message_id, "MD5OfMessageBody": ""}));
    }
    cloud.wake.notify_one();
    let mut answer = json!({"Successful": taken});
    if !failed.is_empty() {
        answer["Failed"] = failed.into();
    }
    Ok(Answer::ok(&answer))
}

fn attributes(cloud: &Cloud, queue: &str, request: &Value) -> Answer {
    let depths = cloud.queues.depths(cloud.now());
    let depth = depths.get(queue).copied().unwrap_or_default();
    let wanted = request["AttributeNames"].as_array().into_iter().flatten();
    let mut told = Map::new();
    for name in wanted.filter_map(Value::as_str) {
        let count = match name {
            "ApproximateNumberOfMessages" => depth.visible,
            "ApproximateNumberOfMessagesNotVisible" => depth.in_flight,
            _ => continue,
        };
        told.insert(name.to_owned(), count.to_string().into());
    }
    Answer::ok(&json!({ "Attributes": told }))
}
