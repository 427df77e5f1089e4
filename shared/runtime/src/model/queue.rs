//! A queue in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use serde_json::Value;

use super::{locked, queue_payload};
use crate::queue::{Message, Queue, QueueError};

#[derive(Debug, Default)]
struct State {
    /// By the place in which they were sent.
    waiting: BTreeMap<u64, Message>,
    /// The places of each group: a hundred thousand that wait are not gone through for each that is taken.
    groups: BTreeMap<String, BTreeSet<u64>>,
    taken: BTreeMap<u64, Message>,
    sent: u64,
    calls: u64,
    refuses: bool,
    mixes: bool,
}

/// A queue that keeps groups apart, as SQS's FIFO queues do: of a group that has messages under way
/// no other is brought. It does not know a message that it had before, so all come that are sent.
#[derive(Debug, Default)]
pub struct MemoryQueue(Mutex<State>);

impl MemoryQueue {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it takes nothing from now on.
    pub fn refuse(&self, refuses: bool) {
        locked(&self.0).refuses = refuses;
    }

    /// Groups mean nothing from now on, as in SQS's standard queues.
    pub fn mix_groups(&self) {
        locked(&self.0).mixes = true;
    }

    /// Whether a message waits, or is under way.
    pub fn is_empty(&self) -> bool {
        let state = locked(&self.0);
        state.waiting.is_empty() && state.taken.is_empty()
    }

    /// The messages that wait, in the order in which they were sent.
    pub fn waiting(&self) -> Vec<Message> {
        locked(&self.0).waiting.values().cloned().collect()
    }

    /// How many messages were sent, and in how many calls.
    pub fn sent(&self) -> (u64, u64) {
        let state = locked(&self.0);
        (state.sent, state.calls)
    }

    /// Loses every message.
    pub fn lose_all(&self) {
        let mut state = locked(&self.0);
        state.waiting.clear();
        state.groups.clear();
        state.taken.clear();
    }

    /// Takes at most so many messages, oldest first, of groups that have none under way.
    pub fn take(&self, most: usize) -> Vec<(String, Message)> {
        let mut state = locked(&self.0);
        let held = state.taken.values().filter(|_| !state.mixes);
        let held: BTreeSet<String> = held.map(|message| message.group.clone()).collect();
        let mut taken = Vec::new();
        while taken.len() < most {
            let free = state
                .groups
                .iter()
                .filter(|(group, _)| !held.contains(*group));
            let oldest = free.filter_map(|(_, places)| places.first()).min();
            let Some(place) = oldest.copied() else { break };
            let Some(message) = state.leave(place) else {
                break;
            };
            taken.push((id_of(place), message.clone()));
            state.taken.insert(place, message);
        }
        taken
    }

    /// The batch of these messages, as Lambda hands it over.
    pub fn payload(taken: &[(String, Message)]) -> Value {
        let bodies = taken.iter();
        let bodies = bodies.map(|(id, message)| (id.as_str(), message.body.clone()));
        queue_payload(&bodies.collect::<Vec<_>>())
    }

    /// Ends what was taken, by the function's answer: what it names as failed comes again, before
    /// what is newer.
    pub fn end(&self, taken: &[(String, Message)], answer: &Value) {
        let failures = answer["batchItemFailures"].as_array().into_iter().flatten();
        let failed: Vec<&str> = failures
            .filter_map(|failure| failure["itemIdentifier"].as_str())
            .collect();
        let mut state = locked(&self.0);
        let ended: BTreeSet<&str> = taken.iter().map(|(id, _)| id.as_str()).collect();
        let places: Vec<u64> = state.taken.keys().copied().collect();
        for place in places {
            let id = id_of(place);
            if !ended.contains(id.as_str()) {
                continue;
            }
            if let Some(message) = state.taken.remove(&place)
                && failed.contains(&id.as_str())
            {
                state.wait(place, message);
            }
        }
    }
}

fn id_of(place: u64) -> String {
    format!("m{place}")
}

impl State {
    fn wait(&mut self, place: u64, message: Message) {
        let group = self.groups.entry(message.group.clone()).or_default();
        group.insert(place);
        self.waiting.insert(place, message);
    }

    fn leave(&mut self, place: u64) -> Option<Message> {
        let message = self.waiting.remove(&place)?;
        if let Some(places) = self.groups.get_mut(&message.group) {
            places.remove(&place);
            if places.is_empty() {
                self.groups.remove(&message.group);
            }
        }
        Some(message)
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send(&self, messages: &[Message]) -> Result<(), QueueError> {
        // Whoever runs beside this goes on meanwhile.
        tokio::task::yield_now().await;
        let mut state = locked(&self.0);
        if state.refuses {
            return Err(QueueError("it takes nothing".to_owned()));
        }
        state.calls += 1;
        for message in messages {
            state.sent += 1;
            let place = state.sent;
            state.wait(place, message.clone());
        }
        Ok(())
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        let state = locked(&self.0);
        let depth = state.waiting.len() + state.taken.len();
        u64::try_from(depth).map_err(|error| QueueError(error.to_string()))
    }
}
