//! What requests cost, as the meter counts it through the real SDK: the figures of the price
//! list, by which use cases are held to the least that their work needs.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use remit_embedded_table::EmbeddedTable;
use remit_store::schema::create_table;
use remit_store::{
    CapacityMeter, DynamoTable, Expect, Index, Item, Key, Query, Table, Usage, Write,
};

use crate::engine::{create, item, replace, s};

async fn metered() -> (DynamoTable, Arc<CapacityMeter>) {
    let embedded = EmbeddedTable::memory().unwrap();
    let client = Client::new(&embedded.sdk_config());
    assert_eq!(create_table(&client, "remit-capacity").await, Ok(true));
    let meter = Arc::new(CapacityMeter::new());
    let table = DynamoTable::new(client, "remit-capacity").with_meter(Arc::clone(&meter));
    (table, meter)
}

fn usage(requests: u64, read_units: &str, write_units: &str) -> Usage {
    Usage {
        requests,
        read_units: read_units.parse().unwrap(),
        write_units: write_units.parse().unwrap(),
    }
}

/// An item in the index by date, at this place.
fn listed(sk: &str, version: u64, place: &str) -> Item {
    let keys = [("date_pk", s("list")), ("date_sk", s(place))];
    item("p", sk, version, &keys)
}

#[tokio::test]
async fn writes_cost_what_they_change() {
    let (table, meter) = metered().await;
    let cases = [
        ("alone", vec![create(item("p", "alone", 1, &[]))], "1"),
        // Above one kilobyte the next begins.
        (
            "large",
            vec![create(item(
                "p",
                "large",
                1,
                &[("v", s(&"x".repeat(1100)))],
            ))],
            "2",
        ),
        ("listed", vec![create(listed("listed", 1, "a"))], "2"),
        // Where it stands in the index did not change.
        ("stays", vec![replace(listed("listed", 2, "a"), 1)], "1"),
        // Out of the old place and into the new.
        ("moves", vec![replace(listed("listed", 3, "b"), 2)], "3"),
        ("leaves", vec![replace(item("p", "listed", 4, &[]), 3)], "2"),
        (
            "removed",
            vec![Write::Delete {
                key: Key::new("p", "alone"),
                expect: Expect::Version(1),
            }],
            "1",
        ),
        // A transaction pays twice for its items, once for their places in indexes.
        (
            "transaction",
            vec![
                create(item("p", "one", 1, &[])),
                create(listed("two", 1, "c")),
            ],
            "5",
        ),
        (
            "checked",
            vec![
                Write::Check {
                    key: Key::new("p", "one"),
                    expect: Expect::Version(1),
                },
                create(item("p", "three", 1, &[])),
            ],
            "4",
        ),
    ];
    for (name, writes, write_units) in cases {
        meter.start(name);
        assert_eq!(table.write(&writes, None).await, Ok(()), "{name}");
        assert_eq!(meter.usage(name), usage(1, "0", write_units), "{name}");
    }
}

#[tokio::test]
async fn reads_cost_by_what_they_find() {
    let (table, meter) = metered().await;
    let large = item("p", "large", 1, &[("v", s(&"x".repeat(5000)))]);
    let setup = [create(large), create(listed("a", 1, "a"))];
    meter.start("setup");
    assert_eq!(table.write(&setup, None).await, Ok(()));

    meter.start("get");
    assert!(table.get(&Key::new("p", "a")).await.unwrap().is_some());
    assert_eq!(meter.usage("get"), usage(1, "1", "0"));
    meter.start("get nothing");
    assert_eq!(table.get(&Key::new("p", "z")).await, Ok(None));
    assert_eq!(meter.usage("get nothing"), usage(1, "1", "0"));
    meter.start("get large");
    assert!(table.get(&Key::new("p", "large")).await.unwrap().is_some());
    assert_eq!(meter.usage("get large"), usage(1, "2", "0"));
    meter.start("get many");
    let keys = ["a", "large", "z"].map(|sk| Key::new("p", sk));
    assert_eq!(table.get_many(&keys).await.unwrap().len(), 3);
    assert_eq!(meter.usage("get many"), usage(1, "4", "0"));
    meter.start("query an index");
    let query = Query::on(Index::ByDate, "list");
    assert_eq!(table.query(&query).await.unwrap().items.len(), 1);
    assert_eq!(meter.usage("query an index"), usage(1, "0.5", "0"));
    meter.start("query");
    let query = Query::of("p").consistent();
    assert_eq!(table.query(&query).await.unwrap().items.len(), 2);
    // Together, not each for itself.
    assert_eq!(meter.usage("query"), usage(1, "2", "0"));

    let names: Vec<String> = meter.report().into_keys().collect();
    assert_eq!(names.len(), 7);
}

#[tokio::test]
async fn a_write_that_is_refused_is_a_request_all_the_same() {
    let (table, meter) = metered().await;
    meter.start("first");
    let write = [create(item("p", "a", 1, &[]))];
    assert_eq!(table.write(&write, None).await, Ok(()));
    meter.start("second");
    assert!(table.write(&write, None).await.is_err());
    assert_eq!(meter.usage("second").requests, 1);
}
