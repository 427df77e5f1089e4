//! SQS: what functions call, and what an operator does to dead letters. What else takes messages out is the host's
//! driver.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::{Answer, unknown};
use crate::cloud::Cloud;
use crate::queues::{Sent, Taken};
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
    if operation == "ListQueues" {
        return Ok(list(cloud, &request));
    }
    let named = request["QueueName"].as_str();
    let named = named.unwrap_or_else(|| queue_in(&request));
    let mut queues = cloud.template.queues.iter();
    let Some((queue, spec)) = queues.find(|(id, spec)| *id == named || spec.name == named) else {
        let message = "The specified queue does not exist.";
        return Ok(Answer::error(400, "QueueDoesNotExist", message));
    };
    match operation {
        "GetQueueUrl" => Ok(Answer::ok(&json!({"QueueUrl": url(&spec.name)}))),
        "SendMessage" => send_one(cloud, queue, spec.fifo, &request),
        "SendMessageBatch" => send(cloud, queue, spec.fifo, &request),
        "GetQueueAttributes" => Ok(attributes(cloud, queue, &request)),
        "ReceiveMessage" => receive(cloud, queue, &request),
        "ChangeMessageVisibility" => {
            let seconds = request["VisibilityTimeout"].as_i64().unwrap_or_default();
            let now = cloud.now();
            let at = now.saturating_add(SignedDuration::from_secs(seconds));
            let place = place(&request);
            cloud.queues.show(queue, place, at.unwrap_or(now))?;
            cloud.wake.notify_one();
            Ok(Answer::ok(&json!({})))
        }
        "DeleteMessage" => {
            cloud.queues.delete(queue, place(&request))?;
            Ok(Answer::ok(&json!({})))
        }
        _ => Ok(unknown()),
    }
}

fn url(queue: &str) -> String {
    format!("https://sqs.us-east-1.amazonaws.com/000000000000/{queue}")
}

/// A receipt is a place; none stands at zero.
fn place(request: &Value) -> u64 {
    let receipt = request["ReceiptHandle"].as_str().unwrap_or_default();
    receipt.parse().unwrap_or_default()
}

fn list(cloud: &Cloud, request: &Value) -> Answer {
    let prefix = request["QueueNamePrefix"].as_str().unwrap_or_default();
    let names = cloud.template.queues.values().map(|spec| &spec.name);
    let wanted = names.filter(|name| name.starts_with(prefix));
    let urls: Vec<String> = wanted.map(|name| url(name)).collect();
    Answer::ok(&json!({ "QueueUrls": urls }))
}

/// Only what a caller asks for by name is told of a message; `All` asks for all.
fn receive(cloud: &Cloud, queue: &str, request: &Value) -> Result<Answer, ShelfError> {
    let max = request["MaxNumberOfMessages"].as_u64().unwrap_or(1);
    let max = usize::try_from(max).unwrap_or(ENTRIES_MAX).min(ENTRIES_MAX);
    let seconds = request["VisibilityTimeout"].as_i64();
    let invisible = seconds.map(SignedDuration::from_secs);
    let taken = cloud.queues.receive(queue, max, invisible, cloud.now())?;
    let names = request["MessageSystemAttributeNames"].as_array();
    let names: BTreeSet<&str> = names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let messages = taken.iter().map(|Taken { place, message }| {
        let mut system = Map::new();
        let mut tell = |name: &str, value: String| {
            if names.contains("All") || names.contains(name) {
                system.insert(name.to_owned(), value.into());
            }
        };
        let sent_at = message.sent_at.as_millisecond();
        tell("SentTimestamp", sent_at.to_string());
        tell("ApproximateReceiveCount", message.receives.to_string());
        if let Some(group) = &message.group {
            tell("MessageGroupId", group.clone());
        }
        let source = message.source.as_ref();
        if let Some(source) = source.filter(|id| cloud.template.queues.contains_key(*id)) {
            let arn = format!("arn:aws:sqs:us-east-1:000000000000:{source}");
            tell("DeadLetterQueueSourceArn", arn);
        }
        json!({
            "MessageId": message.id,
            "ReceiptHandle": place.to_string(),
            "Body": message.body,
            "Attributes": system,
        })
    });
    let messages: Vec<Value> = messages.collect();
    Ok(Answer::ok(&json!({ "Messages": messages })))
}

/// A batch of one, whose refusal is the call's.
fn send_one(cloud: &Cloud, queue: &str, fifo: bool, request: &Value) -> Result<Answer, ShelfError> {
    let mut entry = request.clone();
    entry["Id"] = "one".into();
    let taken = send(cloud, queue, fifo, &json!({ "Entries": [entry] }))?;
    let told: Value = serde_json::from_slice(&taken.body).unwrap_or_default();
    Ok(match told["Successful"][0].as_object() {
        Some(sent) => Answer::ok(&json!({"MessageId": sent["MessageId"]})),
        None if taken.error.is_some() => taken,
        None => Answer::error(400, "MissingParameter", "the message is not complete"),
    })
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
        cloud.meter.count(|usage| usage.queue_requests += 1);
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
