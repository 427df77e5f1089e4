//! Reads by key, conditions, transactions, limits.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use remit_store::item::size_bytes;
use remit_store::table::MAX_ITEM_BYTES;
use remit_store::{Expect, Key, Table, TableError, Write, WriteError};

use crate::engine::{Engine, create, fresh, item, n, replace, s};

fn conflict(failed: &[usize]) -> Result<(), WriteError> {
    let failed = failed.to_vec();
    Err(WriteError::Conflict { failed })
}

fn is_rejected(answer: &Result<(), WriteError>) -> bool {
    matches!(answer, Err(WriteError::Table(TableError::Rejected(_))))
}

pub async fn an_item_reads_back_as_it_was_written(engine: &Engine) {
    let pk = engine.pk("a");
    let inner = HashMap::from([
        ("empty".to_owned(), s("")),
        ("ünïcode".to_owned(), s("„5 €“ 세금")),
    ]);
    let values = [
        ("empty", s("")),
        ("text", s("12.00 EUR")),
        (
            "number",
            AttributeValue::N("-12345678901234567890".to_owned()),
        ),
        ("zero", n(0)),
        ("yes", AttributeValue::Bool(true)),
        ("nothing", AttributeValue::Null(true)),
        ("blob", AttributeValue::B(Blob::new([0, 1, 255]))),
        (
            "list",
            AttributeValue::L(vec![s("a"), n(2), AttributeValue::L(vec![])]),
        ),
        ("map", AttributeValue::M(inner)),
        ("no_entries", AttributeValue::M(HashMap::new())),
    ];
    let stored = item(&pk, "x", 1, &values);
    let key = Key::new(&pk, "x");
    assert_eq!(engine.table.get(&key).await, Ok(None));
    assert_eq!(
        engine.table.write(&[create(stored.clone())], None).await,
        Ok(())
    );
    assert_eq!(engine.table.get(&key).await, Ok(Some(stored)));
    assert_eq!(engine.table.get(&Key::new(&pk, "y")).await, Ok(None));
}

pub async fn a_number_keeps_its_38_digits(engine: &Engine) {
    let pk = engine.pk("a");
    let longest = AttributeValue::N("12345678901234567890123456789012345678".to_owned());
    let stored = item(&pk, "x", 1, &[("number", longest)]);
    let answer = engine.table.write(&[create(stored.clone())], None).await;
    assert_eq!(answer, Ok(()));
    let key = Key::new(&pk, "x");
    assert_eq!(engine.table.get(&key).await, Ok(Some(stored)));
}

pub async fn a_second_creation_conflicts(engine: &Engine) {
    let pk = engine.pk("a");
    let first = item(&pk, "x", 1, &[("by", s("first"))]);
    let second = item(&pk, "x", 1, &[("by", s("second"))]);
    assert_eq!(
        engine.table.write(&[create(first.clone())], None).await,
        Ok(())
    );
    assert_eq!(
        engine.table.write(&[create(second)], None).await,
        conflict(&[0])
    );
    assert_eq!(
        engine.table.write(&[create(first.clone())], None).await,
        conflict(&[0])
    );
    assert_eq!(engine.table.get(&Key::new(&pk, "x")).await, Ok(Some(first)));
}

pub async fn a_stale_replacement_conflicts(engine: &Engine) {
    let pk = engine.pk("a");
    let at = |version| item(&pk, "x", version, &[("kept", s(&version.to_string()))]);
    assert_eq!(
        engine.table.write(&[replace(at(1), 0)], None).await,
        conflict(&[0])
    );
    assert_eq!(engine.table.write(&[create(at(1))], None).await, Ok(()));
    assert_eq!(engine.table.write(&[replace(at(2), 1)], None).await, Ok(()));
    assert_eq!(
        engine.table.write(&[replace(at(2), 1)], None).await,
        conflict(&[0])
    );
    assert_eq!(
        engine.table.write(&[replace(at(4), 3)], None).await,
        conflict(&[0])
    );
    assert_eq!(engine.table.get(&Key::new(&pk, "x")).await, Ok(Some(at(2))));
}

pub async fn a_stale_removal_conflicts(engine: &Engine) {
    let key = Key::new(engine.pk("a"), "x");
    let delete = |expect| {
        let key = key.clone();
        [Write::Delete { key, expect }]
    };
    let stored = item(&key.pk, &key.sk, 3, &[]);
    assert_eq!(
        engine.table.write(&[create(stored.clone())], None).await,
        Ok(())
    );
    let table = &engine.table;
    assert_eq!(
        table.write(&delete(Expect::Version(2)), None).await,
        conflict(&[0])
    );
    assert_eq!(
        table.write(&delete(Expect::Absent), None).await,
        conflict(&[0])
    );
    assert_eq!(table.get(&key).await, Ok(Some(stored)));
    assert_eq!(table.write(&delete(Expect::Version(3)), None).await, Ok(()));
    assert_eq!(table.get(&key).await, Ok(None));
    assert_eq!(
        table.write(&delete(Expect::Version(3)), None).await,
        conflict(&[0])
    );
    assert_eq!(table.write(&delete(Expect::Absent), None).await, Ok(()));
}

pub async fn one_failed_condition_undoes_the_whole_transaction(engine: &Engine) {
    let pk = engine.pk("a");
    let (old, gone) = (item(&pk, "old", 1, &[]), item(&pk, "gone", 1, &[]));
    let before = [create(old.clone()), create(gone.clone())];
    assert_eq!(engine.table.write(&before, None).await, Ok(()));
    let removal = Write::Delete {
        key: Key::new(&pk, "gone"),
        expect: Expect::Version(1),
    };
    let writes = [
        create(item(&pk, "new", 1, &[])),
        removal,
        replace(item(&pk, "old", 8, &[]), 7),
        replace(item(&pk, "other", 2, &[]), 1),
    ];
    assert_eq!(engine.table.write(&writes, None).await, conflict(&[2, 3]));
    let keys = ["old", "gone", "new", "other"].map(|sk| Key::new(&pk, sk));
    let stored = engine.table.get_many(&keys).await;
    assert_eq!(stored, Ok(vec![Some(old), Some(gone), None, None]));
    assert_eq!(engine.table.write(&writes[..2], None).await, Ok(()));
    let stored = engine.table.get_many(&keys[1..3]).await.unwrap();
    assert_eq!(
        stored.iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true]
    );
}

pub async fn a_transaction_checks_what_it_does_not_write(engine: &Engine) {
    let pk = engine.pk("a");
    let check = |sk: &str, expect| {
        let key = Key::new(&pk, sk);
        Write::Check { key, expect }
    };
    let there = item(&pk, "there", 4, &[]);
    assert_eq!(
        engine.table.write(&[create(there.clone())], None).await,
        Ok(())
    );
    let table = &engine.table;
    // A check alone is a transaction too.
    assert_eq!(
        table
            .write(&[check("there", Expect::Version(4))], None)
            .await,
        Ok(())
    );
    assert_eq!(
        table.write(&[check("there", Expect::Absent)], None).await,
        conflict(&[0])
    );
    assert_eq!(
        table.write(&[check("absent", Expect::Absent)], None).await,
        Ok(())
    );
    let with = |checked: Write, sk: &str| [checked, create(item(&pk, sk, 1, &[]))];
    let stale = with(check("there", Expect::Version(3)), "one");
    assert_eq!(table.write(&stale, None).await, conflict(&[0]));
    let fresh = with(check("there", Expect::Version(4)), "two");
    assert_eq!(table.write(&fresh, None).await, Ok(()));
    let keys = ["there", "one", "two", "absent"].map(|sk| Key::new(&pk, sk));
    let stored = table.get_many(&keys).await.unwrap();
    let expected = vec![Some(there), None, Some(item(&pk, "two", 1, &[])), None];
    assert_eq!(stored, expected);
}

pub async fn a_repeated_token_takes_effect_once(engine: &Engine) {
    let pk = engine.pk("a");
    // Tokens are shared by a whole account of AWS: take one that nobody used.
    let token = fresh().to_string();
    let token = Some(token.as_str());
    let pair = |first: &str, second: &str| {
        [
            create(item(&pk, first, 1, &[])),
            create(item(&pk, second, 1, &[])),
        ]
    };
    assert_eq!(engine.table.write(&pair("x", "y"), token).await, Ok(()));
    // The conditions hold no more, and still it is answered as at first.
    assert_eq!(engine.table.write(&pair("x", "y"), token).await, Ok(()));
    let other = engine.table.write(&pair("x", "z"), token).await;
    assert!(is_rejected(&other), "{other:?}");
    assert_eq!(engine.table.get(&Key::new(&pk, "z")).await, Ok(None));
    assert_eq!(
        engine.table.write(&pair("x", "y"), None).await,
        conflict(&[0, 1])
    );
    // A cancelled transaction leaves its token free.
    let token = fresh().to_string();
    let late = [
        create(item(&pk, "late", 1, &[])),
        replace(item(&pk, "first", 2, &[]), 1),
    ];
    assert_eq!(
        engine.table.write(&late, Some(&token)).await,
        conflict(&[1])
    );
    let first = create(item(&pk, "first", 1, &[]));
    assert_eq!(engine.table.write(&[first], None).await, Ok(()));
    assert_eq!(engine.table.write(&late, Some(&token)).await, Ok(()));
    // A single write has no token.
    let alone = create(item(&pk, "alone", 1, &[]));
    assert_eq!(
        engine
            .table
            .write(std::slice::from_ref(&alone), Some("t"))
            .await,
        Ok(())
    );
    assert_eq!(
        engine.table.write(&[alone], Some("t")).await,
        conflict(&[0])
    );
}

pub async fn what_breaks_a_limit_is_refused(engine: &Engine) {
    let pk = engine.pk("a");
    let plain = |sk: &str| create(item(&pk, sk, 1, &[]));
    let with = |name: &str, value| create(item(&pk, "x", 1, &[(name, value)]));
    let number = |count: usize| {
        (0..count)
            .map(|n| plain(&n.to_string()))
            .collect::<Vec<_>>()
    };
    let large = || s(&"x".repeat(390 * 1024));
    let eleven_large = (0..11).map(|n| create(item(&pk, &n.to_string(), 1, &[("v", large())])));
    let long_sk = "x".repeat(1025);
    let refused = [
        ("nothing", vec![]),
        ("101 writes", number(101)),
        ("an item twice", vec![plain("x"), plain("y"), plain("x")]),
        (
            "an empty partition key",
            vec![create(item("", "x", 1, &[]))],
        ),
        ("an empty sort key", vec![plain("")]),
        ("a long sort key", vec![plain(&long_sk)]),
        (
            "no sort key",
            vec![create([("pk".to_owned(), s(&pk))].into())],
        ),
        ("an empty key of an index", vec![with("due_pk", s(""))]),
        ("a number as key of an index", vec![with("due_sk", n(1))]),
        (
            "an empty set",
            vec![with("set", AttributeValue::Ss(vec![]))],
        ),
        (
            "a number that is none",
            vec![with("n", AttributeValue::N("1,5".to_owned()))],
        ),
        ("an empty sort key of two", vec![plain("x"), plain("")]),
        ("4 MB", eleven_large.collect()),
    ];
    for (what, writes) in refused {
        let answer = engine.table.write(&writes, None).await;
        assert!(is_rejected(&answer), "{what}: {answer:?}");
    }
    assert_eq!(engine.table.get(&Key::new(&pk, "x")).await, Ok(None));
    assert_eq!(engine.table.get(&Key::new(&pk, "0")).await, Ok(None));
    assert_eq!(engine.table.write(&number(100), None).await, Ok(()));
}

pub async fn an_item_of_400_kb_is_the_largest(engine: &Engine) {
    let pk = engine.pk("a");
    let of_bytes = |sk: &str, bytes: usize| {
        let empty = size_bytes(&item(&pk, sk, 1, &[("v", s(""))]));
        item(&pk, sk, 1, &[("v", s(&"x".repeat(bytes - empty)))])
    };
    let largest = of_bytes("largest", MAX_ITEM_BYTES);
    assert_eq!(engine.table.write(&[create(largest)], None).await, Ok(()));
    let above = of_bytes("above", MAX_ITEM_BYTES + 1);
    let answer = engine.table.write(&[create(above.clone())], None).await;
    assert!(is_rejected(&answer), "{answer:?}");
    let both = [create(item(&pk, "beside", 1, &[])), create(above)];
    let answer = engine.table.write(&both, None).await;
    assert!(is_rejected(&answer), "{answer:?}");
    let keys = ["largest", "above", "beside"].map(|sk| Key::new(&pk, sk));
    let stored = engine.table.get_many(&keys).await.unwrap();
    assert_eq!(
        stored.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, false, false]
    );
}

pub async fn many_keys_are_answered_in_their_order(engine: &Engine) {
    let pk = engine.pk("a");
    let items: Vec<_> = (0..100)
        .map(|n| item(&pk, &format!("{n:03}"), 1, &[]))
        .collect();
    let writes: Vec<_> = items.iter().cloned().map(create).collect();
    assert_eq!(engine.table.write(&writes, None).await, Ok(()));
    let key = |n: usize| Key::new(&pk, format!("{n:03}"));
    assert_eq!(engine.table.get_many(&[]).await, Ok(vec![]));
    let some = engine
        .table
        .get_many(&[key(7), key(200), key(3), key(7)])
        .await;
    let expected = [Some(7), None, Some(3), Some(7)];
    assert_eq!(
        some,
        Ok(expected
            .map(|n| n.map(|n: usize| items[n].clone()))
            .to_vec())
    );
    let backward: Vec<Key> = (0..100).rev().map(key).collect();
    let all = engine.table.get_many(&backward).await;
    assert_eq!(all, Ok(items.into_iter().rev().map(Some).collect()));
    let too_many: Vec<Key> = (0..101).map(key).collect();
    let answer = engine.table.get_many(&too_many).await;
    assert!(matches!(answer, Err(TableError::Rejected(_))), "{answer:?}");
}

pub async fn of_racing_creations_one_wins(engine: &Engine) {
    let pk = engine.pk("a");
    let racers = (0..10_u64).map(|racer| {
        let table = Arc::clone(&engine.table);
        let own = create(item(&pk, &format!("own{racer}"), 1, &[]));
        let shared = create(item(&pk, "shared", 1, &[("by", n(racer))]));
        tokio::spawn(async move { (racer, table.write(&[own, shared], None).await) })
    });
    let mut winners = Vec::new();
    for racer in futures::future::join_all(racers).await {
        match racer.unwrap() {
            (racer, Ok(())) => winners.push(racer),
            (_, answer) => assert_eq!(answer, conflict(&[1])),
        }
    }
    assert_eq!(winners.len(), 1);
    for racer in 0..10 {
        let own = engine
            .table
            .get(&Key::new(&pk, format!("own{racer}")))
            .await;
        assert_eq!(own.unwrap().is_some(), winners.contains(&racer));
    }
    let shared = engine
        .table
        .get(&Key::new(&pk, "shared"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shared["by"], n(winners[0]));
}

pub async fn racing_transactions_lose_no_increment(engine: &Engine) {
    let pk = engine.pk("a");
    let counter = create(item(&pk, "counter", 1, &[]));
    assert_eq!(engine.table.write(&[counter], None).await, Ok(()));
    let racers = (0..4).map(|racer| {
        let (table, pk) = (Arc::clone(&engine.table), pk.clone());
        tokio::spawn(async move {
            for turn in 0..5 {
                increment(table.as_ref(), &pk, &format!("{racer}-{turn}")).await;
            }
        })
    });
    for racer in futures::future::join_all(racers).await {
        racer.unwrap();
    }
    let counter = engine
        .table
        .get(&Key::new(&pk, "counter"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(counter["version"], n(21));
}

/// Raises the counter and writes the number it got, until nobody was faster.
async fn increment(table: &dyn Table, pk: &str, who: &str) {
    loop {
        let counter = table.get(&Key::new(pk, "counter")).await.unwrap().unwrap();
        let version: u64 = counter["version"].as_n().unwrap().parse().unwrap();
        let writes = [
            replace(item(pk, "counter", version + 1, &[]), version),
            create(item(
                pk,
                &format!("number#{version}"),
                1,
                &[("who", s(who))],
            )),
        ];
        match table.write(&writes, None).await {
            Ok(()) => return,
            // Both or only the counter: the winner wrote both at once.
            Err(WriteError::Conflict { failed }) => assert!(failed.contains(&0)),
            Err(error) if error.retryable() => {}
            Err(error) => panic!("{error}"),
        }
        tokio::task::yield_now().await;
    }
}
