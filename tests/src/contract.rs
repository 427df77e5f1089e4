//! The contract as a judge: infra/openapi.yaml, read once, holds requests and answers against
//! the schemas that it promises (JSON Schema 2020-12, as OpenAPI 3.1 has it).
#![expect(clippy::panic, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/openapi.yaml");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
const FORM: &str = "application/x-www-form-urlencoded";
/// So much of a fault is shown: the value that it is about may be a whole page.
const SHOWN_CHARACTERS: usize = 300;

/// The contract. A copy is cheap.
#[derive(Clone)]
pub struct Contract(Arc<Inner>);

struct Inner {
    document: Value,
    /// By route key.
    operations: BTreeMap<String, Value>,
    /// Schemas are compiled when they are first needed, each once.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    /// The contract of the repository.
    pub fn read() -> Self {
        static READ: LazyLock<Contract> = LazyLock::new(|| {
            let text = std::fs::read_to_string(PATH)
                .unwrap_or_else(|error| panic!("infra/openapi.yaml: {error}"));
            let document = serde_yaml_ng::from_str(&text)
                .unwrap_or_else(|error| panic!("infra/openapi.yaml: {error}"));
            Contract::of(document)
        });
        READ.clone()
    }

    /// A contract from its document.
    pub fn of(document: Value) -> Self {
        let mut operations = BTreeMap::new();
        for (path, item) in entries(document.get("paths")) {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let key = format!("{} {path}", method.to_uppercase());
                operations.insert(key, operation.clone());
            }
        }
        Self(Arc::new(Inner {
            document,
            operations,
            validators: Mutex::default(),
        }))
    }

    /// The whole document.
    pub fn document(&self) -> &Value {
        &self.0.document
    }

    /// The keys of all routes, such as `POST /v1/invoices`.
    pub fn route_keys(&self) -> impl Iterator<Item = &str> {
        self.0.operations.keys().map(String::as_str)
    }

    /// The route that a concrete path belongs to; a query is not looked at. A word in a pattern
    /// goes before a parameter, as it does at the gateway.
    pub fn route_of(&self, method: &str, path: &str) -> Option<String> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let fits = |key: &&String| {
            key.split_once(' ')
                .is_some_and(|(of, pattern)| of.eq_ignore_ascii_case(method) && fits(pattern, path))
        };
        let found = self.0.operations.keys().filter(fits);
        found
            .min_by_key(|key| key.matches('{').count())
            .map(String::to_owned)
    }

    /// An operation.
    pub fn operation(&self, route_key: &str) -> Option<&Value> {
        self.0.operations.get(route_key)
    }

    /// What of an answer is not as promised: a status or content type that is not documented, a
    /// body that its schema refuses. Nothing where all is well.
    pub fn check_answer(
        &self,
        route_key: &str,
        status: u16,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Vec<String> {
        let at = format!("{route_key} {status}");
        let Some(operation) = self.0.operations.get(route_key) else {
            return vec![format!("{at}: no such operation")];
        };
        let Some(answer) = self.answer(operation, status) else {
            let start = cut(&String::from_utf8_lossy(body));
            return vec![format!("{at}: this status is not documented: {start}")];
        };
        let Some(content) = answer.get("content") else {
            return match body {
                [] => Vec::new(),
                _ => vec![format!("{at}: no body is documented")],
            };
        };
        self.check_body(&at, content, content_type, body)
    }

    /// What of an answer's headers is not as promised: a documented one that must be there and is
    /// not, or that its schema refuses. `header` finds one by its name, in any capitals.
    pub fn check_headers(
        &self,
        route_key: &str,
        status: u16,
        header: impl Fn(&str) -> Option<String>,
    ) -> Vec<String> {
        let at = format!("{route_key} {status}");
        let Some(operation) = self.0.operations.get(route_key) else {
            return vec![format!("{at}: no such operation")];
        };
        let promised = self.answer(operation, status);
        let mut faults = Vec::new();
        for (name, promise) in entries(promised.and_then(|answer| answer.get("headers"))) {
            let promise = resolve(self.document(), promise);
            match header(name) {
                Some(text) => {
                    let at = format!("{at} {name}");
                    faults.extend(self.check_value(&at, &promise["schema"], &json!(text)));
                }
                None if promise["required"] == true => {
                    faults.push(format!("{at}: the header {name} is missing"));
                }
                None => {}
            }
        }
        faults
    }

    /// The answer of a status: its own, or that of its class, such as `5XX`.
    fn answer<'a>(&'a self, operation: &'a Value, status: u16) -> Option<&'a Value> {
        let answers = operation.get("responses")?;
        let class = format!("{}XX", status / 100);
        let answer = answers
            .get(status.to_string())
            .or_else(|| answers.get(&class))?;
        Some(resolve(self.document(), answer))
    }

    /// What of a request's body its schema refuses. For requests that are meant to be accepted.
    pub fn check_request(&self, route_key: &str, body: &[u8]) -> Vec<String> {
        let Some(operation) = self.0.operations.get(route_key) else {
            return vec![format!("{route_key}: no such operation")];
        };
        let at = format!("{route_key} request");
        let Some(request) = operation.get("requestBody") else {
            return match body {
                [] => Vec::new(),
                _ => vec![format!("{at}: no body is documented")],
            };
        };
        let request = resolve(self.document(), request);
        if body.is_empty() {
            return match request.get("required") {
                Some(Value::Bool(true)) => vec![format!("{at}: a body is required")],
                _ => Vec::new(),
            };
        }
        let content = &request["content"];
        let only = entries(Some(content)).next().map(|(name, _)| name.as_str());
        self.check_body(&at, content, only, body)
    }

    /// Whether a value passes a schema of the document, with all that it refuses.
    pub fn check_value(&self, at: &str, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        let mut faults = Vec::new();
        for error in validator.iter_errors(value) {
            tell(at, &error, &mut faults);
        }
        faults
    }

    fn check_body(
        &self,
        at: &str,
        content: &Value,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Vec<String> {
        let said = content_type.unwrap_or_default();
        let kind = said.split(';').next().unwrap_or_default().trim();
        let found = entries(Some(content)).find(|(name, _)| name.eq_ignore_ascii_case(kind));
        let Some((kind, media)) = found else {
            let known: Vec<&String> = entries(Some(content)).map(|(name, _)| name).collect();
            return vec![format!("{at}: content type {said:?}, not one of {known:?}")];
        };
        let value = match read(kind, body) {
            Ok(value) => value,
            Err(fault) => return vec![format!("{at}: {fault}")],
        };
        match media.get("schema") {
            Some(schema) => self.check_value(at, schema, &value),
            None => Vec::new(),
        }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let inner = &self.0;
        let mut known = inner
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let name = schema.to_string();
        if let Some(validator) = known.get(&name) {
            return Arc::clone(validator);
        }
        // References of the schema lead to the document's components, so those come along.
        let whole = json!({ "allOf": [schema], "components": inner.document["components"] });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&whole)
            .unwrap_or_else(|error| panic!("infra/openapi.yaml: {name}: {error}"));
        let validator = Arc::new(validator);
        known.insert(name, Arc::clone(&validator));
        validator
    }
}

/// The fields of an object in its order; none of what is no object.
pub fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// What a value is or refers to. A reference that leads nowhere is null.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    const NOTHING: &Value = &Value::Null;
    match value.get("$ref").and_then(Value::as_str) {
        None => value,
        Some(to) => match to.strip_prefix('#').and_then(|at| document.pointer(at)) {
            Some(found) => resolve(document, found),
            None => NOTHING,
        },
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut parts, mut words) = (pattern.split('/'), path.split('/'));
    loop {
        match (parts.next(), words.next()) {
            (None, None) => return true,
            (Some(part), Some(word)) if part.starts_with('{') && !word.is_empty() => {}
            (Some(part), Some(word)) if part == word => {}
            _ => return false,
        }
    }
}

/// A body as the value that a schema judges.
fn read(kind: &str, body: &[u8]) -> Result<Value, String> {
    if kind == FORM {
        let fields = form_urlencoded::parse(body);
        let fields: Map<String, Value> = fields
            .map(|(name, value)| (name.into_owned(), json!(value)))
            .collect();
        return Ok(Value::Object(fields));
    }
    if kind == "application/json" || kind.ends_with("+json") {
        return serde_json::from_slice(body).map_err(|error| {
            let start = String::from_utf8_lossy(body);
            format!("the body is not JSON: {error}: {}", cut(&start))
        });
    }
    if kind == "text/csv" {
        // A file for DATEV is in Windows-1252; it is text all the same.
        return Ok(json!(String::from_utf8_lossy(body)));
    }
    if kind.starts_with("image/") {
        // No schema says anything of a picture.
        return Ok(Value::Null);
    }
    let text = std::str::from_utf8(body);
    text.map(|text| json!(text))
        .map_err(|error| format!("the body is not text: {error}"))
}

/// Tells an error; of alternatives, those of the one that came closest.
fn tell(at: &str, error: &ValidationError<'_>, faults: &mut Vec<String>) {
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
        error.kind()
        && let Some(closest) = context.iter().min_by_key(|errors| errors.len())
    {
        for error in closest {
            tell(at, error, faults);
        }
        return;
    }
    let place = error.instance_path();
    faults.push(format!("{at}: \"{place}\": {}", cut(&error.to_string())));
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod requests;
#[cfg(test)]
mod tests;
