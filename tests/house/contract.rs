//! The contract: infra/openapi.yaml says what the template's routes and the code's problems are.

mod document;

use std::collections::{BTreeMap, BTreeSet};

use remit_runtime::permissions::{Access, ROUTES};
use remit_runtime::problem::CODES;
use serde_yaml_ng::Value;

use crate::source::{literals, rust_files};
use crate::template::{Route, Template, at};
use crate::{differences, hold, read};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn openapi() -> Value {
    serde_yaml_ng::from_str(&read("infra/openapi.yaml")).unwrap()
}

/// The operations of the contract by method and path.
fn operations(contract: &Value) -> BTreeMap<String, &Value> {
    let mut operations = BTreeMap::new();
    let paths = contract["paths"].as_mapping().unwrap();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let key = format!("{} {}", method.to_uppercase(), path.as_str().unwrap());
                operations.insert(key, operation);
            }
        }
    }
    operations
}

#[test]
fn every_route_is_in_the_contract_and_the_reverse() {
    let contract = openapi();
    let described: BTreeSet<String> = operations(&contract).into_keys().collect();
    hold(differences(
        &Template::read().route_keys(),
        &described,
        |route| format!("infra/openapi.yaml lacks {route:?}, a route of template.yaml"),
        |route| format!("template.yaml lacks {route:?}, an operation of infra/openapi.yaml"),
    ));
}

#[test]
fn operations_are_named_once_and_say_who_may_call() {
    let contract = openapi();
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    let default = contract.get("security").and_then(Value::as_sequence);
    let open_by_default = default.is_none_or(|schemes| schemes.is_empty());
    let operations = operations(&contract);
    for Route {
        key, authorised, ..
    } in Template::read().routes()
    {
        let Some(operation) = operations.get(&key) else {
            continue;
        };
        match operation.get("operationId").and_then(Value::as_str) {
            None => faults.push(format!("infra/openapi.yaml: {key:?} has no operationId")),
            Some(name) if !names.insert(name.to_owned()) => {
                faults.push(format!(
                    "infra/openapi.yaml: operationId {name} is there twice"
                ));
            }
            Some(_) => {}
        }
        let open = match operation.get("security").and_then(Value::as_sequence) {
            Some(schemes) => schemes.is_empty(),
            None => open_by_default,
        };
        if open == authorised {
            let word = if authorised {
                "asks for a key"
            } else {
                "is open"
            };
            faults.push(format!(
                "infra/openapi.yaml: the security of {key:?} says otherwise, but it {word}"
            ));
        }
    }
    hold(faults);
}

/// The least role of a route, as the code's table or the contract says it; none where it is open.
type Roles = BTreeMap<String, Option<String>>;

/// Template, table of permissions and contract: the same routes, open or not, of the same roles.
#[test]
fn the_table_of_permissions_is_that_of_the_template_and_of_the_contract() {
    const TABLE: &str = "shared/runtime/src/permissions.rs";
    let table: Roles = ROUTES
        .iter()
        .map(|(route, access)| {
            let role = match access {
                Access::Public => None,
                Access::Role { least, .. } => Some(least.as_str().to_owned()),
            };
            ((*route).to_owned(), role)
        })
        .collect();
    let mut faults: Vec<String> = differences(
        &Template::read().route_keys(),
        &table.keys().cloned().collect(),
        |route| format!("{TABLE} lacks {route:?}, a route of template.yaml"),
        |route| format!("{TABLE} has {route:?}, which is no route of template.yaml"),
    )
    .collect();
    for route in Template::read().routes() {
        let open = table.get(&route.key).is_some_and(Option::is_none);
        if open == route.authorised {
            let key = route.key;
            faults.push(format!("{TABLE}: template.yaml says otherwise of {key:?}"));
        }
    }
    let contract = openapi();
    for (route, operation) in operations(&contract) {
        let said = operation.get("x-required-role").and_then(Value::as_str);
        let role = table.get(&route).cloned().flatten();
        if role.as_deref() != said {
            faults.push(format!(
                "infra/openapi.yaml: {route:?} has the x-required-role {said:?}, {TABLE} {role:?}"
            ));
        }
        let words = operation.get("description").and_then(Value::as_str);
        let told = words.and_then(|words| words.split("Role: ").nth(1));
        let told = told.and_then(|told| told.split(['.', ',', ';', ' ']).next());
        if told.is_some() && told != said {
            faults.push(format!(
                "infra/openapi.yaml: the description of {route:?} speaks of the role {told:?}"
            ));
        }
    }
    hold(faults);
}

#[test]
fn every_authorised_route_is_in_the_authorisation_test() {
    const LIST: &str = "tests/journeys/authorisation.rs";
    let (authorised, open): (Vec<Route>, Vec<Route>) = Template::read()
        .routes()
        .into_iter()
        .partition(|route| route.authorised);
    let text = read(LIST);
    let tested: BTreeSet<&str> = literals(&text).collect();
    let lacking = authorised
        .iter()
        .filter(|route| !tested.contains(route.key.as_str()))
        .map(|route| format!("{LIST} lacks {:?}", route.key));
    let beyond = open
        .iter()
        .filter(|route| tested.contains(route.key.as_str()))
        .map(|route| {
            format!(
                "{LIST} has {:?}, which no authorizer stands before",
                route.key
            )
        });
    hold(lacking.chain(beyond));
}

/// The codes that the domain's refusals give: the literals of each `fn code` of an
/// `impl Refusal`, and those of faults, wherever they are written.
fn written_codes(marker: &str, folders: &[&str]) -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for file in rust_files(folders) {
        for (_, block) in file
            .text
            .match_indices(marker)
            .map(|(at, _)| file.text.split_at(at))
        {
            let Some(start) = block.find("fn code(&self)") else {
                continue;
            };
            let body = &block[start..];
            let body = body.split_once("\n    }").map_or(body, |(body, _)| body);
            for code in literals(body).filter(|text| is_code(text)) {
                codes.insert(code.to_owned(), file.path.clone());
            }
        }
    }
    codes
}

fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
}

/// The values of an enumeration of the contract.
fn listed(contract: &Value, schema: &str) -> BTreeSet<String> {
    let path = ["components", "schemas", schema, "enum"];
    let values = at(contract, &path).and_then(Value::as_sequence);
    let texts = values.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn hold_codes(schema: &str, codes: &BTreeMap<String, String>) {
    let written: BTreeSet<String> = codes.keys().cloned().collect();
    hold(differences(
        &written,
        &listed(&openapi(), schema),
        |code| {
            format!(
                "infra/openapi.yaml: {schema} lacks {code}, see {}",
                codes[code]
            )
        },
        |code| format!("infra/openapi.yaml: {schema} has {code}, which nothing answers"),
    ));
}

#[test]
fn every_problem_code_is_in_the_contract() {
    let mut codes = written_codes("impl Refusal for", &["shared", "functions"]);
    for code in CODES {
        codes.insert(
            code.code.to_owned(),
            "shared/runtime/src/problem.rs".to_owned(),
        );
    }
    assert!(
        codes.len() > CODES.len(),
        "no refusal was found: how they are written has changed"
    );
    hold_codes("ProblemCode", &codes);
}

#[test]
fn every_fault_code_is_in_the_contract() {
    let codes = written_codes("impl Fault {", &["shared/billing/src"]);
    assert!(
        !codes.is_empty(),
        "no fault was found: how they are written has changed"
    );
    hold_codes("FaultCode", &codes);
}
