//! What is to be done later: asynchronous calls and their repetitions, webhooks, expiries.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shelf::{Shelf, ShelfError};

const KIND: &str = "task";

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// How often it was tried already.
    pub tries: u32,
    /// What.
    pub work: Work,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Call a function, as Lambda does for rules and schedules.
    Invoke {
        /// The function.
        function: String,
        /// What it gets.
        payload: Value,
        /// Where the payload goes when all tries have failed.
        dead_letters: Option<String>,
    },
    /// Send a webhook of the payment provider's stand-in.
    Webhook {
        /// Its id.
        event_id: String,
    },
    /// Send a webhook of another provider's stand-in.
    PayerWebhook {
        /// Its id.
        hook_id: String,
    },
    /// Let a checkout page expire.
    ExpireSession {
        /// Its id.
        session_id: String,
    },
}

/// Where a task stands: its time, and its number.
pub type Place = (Timestamp, u64);

/// All tasks, by the time at which they are due.
pub struct Agenda {
    shelf: Shelf,
    tasks: Mutex<BTreeMap<Place, Task>>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    due_at: Timestamp,
    task: Task,
}

impl Agenda {
    /// The tasks as they were left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf) -> Result<Self, ShelfError> {
        let stored = shelf.all::<Stored>(KIND)?.into_iter();
        let tasks = stored
            .filter_map(|(id, stored)| Some(((stored.due_at, id.parse().ok()?), stored.task)));
        let tasks = Mutex::new(tasks.collect());
        Ok(Self { shelf, tasks })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Place, Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a task.
    ///
    /// # Errors
    /// The shelf's.
    pub fn add(&self, due_at: Timestamp, task: Task) -> Result<Place, ShelfError> {
        let mut tasks = self.lock();
        let number = tasks
            .keys()
            .map(|(_, number)| *number)
            .max()
            .map_or(1, |last| last + 1);
        let stored = Stored { due_at, task };
        self.shelf.put(KIND, &id(number), &stored)?;
        tasks.insert((due_at, number), stored.task);
        Ok((due_at, number))
    }

    /// The first task that is due. It stays until it is [`Agenda::done`]: a kill in between does
    /// it again.
    pub fn due(&self, now: Timestamp) -> Option<(Place, Task)> {
        let tasks = self.lock();
        let (place, task) = tasks.first_key_value()?;
        (place.0 <= now).then(|| (*place, task.clone()))
    }

    /// Puts a task to another time, as tried once more.
    ///
    /// # Errors
    /// The shelf's.
    pub fn again(&self, place: Place, due_at: Timestamp) -> Result<(), ShelfError> {
        let mut tasks = self.lock();
        let Some(mut task) = tasks.remove(&place) else {
            return Ok(());
        };
        task.tries += 1;
        let stored = Stored { due_at, task };
        self.shelf.put(KIND, &id(place.1), &stored)?;
        tasks.insert((due_at, place.1), stored.task);
        Ok(())
    }

    /// Takes a task off.
    ///
    /// # Errors
    /// The shelf's.
    pub fn done(&self, place: Place) -> Result<(), ShelfError> {
        self.lock().remove(&place);
        self.shelf.delete(KIND, &id(place.1))
    }

    /// When the next task is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.lock()
            .first_key_value()
            .map(|((due_at, _), _)| *due_at)
    }

    /// Every task, for a person to see.
    pub fn all(&self) -> Vec<(Timestamp, Task)> {
        self.lock()
            .iter()
            .map(|((due_at, _), task)| (*due_at, task.clone()))
            .collect()
    }
}

fn id(number: u64) -> String {
    format!("{number:012}")
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn task(name: &str) -> Task {
        Task {
            tries: 0,
            work: Work::Webhook {
                event_id: name.to_owned(),
            },
        }
    }

    #[test]
    fn tasks_come_in_their_order_and_stay_until_done() {
        let shelf = Shelf::memory().unwrap();
        let agenda = Agenda::open(shelf.clone()).unwrap();
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        agenda.add(now + 5.minutes(), task("later")).unwrap();
        agenda.add(now, task("now")).unwrap();
        let agenda = Agenda::open(shelf.clone()).unwrap();
        let (place, first) = agenda.due(now).unwrap();
        assert_eq!(first, task("now"));
        assert_eq!(agenda.due(now).unwrap().0, place);
        agenda.again(place, now + 9.minutes()).unwrap();
        assert_eq!(agenda.due(now), None);
        let (place, second) = agenda.due(now + 10.minutes()).unwrap();
        assert_eq!(second, task("later"));
        agenda.done(place).unwrap();
        let (_, third) = Agenda::open(shelf)
            .unwrap()
            .due(now + 10.minutes())
            .unwrap();
        assert_eq!(third.tries, 1);
    }
}
