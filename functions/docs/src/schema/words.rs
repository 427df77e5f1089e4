//! What a schema demands, in words.

use serde_json::Value;

use super::{Reader, as_text, fields, is_null, joined, list, named};
use crate::prose::Span;

/// What an `if` asks for.
pub(super) fn premises(schema: &Value) -> Vec<Span> {
    let mut parts = Vec::new();
    for (name, field) in fields(&schema["properties"]) {
        let mut part = vec![Span::code(name)];
        if field == &Value::Bool(false) {
            part.push(Span::plain(" is left out"));
        } else if let Some(value) = field.get("const") {
            part.push(Span::plain(" is "));
            part.push(Span::code(as_text(value)));
        } else if field.get("enum").is_some() {
            part.push(Span::plain(" is "));
            let values = list(&field["enum"]).map(|value| vec![Span::code(as_text(value))]);
            part.extend(joined(values.collect(), " or "));
        } else {
            part.push(Span::plain(" is said"));
        }
        parts.push(part);
    }
    if parts.is_empty() {
        let names = list(&schema["required"]).filter_map(Value::as_str);
        parts.extend(names.map(|name| vec![Span::code(name), Span::plain(" is said")]));
    }
    joined(parts, " and ")
}

/// What follows from an `if`, or what one of several demands.
pub(super) fn consequences(schema: &Value, reader: &Reader<'_>) -> Vec<Span> {
    let mut parts = Vec::new();
    if named(schema).is_some() {
        parts.push(reader.essence(schema));
    }
    let needed = list(&schema["required"]).filter_map(Value::as_str);
    let needed: Vec<_> = needed.map(|name| vec![Span::code(name)]).collect();
    if !needed.is_empty() {
        let mut part = joined(needed, ", ");
        part.push(Span::plain(" has to be there"));
        parts.push(part);
    }
    let (absent, told): (Vec<_>, Vec<_>) = fields(&schema["properties"])
        .partition(|(_, field)| *field == &Value::Bool(false) || is_null(field));
    if !absent.is_empty() {
        let names = absent.iter().map(|(name, _)| vec![Span::code(*name)]);
        let mut part = vec![Span::plain("there is no ")];
        part.extend(joined(names.collect(), ", "));
        parts.push(part);
    }
    for (name, field) in told {
        let mut part = vec![Span::code(name), Span::plain(" is ")];
        part.extend(reader.kind(field));
        parts.push(part);
    }
    joined(parts, "; ")
}

/// Limits beyond the kind.
pub(super) fn limits(schema: &Value) -> Vec<Vec<Span>> {
    let number = |word: &str| schema.get(word).map(as_text);
    let mut all = Vec::new();
    for (least, most, of) in [
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " entries"),
        ("minProperties", "maxProperties", " fields"),
        ("minimum", "maximum", ""),
    ] {
        let told = match (number(least), number(most)) {
            (Some(least), Some(most)) if least == most => format!("exactly {least}{of}"),
            (Some(least), Some(most)) => format!("{least} to {most}{of}"),
            (Some(least), None) => format!("{least}{of} or more"),
            (None, Some(most)) => format!("{most}{of} at most"),
            (None, None) => continue,
        };
        all.push(vec![Span::plain(told)]);
    }
    for (word, before) in [
        ("format", ""),
        ("contentMediaType", ""),
        ("pattern", "as "),
        ("default", "else "),
    ] {
        if let Some(told) = schema.get(word) {
            all.push(vec![Span::plain(before), Span::code(as_text(told))]);
        }
    }
    if let Some(keys) = schema["propertyNames"].get("pattern") {
        all.push(vec![Span::plain("keys as "), Span::code(as_text(keys))]);
    }
    if schema["uniqueItems"] == true {
        all.push(vec![Span::plain("each once")]);
    }
    all
}
