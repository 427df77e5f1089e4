//! Items as DynamoDB's own JSON: each value under the letter of its type.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use remit_store::Item;
use serde_json::{Map, Value, json};

/// The text of a golden file: names in order, one line for each.
pub fn text(item: &Item) -> String {
    let mut text = serde_json::to_string_pretty(&attributes(item)).unwrap();
    text.push('\n');
    text
}

/// The item of a golden file.
pub fn item(json: &Value) -> Item {
    let attributes = json.as_object().unwrap().iter();
    attributes
        .map(|(name, json)| (name.clone(), value(json)))
        .collect()
}

fn attributes(item: &HashMap<String, AttributeValue>) -> Value {
    let sorted: BTreeMap<_, _> = item.iter().collect();
    let json = sorted
        .into_iter()
        .map(|(name, value)| (name.clone(), typed(value)));
    Value::Object(json.collect::<Map<_, _>>())
}

fn typed(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": BASE64.encode(bytes) }),
        AttributeValue::Bool(yes) => json!({ "BOOL": yes }),
        AttributeValue::Null(yes) => json!({ "NULL": yes }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(typed).collect::<Vec<_>>() }),
        AttributeValue::M(values) => json!({ "M": attributes(values) }),
        other => panic!("no record has such a value: {other:?}"),
    }
}

fn value(json: &Value) -> AttributeValue {
    let (letter, inner) = json.as_object().unwrap().iter().next().unwrap();
    let text = || inner.as_str().unwrap().to_owned();
    match letter.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "B" => AttributeValue::B(BASE64.decode(text()).unwrap().into()),
        "BOOL" => AttributeValue::Bool(inner.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(inner.as_bool().unwrap()),
        "L" => AttributeValue::L(inner.as_array().unwrap().iter().map(value).collect()),
        "M" => AttributeValue::M(item(inner)),
        other => panic!("no record has such a value: {other}"),
    }
}
