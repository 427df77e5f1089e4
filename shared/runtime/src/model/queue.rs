//! A queue in memory.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

use async_trait::async_trait;
use serde_json::Value;

use super::{locked, queue_payload};
use crate::queue::{Message, Queue, QueueError};

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<(String, Message)>,
    taken: Vec<(String, Message)>,
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
        let state = locked(&self.0);
        let waiting = state.waiting.iter();
        waiting.map(|(_, message)| message.clone()).collect()
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
        state.taken.clear();
    }

    /// Takes at most so many messages, oldest first, of groups that have none under way.
    pub fn take(&self, most: usize) -> Vec<(String, Message)> {
        let mut state = locked(&self.0);
        let held = state.taken.iter().filter(|_| !state.mixes);
        let held = held.map(|(_, message)| message.group.clone());
        let held: BTreeSet<String> = held.collect();
        let mut taken = Vec::new();
        let mut left = VecDeque::with_capacity(state.waiting.len());
        for one in std::mem::take(&mut state.waiting) {
            match taken.len() < most && !held.contains(&one.1.group) {
                true => taken.push(one),
                false => left.push_back(one),
            }
        }
        state.waiting = left;
        state.taken.extend(taken.iter().cloned());
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
        state.taken.retain(|(id, _)| !ended.contains(id.as_str()));
        for one in taken.iter().rev() {
            if failed.contains(&one.0.as_str()) {
                state.waiting.push_front(one.clone());
            }
        }
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
            let id = format!("m{}", state.sent);
            state.waiting.push_back((id, message.clone()));
        }
        Ok(())
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        let state = locked(&self.0);
        let depth = state.waiting.len() + state.taken.len();
        u64::try_from(depth).map_err(|error| QueueError(error.to_string()))
    }
}
