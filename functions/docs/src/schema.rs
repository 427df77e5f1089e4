//! What a JSON Schema of the contract says, as words and rows.
//!
//! A schema with a name is a link; what stands inside another is shown in its place, each field a row at its depth.

mod assembled;
mod words;

use serde_json::Value;

use crate::prose::{Block, Span, blocks, spans};

use assembled::assembled;
use words::{consequences, limits, premises};

const SCHEMAS: &str = "#/components/schemas/";

/// What a schema says.
#[derive(Debug, Default)]
pub struct Shape {
    /// What it is, in a line.
    pub kind: Vec<Span>,
    /// What its description says.
    pub text: Vec<Block>,
    /// The values that it has, where they are listed.
    pub values: Vec<Meaning>,
    /// Its fields, each before those inside it.
    pub rows: Vec<Row>,
    /// Examples of it, as JSON.
    pub examples: Vec<String>,
}

/// A field, or a word between fields.
#[derive(Debug, Default)]
pub struct Row {
    /// How many fields it is inside of.
    pub depth: usize,
    /// The field; empty for a word between fields.
    pub name: String,
    /// Whether it has to be there.
    pub required: bool,
    /// What it is, in a line.
    pub kind: Vec<Span>,
    /// What its description says.
    pub text: Vec<Block>,
    /// The values that it may have, where they are listed.
    pub values: Vec<Meaning>,
}

/// A value and what it means.
#[derive(Debug)]
pub struct Meaning {
    /// The value.
    pub value: String,
    /// What it means, if that is said.
    pub text: Vec<Span>,
    /// Its anchor, if it has one.
    pub id: String,
}

/// The name of the schema that is referred to.
pub fn named(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

/// Every schema with a name that this one leads to, at once.
pub fn mentions<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    found.extend(named(value));
    match value {
        Value::Array(values) => values.iter().for_each(|value| mentions(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| mentions(value, found)),
        _ => {}
    }
}

/// Where schemas with a name are.
pub struct Names<'a> {
    /// Their address.
    pub link: &'a dyn Fn(&str) -> String,
    /// What they say.
    pub find: &'a dyn Fn(&str) -> &'a Value,
}

/// A schema in whole, with the fields of those that it is put together from.
pub fn shape(schema: &Value, names: &Names<'_>) -> Shape {
    let reader = Reader { link: names.link };
    let mut rows = Vec::new();
    let whole = Value::Object(assembled(schema, names));
    reader.inside(&whole, 0, &mut rows);
    let is_assembled = has_fields(&whole) && !has_fields(schema);
    Shape {
        kind: match is_assembled && named(schema).is_none() {
            true => vec![Span::plain("object")],
            false => reader.kind(schema),
        },
        text: description(schema),
        values: meanings(schema),
        rows,
        examples: list(&schema["examples"]).map(pretty).collect(),
    }
}

/// As JSON on lines.
pub fn pretty(value: &Value) -> String {
    // A value of JSON can always be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The elements of what may be a list.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The fields of what may be an object.
pub fn fields(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = value.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.as_str(), value))
}

/// What the description of a part says.
pub fn description(part: &Value) -> Vec<Block> {
    blocks(part["description"].as_str().unwrap_or_default())
}

fn meanings(schema: &Value) -> Vec<Meaning> {
    // Of a list, its entries have values; of what may be null, the other.
    let mut holders = [schema, &schema["items"]]
        .into_iter()
        .chain(list(&schema["oneOf"]));
    let Some(holder) = holders.find(|holder| holder.get("enum").is_some()) else {
        return Vec::new();
    };
    let told = &holder["x-enumDescriptions"];
    let values = list(&holder["enum"]).filter(|value| !value.is_null());
    values
        .map(|value| {
            let value = as_text(value);
            let text = spans(told[value.as_str()].as_str().unwrap_or_default());
            Meaning {
                value,
                text,
                id: String::new(),
            }
        })
        .collect()
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

struct Reader<'a> {
    link: &'a dyn Fn(&str) -> String,
}

impl Reader<'_> {
    /// What a schema is, with its limits, in a line.
    fn kind(&self, schema: &Value) -> Vec<Span> {
        let mut line = self.essence(schema);
        for limit in limits(schema) {
            line.push(Span::plain(", "));
            line.extend(limit);
        }
        line
    }

    fn essence(&self, schema: &Value) -> Vec<Span> {
        if let Some(name) = named(schema) {
            return vec![Span::plain(name).to((self.link)(name))];
        }
        let choices = ["oneOf", "anyOf"]
            .iter()
            .flat_map(|word| list(&schema[*word]))
            .filter(|choice| is_told(choice));
        let choices: Vec<_> = choices.map(|choice| self.kind(choice)).collect();
        if !choices.is_empty() {
            return joined(choices, " or ");
        }
        let parts = list(&schema["allOf"]).filter(|part| is_told(part));
        let parts: Vec<_> = parts.map(|part| self.essence(part)).collect();
        if !parts.is_empty() {
            let mut line = joined(parts, " and ");
            if schema.get("properties").is_some() {
                line.push(Span::plain(", and"));
            }
            return line;
        }
        if let Some(value) = schema.get("const") {
            return vec![Span::code(as_text(value))];
        }
        let branches = ["then", "else"].map(|word| &schema[word]);
        if branches.iter().all(|branch| named(branch).is_some()) {
            return joined(branches.map(|branch| self.essence(branch)).into(), " or ");
        }
        match &schema["type"] {
            Value::String(kind) => self.of_type(schema, kind),
            Value::Array(kinds) => {
                let kinds = kinds.iter().filter_map(Value::as_str);
                joined(
                    kinds.map(|kind| self.of_type(schema, kind)).collect(),
                    " or ",
                )
            }
            _ if schema.get("properties").is_some() => vec![Span::plain("object")],
            _ if schema.get("enum").is_some() => vec![Span::plain("one of")],
            _ => vec![Span::plain("anything")],
        }
    }

    fn of_type(&self, schema: &Value, kind: &str) -> Vec<Span> {
        match kind {
            "array" => {
                let mut line = vec![Span::plain("list of ")];
                line.extend(self.kind(&schema["items"]));
                line
            }
            "object" if schema["additionalProperties"].is_object() => {
                let mut line = vec![Span::plain("by key: ")];
                line.extend(self.kind(&schema["additionalProperties"]));
                line
            }
            kind => vec![Span::plain(kind)],
        }
    }

    /// The fields of a schema that has no name of its own.
    fn inside(&self, schema: &Value, depth: usize, rows: &mut Vec<Row>) {
        let required: Vec<&str> = list(&schema["required"])
            .filter_map(Value::as_str)
            .collect();
        for (name, field) in fields(&schema["properties"]) {
            if field == &Value::Bool(false) {
                continue;
            }
            rows.push(Row {
                depth,
                name: name.to_owned(),
                required: required.contains(&name),
                kind: self.kind(field),
                text: description(field),
                values: meanings(field),
            });
            self.inside(field, depth + 1, rows);
        }
        // A field of which it is only said that it has to be there is described where it comes from.
        let beside = required
            .iter()
            .filter(|name| schema["properties"].get(**name).is_none());
        let beside: Vec<_> = beside.map(|name| vec![Span::code(*name)]).collect();
        if !beside.is_empty() {
            let mut line = vec![Span::plain("There has to be ")];
            line.extend(joined(beside, ", "));
            rows.push(word(depth, line));
        }
        for (pattern, field) in fields(&schema["patternProperties"]) {
            rows.push(Row {
                depth,
                name: pattern.to_owned(),
                kind: self.kind(field),
                text: description(field),
                ..Row::default()
            });
        }
        for holder in ["items", "additionalProperties"].map(|word| &schema[word]) {
            if holder.is_object() {
                self.inside(holder, depth, rows);
            }
        }
        let choices: Vec<&Value> = list(&schema["oneOf"]).filter(|one| !is_null(one)).collect();
        for (at, choice) in choices.iter().enumerate() {
            if choices.len() > 1 && has_fields(choice) {
                let begins = if at == 0 { "Either" } else { "Or" };
                rows.push(word(depth, vec![Span::plain(begins)]));
            }
            self.inside(choice, depth, rows);
        }
        let alternatives = list(&schema["anyOf"]).filter(|one| !is_told(one));
        let alternatives: Vec<_> = alternatives.map(|one| consequences(one, self)).collect();
        if !alternatives.is_empty() {
            rows.push(word(depth, joined(alternatives, ", or ")));
        }
        for part in list(&schema["allOf"]).filter(|part| named(part).is_none()) {
            self.inside(part, depth, rows);
        }
        if schema.get("if").is_some() {
            self.condition(schema, depth, rows);
        }
    }

    fn condition(&self, schema: &Value, depth: usize, rows: &mut Vec<Row>) {
        let when = premises(&schema["if"]);
        for (word_before, branch) in [("Where ", "then"), ("Unless ", "else")] {
            let Some(branch) = schema.get(branch) else {
                continue;
            };
            let follows = consequences(branch, self);
            if !follows.is_empty() {
                let mut line = vec![Span::plain(word_before)];
                line.extend(when.clone());
                line.push(Span::plain(": "));
                line.extend(follows);
                rows.push(word(depth, line));
            }
            if branch.get("if").is_some() {
                self.condition(branch, depth, rows);
            }
        }
    }
}

/// Whether a part says what a thing is, beyond what has to be there.
fn is_told(schema: &Value) -> bool {
    let only_demands =
        fields(schema).all(|(word, _)| matches!(word, "required" | "if" | "then" | "else"));
    !only_demands
}

fn has_fields(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

fn word(depth: usize, line: Vec<Span>) -> Row {
    Row {
        depth,
        text: vec![Block::Text(line)],
        ..Row::default()
    }
}

fn joined(parts: Vec<Vec<Span>>, between: &str) -> Vec<Span> {
    let mut line = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            line.push(Span::plain(between));
        }
        line.extend(part);
    }
    line
}
