//! The function as the table's stream drives it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{EventId, TypedId};
use remit_event_publisher::App;
use remit_event_publisher::bus::{BYTES_MAX, Bus, BusError, ENTRIES_MAX, Entry};
use remit_runtime::Function;
use remit_runtime::model::{SetClock, account_id, agency, stream_payload};
use remit_store::memory::Change;
use remit_store::{Commit, MemoryTable, Store, Versioned};
use serde_json::{Value, json};
use uuid::Uuid;

/// What the bus says to one call.
enum Says {
    /// It refuses these places of the call.
    Refuses(&'static [usize]),
    /// It does not answer.
    Nothing,
}

/// A bus that takes everything unless its script says otherwise.
#[derive(Default)]
struct FakeBus {
    script: Mutex<VecDeque<Says>>,
    calls: Mutex<Vec<Vec<Event>>>,
}

#[async_trait]
impl Bus for FakeBus {
    async fn put(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, BusError> {
        assert!(!entries.is_empty() && entries.len() <= ENTRIES_MAX);
        let bytes: usize = entries.iter().map(Entry::bytes).sum();
        assert!(bytes <= BYTES_MAX || entries.len() == 1, "{bytes} bytes");
        for entry in entries {
            let detail: Event = serde_json::from_str(&entry.detail).unwrap();
            assert_eq!(detail, entry.event, "the detail is the whole event");
        }
        let events = entries.iter().map(|entry| entry.event.clone());
        self.calls.lock().unwrap().push(events.collect());
        let said = self.script.lock().unwrap().pop_front();
        match said {
            Some(Says::Nothing) => Err(BusError("no answer".to_owned())),
            Some(Says::Refuses(places)) => Ok((0..entries.len())
                .map(|place| {
                    places
                        .contains(&place)
                        .then(|| "InternalFailure".to_owned())
                })
                .collect()),
            None => Ok(vec![None; entries.len()]),
        }
    }
}

/// A table that only ever changes the same account, and the function behind its stream.
struct House {
    table: Arc<MemoryTable>,
    store: Store,
    bus: Arc<FakeBus>,
    app: App,
}

impl House {
    fn new(script: impl IntoIterator<Item = Says>) -> Self {
        let table = Arc::new(MemoryTable::new());
        let bus = Arc::new(FakeBus::default());
        bus.script.lock().unwrap().extend(script);
        let clock = Arc::new(SetClock::at("2026-11-24T09:00:00Z".parse().unwrap()));
        Self {
            store: Store::new(Arc::clone(&table) as _),
            table,
            app: App {
                bus: Arc::clone(&bus) as _,
                clock,
            },
            bus,
        }
    }

    /// One commit for each list of events; answers the changes as the stream has them.
    async fn changes(&self, stated: Vec<Vec<Event>>) -> Vec<Change> {
        let account = agency(account_id(1)).unwrap();
        for (version, events) in (0..).zip(stated) {
            let commit = match version {
                0 => Commit::new().create(&account, events),
                _ => {
                    let old = Versioned::new(account.clone(), version);
                    Commit::new().replace(&old, &account, events)
                }
            };
            self.store.commit(commit).await.unwrap();
        }
        self.table.drain_changes()
    }

    /// The sequence numbers that failed.
    async fn invoke(&self, changes: &[Change]) -> Vec<String> {
        let answer = self.app.invoke(stream_payload(changes).unwrap()).await;
        failed(&answer.unwrap())
    }

    fn calls(&self) -> Vec<Vec<Event>> {
        std::mem::take(&mut self.bus.calls.lock().unwrap())
    }

    fn put(&self) -> Vec<Event> {
        self.calls().concat()
    }
}

fn failed(answer: &Value) -> Vec<String> {
    let failures = answer["batchItemFailures"].as_array().unwrap();
    let number = |failure: &Value| failure["itemIdentifier"].as_str().unwrap().to_owned();
    failures.iter().map(number).collect()
}

fn event(number: u128) -> Event {
    event_of(number, 10)
}

/// An event whose data has about so many bytes.
fn event_of(number: u128, bytes: usize) -> Event {
    Event {
        id: EventId::from_uuid(Uuid::from_u128(number)),
        kind: EventKind::InvoiceIssued,
        account_id: account_id(1),
        occurred_at: "2026-11-24T09:00:00.5Z".parse().unwrap(),
        version: 1,
        data: json!({ "number": "x".repeat(bytes) }),
    }
}

fn events(numbers: std::ops::Range<u128>) -> Vec<Event> {
    numbers.map(event).collect()
}

#[tokio::test]
async fn facts_go_on_the_bus_in_order_and_what_states_nothing_does_not() {
    let house = House::new([]);
    let changes = house
        .changes(vec![events(0..2), Vec::new(), events(2..3)])
        .await;
    assert_eq!(house.invoke(&changes).await, [""; 0]);
    assert_eq!(house.calls(), [events(0..3)], "one call for all of them");
    // Nothing to say is no call at all.
    assert!(house.invoke(&changes[1..2]).await.is_empty());
    assert!(house.invoke(&[]).await.is_empty());
    assert!(house.calls().is_empty());
}

#[tokio::test]
async fn a_batch_that_comes_again_is_published_again_under_the_same_ids() {
    let house = House::new([]);
    let changes = house.changes(vec![events(0..2)]).await;
    for _ in 0..2 {
        assert!(house.invoke(&changes).await.is_empty());
        assert_eq!(house.put(), events(0..2));
    }
}

/// An item keeps the events of its last change; only a change of its version states them.
#[tokio::test]
async fn what_is_removed_or_only_touched_states_nothing() {
    let house = House::new([]);
    let change = house.changes(vec![events(0..1)]).await.remove(0);
    let removed = Change {
        old: change.new.clone(),
        new: None,
        ..change.clone()
    };
    let touched = Change {
        old: change.new.clone(),
        ..change
    };
    assert!(house.invoke(&[removed, touched]).await.is_empty());
    assert!(house.calls().is_empty());
}

#[tokio::test]
async fn more_than_ten_facts_take_several_calls() {
    for (facts, calls) in [
        (9, vec![9]),
        (10, vec![10]),
        (11, vec![10, 1]),
        (25, vec![10, 10, 5]),
    ] {
        let house = House::new([]);
        let changes = house.changes(vec![events(0..facts)]).await;
        assert!(house.invoke(&changes).await.is_empty());
        let made = house.calls();
        let sizes: Vec<_> = made.iter().map(Vec::len).collect();
        assert_eq!((sizes, made.concat()), (calls, events(0..facts)));
    }
}

/// The fake bus refuses to be given more than a call may have.
#[tokio::test]
async fn large_facts_share_no_call_that_they_do_not_fit_in() {
    let house = House::new([]);
    let large = |number| event_of(number, 100 * 1024);
    let facts: Vec<_> = (0..5).map(large).collect();
    let stated = facts.iter().map(|fact| vec![fact.clone()]).collect();
    let changes = house.changes(stated).await;
    assert!(house.invoke(&changes).await.is_empty());
    let calls = house.calls();
    let sizes: Vec<_> = calls.iter().map(Vec::len).collect();
    assert_eq!((sizes, calls.concat()), (vec![2, 2, 1], facts));
    // One that fits in no call goes alone, and the bus decides.
    let house = House::new([Says::Refuses(&[0])]);
    let huge = event_of(9, 300 * 1024);
    let changes = house.changes(vec![vec![huge.clone()]]).await;
    assert_eq!(house.invoke(&changes).await, ["1"]);
    assert_eq!(house.calls(), [[huge]]);
}

#[tokio::test]
async fn a_refused_fact_names_its_record_and_nothing_behind_it_is_put() {
    // Records 1, 2 and 3 state five facts each: two calls, 10 and 5.
    let stated = || (0..3).map(|n| events(5 * n..5 * n + 5)).collect::<Vec<_>>();
    for (script, failing, put) in [
        (vec![Says::Refuses(&[0])], "1", 10),
        (vec![Says::Refuses(&[4, 7])], "1", 10),
        (vec![Says::Refuses(&[5])], "2", 10),
        (vec![Says::Refuses(&[9])], "2", 10),
        (vec![Says::Refuses(&[]), Says::Refuses(&[4])], "3", 15),
        (vec![Says::Nothing], "1", 10),
        (vec![Says::Refuses(&[]), Says::Nothing], "3", 15),
    ] {
        let house = House::new(script);
        let changes = house.changes(stated()).await;
        assert_eq!(house.invoke(&changes).await, [failing]);
        assert_eq!(house.put().len(), put);
        // Lambda comes again from there: everything behind is published, and nothing is lost.
        let from: usize = failing.parse().unwrap();
        assert!(house.invoke(&changes[from - 1..]).await.is_empty());
        let again = house.put();
        let first = 5 * (from as u128 - 1);
        assert_eq!(again, events(first..15));
    }
}

/// Lambda halves the batch until only the poisoned record fails, and puts that aside.
#[tokio::test]
async fn a_poisoned_record_keeps_back_only_itself() {
    let spoil = |change: &mut Change, name: &str, value: Option<AttributeValue>| {
        let item = change.new.as_mut().unwrap();
        match value {
            Some(value) => item.insert(name.to_owned(), value),
            None => item.remove(name),
        };
    };
    let nonsense = || Some(AttributeValue::S("nonsense".to_owned()));
    let unknown_kind = || {
        let strange = json!([{"type": "invoice.eaten"}]).to_string();
        Some(AttributeValue::S(strange))
    };
    for (name, value) in [
        ("events", nonsense()),
        ("events", unknown_kind()),
        ("version", None),
        ("version", nonsense()),
        ("pk", None),
    ] {
        let house = House::new([]);
        let stated = (0..3).map(|n| events(n..n + 1)).collect();
        let mut changes = house.changes(stated).await;
        spoil(&mut changes[1], name, value);
        assert_eq!(house.invoke(&changes).await, ["2"], "{name}");
        assert_eq!(house.put(), events(0..1), "what stands before it is out");
        assert_eq!(house.invoke(&changes[1..2]).await, ["2"]);
        assert!(house.put().is_empty());
        assert!(house.invoke(&changes[2..]).await.is_empty());
        assert_eq!(house.put(), events(2..3));
    }
}

#[tokio::test]
async fn the_first_record_that_failed_counts() {
    let house = House::new([Says::Refuses(&[0])]);
    let stated = (0..3).map(|n| events(n..n + 1)).collect();
    let mut changes = house.changes(stated).await;
    changes[2].new.as_mut().unwrap().remove("version");
    assert_eq!(house.invoke(&changes).await, ["1"]);
}

#[tokio::test]
async fn what_is_no_batch_is_an_error() {
    let house = House::new([]);
    for strange in [json!(null), json!([]), json!({"Records": "x"}), json!("x")] {
        assert!(
            house.app.invoke(strange.clone()).await.is_err(),
            "{strange}"
        );
    }
}
