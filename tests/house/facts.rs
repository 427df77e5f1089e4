//! Every event has its schema, every stored type its golden file.

use std::collections::BTreeSet;

use remit_billing::event::EventKind;
use remit_store::records::TYPES;
use serde_json::Value;

use crate::source::names_in;
use crate::{differences, hold, read};

const SCHEMAS: &str = "infra/events";
const GOLDEN: &str = "shared/store/tests/golden";

#[test]
fn every_event_has_its_schema() {
    let kinds = EventKind::ALL
        .iter()
        .map(|kind| kind.as_str().to_owned())
        .collect();
    let schemas: BTreeSet<String> = names_in(SCHEMAS)
        .iter()
        .map(|name| name.strip_suffix(".schema.json").unwrap_or(name).to_owned())
        .collect();
    hold(differences(
        &kinds,
        &schemas,
        |kind| format!("{SCHEMAS}/{kind}.schema.json is missing"),
        |kind| format!("{SCHEMAS}/{kind} is there, but no event of that kind"),
    ));
}

#[test]
fn the_schemas_are_schemas_of_the_envelope() {
    const ENVELOPE: [&str; 6] = ["id", "type", "account_id", "occurred_at", "version", "data"];
    let mut faults = Vec::new();
    for kind in EventKind::ALL {
        let path = format!("{SCHEMAS}/{kind}.schema.json");
        let schema: Value = serde_json::from_str(&read(&path)).unwrap();
        if let Err(error) = jsonschema::meta::validate(&schema) {
            faults.push(format!("{path} is no JSON Schema: {error}"));
        }
        if schema["properties"]["type"]["const"] != kind.as_str() {
            faults.push(format!("{path}: properties.type.const is not {kind}"));
        }
        for field in ENVELOPE {
            let required = schema["required"].as_array();
            if !required.is_some_and(|list| list.iter().any(|name| name == field)) {
                faults.push(format!("{path} does not require {field}"));
            }
        }
    }
    hold(faults);
}

#[test]
fn every_stored_type_has_its_golden_file() {
    let types: BTreeSet<String> = TYPES.iter().map(|&name| name.to_owned()).collect();
    // A type may have more files, such as `delivery.claimed.json`.
    let golden: Vec<String> = names_in(GOLDEN)
        .into_iter()
        .filter(|name| name.ends_with(".json"))
        .collect();
    let lacking = types
        .iter()
        .filter(|name| !golden.contains(&format!("{name}.json")))
        .map(|name| format!("{GOLDEN}/{name}.json is missing"));
    let stray = golden
        .iter()
        .filter(|file| {
            !file
                .split('.')
                .next()
                .is_some_and(|name| types.contains(name))
        })
        .map(|file| format!("{GOLDEN}/{file} is of no stored type"));
    hold(lacking.chain(stray));
}
