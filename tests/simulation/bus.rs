//! What carries facts: the table's stream, the bus with its rules, the queues.
//!
//! The rules are those of template.yaml that belong to the main job; that the template has them
//! is the house test's business.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use remit_billing::event::EventKind;
use remit_event_publisher::bus::{Bus, BusError, Entry};
use remit_runtime::queue::{self, QueueError};
use remit_store::memory::Change;
use remit_store::{Item, item};
use serde_json::{Map, Value, json};

use crate::hazard::{Effect, Fault, Hazards};

/// After so many deliveries a message goes to the dead letters.
pub const RECEIVES_MAX: u32 = 5;
/// Messages of one batch, as in the template.
const BATCH: usize = 5;
/// After so many tries a record of the stream is put aside.
pub const STREAM_TRIES_MAX: u32 = 5;

/// A queue with a function behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Queue {
    Invoices,
    Receipts,
    /// Not a queue but asynchronous invocations of `checkout-expiry`, one event each.
    Expiry,
    /// The same of `bank-statement-import`.
    Imports,
    /// What `reminder-dispatch` puts there for itself.
    DueReminders,
    /// What `subscription-billing` does.
    DueBilling,
    /// What `late-fees` does.
    DueLateFees,
}

impl Queue {
    /// All of them.
    pub const ALL: [Queue; 7] = [
        Queue::Invoices,
        Queue::Receipts,
        Queue::Expiry,
        Queue::Imports,
        Queue::DueReminders,
        Queue::DueBilling,
        Queue::DueLateFees,
    ];

    /// Messages of one batch.
    pub fn batch(self) -> usize {
        match self {
            Queue::Invoices
            | Queue::Receipts
            | Queue::DueReminders
            | Queue::DueBilling
            | Queue::DueLateFees => BATCH,
            Queue::Expiry | Queue::Imports => 1,
        }
    }
}

/// A message of a queue.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub body: Value,
    pub receives: u32,
}

#[derive(Default)]
struct State {
    stream: VecDeque<Change>,
    stream_tries: u32,
    stream_held: bool,
    queues: [Vec<Message>; 7],
    dead: Vec<(Queue, Message)>,
    made: u32,
    put: u64,
}

/// Stream, bus and queues.
pub struct Carriers {
    hazards: Arc<Hazards>,
    state: Mutex<State>,
}

impl Carriers {
    pub fn new(hazards: Arc<Hazards>) -> Self {
        Self {
            hazards,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The table's changes arrive in the stream. What is removed states nothing: the template
    /// filters it out.
    pub fn stream(&self, changes: impl IntoIterator<Item = Change>) {
        let kept = changes.into_iter().filter(|change| change.new.is_some());
        self.state().stream.extend(kept);
    }

    /// The first records of the stream, as many as a batch takes.
    pub fn stream_head(&self, most: usize) -> Vec<Change> {
        self.state().stream.iter().take(most).cloned().collect()
    }

    /// Takes the stream, if nobody reads it.
    pub fn hold_stream(&self) -> bool {
        !std::mem::replace(&mut self.state().stream_held, true)
    }

    pub fn release_stream(&self) {
        self.state().stream_held = false;
    }

    /// The stream goes on behind so many records.
    pub fn stream_past(&self, count: usize) {
        let mut state = self.state();
        state.stream.drain(..count);
        state.stream_tries = 0;
    }

    /// The head of the stream failed: after some tries it is put aside, and its events are lost.
    pub fn stream_failed(&self) {
        let mut state = self.state();
        state.stream_tries += 1;
        if state.stream_tries >= STREAM_TRIES_MAX {
            state.stream.pop_front();
            state.stream_tries = 0;
        }
    }

    /// A record of the stream is lost.
    pub fn lose_record(&self, pick: u8) {
        let mut state = self.state();
        if state.stream_held {
            return;
        }
        if let Some(at) = usize::from(pick).checked_rem(state.stream.len()) {
            state.stream.remove(at);
        }
    }

    /// Takes messages out, in whatever order the places say.
    pub fn receive(
        &self,
        queue: Queue,
        most: usize,
        mut pick: impl FnMut(usize) -> usize,
    ) -> Vec<Message> {
        let mut state = self.state();
        let messages = &mut state.queues[queue as usize];
        let mut received = Vec::new();
        while received.len() < most && !messages.is_empty() {
            let at = pick(messages.len());
            let mut message = messages.swap_remove(at);
            message.receives += 1;
            received.push(message);
        }
        received
    }

    /// Messages that failed come again, or go to the dead letters.
    pub fn give_back(&self, queue: Queue, messages: Vec<Message>) {
        let mut state = self.state();
        for message in messages {
            if message.receives >= RECEIVES_MAX {
                state.dead.push((queue, message));
            } else {
                state.queues[queue as usize].push(message);
            }
        }
    }

    /// How many messages are in the dead letters.
    pub fn dead(&self) -> usize {
        self.state().dead.len()
    }

    /// Sends the dead letters back to where they failed, the oldest first.
    pub fn redrive(&self) {
        let mut state = self.state();
        for (queue, message) in std::mem::take(&mut state.dead) {
            let receives = 0;
            state.queues[queue as usize].push(Message {
                receives,
                ..message
            });
        }
    }

    /// A message comes once more although it was done.
    pub fn double(&self, queue: Queue, message: Message) {
        self.state().queues[queue as usize].push(message);
    }

    /// Messages that wait in a queue.
    pub fn waits(&self, queue: Queue) -> usize {
        self.state().queues[queue as usize].len()
    }

    /// Everything that is under way is lost.
    pub fn lose_all(&self) {
        let mut state = self.state();
        state.stream.clear();
        state.queues.iter_mut().for_each(Vec::clear);
    }

    /// How many messages were made so far.
    pub fn made(&self) -> u32 {
        self.state().made
    }

    /// Messages and records under way.
    pub fn under_way(&self) -> usize {
        let state = self.state();
        state.stream.len() + state.queues.iter().map(Vec::len).sum::<usize>()
    }

    /// How many events were put on the bus.
    pub fn events_put(&self) -> u64 {
        self.state().put
    }

    fn take(&self, entry: &Entry) {
        let detail: Value = serde_json::from_str(&entry.detail).unwrap();
        let queue = match entry.event.kind {
            EventKind::DeliveryRequested => match detail["data"]["delivery_kind"].as_str() {
                Some("invoice" | "void_notice" | "subscription_notice" | "monthly_statement") => {
                    Some(Queue::Invoices)
                }
                Some("receipt") => Some(Queue::Receipts),
                _ => None,
            },
            EventKind::InvoicePaid | EventKind::InvoiceVoided => Some(Queue::Expiry),
            EventKind::BankStatementReceived => Some(Queue::Imports),
            _ => None,
        };
        let mut state = self.state();
        state.put += 1;
        let Some(queue) = queue else {
            return;
        };
        state.made += 1;
        let id = format!("q{}", state.made);
        let body = json!({
            "version": "0", "id": id, "detail-type": entry.event.kind.as_str(), "source": "remit",
            "account": "000000000000", "time": entry.event.occurred_at, "region": "eu-central-1",
            "resources": [], "detail": detail,
        });
        state.queues[queue as usize].push(Message {
            id,
            body,
            receives: 0,
        });
    }
}

/// The queue of a function's own due work. It keeps no order at all, though SQS would keep that of a
/// group.
pub struct DueQueue {
    pub carriers: Arc<Carriers>,
    pub queue: Queue,
}

#[async_trait]
impl queue::Queue for DueQueue {
    async fn send(&self, messages: &[queue::Message]) -> Result<(), QueueError> {
        let hazards = &self.carriers.hazards;
        let what = || format!("{:?} {}", self.queue, messages.len());
        let fault = hazards.arrive(Effect::Bus, what).await;
        if fault == Some(Fault::Throttled) {
            return Err(QueueError("throttled".to_owned()));
        }
        let refused = (fault == Some(Fault::InPart)).then_some(messages.len() / 2);
        for (place, message) in messages.iter().enumerate() {
            if Some(place) == refused {
                continue;
            }
            let mut state = self.carriers.state();
            state.made += 1;
            let id = format!("q{}", state.made);
            let body = serde_json::from_str(&message.body).unwrap();
            let receives = 0;
            let message = Message { id, body, receives };
            state.queues[self.queue as usize].push(message);
        }
        match fault {
            Some(Fault::CrashAfter) => hazards.crash().await,
            Some(Fault::AnswerLost | Fault::InPart) => {
                return Err(QueueError("not all is known to be taken".to_owned()));
            }
            _ => {}
        }
        Ok(())
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        let what = || format!("{:?}", self.queue);
        let fault = self.carriers.hazards.arrive(Effect::Query, what).await;
        if fault == Some(Fault::Throttled) {
            return Err(QueueError("throttled".to_owned()));
        }
        let state = self.carriers.state();
        Ok(u64::try_from(state.queues[self.queue as usize].len()).unwrap())
    }
}

#[async_trait]
impl Bus for Carriers {
    async fn put(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, BusError> {
        let what = || {
            let kinds = entries.iter().map(|entry| entry.event.kind.as_str());
            kinds.collect::<Vec<_>>().join(", ")
        };
        let fault = self.hazards.arrive(Effect::Bus, what).await;
        if fault == Some(Fault::Throttled) {
            return Err(BusError("throttled".to_owned()));
        }
        let refused = (fault == Some(Fault::InPart)).then_some(entries.len() / 2);
        let mut results = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            if Some(place) == refused {
                results.push(Some("InternalFailure".to_owned()));
                continue;
            }
            self.take(entry);
            results.push(None);
        }
        match fault {
            Some(Fault::CrashAfter) => self.hazards.crash().await,
            Some(Fault::AnswerLost) => return Err(BusError("no answer".to_owned())),
            _ => {}
        }
        Ok(results)
    }
}

/// The batch of a queue as Lambda hands it over.
pub fn queue_payload(messages: &[Message]) -> Value {
    let records = messages.iter().map(|message| {
        json!({
            "messageId": message.id, "receiptHandle": message.id,
            "body": message.body.to_string(),
            "attributes": {"ApproximateReceiveCount": message.receives.to_string()},
            "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:queue",
            "awsRegion": "eu-central-1",
        })
    });
    one("Records", records.collect())
}

/// A batch of the stream as Lambda hands it over.
pub fn stream_payload(changes: &[Change], now_s: i64) -> Value {
    let records = changes.iter().map(|change| {
        let keys = json!({"pk": {"S": change.key.pk}, "sk": {"S": change.key.sk}});
        let mut record = json!({
            "ApproximateCreationDateTime": now_s, "Keys": keys,
            "SequenceNumber": change.sequence.to_string(), "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        });
        if let Some(old) = &change.old {
            record["OldImage"] = image(old, false);
        }
        if let Some(new) = &change.new {
            record["NewImage"] = image(new, new.contains_key(item::EVENTS));
        }
        let name = if change.old.is_some() {
            "MODIFY"
        } else {
            "INSERT"
        };
        let mut whole = json!({
            "eventID": change.sequence.to_string(), "eventName": name, "eventVersion": "1.1",
            "eventSource": "aws:dynamodb", "awsRegion": "eu-central-1",
            "eventSourceARN": "arn:aws:dynamodb:eu-central-1:000000000000:table/remit/stream/1",
        });
        whole["dynamodb"] = record;
        whole
    });
    one("Records", records.collect())
}

/// An image; whole only where it states something: to copy documents back and forth is what a
/// history would spend most of its time on.
fn image(item: &Item, whole: bool) -> Value {
    if whole {
        return fields(item);
    }
    let kept = [item::PK, item::SK, item::TYPE, item::VERSION];
    let kept = kept
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), attribute(item.get(*name)?))));
    Value::Object(kept.collect())
}

/// An object with one field; `json!` would copy the value.
fn one(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}

fn fields(item: &Item) -> Value {
    let fields = item.iter();
    Value::Object(
        fields
            .map(|(name, value)| (name.clone(), attribute(value)))
            .collect::<Map<_, _>>(),
    )
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::L(values) => one("L", values.iter().map(attribute).collect()),
        AttributeValue::M(values) => one("M", fields(values)),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::B(blob) => json!({ "B": BASE64.encode(blob.as_ref()) }),
        other => panic!("an attribute that no record of Remit's has: {other:?}"),
    }
}

/// Which messages of a batch failed.
pub fn failures(answer: &Value) -> Vec<String> {
    let failures = answer["batchItemFailures"].as_array().cloned();
    let failures = failures.unwrap_or_default().into_iter();
    failures
        .filter_map(|failure| Some(failure["itemIdentifier"].as_str()?.to_owned()))
        .collect()
}

/// An item as plain JSON.
pub fn plain(item: &Item) -> Value {
    let fields = item
        .iter()
        .map(|(name, value)| (name.clone(), plain_value(value)));
    Value::Object(fields.collect())
}

fn plain_value(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!(text),
        AttributeValue::N(number) => serde_json::from_str(number).unwrap(),
        AttributeValue::Bool(is) => json!(is),
        AttributeValue::L(values) => values.iter().map(plain_value).collect(),
        AttributeValue::M(values) => plain(values),
        _ => Value::Null,
    }
}
