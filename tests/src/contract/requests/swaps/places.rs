//! Where ids stand in requests: by the contract's formats, and in what is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use super::super::{Call, Contract, FORM, JSON, entries, resolve};
use super::Tried;

/// Deeper than any body of the contract.
const DEPTH_MAX: usize = 12;
const ID_CHARACTERS: usize = 26;

/// Where an id stands, as the contract sees it; in lists `*` stands for any entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Path(String),
    Query(String),
    Body(String),
}

impl Place {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(' ')?;
        let name = name.to_owned();
        match kind {
            "path" => Some(Self::Path(name)),
            "query" => Some(Self::Query(name)),
            "body" => Some(Self::Body(name)),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(name) => write!(f, "path {name}"),
            Self::Query(name) => write!(f, "query {name}"),
            Self::Body(name) => write!(f, "body {name}"),
        }
    }
}

/// Where another id goes in one request.
#[derive(Debug, Clone)]
pub(super) enum Spot {
    /// The part of the path.
    Path(usize),
    Query(String),
    /// The pointer, and the body with something there.
    Body(String, Value),
}

impl Spot {
    /// The address and the body of a request with this id.
    pub(super) fn with(&self, call: Call<'_>, id: &str) -> (String, Option<String>) {
        let (path, query) = call.path.split_once('?').unwrap_or((call.path, ""));
        match self {
            Self::Path(at) => {
                let mut parts: Vec<&str> = path.split('/').collect();
                parts[*at] = id;
                let mark = if query.is_empty() { "" } else { "?" };
                (format!("{}{mark}{query}", parts.join("/")), None)
            }
            Self::Query(name) => {
                let mut pairs = form_urlencoded::Serializer::new(String::new());
                for (known, value) in form_urlencoded::parse(query.as_bytes()) {
                    if known != *name {
                        pairs.append_pair(&known, &value);
                    }
                }
                pairs.append_pair(name, id);
                (format!("{path}?{}", pairs.finish()), None)
            }
            Self::Body(pointer, body) => {
                let mut body = body.clone();
                *body.pointer_mut(pointer).unwrap() = json!(id);
                (call.path.to_owned(), Some(body.to_string()))
            }
        }
    }
}

/// A place in one request.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) prefix: String,
    pub(super) spot: Spot,
    /// Nothing stood there: the request is another one for that.
    pub(super) is_inserted: bool,
}

/// Every place of the contract's requests where an id can stand, with the prefixes it can have.
pub(super) fn of_contract(contract: &Contract) -> BTreeMap<Tried, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for route in contract.route_keys() {
        for (place, prefixes) in of_route(contract, route) {
            all.insert((route.to_owned(), place), prefixes);
        }
    }
    all
}

fn of_route(contract: &Contract, route: &str) -> BTreeMap<Place, BTreeSet<String>> {
    let document = contract.document();
    let operation = contract.operation(route).unwrap();
    let (_, path) = route.split_once(' ').unwrap();
    let parameters = [
        &document["paths"][path]["parameters"],
        &operation["parameters"],
    ];
    let parameters = parameters.into_iter().filter_map(Value::as_array).flatten();
    let mut places = BTreeMap::new();
    for parameter in parameters.map(|parameter| resolve(document, parameter)) {
        let prefixes = prefixes(document, &parameter["schema"]);
        let name = parameter["name"].as_str().unwrap().to_owned();
        let place = match parameter["in"].as_str() {
            Some("path") => Place::Path(name),
            Some("query") => Place::Query(name),
            _ => continue,
        };
        if !prefixes.is_empty() {
            places.insert(place, prefixes);
        }
    }
    let request = resolve(document, &operation["requestBody"]);
    for (_, media) in entries(request.get("content")) {
        walk(document, &media["schema"], String::new(), 0, &mut places);
    }
    places
}

/// The prefixes of ids that a schema takes.
fn prefixes(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = resolve(document, schema);
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    let own = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.split_once("_[0-7]["));
    let mut found: BTreeSet<String> = own
        .map(|(prefix, _)| prefix.to_owned())
        .into_iter()
        .collect();
    for word in ["oneOf", "anyOf", "allOf"] {
        for one in schema[word].as_array().into_iter().flatten() {
            found.extend(prefixes(document, one));
        }
    }
    found
}

fn walk(
    document: &Value,
    schema: &Value,
    at: String,
    depth: usize,
    places: &mut BTreeMap<Place, BTreeSet<String>>,
) {
    assert!(depth <= DEPTH_MAX, "{at} is too deep");
    let ids = prefixes(document, schema);
    if !ids.is_empty() {
        places.entry(Place::Body(at)).or_default().extend(ids);
        return;
    }
    let schema = resolve(document, schema);
    for (name, inner) in entries(schema.get("properties")) {
        walk(document, inner, format!("{at}/{name}"), depth + 1, places);
    }
    for word in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(word).filter(|inner| inner.is_object()) {
            walk(document, inner, format!("{at}/*"), depth + 1, places);
        }
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for one in schema[word].as_array().into_iter().flatten() {
            walk(document, one, at.clone(), depth + 1, places);
        }
    }
}

/// The places of one request: where ids stand, and where the contract has room for one.
pub(super) fn of_call(contract: &Contract, route: &str, call: Call<'_>) -> Vec<Found> {
    let room = of_route(contract, route);
    let mut found = in_address(route, call.path);
    if call.body.is_some_and(|(kind, _)| kind == FORM) {
        return found;
    }
    let (kind, text) = call.body.unwrap_or((JSON, ""));
    let text = if text.is_empty() { "{}" } else { text };
    if kind != JSON {
        return found;
    }
    let body: Value = serde_json::from_str(text).unwrap();
    let mut standing = Vec::new();
    in_body(&body, String::new(), &mut standing);
    for (pointer, id) in standing {
        found.push(Found {
            place: Place::Body(general(&pointer)),
            prefix: prefix_of(&id).to_owned(),
            spot: Spot::Body(pointer, body.clone()),
            is_inserted: false,
        });
    }
    for (place, prefixes) in room {
        let Place::Body(general) = &place else {
            continue;
        };
        if found.iter().any(|known| known.place == place) {
            continue;
        }
        let Some((pointer, body)) = insert(&body, general) else {
            continue;
        };
        found.extend(prefixes.into_iter().map(|prefix| Found {
            place: place.clone(),
            prefix,
            spot: Spot::Body(pointer.clone(), body.clone()),
            is_inserted: true,
        }));
    }
    found
}

fn in_address(route: &str, path: &str) -> Vec<Found> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (_, pattern) = route.split_once(' ').unwrap();
    let parts = pattern.split('/').zip(path.split('/')).enumerate();
    let in_path = parts.filter_map(|(at, (name, part))| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        // Whose pages these are is what everybody may know.
        is_id(part).then(|| Found {
            place: Place::Path(name.to_owned()),
            prefix: prefix_of(part).to_owned(),
            spot: Spot::Path(at),
            is_inserted: false,
        })
    });
    let in_query = form_urlencoded::parse(query.as_bytes()).filter_map(|(name, value)| {
        is_id(&value).then(|| Found {
            place: Place::Query(name.clone().into_owned()),
            prefix: prefix_of(&value).to_owned(),
            spot: Spot::Query(name.into_owned()),
            is_inserted: false,
        })
    });
    let found = in_path.chain(in_query);
    found.filter(|found| found.prefix != "acc").collect()
}

fn in_body(value: &Value, at: String, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if is_id(text) => found.push((at, text.clone())),
        Value::Object(fields) => {
            for (name, inner) in fields {
                in_body(inner, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                in_body(inner, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A pointer with `*` for the place in a list.
fn general(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| {
        let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_index { "*" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A body with something at a place where nothing stands, and the pointer to it; none where what
/// is around it is not there either.
fn insert(body: &Value, place: &str) -> Option<(String, Value)> {
    let mut whole = body.clone();
    let parts: Vec<&str> = place.split('/').skip(1).collect();
    let (last, way) = parts.split_last()?;
    let (mut here, mut pointer) = (&mut whole, String::new());
    for (at, part) in way.iter().enumerate() {
        let part = if *part == "*" { "0" } else { part };
        let opens_list = *last == "*" && at + 1 == way.len();
        if let Some(fields) = here.as_object_mut()
            && opens_list
            && fields.get(part).is_none_or(Value::is_null)
        {
            fields.insert(part.to_owned(), json!([]));
        }
        pointer = format!("{pointer}/{part}");
        here = match here {
            Value::Object(fields) => fields.get_mut(part)?,
            Value::Array(items) => items.get_mut(0)?,
            _ => return None,
        };
    }
    match here {
        Value::Object(fields) if *last != "*" => {
            fields.insert((*last).to_owned(), Value::Null);
            Some((format!("{pointer}/{last}"), whole))
        }
        Value::Array(items) if *last == "*" => {
            items.insert(0, Value::Null);
            Some((format!("{pointer}/0"), whole))
        }
        _ => None,
    }
}

pub(super) fn prefix_of(id: &str) -> &str {
    id.split_once('_').map_or("", |(prefix, _)| prefix)
}

/// Whether a text is a TypeID with a prefix as Remit's are.
fn is_id(text: &str) -> bool {
    let Some((prefix, rest)) = text.split_once('_') else {
        return false;
    };
    let is_prefix = prefix.len() == 3 && prefix.bytes().all(|byte| byte.is_ascii_lowercase());
    let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    is_prefix && rest.len() == ID_CHARACTERS && rest.bytes().all(plain)
}

/// Every id in a text.
pub(super) fn ids_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| is_id(word))
}

#[test]
fn a_place_is_found_and_filled() {
    let id = "inv_01kc000000e00800000000005h";
    assert!(is_id(id) && !is_id("inv_x") && !is_id("acct_01kc000000e00800000000005h"));
    assert_eq!(ids_in(&format!("acc#{id}#1")).collect::<Vec<_>>(), [id]);
    let body = json!({"lines": [{"project_id": id}], "name": "x"});
    let mut found = Vec::new();
    in_body(&body, String::new(), &mut found);
    assert_eq!(found, [("/lines/0/project_id".to_owned(), id.to_owned())]);
    assert_eq!(general(&found[0].0), "/lines/*/project_id");
    for (place, pointer) in [
        ("/client_id", "/client_id"),
        ("/lines/*/work_id", "/lines/0/work_id"),
        ("/project_ids/*", "/project_ids/0"),
    ] {
        let (at, filled) = insert(&body, place).unwrap();
        assert_eq!(at, pointer);
        assert_eq!(filled.pointer(&at), Some(&Value::Null));
    }
    assert_eq!(insert(&body, "/grouping/project_id"), None);
    assert_eq!(insert(&body, "/name/*"), None);
}
