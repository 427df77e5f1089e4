//! The pages as the gateway asks for them.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use remit_docs::{App, CONTRACT, CONTRACT_AS_JSON};
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call};
use serde_json::Value;
use sha2::{Digest, Sha256};

const PAGE: &str = "GET /docs/{page}";

fn read(contract: &str) -> Value {
    serde_yaml_ng::from_str(contract).unwrap()
}

fn app(contract: &str) -> Http<App> {
    Http(App::of(contract.to_owned(), read(contract).to_string()))
}

async fn ask(contract: &str, call: Call) -> Answer {
    call.send(&app(contract)).await.unwrap()
}

/// Every page by its address.
async fn pages(contract: &str) -> BTreeMap<String, Answer> {
    let function = app(contract);
    let document = read(contract);
    let tags = document["tags"].as_array().unwrap();
    let names = tags.iter().map(|tag| tag["name"].as_str().unwrap());
    let mut all = BTreeMap::new();
    for name in names.chain(["problems"]) {
        let address = format!("/docs/{name}");
        let answer = Call::new(PAGE, &address).send(&function).await.unwrap();
        all.insert(address, answer);
    }
    let start = Call::new("GET /docs", "/docs").send(&function).await;
    all.insert("/docs".to_owned(), start.unwrap());
    all
}

/// The values of an attribute, as they stand there.
fn attributes<'a>(html: &'a str, name: &str) -> BTreeSet<&'a str> {
    let begins = format!(" {name}=\"");
    let values = html.split(&begins).skip(1);
    values
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect()
}

/// As a browser shows it, tags left out.
fn words(html: &str) -> String {
    let parts = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text: String = parts.collect();
    let signs = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    signs
        .iter()
        .fold(text, |text, (sign, plain)| text.replace(sign, plain))
}

/// The part of a page that an anchor leads to.
fn part<'a>(html: &'a str, id: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("id=\"{id}\"")).unwrap();
    rest.split_once("</article>").map_or(rest, |(part, _)| part)
}

#[tokio::test]
async fn every_operation_of_the_contract_is_on_the_page_of_its_tag() {
    let document = read(CONTRACT);
    let pages = pages(CONTRACT).await;
    let mut shown = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let tag = operation["tags"][0].as_str().unwrap();
            let page = &pages[&format!("/docs/{tag}")].text;
            let words = words(part(page, id));
            let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
            for wanted in [
                format!("{} {path}", method.to_uppercase()),
                text(&operation["summary"]),
                operation["x-required-role"]
                    .as_str()
                    .map_or("No key".to_owned(), |role| format!("Role: {role}")),
            ] {
                assert!(words.contains(&wanted), "{id}: {wanted}");
            }
            let whole = operation.to_string();
            for name in whole.split("#/components/schemas/").skip(1) {
                let name = name.split('"').next().unwrap();
                let known = ["/docs/problems", &format!("/docs/{tag}")]
                    .iter()
                    .any(|page| {
                        pages[*page]
                            .text
                            .contains(&format!("<article id=\"{name}\""))
                    });
                assert!(known, "{id}: {name}");
            }
            for (status, _) in operation["responses"].as_object().unwrap() {
                assert!(words.contains(status.as_str()), "{id}: {status}");
            }
            let brief = format!("href=\"/docs/{tag}#{id}\"");
            assert!(pages["/docs"].text.contains(&brief), "{brief}");
            shown += 1;
        }
    }
    assert!(shown > 150, "{shown}");
}

/// What is inside another, what has to be there, what a word means, what follows from what.
#[tokio::test]
async fn a_schema_is_told_in_whole() {
    let pages = pages(CONTRACT).await;
    let told = |page: &str, id: &str| words(part(&pages[page].text, id));
    let invoice = told("/docs/invoices", "createInvoice");
    for wanted in [
        "client_id ClientId required",
        // Of what it is put together from, and of what it says beyond.
        "lines list of AcceptedLine or Line, 1 to 500 entries",
        "Idempotency-Key header, string, 1 to 255 characters",
        "Unless deposit_of is said: lines has to be there",
    ] {
        assert!(invoice.contains(wanted), "{wanted}: {invoice}");
    }
    let tax = told("/docs/invoices", "Tax");
    for wanted in [
        "name ",
        "Where kind is exempt: reason has to be there",
        "Unless kind is withholding: there is no round",
    ] {
        assert!(tax.contains(wanted), "{wanted}: {tax}");
    }
    let role = told("/docs/team", "Role");
    assert!(role.contains("viewer: "), "{role}");
    let codes = told("/docs/problems", "ProblemCode");
    assert!(codes.contains("if_match_required: "), "{codes}");
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let pages = pages(CONTRACT).await;
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(address, page)| (address.as_str(), attributes(&page.text, "id")))
        .collect();
    let mut faults = Vec::new();
    for (address, page) in &pages {
        for link in attributes(&page.text, "href") {
            let (to, anchor) = link
                .split_once('#')
                .map_or((link, None), |(to, id)| (to, Some(id)));
            let to = if to.is_empty() { address.as_str() } else { to };
            let known = match (ids.get(to), anchor) {
                (Some(ids), Some(anchor)) => ids.contains(anchor),
                (found, None) => found.is_some() || ["/docs/openapi.yaml", "data:,"].contains(&to),
                (None, Some(_)) => false,
            };
            if !known {
                faults.push(format!("{address}: {link}"));
            }
        }
        let all = page.text.matches(" id=\"").count();
        assert_eq!(
            all,
            ids[address.as_str()].len(),
            "{address}: an id is there twice"
        );
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

fn runs_and_loads_nothing(address: &str, page: &Answer) {
    let html = page.text.to_lowercase();
    assert_eq!(page.status, 200, "{address}");
    for word in [
        "<script", "<iframe", "<object", "<embed", "<form", "<base", "@import", "url(",
    ] {
        assert!(!html.contains(word), "{address}: {word}");
    }
    let tags = html
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    for tag in tags {
        // Of a tag what stands outside of its values.
        let bare: String = tag.split('"').step_by(2).collect();
        let loads = [" src=", " srcset=", " style=", " on"]
            .iter()
            .find(|word| bare.contains(**word));
        assert_eq!(loads, None, "{address}: <{tag}>");
    }
    for link in attributes(&page.text, "href") {
        let own = link.starts_with('#') || link == "/docs" || link.starts_with("/docs/");
        assert!(own || link == "data:,", "{address}: {link}");
    }
    let (_, style) = page.text.split_once("<style>").unwrap();
    let (style, _) = style.split_once("</style>").unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    let policy = page.header("content-security-policy").unwrap();
    let expected = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    assert_eq!(policy, expected, "{address}");
}

#[tokio::test]
async fn no_page_runs_or_loads_anything() {
    for (address, page) in pages(CONTRACT).await {
        runs_and_loads_nothing(&address, &page);
    }
}

/// Whoever writes the contract, what stands in it is text.
#[tokio::test]
async fn hostile_words_of_a_contract_come_out_as_text() {
    let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;`${x}`";
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": hostile, "version": hostile, "description": hostile},
        "servers": [{"url": hostile, "description": hostile}],
        "tags": [{"name": "things", "description": hostile}],
        "paths": {"/things/{id}": {
            "parameters": [{"name": hostile, "in": hostile, "description": hostile, "schema": {
                "type": hostile, "pattern": hostile, "enum": [hostile],
                "x-enumDescriptions": {hostile: hostile},
            }}],
            "post": {
                "operationId": hostile, "summary": hostile, "description": hostile,
                "tags": ["things"], "x-required-role": hostile,
                "requestBody": {"content": {hostile: {
                    "schema": {"$ref": format!("#/components/schemas/{hostile}")},
                    "example": {hostile: hostile},
                    "examples": {hostile: {"summary": hostile, "value": hostile}},
                }}},
                "responses": {hostile: {
                    "description": hostile, "headers": {hostile: {}},
                    "content": {"application/problem+json": {"schema": {
                        "properties": {"code": {"enum": [hostile]}},
                    }}},
                }},
            },
        }},
        "components": {
            "securitySchemes": {hostile: {"description": hostile}},
            "schemas": {
                hostile: {
                    "description": hostile, "examples": [hostile], "required": [hostile],
                    "properties": {hostile: {"const": hostile, "description": hostile}},
                    "if": {"properties": {hostile: {"const": hostile}}},
                    "then": {"required": [hostile]},
                },
                "ProblemCode": {"enum": [hostile], "x-enumDescriptions": {hostile: hostile}},
                "Problem": {"properties": {"code": {"$ref": "#/components/schemas/ProblemCode"}}},
                "GatewayMessage": {"description": hostile},
            },
        },
    });
    let pages = pages(&document.to_string()).await;
    assert_eq!(pages.len(), 3);
    for (address, page) in &pages {
        // A link may be as hostile as it likes, as long as it stays on these pages.
        runs_and_loads_nothing(address, page);
        assert!(
            words(&page.text).contains("<script>alert(1)</script>"),
            "{address}"
        );
    }
}

#[tokio::test]
async fn pages_are_packed_for_who_takes_that() {
    let plain = ask(CONTRACT, Call::new(PAGE, "/docs/invoices")).await;
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("accept-encoding"));
    for (route, path, expected, kind) in [
        (
            PAGE,
            "/docs/invoices",
            plain.text.as_str(),
            "text/html; charset=utf-8",
        ),
        (
            "GET /docs/openapi.yaml",
            "/docs/openapi.yaml",
            CONTRACT,
            "application/yaml",
        ),
    ] {
        let call = Call::new(route, path).header("accept-encoding", "gzip, br");
        let packed = ask(CONTRACT, call).await;
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert_eq!(packed.header("content-type"), Some(kind));
        let bytes = STANDARD.decode(&packed.text).unwrap();
        assert!(bytes.len() * 4 < expected.len(), "{}", bytes.len());
        let mut text = String::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, expected);
    }
}

#[tokio::test]
async fn what_is_no_page_is_not_there() {
    for path in ["/docs/nothing", "/docs/Invoices", "/docs/openapi"] {
        let answer = ask(CONTRACT, Call::new(PAGE, path)).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
    }
    let document = ask(
        CONTRACT,
        Call::new("GET /docs/openapi.yaml", "/docs/openapi.yaml"),
    )
    .await;
    assert_eq!(document.text, CONTRACT);
    let built: Value = serde_json::from_str(CONTRACT_AS_JSON).unwrap();
    assert!(
        built == read(CONTRACT),
        "another contract than the written one"
    );
}
