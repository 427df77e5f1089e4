//! The document by itself: whole, closed, explained, with valid examples and the code's words.

use std::collections::BTreeSet;

use remit_billing::account::Role;
use remit_billing::ledger::Rail;
use remit_billing::line::{MAX_CHARGES, MAX_LINES};
use remit_billing::numbering::MAX_SEQUENCE;
use remit_billing::party::Language;
use remit_billing::tax::{MAX_TAXES, RoundMode, TaxKind};
use remit_billing::terms::{Due, MAX_DAYS};
use remit_runtime::problem::CODES;
use remit_runtime::values::MAX_TAX_IDS;
use remit_tests::contract::{Contract, entries, resolve};
use serde_json::{Value, json};

use crate::hold;

/// Every value of the document with its JSON pointer; what stands in examples is left out.
fn walk<'a>(value: &'a Value, at: String, see: &mut impl FnMut(&str, &'a Value)) {
    see(&at, value);
    for (name, inner) in entries(Some(value)) {
        if name != "example" && name != "examples" {
            let name = name.replace('~', "~0").replace('/', "~1");
            walk(inner, format!("{at}/{name}"), see);
        }
    }
    for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
        walk(inner, format!("{at}/{index}"), see);
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    list(value).filter_map(Value::as_str)
}

#[test]
fn every_example_passes_its_schema() {
    let contract = Contract::read();
    let (mut faults, mut seen) = (Vec::new(), 0);
    walk(contract.document(), String::new(), &mut |at, value| {
        // Of a media type or parameter, and of a schema itself.
        let schema = value.get("schema").unwrap_or(value);
        let named = entries(value.get("examples")).map(|(_, example)| &example["value"]);
        let examples = value.get("example").into_iter().chain(named);
        for example in examples.chain(list(&value["examples"])) {
            seen += 1;
            faults.extend(contract.check_value(at, schema, example));
        }
    });
    assert!(seen > 50, "only {seen} examples were found");
    hold(faults);
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let contract = Contract::read();
    let document = contract.document();
    let (mut faults, mut used) = (Vec::new(), BTreeSet::new());
    walk(document, String::new(), &mut |at, value| {
        if let Some(to) = value.get("$ref").and_then(Value::as_str) {
            used.insert(to);
            if resolve(document, value).is_null() {
                faults.push(format!(
                    "infra/openapi.yaml: {at} refers to {to}, which is not there"
                ));
            }
        }
    });
    for (kind, components) in entries(document.get("components")) {
        for (name, _) in entries(Some(components)) {
            let unused = !used.contains(format!("#/components/{kind}/{name}").as_str());
            if unused && kind != "securitySchemes" {
                faults.push(format!(
                    "infra/openapi.yaml: nothing refers to {kind}/{name}"
                ));
            }
        }
    }
    hold(faults);
}

#[test]
fn every_operation_says_what_it_does_takes_and_answers() {
    let contract = Contract::read();
    let document = contract.document();
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1."))
    );
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let tags: Vec<&Value> = list(&document["tags"]).map(|tag| &tag["name"]).collect();
    let mut faults = Vec::new();
    for key in contract.route_keys() {
        let mut fault = |text: &str| faults.push(format!("infra/openapi.yaml: {key} {text}"));
        let operation = contract.operation(key).unwrap();
        if !(operation["summary"].is_string() && operation["description"].is_string()) {
            fault("has no summary or no description");
        }
        if !list(&operation["tags"]).any(|tag| tags.contains(&tag)) {
            fault("has no tag that is explained");
        }
        let answers = || entries(operation.get("responses"));
        if !answers().any(|(status, _)| status.starts_with(['2', '3'])) {
            fault("has no answer where all is well");
        }
        for (status, answer) in answers() {
            if !resolve(document, answer)["description"].is_string() {
                fault(&format!("does not say what {status} means"));
            }
        }
        let path = key.split_once(' ').unwrap().1;
        let beside = &document["paths"][path]["parameters"];
        let declared: BTreeSet<&str> = list(beside)
            .chain(list(&operation["parameters"]))
            .map(|parameter| resolve(document, parameter))
            .filter(|parameter| parameter["in"] == "path" && parameter["required"] == true)
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let named: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        if declared != named {
            fault(&format!(
                "declares the path parameters {declared:?}, not {named:?}"
            ));
        }
    }
    hold(faults);
}

/// An open object would take what nobody documented, and drift would not be found.
#[test]
fn every_object_that_has_fields_is_closed() {
    let contract = Contract::read();
    let mut faults = Vec::new();
    let mut parts = BTreeSet::new();
    let mut open = Vec::new();
    walk(contract.document(), String::new(), &mut |at, value| {
        let closed = ["additionalProperties", "unevaluatedProperties"]
            .iter()
            .any(|word| value.get(word) == Some(&json!(false)));
        if closed {
            parts.extend(list(&value["allOf"]).filter_map(|part| part["$ref"].as_str()));
        }
        if value["type"] == "object" && value.get("properties").is_some() && !closed {
            open.push(at.to_owned());
        }
    });
    for at in open {
        // What closed objects are put together from is closed by them.
        if !parts.contains(format!("#{at}").as_str()) {
            faults.push(format!("infra/openapi.yaml: {at} is an open object"));
        }
    }
    hold(faults);
}

#[test]
fn every_code_is_explained_and_answered_with_its_status() {
    /// Codes that no route answers; their explanations say so.
    const OF_NO_ROUTE: [&str; 5] = [
        "api_key_in_use",
        "cursor_malformed",
        "cursor_of_other_query",
        "link_ended",
        "provider_unavailable",
    ];
    let contract = Contract::read();
    let document = contract.document();
    let schemas = &document["components"]["schemas"];
    let mut faults = Vec::new();
    for name in ["ProblemCode", "FaultCode", "Role", "MemberState"] {
        let codes: BTreeSet<&str> = texts(&schemas[name]["enum"]).collect();
        let explained = entries(schemas[name].get("x-enumDescriptions"));
        let explained: BTreeSet<&str> = explained.map(|(code, _)| code.as_str()).collect();
        for code in codes.symmetric_difference(&explained) {
            faults.push(format!(
                "infra/openapi.yaml: {name} and its explanations differ in {code}"
            ));
        }
    }
    let explained = &schemas["ProblemCode"]["x-enumDescriptions"];
    for code in CODES {
        let text = explained[code.code].as_str().unwrap_or_default();
        if !text.starts_with(&format!("{}. ", code.status)) {
            faults.push(format!(
                "infra/openapi.yaml: {} comes with {}",
                code.code, code.status
            ));
        }
    }
    let mut answered: BTreeSet<&str> = OF_NO_ROUTE.into();
    for key in contract.route_keys() {
        for (status, answer) in entries(contract.operation(key).unwrap().get("responses")) {
            let content = &resolve(document, answer)["content"];
            let Some(problem) = content.get("application/problem+json") else {
                continue;
            };
            let fields = &problem["schema"]["properties"];
            if fields["status"]["const"].as_u64() != status.parse().ok() {
                faults.push(format!(
                    "infra/openapi.yaml: {key} {status} has another status inside"
                ));
            }
            for code in texts(&fields["code"]["enum"]) {
                answered.insert(code);
                if !explained[code]
                    .as_str()
                    .unwrap_or_default()
                    .starts_with(status.as_str())
                {
                    faults.push(format!("infra/openapi.yaml: {key} {status} answers {code}"));
                }
            }
        }
    }
    let codes = texts(&schemas["ProblemCode"]["enum"]).filter(|code| !answered.contains(code));
    faults.extend(codes.map(|code| format!("infra/openapi.yaml: no operation answers {code}")));
    hold(faults);
}

#[test]
fn words_and_bounds_are_those_of_the_code() {
    let contract = Contract::read();
    let schemas = &contract.document()["components"]["schemas"];
    let terms = "PaymentTerms/properties";
    let mut faults = Vec::new();
    for (at, of_code) in [
        ("Role/enum", json!(Role::WORDS)),
        (
            "ProjectState/enum",
            json!(remit_billing::project::ProjectState::WORDS),
        ),
        (
            "MemberState/enum",
            json!(remit_billing::member::MemberState::WORDS),
        ),
        (
            "KeyProjects/maxItems",
            json!(remit_runtime::principal::MAX_KEY_PROJECTS),
        ),
        (
            "NotificationState/enum",
            json!(remit_store::records::NotificationState::WORDS),
        ),
        ("Language/enum", json!(Language::TAGS)),
        ("Tax/properties/kind/enum", json!(TaxKind::NAMES)),
        (
            "TaxTotals/items/properties/kind/enum",
            json!(TaxKind::NAMES),
        ),
        ("RoundTo/properties/mode/enum", json!(RoundMode::NAMES)),
        (&format!("{terms}/kind/enum"), json!(Due::KINDS)),
        (&format!("{terms}/days/maximum"), json!(MAX_DAYS)),
        (
            &format!("{terms}/early_payment/properties/days/maximum"),
            json!(MAX_DAYS),
        ),
        ("InvoiceContent/properties/lines/maxItems", json!(MAX_LINES)),
        (
            "InvoiceContent/properties/charges/maxItems",
            json!(MAX_CHARGES),
        ),
        ("Taxes/maxItems", json!(MAX_TAXES)),
        ("TaxIds/maxItems", json!(MAX_TAX_IDS)),
        (
            "NumberSeriesChange/properties/next/maximum",
            json!(MAX_SEQUENCE),
        ),
    ] {
        let said = schemas.pointer(&format!("/{at}"));
        if said != Some(&of_code) {
            faults.push(format!(
                "infra/openapi.yaml: {at} is {said:?}, not {of_code}"
            ));
        }
    }
    let by_hand: Vec<&str> =
        texts(&schemas["NewPayment"]["properties"]["method"]["enum"]).collect();
    if by_hand != Rail::BY_HAND {
        faults.push(format!("infra/openapi.yaml: NewPayment takes {by_hand:?}"));
    }
    let prefixes: BTreeSet<&str> = entries(Some(schemas))
        .filter(|(name, _)| name.ends_with("Id"))
        .filter_map(|(_, schema)| {
            schema["pattern"]
                .as_str()?
                .strip_prefix('^')?
                .split('_')
                .next()
        })
        .collect();
    for prefix in prefixes {
        if !remit_billing::ids::PREFIXES.contains(&prefix) {
            faults.push(format!("infra/openapi.yaml: no id starts with {prefix}_"));
        }
    }
    hold(faults);
}
