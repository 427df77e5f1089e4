//! The engine behind the SDK: what is written survives, what it cannot do it says.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use remit_embedded_table::EmbeddedTable;
use serde_json::{Value, json};

fn call(embedded: &EmbeddedTable, operation: &str, body: &Value) -> Value {
    let target = format!("DynamoDB_20120810.{operation}");
    let (status, answer) = embedded.call(&target, body.to_string().as_bytes());
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

fn create_table(embedded: &EmbeddedTable) {
    call(
        embedded,
        "CreateTable",
        &json!({
            "TableName": "remit-embedded",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "StreamSpecification": {
                "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        }),
    );
}

fn put(embedded: &EmbeddedTable, pk: &str) {
    let item = json!({ "TableName": "remit-embedded", "Item": { "pk": { "S": pk } } });
    call(embedded, "PutItem", &item);
}

fn is_stored(embedded: &EmbeddedTable, pk: &str) -> bool {
    let key = json!({ "TableName": "remit-embedded", "Key": { "pk": { "S": pk } } });
    call(embedded, "GetItem", &key).get("Item").is_some()
}

#[test]
fn a_file_is_found_again_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.db");
    {
        let first = EmbeddedTable::open(&path).unwrap();
        create_table(&first);
        put(&first, "a");
    }
    let second = EmbeddedTable::open(&path).unwrap();
    assert!(is_stored(&second, "a"));
    put(&second, "b");
    assert!(is_stored(&second, "b"));
}

#[test]
fn two_in_memory_know_nothing_of_each_other_and_clones_share() {
    let (one, other) = (
        EmbeddedTable::memory().unwrap(),
        EmbeddedTable::memory().unwrap(),
    );
    create_table(&one);
    create_table(&other);
    put(&one, "a");
    assert!(is_stored(&one.clone(), "a"));
    assert!(!is_stored(&other, "a"));
}

#[test]
fn a_folder_is_not_a_database() {
    let folder = tempfile::tempdir().unwrap();
    assert!(EmbeddedTable::open(folder.path()).is_err());
}

#[test]
fn what_it_does_not_know_is_an_error_of_the_service() {
    let embedded = EmbeddedTable::memory().unwrap();
    for target in [
        "",
        "DynamoDB_20120810.Dance",
        "Another_1.GetItem",
        "GetItem",
    ] {
        let (status, answer) = embedded.call(target, b"{}");
        assert_eq!(status, 400, "{target}");
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let kind = answer["__type"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        assert!(kind.ends_with("#UnknownOperationException"), "{kind}");
    }
    let (status, _) = embedded.call("DynamoDB_20120810.GetItem", b"not json");
    assert_eq!(status, 400);
}
