//! Records, commits, cursors and receipts on top of a table.

use jiff::Timestamp;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{AccountId, EventId, TypedId};
use remit_store::request::{Earlier, KeyedRequest, StoredResponse};
use remit_store::{
    Commit, CommitError, Index, IndexKey, Indexes, InvalidCommit, Key, Query, Range, Record,
    TableError, Versioned, cursor, stated_events,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::{Engine, create, fresh, item, s};

/// A record as use cases have them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    shelf: String,
    number: u32,
    text: String,
    listed: bool,
    rank: u32,
    kept_until: Option<Timestamp>,
}

impl Record for Note {
    const TYPE: &'static str = "note";
    fn key(&self) -> Key {
        Key::new(format!("{}#{:03}", self.shelf, self.number), "note")
    }
    fn indexes(&self) -> Indexes {
        let place = IndexKey::new(self.shelf.clone(), format!("{:03}", self.rank));
        Indexes {
            date: self.listed.then_some(place),
            ..Indexes::default()
        }
    }
    fn expires_at(&self) -> Option<Timestamp> {
        self.kept_until
    }
}

/// Another type; one of its fields can take a name that it may not have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Label {
    shelf: String,
    number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
}

impl Record for Label {
    const TYPE: &'static str = "label";
    fn key(&self) -> Key {
        Key::new(format!("{}#{:03}", self.shelf, self.number), "note")
    }
}

fn note(engine: &Engine, number: u32) -> Note {
    Note {
        shelf: engine.pk("shelf"),
        number,
        text: String::new(),
        listed: true,
        rank: number,
        kept_until: None,
    }
}

fn event(number: u128) -> Event {
    Event {
        id: EventId::from_uuid(Uuid::from_u128(number)),
        kind: EventKind::ALL[0],
        account_id: AccountId::from_uuid(Uuid::from_u128(1)),
        occurred_at: "2026-01-31T09:00:00.123Z".parse().unwrap(),
        version: 1,
        data: serde_json::json!({
            "total": "12.00", "count": 3, "none": null, "list": ["", true, {"deep": {}}]
        }),
    }
}

pub async fn a_record_lives_from_creation_to_removal(engine: &Engine) {
    let store = &engine.store;
    let first = note(engine, 1);
    let key = first.key();
    assert_eq!(store.get::<Note>(&key).await, Ok(None));
    let commit = Commit::new().create(&first, vec![event(1)]);
    assert_eq!(store.commit(commit).await, Ok(()));
    let read = store.get::<Note>(&key).await.unwrap().unwrap();
    assert_eq!(read, Versioned::new(first.clone(), 1));
    let created = engine.table.get(&key).await.unwrap();
    assert_eq!(stated_events(None, created.as_ref()), Ok(vec![event(1)]));

    let mut second = first.clone();
    second.text = "„50 €“".to_owned();
    let commit = Commit::new().replace(&read, &second, vec![event(2), event(3)]);
    assert_eq!(store.commit(commit.clone()).await, Ok(()));
    // The very same put again is one whose answer was lost; another at that version is stale.
    assert_eq!(store.commit(commit).await, Ok(()));
    let mut third = second.clone();
    third.text = "late".to_owned();
    let stale = Commit::new().replace(&read, &third, vec![event(4)]);
    let stale = store.commit(stale).await;
    let keys = vec![key.clone()];
    assert_eq!(stale, Err(CommitError::Conflict { keys }));
    let replaced = engine.table.get(&key).await.unwrap();
    let stated = stated_events(created.as_ref(), replaced.as_ref());
    assert_eq!(stated, Ok(vec![event(2), event(3)]));
    // The same version again states nothing: it is the same fact.
    let again = stated_events(replaced.as_ref(), replaced.as_ref());
    assert_eq!(again, Ok(vec![]));

    let read = store.get::<Note>(&key).await.unwrap().unwrap();
    assert_eq!(read, Versioned::new(second.clone(), 2));
    let commit = Commit::new().replace(&read, &second, vec![]);
    assert_eq!(store.commit(commit).await, Ok(()));
    let silent = engine.table.get(&key).await.unwrap();
    assert_eq!(
        stated_events(replaced.as_ref(), silent.as_ref()),
        Ok(vec![])
    );
    let read = store.get::<Note>(&key).await.unwrap().unwrap();
    assert_eq!(store.commit(Commit::new().delete(&read)).await, Ok(()));
    assert_eq!(store.get::<Note>(&key).await, Ok(None));
    assert_eq!(stated_events(silent.as_ref(), None), Ok(vec![]));
}

pub async fn a_conflict_names_its_items(engine: &Engine) {
    let store = &engine.store;
    let notes: Vec<Note> = (1..=4).map(|number| note(engine, number)).collect();
    let there = Commit::new()
        .create(&notes[0], vec![])
        .create(&notes[1], vec![]);
    assert_eq!(store.commit(there).await, Ok(()));
    let stale = Versioned::new(notes[0].clone(), 7);
    let commit = Commit::new()
        .check(&stale)
        .create(&notes[2], vec![event(1)])
        .check_absent(notes[1].key());
    assert_eq!(commit.len(), 3);
    let error = store.commit(commit).await.unwrap_err();
    assert!(error.conflicts_at(&notes[0].key()) && !error.conflicts_at(&notes[2].key()));
    let keys = vec![notes[0].key(), notes[1].key()];
    assert_eq!(error, CommitError::Conflict { keys });
    assert_eq!(store.get::<Note>(&notes[2].key()).await, Ok(None));
    let fresh = Commit::new()
        .check(&Versioned::new(notes[0].clone(), 1))
        .and(
            Commit::new()
                .create(&notes[2], vec![])
                .check_absent(notes[3].key()),
        );
    assert_eq!(store.commit(fresh).await, Ok(()));
    let keys: Vec<Key> = notes.iter().map(Record::key).collect();
    let read = store.get_many::<Note>(&keys).await.unwrap();
    let there = read.iter().map(Option::is_some).collect::<Vec<_>>();
    assert_eq!(there, [true, true, true, false]);
}

pub async fn a_commit_that_breaks_a_limit_is_not_sent(engine: &Engine) {
    let invalid = |commit: Commit| async {
        match engine.store.commit(commit).await {
            Err(CommitError::Invalid(fault)) => fault,
            other => panic!("{other:?}"),
        }
    };
    let first = note(engine, 1);
    assert_eq!(invalid(Commit::new()).await, InvalidCommit::Empty);
    let twice = Commit::new()
        .create(&first, vec![])
        .check_absent(first.key());
    let key = first.key();
    assert_eq!(invalid(twice).await, InvalidCommit::SameItemTwice { key });
    let many = (0..101).fold(Commit::new(), |commit, n| {
        commit.create(&note(engine, n), vec![])
    });
    assert_eq!(
        invalid(many).await,
        InvalidCommit::TooManyWrites { count: 101 }
    );
    let moved = Commit::new().replace(&Versioned::new(first.clone(), 1), &note(engine, 2), vec![]);
    let (old, new) = (first.key(), note(engine, 2).key());
    assert_eq!(invalid(moved).await, InvalidCommit::KeyChanged { old, new });
    let mut large = first.clone();
    large.text = "x".repeat(400 * 1024);
    let fault = invalid(Commit::new().create(&large, vec![])).await;
    assert!(
        matches!(fault, InvalidCommit::ItemTooLarge { .. }),
        "{fault:?}"
    );
    let labelled = Label {
        shelf: engine.pk("shelf"),
        number: 1,
        version: Some(3),
    };
    let reserved = InvalidCommit::ReservedAttribute {
        record: "label",
        attribute: "version",
    };
    assert_eq!(
        invalid(Commit::new().create(&labelled, vec![])).await,
        reserved
    );
    let token = Commit::new().create(&first, vec![]).token("x".repeat(37));
    assert_eq!(invalid(token).await, InvalidCommit::BadToken);
    assert_eq!(engine.store.get::<Note>(&first.key()).await, Ok(None));
}

pub async fn something_else_under_the_key_is_corrupt(engine: &Engine) {
    let store = &engine.store;
    let first = note(engine, 1);
    assert_eq!(
        store.commit(Commit::new().create(&first, vec![])).await,
        Ok(())
    );
    let as_label = store.get::<Label>(&first.key()).await;
    assert!(
        matches!(&as_label, Err(TableError::Corrupt { record, key, .. })
            if record == "label" && *key == first.key()),
        "{as_label:?}"
    );
    let pk = engine.pk("strange");
    let broken = [
        ("untyped", item(&pk, "untyped", 1, &[("shelf", s("x"))])),
        (
            "unfinished",
            item(&pk, "unfinished", 1, &[("type", s("note"))]),
        ),
    ];
    for (sk, item) in broken {
        assert_eq!(engine.table.write(&[create(item)], None).await, Ok(()));
        let read = store.get::<Note>(&Key::new(&pk, sk)).await;
        assert!(
            matches!(read, Err(TableError::Corrupt { .. })),
            "{sk}: {read:?}"
        );
    }
    // A copy under another key would be written back to the original's place.
    let mut copy = engine.table.get(&first.key()).await.unwrap().unwrap();
    copy.insert("pk".to_owned(), s(&pk));
    assert_eq!(engine.table.write(&[create(copy)], None).await, Ok(()));
    let read = store.get::<Note>(&Key::new(&pk, "note")).await;
    assert!(matches!(read, Err(TableError::Corrupt { .. })), "{read:?}");
}

pub async fn a_list_goes_on_by_cursor(engine: &Engine) {
    let store = &engine.store;
    let account = AccountId::from_uuid(Uuid::from_u128(7));
    let notes = (0..6).fold(Commit::new(), |commit, n| {
        commit.create(&note(engine, n), vec![])
    });
    assert_eq!(store.commit(notes).await, Ok(()));
    let shelf = engine.pk("shelf");
    for (index, expected) in [(Some(Index::ByDate), [5, 4, 3, 2, 1, 0])] {
        let query = Query {
            index,
            ..Query::of(shelf.clone())
        };
        let mut query = query.backward().limit(2);
        let (mut read, mut pages) = (Vec::new(), 0);
        loop {
            let page = store.query::<Note>(&query).await.unwrap();
            read.extend(page.records.iter().map(|record| record.value.number));
            pages += 1;
            let Some(next) = page.next else { break };
            let text = cursor::encode(account, &query, &next);
            query.start = Some(cursor::decode(account, &query, &text).unwrap());
        }
        // Three full pages, and none behind them.
        assert_eq!((read, pages), (expected.to_vec(), 3));
    }
}

pub async fn a_candidate_that_moved_out_of_the_range_is_left_out(engine: &Engine) {
    let store = &engine.store;
    let notes = (0..3).fold(Commit::new(), |commit, n| {
        commit.create(&note(engine, n), vec![])
    });
    assert_eq!(store.commit(notes).await, Ok(()));
    let first = Versioned::new(note(engine, 0), 1);
    let mut moved = first.value.clone();
    moved.rank = 500;
    assert_eq!(
        store
            .commit(Commit::new().replace(&first, &moved, vec![]))
            .await,
        Ok(())
    );
    let second = Versioned::new(note(engine, 1), 1);
    let mut hidden = second.value.clone();
    hidden.listed = false;
    assert_eq!(
        store
            .commit(Commit::new().replace(&second, &hidden, vec![]))
            .await,
        Ok(())
    );
    let due = Query::on(Index::ByDate, engine.pk("shelf")).range(Range::Before("100".to_owned()));
    let page = store.query::<Note>(&due).await.unwrap();
    let numbers: Vec<u32> = page
        .records
        .iter()
        .map(|record| record.value.number)
        .collect();
    assert_eq!((numbers, page.next), (vec![2], None));
}

pub async fn what_belongs_to_a_candidate_comes_with_it(engine: &Engine) {
    let store = &engine.store;
    let notes = (0..3).fold(Commit::new(), |commit, n| {
        commit.create(&note(engine, n), vec![])
    });
    assert_eq!(store.commit(notes).await, Ok(()));
    let beside = |found: &Key| Key::new(found.pk.clone(), "beside");
    for n in [0, 2] {
        let other = beside(&note(engine, n).key());
        let other = item(&other.pk, &other.sk, 1, &[("of", s(&n.to_string()))]);
        assert_eq!(engine.table.write(&[create(other)], None).await, Ok(()));
    }
    let query = Query::on(Index::ByDate, engine.pk("shelf")).limit(2);
    let page = store.query_with(&query, |found| Some(beside(found))).await;
    let page = page.unwrap();
    let read: Vec<_> = page
        .items
        .iter()
        .map(|(item, other)| (item["number"].as_n().unwrap(), other.as_ref()))
        .map(|(number, other)| (number.clone(), other.map(|other| other["of"].clone())))
        .collect();
    let expected = [("0".to_owned(), Some(s("0"))), ("1".to_owned(), None)];
    assert_eq!(read, expected);
    // Asked for by some only, and on from where the page ended.
    let rest = query.start(page.next);
    let page = store.query_with(&rest, |_| None).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    assert_eq!(page.items[0].1, None);
}

pub async fn a_request_with_a_key_takes_effect_once(engine: &Engine) {
    let store = &engine.store;
    let account = AccountId::from_uuid(fresh());
    let now: Timestamp = "2026-01-31T09:00:00Z".parse().unwrap();
    let later: Timestamp = "2026-02-02T09:00:00Z".parse().unwrap();
    let request = KeyedRequest::new(account, "key 1", "POST /v1/notes", b"{}");
    let response = StoredResponse {
        status: 201,
        headers: [("etag".to_owned(), "\"1\"".to_owned())].into(),
        body: "{\"id\":1}".to_owned(),
    };
    let earlier = request.earlier(store, now).await.unwrap();
    assert_eq!(earlier, Earlier::None);
    let receipt = request.receipt(response.clone(), now);
    let commit = Commit::new().create(&note(engine, 1), vec![]);
    let commit = earlier.with_receipt(commit, &receipt);
    assert_eq!(store.commit(commit.clone()).await, Ok(()));
    let lost = store.commit(commit).await.unwrap_err();
    assert!(lost.conflicts_at(&request.receipt_key()));
    match request.earlier(store, now).await.unwrap() {
        Earlier::Same(found) => assert_eq!(found.value.response, response),
        other => panic!("{other:?}"),
    }
    for other in [
        KeyedRequest::new(account, "key 1", "POST /v1/notes", b"{ }"),
        KeyedRequest::new(account, "key 1", "POST /v1/labels", b"{}"),
    ] {
        let earlier = other.earlier(store, now).await.unwrap();
        assert!(matches!(earlier, Earlier::Different(_)), "{earlier:?}");
    }
    let stranger = AccountId::from_uuid(fresh());
    let theirs = KeyedRequest::new(stranger, "key 1", "POST /v1/notes", b"{}");
    assert_eq!(theirs.earlier(store, now).await, Ok(Earlier::None));
    // Still stored after two days, but it counts no more and gives way.
    let expired = request.earlier(store, later).await.unwrap();
    assert!(matches!(expired, Earlier::Expired(_)), "{expired:?}");
    let receipt = request.receipt(response, later);
    let commit = Commit::new().create(&note(engine, 2), vec![]);
    let commit = expired.with_receipt(commit, &receipt);
    assert_eq!(store.commit(commit).await, Ok(()));
    let again = request.earlier(store, later).await.unwrap();
    assert!(matches!(again, Earlier::Same(_)), "{again:?}");
}

pub async fn a_record_expires_by_its_attribute(engine: &Engine) {
    let mut kept = note(engine, 1);
    kept.kept_until = Some("2026-01-31T09:00:00.9Z".parse().unwrap());
    let store = &engine.store;
    assert_eq!(
        store.commit(Commit::new().create(&kept, vec![])).await,
        Ok(())
    );
    let stored = engine.table.get(&kept.key()).await.unwrap().unwrap();
    assert_eq!(stored["expires_at"].as_n().unwrap(), "1769850000");
    let read = store.get::<Note>(&kept.key()).await.unwrap().unwrap();
    assert_eq!(read.value, kept);
}
