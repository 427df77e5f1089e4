//! A schema with all that it is put together from, as one.

use serde_json::{Map, Value};

use super::{Names, fields, list, named};

/// The fields and demands of a schema and of all that it is put together from.
pub(super) fn assembled(schema: &Value, names: &Names<'_>) -> Map<String, Value> {
    let mut whole: Map<String, Value> = Map::new();
    let mut properties: Map<String, Value> = Map::new();
    let mut required: Vec<Value> = Vec::new();
    let mut others: Vec<Value> = Vec::new();
    for part in list(&schema["allOf"]) {
        let Some(name) = named(part) else {
            others.push(part.clone());
            continue;
        };
        let mut inner = assembled((names.find)(name), names);
        for (holder, found) in [("required", &mut required), ("allOf", &mut others)] {
            if let Some(Value::Array(values)) = inner.remove(holder) {
                found.extend(values);
            }
        }
        if let Some(Value::Object(inner)) = inner.remove("properties") {
            properties.extend(inner);
        }
        others.push(Value::Object(inner));
    }
    for (word, value) in fields(schema) {
        match (word, value) {
            ("allOf", _) => {}
            ("required", Value::Array(values)) => required.extend(values.iter().cloned()),
            ("properties", Value::Object(own)) => {
                for (name, field) in own {
                    match (properties.get_mut(name), field) {
                        // What is said of a field beyond what it was.
                        (Some(Value::Object(before)), Value::Object(field)) => {
                            before.extend(field.clone());
                        }
                        _ => {
                            properties.insert(name.clone(), field.clone());
                        }
                    }
                }
            }
            _ => {
                whole.insert(word.to_owned(), value.clone());
            }
        }
    }
    for (word, is_there, value) in [
        (
            "properties",
            !properties.is_empty(),
            Value::Object(properties),
        ),
        ("required", !required.is_empty(), Value::Array(required)),
        ("allOf", !others.is_empty(), Value::Array(others)),
    ] {
        if is_there {
            whole.insert(word.to_owned(), value);
        }
    }
    whole
}
