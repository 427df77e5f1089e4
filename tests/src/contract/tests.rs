//! The judge itself: on a small contract it finds what is wrong, and nothing else.

use serde_json::{Value, json};

use super::Contract;

const CREATE: &str = "POST /v1/things";

fn contract() -> Contract {
    Contract::of(json!({
        "paths": {
            "/v1/things": {
                "post": {
                    "requestBody": {
                        "required": true,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}
                    },
                    "responses": {
                        "201": {"$ref": "#/components/responses/Made"},
                        "204": {"description": "Nothing to say."},
                        "5XX": {
                            "description": "Broken.",
                            "content": {"application/json": {"schema": {"type": "object"}}}
                        }
                    }
                }
            },
            "/v1/things/{id}": {"get": {"responses": {}}},
            "/v1/things/latest": {"get": {"responses": {}}},
            "/p/{token}": {
                "post": {
                    "requestBody": {
                        "content": {"application/x-www-form-urlencoded": {"schema": {
                            "type": "object",
                            "required": ["proof"],
                            "additionalProperties": false,
                            "properties": {"proof": {"type": "string", "pattern": "^[a-z ]+$"}}
                        }}}
                    },
                    "responses": {"200": {"content": {"text/html": {"schema": {
                        "type": "string", "pattern": "^<!doctype html>"
                    }}}}}
                }
            }
        },
        "components": {
            "headers": {"Tag": {"required": true, "schema": {"type": "string", "pattern": "^v"}}},
            "responses": {"Made": {
                "headers": {
                    "ETag": {"$ref": "#/components/headers/Tag"},
                    "Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"}}
                },
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
            }},
            "schemas": {
                "Day": {"type": "string", "format": "date"},
                "New": {
                    "type": "object",
                    "required": ["name"],
                    "additionalProperties": false,
                    "properties": {"name": {"type": "string", "minLength": 1}}
                },
                "Thing": {
                    "allOf": [{"$ref": "#/components/schemas/New"}],
                    "oneOf": [
                        {"required": ["on"], "properties": {"on": {"$ref": "#/components/schemas/Day"}}},
                        {"required": ["by"], "properties": {"by": {"type": "string"}, "of": {"type": "string"}}}
                    ]
                },
                "Whole": {
                    "allOf": [{"$ref": "#/components/schemas/Part"}],
                    "properties": {"b": true},
                    "unevaluatedProperties": false
                },
                "Part": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
            }
        }
    }))
}

fn answer(status: u16, kind: &str, body: &str) -> Vec<String> {
    contract().check_answer(CREATE, status, Some(kind), body.as_bytes())
}

#[track_caller]
fn refused(faults: &[String], words: &str) {
    let told = faults.iter().any(|fault| fault.contains(words));
    assert!(told, "nothing of {words:?} in {faults:?}");
}

#[test]
fn a_body_is_judged_by_its_schema_through_references() {
    let small = || {
        Contract::of(json!({
            "paths": {"/v1/things": {"post": {"responses": {"201": {"content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Whole"}}
            }}}}}},
            "components": contract().document()["components"],
        }))
    };
    let check = |body: &Value| {
        let body = body.to_string();
        small().check_answer(CREATE, 201, Some("application/json"), body.as_bytes())
    };
    assert!(check(&json!({"a": 1, "b": null})).is_empty());
    refused(&check(&json!({"a": 1, "c": 1})), "'c'");
    refused(&check(&json!({"b": 1})), "\"a\" is a required property");
    refused(&check(&json!({"a": "1"})), "\"/a\": \"1\" is not of type");
    refused(&check(&json!([])), "is not of type");
}

#[test]
fn of_alternatives_the_closest_one_is_told() {
    let faults = answer(
        201,
        "application/json",
        r#"{"name": "x", "on": "2026-02-30"}"#,
    );
    refused(&faults, "\"/on\": \"2026-02-30\" is not a \"date\"");
}

#[test]
fn what_is_not_documented_is_a_fault() {
    let made = r#"{"name": "x"}"#;
    refused(
        &answer(200, "application/json", made),
        "this status is not documented",
    );
    refused(
        &answer(201, "text/plain", made),
        "content type \"text/plain\"",
    );
    refused(
        &answer(201, "application/json", "{"),
        "the body is not JSON",
    );
    refused(
        &answer(204, "application/json", "{}"),
        "no body is documented",
    );
    refused(
        &contract().check_answer(CREATE, 201, None, made.as_bytes()),
        "content type \"\"",
    );
    refused(
        &contract().check_answer("GET /", 200, None, b""),
        "no such operation",
    );
}

#[test]
fn what_is_promised_is_none() {
    let of_class = answer(504, "application/json", "{}");
    assert_eq!(of_class, Vec::<String>::new());
    assert_eq!(answer(204, "", ""), Vec::<String>::new());
    let with_charset = contract().check_answer(
        "POST /p/{token}",
        200,
        Some("Text/HTML; charset=utf-8"),
        b"<!doctype html><p>",
    );
    assert_eq!(with_charset, Vec::<String>::new());
}

#[test]
fn headers_are_there_where_they_must_be_and_say_what_they_must() {
    let check = |headers: &[(&str, &str)]| {
        contract().check_headers(CREATE, 201, |name| {
            let found = headers
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(check(&[("etag", "v1")]), Vec::<String>::new());
    refused(&check(&[]), "the header ETag is missing");
    refused(&check(&[("etag", "1")]), "does not match");
    refused(
        &check(&[("etag", "v1"), ("retry-after", "soon")]),
        "does not match",
    );
}

#[test]
fn requests_are_judged_too() {
    let check = |body: &str| contract().check_request(CREATE, body.as_bytes());
    assert_eq!(check(r#"{"name": "x"}"#), Vec::<String>::new());
    refused(&check(r#"{"name": "x", "nmae": "y"}"#), "'nmae'");
    refused(&check(r#"{"name": ""}"#), "shorter than 1");
    refused(&check(""), "a body is required");

    let form = |body: &str| contract().check_request("POST /p/{token}", body.as_bytes());
    assert_eq!(form("proof=a%20b+c"), Vec::<String>::new());
    assert_eq!(form(""), Vec::<String>::new());
    refused(&form("proof=A"), "does not match");
    refused(&form("proof=a&prof=b"), "'prof'");
    refused(
        &contract().check_request("GET /v1/things/{id}", b"{}"),
        "no body is documented",
    );
}

#[test]
fn a_path_finds_its_route_and_a_word_goes_before_a_parameter() {
    let contract = contract();
    let route = |method: &str, path: &str| contract.route_of(method, path);
    assert_eq!(
        route("get", "/v1/things/7?x=/a").as_deref(),
        Some("GET /v1/things/{id}")
    );
    assert_eq!(
        route("GET", "/v1/things/latest").as_deref(),
        Some("GET /v1/things/latest")
    );
    assert_eq!(route("POST", "/v1/things").as_deref(), Some(CREATE));
    for (method, path) in [
        ("GET", "/v1/things"),
        ("GET", "/v1/things/"),
        ("GET", "/v1/things/7/parts"),
        ("PUT", "/v1/things"),
        ("GET", "/"),
    ] {
        assert_eq!(route(method, path), None, "{method} {path}");
    }
}
