//! The shapes of Remit's events: infra/events.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::text;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/events");

static SHAPES: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let files = std::fs::read_dir(FOLDER).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let schemas = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let kind = name.strip_suffix(".schema.json")?.to_owned();
        let schema = std::fs::read_to_string(&path).unwrap();
        let schema: Value = serde_json::from_str(&schema).unwrap();
        Some((kind, jsonschema::validator_for(&schema).unwrap()))
    });
    schemas.collect()
});

/// Fails unless an event of the bus has the shape of its kind.
pub fn hold(event: &Value) {
    let kind = text(event, "detail-type");
    let shape = SHAPES
        .get(kind)
        .unwrap_or_else(|| panic!("no schema of {kind}"));
    let detail = &event["detail"];
    assert_eq!(detail["type"], json!(kind));
    let faults: Vec<String> = shape
        .iter_errors(detail)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{kind}: {faults:?} in {detail}");
}
