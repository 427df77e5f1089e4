//! Queues as SQS keeps them: visibility, redelivery, dead letters; groups, in queues that have them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::shelf::{Shelf, ShelfError};
use crate::template::QueueSpec;

const KIND: &str = "message";
/// For so long a FIFO queue takes a message that is sent again for the one that it knows.
const ONCE: SignedDuration = SignedDuration::from_mins(5);

/// One message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// The queue's id of it.
    pub id: String,
    /// What was sent.
    pub body: String,
    /// When (UTC).
    pub sent_at: Timestamp,
    /// From when on it can be taken (UTC).
    pub visible_at: Timestamp,
    /// How often it was taken.
    pub receives: u32,
    /// Where it was before it became a dead letter.
    pub source: Option<String>,
    /// Its group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A message as it is sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What is sent.
    pub body: String,
    /// Where it comes from, if it is a dead letter.
    pub source: Option<String>,
    /// Its group: in a FIFO queue those of one come one after the other.
    pub group: Option<String>,
    /// What makes it once in a FIFO queue.
    pub once: Option<String>,
}

/// A message that was taken, with what deletes it.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its place in the queue.
    pub place: u64,
    /// The message.
    pub message: Message,
}

/// How many messages a queue holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Depth {
    /// To be taken now.
    pub visible: usize,
    /// Taken, or waiting for their time.
    pub in_flight: usize,
}

struct Queue {
    spec: QueueSpec,
    messages: BTreeMap<u64, Message>,
    /// What was sent of late, by what makes it once.
    known: BTreeMap<String, Timestamp>,
}

impl Queue {
    /// Whether a message was sent before, within the time in which that counts.
    fn knows(&mut self, once: Option<String>, now: Timestamp) -> bool {
        let Some(once) = once.filter(|_| self.spec.fifo) else {
            return false;
        };
        self.known
            .retain(|_, sent_at| now.duration_since(*sent_at) < ONCE);
        let is_known = self.known.contains_key(&once);
        self.known.entry(once).or_insert(now);
        is_known
    }

    /// The groups of which a message is under way: the others of it wait.
    fn held(&self, now: Timestamp) -> BTreeSet<String> {
        let messages = self.messages.values().filter(|_| self.spec.fifo);
        let held = messages.filter(|message| message.visible_at > now);
        held.filter_map(|message| message.group.clone()).collect()
    }
}

/// All queues of the template.
pub struct Queues {
    shelf: Shelf,
    queues: Mutex<BTreeMap<String, Queue>>,
}

impl Queues {
    /// The queues as they were left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf, specs: &BTreeMap<String, QueueSpec>) -> Result<Self, ShelfError> {
        let mut queues: BTreeMap<String, Queue> = specs
            .iter()
            .map(|(id, spec)| {
                (
                    id.clone(),
                    Queue {
                        spec: spec.clone(),
                        messages: BTreeMap::new(),
                        known: BTreeMap::new(),
                    },
                )
            })
            .collect();
        for (id, message) in shelf.all::<Message>(KIND)? {
            // A queue that left the template takes its messages along.
            let place = id.split_once('/').and_then(|(queue, place)| {
                Some((queues.get_mut(queue)?, place.parse::<u64>().ok()?))
            });
            match place {
                Some((queue, place)) => drop(queue.messages.insert(place, message)),
                None => shelf.delete(KIND, &id)?,
            }
        }
        Ok(Self {
            shelf,
            queues: Mutex::new(queues),
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Queue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The shelf's.
    pub fn send(
        &self,
        queue: &str,
        body: String,
        source: Option<&str>,
        now: Timestamp,
    ) -> Result<(), ShelfError> {
        let sent = Sent {
            body,
            source: source.map(str::to_owned),
            group: None,
            once: None,
        };
        self.put(queue, sent, now)
    }

    /// Sends a message, in its group; one that is known already is taken and left out.
    ///
    /// # Errors
    /// The shelf's.
    pub fn put(&self, queue: &str, sent: Sent, now: Timestamp) -> Result<(), ShelfError> {
        let mut queues = self.lock();
        let Some(known) = queues.get_mut(queue) else {
            tracing::error!(queue, "no such queue");
            return Ok(());
        };
        if known.knows(sent.once, now) {
            return Ok(());
        }
        let delay = SignedDuration::try_from(known.spec.delay).unwrap_or_default();
        let message = Message {
            id: String::new(),
            body: sent.body,
            sent_at: now,
            visible_at: now.saturating_add(delay).unwrap_or(now),
            receives: 0,
            source: sent.source,
            group: sent.group,
        };
        put(&self.shelf, queue, known, message)
    }

    /// Takes messages, oldest first; they stay invisible for the queue's time. What was taken too
    /// often goes to the dead letters, what is too old goes away.
    ///
    /// # Errors
    /// The shelf's.
    pub fn take(&self, queue: &str, max: usize, now: Timestamp) -> Result<Vec<Taken>, ShelfError> {
        self.receive(queue, max, None, now)
    }

    /// The same; they stay invisible for a time of the caller's.
    ///
    /// # Errors
    /// The shelf's.
    pub fn receive(
        &self,
        queue: &str,
        max: usize,
        invisible: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<Vec<Taken>, ShelfError> {
        let mut queues = self.lock();
        let Some(known) = queues.get_mut(queue) else {
            return Ok(Vec::new());
        };
        let own = SignedDuration::try_from(known.spec.visibility).unwrap_or_default();
        let visibility = invisible.unwrap_or(own);
        let retention = SignedDuration::try_from(known.spec.retention).unwrap_or_default();
        let letters = known.spec.dead_letters.clone();
        let held = known.held(now);
        let (mut taken, mut dead, mut old) = (Vec::new(), Vec::new(), Vec::new());
        for (place, message) in &mut known.messages {
            if taken.len() == max {
                break;
            }
            let waits = message
                .group
                .as_ref()
                .is_some_and(|group| held.contains(group));
            if message.visible_at > now || waits {
                continue;
            }
            if now.duration_since(message.sent_at) > retention {
                old.push(*place);
            } else if letters.is_some() && message.receives >= known.spec.receives_max {
                dead.push(*place);
            } else {
                message.receives += 1;
                message.visible_at = now.saturating_add(visibility).unwrap_or(now);
                self.shelf.put(KIND, &address(queue, *place), message)?;
                taken.push(Taken {
                    place: *place,
                    message: message.clone(),
                });
            }
        }
        let mut letters_of_it = Vec::new();
        for place in dead.into_iter().chain(old.iter().copied()) {
            let removed = known.messages.remove(&place);
            self.shelf.delete(KIND, &address(queue, place))?;
            if let Some(message) = removed.filter(|_| !old.contains(&place)) {
                letters_of_it.push(message);
            }
        }
        let letters_queue = letters
            .as_deref()
            .and_then(|id| Some((id, queues.get_mut(id)?)));
        if let Some((id, letters)) = letters_queue {
            for mut message in letters_of_it {
                tracing::warn!(queue, dead_letters = id, message_id = %message.id, "taken too often");
                message.receives = 0;
                message.visible_at = now;
                message.source = Some(queue.to_owned());
                put(&self.shelf, id, letters, message)?;
            }
        }
        Ok(taken)
    }

    /// Deletes a message that was handled.
    ///
    /// # Errors
    /// The shelf's.
    pub fn delete(&self, queue: &str, place: u64) -> Result<(), ShelfError> {
        if let Some(known) = self.lock().get_mut(queue) {
            known.messages.remove(&place);
        }
        self.shelf.delete(KIND, &address(queue, place))
    }

    /// Has a message that was taken come again at an instant.
    ///
    /// # Errors
    /// The shelf's.
    pub fn show(&self, queue: &str, place: u64, at: Timestamp) -> Result<(), ShelfError> {
        let mut queues = self.lock();
        let known = queues.get_mut(queue);
        let Some(message) = known.and_then(|known| known.messages.get_mut(&place)) else {
            return Ok(());
        };
        message.visible_at = at;
        self.shelf.put(KIND, &address(queue, place), message)
    }

    /// When the next message can be taken: one whose group is under way comes no sooner than that one.
    pub fn next_visible(&self, queue: &str) -> Option<Timestamp> {
        let queues = self.lock();
        let queue = queues.get(queue)?;
        let in_groups = queue.spec.fifo;
        let mut groups: BTreeMap<&str, Timestamp> = BTreeMap::new();
        let mut first: Option<Timestamp> = None;
        for message in queue.messages.values() {
            match message.group.as_deref().filter(|_| in_groups) {
                Some(group) => {
                    let last = groups.entry(group).or_insert(message.visible_at);
                    *last = message.visible_at.max(*last);
                }
                None => first = first.into_iter().chain([message.visible_at]).min(),
            }
        }
        first.into_iter().chain(groups.into_values()).min()
    }

    /// How many messages each queue holds.
    pub fn depths(&self, now: Timestamp) -> BTreeMap<String, Depth> {
        let depth = |queue: &Queue| {
            let visible = queue
                .messages
                .values()
                .filter(|m| m.visible_at <= now)
                .count();
            Depth {
                visible,
                in_flight: queue.messages.len() - visible,
            }
        };
        self.lock()
            .iter()
            .map(|(id, queue)| (id.clone(), depth(queue)))
            .collect()
    }

    /// The queues that take dead letters of others or of functions, and what lies in them.
    pub fn messages(&self, queue: &str) -> Vec<Message> {
        let queues = self.lock();
        queues
            .get(queue)
            .map(|q| q.messages.values().cloned().collect())
            .unwrap_or_default()
    }
}

fn address(queue: &str, place: u64) -> String {
    format!("{queue}/{place:012}")
}

fn put(shelf: &Shelf, id: &str, queue: &mut Queue, mut message: Message) -> Result<(), ShelfError> {
    let place = queue.messages.keys().next_back().map_or(1, |last| last + 1);
    if message.id.is_empty() {
        let second = message.sent_at.as_second();
        message.id = format!("{id}-{second}-{place}");
    }
    shelf.put(KIND, &address(id, place), &message)?;
    queue.messages.insert(place, message);
    Ok(())
}

/// What a function gets for messages of a queue.
pub fn payload(queue: &str, taken: &[Taken]) -> Value {
    let records = taken.iter().map(|Taken { place, message }| {
        let mut attributes = json!({
            "ApproximateReceiveCount": message.receives.to_string(),
            "SentTimestamp": message.sent_at.as_millisecond().to_string(),
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": message.sent_at.as_millisecond().to_string(),
        });
        if let Some(group) = &message.group {
            attributes["MessageGroupId"] = json!(group);
        }
        json!({
            "messageId": message.id,
            "receiptHandle": place.to_string(),
            "body": message.body,
            "attributes": attributes,
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:us-east-1:000000000000:{queue}"),
            "awsRegion": "us-east-1",
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::ToSpan;

    use super::*;

    fn queues(shelf: &Shelf) -> Queues {
        let spec = |dead_letters: Option<&str>| QueueSpec {
            name: String::new(),
            visibility: Duration::from_secs(180),
            dead_letters: dead_letters.map(str::to_owned),
            receives_max: 2,
            retention: Duration::from_secs(86_400),
            delay: Duration::ZERO,
            fifo: false,
        };
        let in_groups = QueueSpec {
            fifo: true,
            ..spec(None)
        };
        let specs = [
            ("Mails".to_owned(), spec(Some("Dead"))),
            ("Dead".to_owned(), spec(None)),
            ("Due".to_owned(), in_groups),
        ];
        Queues::open(shelf.clone(), &specs.into()).unwrap()
    }

    fn bodies(taken: &[Taken]) -> Vec<&str> {
        taken
            .iter()
            .map(|taken| taken.message.body.as_str())
            .collect()
    }

    #[test]
    fn a_message_comes_again_until_it_is_deleted_or_dead() {
        let shelf = Shelf::memory().unwrap();
        let queues = queues(&shelf);
        let start: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        for body in ["a", "b", "c"] {
            queues.send("Mails", body.to_owned(), None, start).unwrap();
        }
        let taken = queues.take("Mails", 2, start).unwrap();
        assert_eq!(bodies(&taken), ["a", "b"]);
        queues.delete("Mails", taken[0].place).unwrap();
        assert_eq!(bodies(&queues.take("Mails", 10, start).unwrap()), ["c"]);
        assert_eq!(
            queues.depths(start)["Mails"],
            Depth {
                visible: 0,
                in_flight: 2
            }
        );
        let later = start + 180.seconds();
        assert_eq!(queues.next_visible("Mails"), Some(later));
        let again = queues.take("Mails", 10, later).unwrap();
        assert_eq!(bodies(&again), ["b", "c"]);
        assert_eq!(again[0].message.receives, 2);
        // Two times is the most: the third finds them among the dead.
        let last = later + 180.seconds();
        assert!(queues.take("Mails", 10, last).unwrap().is_empty());
        assert_eq!(queues.depths(last)["Mails"], Depth::default());
        let dead = queues.messages("Dead");
        assert_eq!(dead.len(), 2);
        assert_eq!(
            (dead[0].body.as_str(), dead[0].source.as_deref()),
            ("b", Some("Mails"))
        );
        assert_eq!(dead[0].id, again[0].message.id);
    }

    #[test]
    fn a_group_comes_one_after_the_other_and_a_message_once() {
        let shelf = Shelf::memory().unwrap();
        let queues = queues(&shelf);
        let start: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let sent = |group: &str, body: &str| Sent {
            body: body.to_owned(),
            source: None,
            group: Some(group.to_owned()),
            once: Some(body.to_owned()),
        };
        for (group, body) in [("a", "a1"), ("a", "a2"), ("a", "a1"), ("b", "b1")] {
            queues.put("Due", sent(group, body), start).unwrap();
        }
        assert_eq!(queues.depths(start)["Due"].visible, 3);
        let first = queues.take("Due", 1, start).unwrap();
        assert_eq!(bodies(&first), ["a1"]);
        assert_eq!(bodies(&queues.take("Due", 10, start).unwrap()), ["b1"]);
        // What waits behind one that is under way is not to be had before that is.
        assert_eq!(queues.next_visible("Due"), Some(start + 180.seconds()));
        queues.show("Due", first[0].place, start).unwrap();
        assert_eq!(queues.next_visible("Due"), Some(start));
        let first = queues.take("Due", 1, start).unwrap();
        queues.delete("Due", first[0].place).unwrap();
        assert_eq!(bodies(&queues.take("Due", 10, start).unwrap()), ["a2"]);
        // After five minutes it is another message.
        let later = start + 5.minutes();
        queues.put("Due", sent("c", "a1"), later).unwrap();
        assert_eq!(queues.depths(later)["Due"].visible, 3);
    }

    #[test]
    fn messages_outlive_the_process_and_not_their_time() {
        let shelf = Shelf::memory().unwrap();
        let start: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        queues(&shelf)
            .send("Mails", "a".to_owned(), None, start)
            .unwrap();
        let reopened = queues(&shelf);
        assert_eq!(reopened.depths(start)["Mails"].visible, 1);
        assert!(
            reopened
                .take("Mails", 1, start + 48.hours())
                .unwrap()
                .is_empty()
        );
        assert_eq!(queues(&shelf).depths(start)["Mails"], Depth::default());
    }

    #[test]
    fn the_runtime_reads_the_payload() {
        let shelf = Shelf::memory().unwrap();
        let queues = queues(&shelf);
        let start: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        queues.send("Mails", "{}".to_owned(), None, start).unwrap();
        let payload = payload("Mails", &queues.take("Mails", 1, start).unwrap());
        let batch = remit_runtime::events::queue_batch(payload).unwrap();
        assert_eq!(batch.len(), 1);
        assert!(batch[0].message_id.starts_with("Mails-"));
    }
}
