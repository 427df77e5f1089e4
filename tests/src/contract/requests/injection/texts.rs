//! The free texts of the contract's bodies: wherever a text is taken that has `<` and `=` in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::{Contract, entries, resolve};

/// One is taken by whatever is free, however short or long it has to be.
const PROBES: [&str; 3] = ["=1<b>", "<", "=1<b> and some thirty characters more"];
/// No body is deeper.
const DEPTH_MAX: usize = 12;

/// By route, the places with `*` for each item and `{}` for each name, and the schemas that a place has.
#[derive(Debug)]
pub(super) struct Texts(BTreeMap<String, BTreeMap<String, Vec<Value>>>);

impl Texts {
    pub(super) fn of(contract: &Contract) -> Self {
        let mut all = BTreeMap::new();
        for route in contract.route_keys() {
            let operation = contract.operation(route).unwrap();
            let request = resolve(contract.document(), &operation["requestBody"]);
            let mut places = BTreeMap::new();
            for (kind, media) in entries(request.get("content")) {
                // A file is read by its own rules.
                if kind.contains("json") || kind.contains("form") {
                    find(contract, &media["schema"], "", 0, &mut places);
                }
            }
            all.insert(route.to_owned(), places);
        }
        Self(all)
    }

    /// Route and place of each.
    pub(super) fn all(&self) -> impl Iterator<Item = (String, String)> {
        let routes = self.0.iter();
        routes.flat_map(|(route, places)| {
            let places = places.keys();
            places.map(move |place| (route.clone(), place.clone()))
        })
    }

    /// Whether a text is taken there.
    pub(super) fn takes(&self, contract: &Contract, route: &str, place: &str, text: &str) -> bool {
        let schemas = self.0.get(route).and_then(|places| places.get(place));
        let mut schemas = schemas.into_iter().flatten();
        schemas.any(|schema| contract.check_value("", schema, &json!(text)).is_empty())
    }

    /// The places of a body, with their patterns: what it has, and what could stand beside that.
    pub(super) fn in_body(&self, route: &str, body: &Value) -> Vec<(String, String, bool)> {
        let places = self.0.get(route).into_iter().flat_map(BTreeMap::keys);
        let mut found = Vec::new();
        for pattern in places {
            let mut at = vec![(String::new(), body)];
            let mut names = pattern.split('/').skip(1).peekable();
            while let Some(name) = names.next() {
                let is_last = names.peek().is_none();
                let mut inner = Vec::new();
                for (pointer, value) in at {
                    match (name, value) {
                        ("*", Value::Array(items)) => {
                            for (index, item) in items.iter().enumerate() {
                                inner.push((format!("{pointer}/{index}"), item));
                            }
                        }
                        ("{}", Value::Object(fields)) => {
                            for (name, item) in fields {
                                inner.push((format!("{pointer}/{name}"), item));
                            }
                        }
                        (name, Value::Object(fields)) => match fields.get(name) {
                            Some(item) => inner.push((format!("{pointer}/{name}"), item)),
                            None if is_last => {
                                let pointer = format!("{pointer}/{name}");
                                found.push((pointer, pattern.clone(), false));
                            }
                            None => {}
                        },
                        _ => {}
                    }
                }
                at = inner;
            }
            let shown = at
                .into_iter()
                .filter(|(_, value)| value.is_string() || value.is_null());
            let shown = shown.filter(|(pointer, _)| !pointer.is_empty());
            found.extend(shown.map(|(pointer, _)| (pointer, pattern.clone(), true)));
        }
        found
    }
}

fn find(
    contract: &Contract,
    schema: &Value,
    at: &str,
    depth: usize,
    places: &mut BTreeMap<String, Vec<Value>>,
) {
    if depth > DEPTH_MAX || !schema.is_object() {
        return;
    }
    let is_free = |probe: &&str| contract.check_value("", schema, &json!(probe)).is_empty();
    if says_text(contract, schema, 0) && PROBES.iter().any(is_free) {
        places
            .entry(at.to_owned())
            .or_default()
            .push(schema.clone());
        return;
    }
    let schema = resolve(contract.document(), schema);
    for name in ["allOf", "oneOf", "anyOf"] {
        for part in schema[name].as_array().into_iter().flatten() {
            find(contract, part, at, depth + 1, places);
        }
    }
    for part in ["then", "else"] {
        find(contract, &schema[part], at, depth + 1, places);
    }
    for (name, inner) in entries(schema.get("properties")) {
        find(contract, inner, &format!("{at}/{name}"), depth + 1, places);
    }
    find(
        contract,
        &schema["items"],
        &format!("{at}/*"),
        depth + 1,
        places,
    );
    let more = &schema["additionalProperties"];
    find(contract, more, &format!("{at}/{{}}"), depth + 1, places);
}

/// Whether a schema speaks of texts: one that only says what an object needs takes a text too.
fn says_text(contract: &Contract, schema: &Value, depth: usize) -> bool {
    let schema = resolve(contract.document(), schema);
    let is_text = match &schema["type"] {
        Value::String(kind) => kind == "string",
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "string"),
        _ => false,
    };
    let parts = ["allOf", "oneOf", "anyOf"].map(|name| schema[name].as_array());
    let mut parts = parts.into_iter().flatten().flatten();
    is_text || (depth < 4 && parts.any(|part| says_text(contract, part, depth + 1)))
}
