//! The stream of the model in memory is that of the embedded engine.

use remit_embedded_table::EmbeddedTable;
use remit_store::{Expect, Key, MemoryTable, Table, Write};
use serde_json::{Value, json};

use crate::engine::{create, embedded_table, item, replace, s};

fn call(embedded: &EmbeddedTable, operation: &str, body: &Value) -> Value {
    let target = format!("DynamoDBStreams_20120810.{operation}");
    let (status, answer) = embedded.call(&target, body.to_string().as_bytes());
    let answer = serde_json::from_slice(&answer).unwrap();
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Every record of the only stream: sort key, version before, version after.
fn engine_changes(embedded: &EmbeddedTable) -> Vec<(Value, Value, Value)> {
    let streams = call(embedded, "ListStreams", &json!({}));
    let arn = &streams["Streams"][0]["StreamArn"];
    let stream = call(embedded, "DescribeStream", &json!({ "StreamArn": arn }));
    assert_eq!(
        stream["StreamDescription"]["StreamViewType"],
        "NEW_AND_OLD_IMAGES"
    );
    let mut changes = Vec::new();
    for shard in stream["StreamDescription"]["Shards"].as_array().unwrap() {
        let from = json!({
            "StreamArn": arn,
            "ShardId": shard["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON",
        });
        let iterator = call(embedded, "GetShardIterator", &from);
        let read = json!({ "ShardIterator": iterator["ShardIterator"] });
        let records = call(embedded, "GetRecords", &read);
        for record in records["Records"].as_array().unwrap() {
            let record = &record["dynamodb"];
            changes.push((
                record["Keys"]["sk"]["S"].clone(),
                record["OldImage"]["version"]["N"].clone(),
                record["NewImage"]["version"]["N"].clone(),
            ));
        }
    }
    changes
}

fn model_changes(memory: &MemoryTable) -> Vec<(Value, Value, Value)> {
    let version = |item: Option<remit_store::Item>| match item {
        None => Value::Null,
        Some(item) => Value::from(item["version"].as_n().unwrap().as_str()),
    };
    let changes = memory.drain_changes().into_iter();
    changes
        .map(|change| {
            (
                change.key.sk.into(),
                version(change.old),
                version(change.new),
            )
        })
        .collect()
}

#[tokio::test]
async fn the_model_streams_what_the_engine_streams() {
    let memory = MemoryTable::new();
    let (engine, embedded) = embedded_table().await;
    let removal = Write::Delete {
        key: Key::new("p", "a"),
        expect: Expect::Version(2),
    };
    let check = Write::Check {
        key: Key::new("p", "b"),
        expect: Expect::Version(1),
    };
    let commits = [
        vec![create(item("p", "a", 1, &[]))],
        vec![create(item("p", "a", 1, &[]))],
        vec![
            replace(item("p", "a", 2, &[]), 1),
            create(item("p", "b", 1, &[])),
        ],
        vec![
            replace(item("p", "a", 9, &[]), 1),
            create(item("p", "c", 1, &[])),
        ],
        vec![
            removal,
            check,
            create(item("p", "d", 1, &[("note", s("x"))])),
        ],
    ];
    for writes in commits {
        let ours = memory.write(&writes, None).await;
        assert_eq!(ours, engine.write(&writes, None).await);
    }
    let (mut ours, mut theirs) = (model_changes(&memory), engine_changes(&embedded));
    assert_eq!(ours.len(), 5);
    // The order within one transaction is nobody's promise.
    let by_text = |change: &(Value, Value, Value)| format!("{change:?}");
    ours.sort_by_key(by_text);
    theirs.sort_by_key(by_text);
    assert_eq!(ours, theirs);
    assert_eq!(memory.drain_changes(), []);
}
