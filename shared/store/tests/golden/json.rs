//! Items as DynamoDB's own JSON: each value under the letter of its type.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use remit_store::Item;
use serde_json::{Map, Value, json};

/// Words by language, kind of mail and part, and codes by the ledger's account: names that are data, all the way down.
const DATA: [&str; 2] = ["texts", "accounts"];
/// A field that no version knows.
const LATER: &str = "of_a_later_version";

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

/// The item with a field more in each of its objects, as a version to come may write it. What names things that are data,
/// such as currencies, ids or providers, is no object: its names are no words, or all that it has are objects, or numbers. What
/// has one name only may be a variant under its name.
pub fn of_a_later_version(item: Item) -> Item {
    let is_word = |name: &String| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte))
    };
    let is_id = |name: &String| {
        name.split_once('_')
            .is_some_and(|(_, suffix)| suffix.len() == 26)
    };
    let is_object = item.len() != 1
        && item.keys().all(|name| is_word(name) && !is_id(name))
        && !item.values().all(|value| value.as_m().is_ok())
        && !item.values().all(|value| value.as_n().is_ok());
    let mut later: Item = item
        .into_iter()
        .map(
            |(name, value)| match DATA.contains(&name.as_str()) && value.is_m() {
                true => (name, value),
                false => (name, self::later(value)),
            },
        )
        .collect();
    if is_object {
        let unknown = AttributeValue::S("of a later version".to_owned());
        later.insert(LATER.to_owned(), unknown);
    }
    later
}

/// The item without those fields.
pub fn of_this_version(item: Item) -> Item {
    let own = item.into_iter().filter(|(name, _)| name != LATER);
    own.map(|(name, value)| (name, own_value(value))).collect()
}

fn own_value(value: AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::M(inner) => AttributeValue::M(of_this_version(inner)),
        AttributeValue::L(values) => AttributeValue::L(values.into_iter().map(own_value).collect()),
        other => other,
    }
}

fn later(value: AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::M(inner) => AttributeValue::M(of_a_later_version(inner)),
        AttributeValue::L(values) => AttributeValue::L(values.into_iter().map(later).collect()),
        other => other,
    }
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
