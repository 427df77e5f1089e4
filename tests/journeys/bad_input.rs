//! Bad input: a typed problem that names the field, never a 5xx, and nothing is stored.
//!
//! Every field of every body is tried with what cannot be right whatever it means (another type,
//! an unknown neighbour, a text that is too long); then, by tables, with what its meaning forbids.

use serde_json::{Value, json};

use crate::bodies::{Body, Stage, told};
use crate::house::lay_over;

const NOBODY: &str = "cli_01k8000000e008000000000009";

/// Every value in a body, by its pointer, the body itself left out.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .map(|(i, v)| (i.to_string(), v))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in children {
        let pointer = format!("{at}/{name}");
        found.push(pointer.clone());
        places(value, &pointer, found);
    }
}

fn broken(full: &Value, pointer: &str, value: Value) -> Value {
    let mut body = full.clone();
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

/// Another type in the place of every value, however deep.
#[tokio::test]
async fn every_field_has_its_type() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    for body in stage.bodies().await {
        let mut pointers = Vec::new();
        places(&body.full, "", &mut pointers);
        for pointer in pointers {
            let right = body.full.pointer(&pointer).unwrap();
            let wrong = match right {
                Value::String(_) => [json!(7), json!([])],
                Value::Number(_) => [json!("7"), json!({})],
                Value::Bool(_) => [json!("true"), json!(0)],
                Value::Array(_) => [json!("x"), json!({})],
                _ => [json!(1), json!([])],
            };
            for value in wrong {
                let what = format!("{} {} with {value} at {pointer}", body.method, body.target);
                let sent = broken(&body.full, &pointer, value);
                let answer = stage.send(&body, &sent).await;
                told(answer, &what, &pointer, Some("wrong_type"));
            }
        }
        for whole in [json!([]), json!("x"), json!(7), json!(null)] {
            let answer = stage.send(&body, &whole).await;
            told(answer, &body.target, "", Some("wrong_type"));
        }
    }
    stage.house.unchanged_since(&before, "another type");
    stage.house.close().await;
}

/// A field that nobody knows, in every object of every body.
#[tokio::test]
async fn every_object_refuses_what_it_does_not_know() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    for body in stage.bodies().await {
        let mut pointers = vec![String::new()];
        places(&body.full, "", &mut pointers);
        // The names in it are currencies.
        pointers.retain(|pointer| pointer != "/exchange_rates");
        for pointer in pointers {
            let object = body.full.pointer(&pointer).unwrap();
            if !object.is_object() {
                continue;
            }
            let mut sent = body.full.clone();
            lay_over(
                sent.pointer_mut(&pointer).unwrap(),
                json!({"no~such/field": 1}),
            );
            let what = format!("{} {} at {pointer}", body.method, body.target);
            let answer = stage.send(&body, &sent).await;
            let at = format!("{pointer}/no~0such~1field");
            told(answer, &what, &at, Some("unknown_field"));
        }
    }
    stage.house.unchanged_since(&before, "an unknown field");
    stage.house.close().await;
}

/// Texts that are endless, empty, or made to break a header or a page.
#[tokio::test]
async fn every_text_is_bounded_and_plain() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    for body in stage.bodies().await {
        let mut pointers = Vec::new();
        places(&body.full, "", &mut pointers);
        for pointer in pointers {
            if !body.full.pointer(&pointer).unwrap().is_string() {
                continue;
            }
            let endless = "x".repeat(5_000);
            for value in [endless.as_str(), "", "   ", "a\u{0}b", "a\u{202e}b"] {
                let shown: String = value.chars().take(5).collect();
                let what = format!("{} {} with {shown:?}", body.method, body.target);
                let sent = broken(&body.full, &pointer, json!(value));
                let answer = stage.send(&body, &sent).await;
                told(answer, &what, &pointer, None);
            }
        }
    }
    stage.house.unchanged_since(&before, "a text");
    stage.house.close().await;
}

/// What must be there, missing and null; on a change only null is a fault.
#[tokio::test]
async fn what_is_required_is_asked_for() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    for body in stage.bodies().await {
        for name in body.required {
            let at = format!("/{name}");
            let null = broken(&body.full, &at, Value::Null);
            let answer = stage.send(&body, &null).await;
            told(
                answer,
                &format!("{} null", body.target),
                &at,
                Some("required"),
            );
            if body.method == "PATCH" {
                continue;
            }
            let mut missing = body.full.clone();
            missing.as_object_mut().unwrap().remove(*name);
            let answer = stage.send(&body, &missing).await;
            told(
                answer,
                &format!("{} without", body.target),
                &at,
                Some("required"),
            );
        }
        if body.method != "PATCH" && !body.required.is_empty() {
            // All at once, and an empty body is an empty object.
            let all: Vec<String> = body
                .required
                .iter()
                .map(|name| format!("/{name} required"))
                .collect();
            for empty in ["{}", ""] {
                let answer = stage.raw(&body, empty).await.refused(422, "invalid_body");
                let mut faults = answer.faults();
                faults.sort();
                assert_eq!(faults, all, "{}", body.target);
            }
        }
    }
    stage
        .house
        .unchanged_since(&before, "a body that lacks something");
    stage.house.close().await;
}

fn many(count: usize, value: Value) -> Value {
    Value::Array(vec![value; count])
}

/// Pointer, value and fault, over the full body of an invoice.
#[rustfmt::skip]
fn invoice_faults() -> Vec<(&'static str, Value, &'static str)> {
    let long = "9".repeat(20);
    vec![
        ("/client_id", json!("x"), "bad_id"),
        ("/client_id", json!("inv_01k8000000e008000000000009"), "bad_id"),
        ("/client_id", json!(NOBODY), "unknown_reference"),
        ("/project_id", json!(NOBODY), "bad_id"),
        ("/currency", json!("XXX"), "unknown_currency"),
        ("/currency", json!("eur"), "unknown_currency"),
        ("/currency", json!("EURO"), "unknown_currency"),
        ("/currency", json!("XAU"), "unknown_currency"),
        ("/lines", many(501, json!({"description": "x", "quantity": "1", "unit_price": "1"})), "too_long"),
        ("/lines/0/description", json!("x".repeat(2_001)), "too_long"),
        ("/lines/0/quantity", json!("1e3"), "not_a_decimal"),
        ("/lines/0/quantity", json!("1,5"), "not_a_decimal"),
        ("/lines/0/quantity", json!("NaN"), "not_a_decimal"),
        ("/lines/0/quantity", json!("0.0000001"), "too_many_decimals"),
        ("/lines/0/quantity", json!(long), "out_of_range"),
        ("/lines/0/unit_price", json!("-1"), "negative"),
        ("/lines/0/unit_price", json!("1000000000001"), "out_of_range"),
        ("/lines/0/unit_price", json!("1.0000001"), "too_many_decimals"),
        ("/lines/0/unit", json!("hours"), "bad_unit_code"),
        ("/lines/0/discount", json!({}), "required"),
        ("/lines/0/discount", json!({"percent": "1", "amount": "1"}), "exclusive"),
        ("/lines/0/discount/percent", json!("101"), "out_of_range"),
        ("/lines/0/discount/percent", json!("-1"), "negative"),
        ("/lines/0/discount", json!({"amount": "100.01"}), "discount_too_large"),
        ("/lines/0/discount", json!({"amount": "1.001"}), "too_many_decimals"),
        ("/lines/0/taxes/0/rate", json!("-1"), "negative"),
        ("/lines/0/taxes/0/rate", json!("1001"), "out_of_range"),
        ("/lines/0/taxes/0/kind", json!("vat"), "unknown_value"),
        ("/lines/0/taxes/0", json!({"name": "V", "rate": "1", "kind": "zero"}), "rate_must_be_zero"),
        ("/lines/0/taxes/0", json!({"name": "V", "rate": "0", "kind": "exempt"}), "reason_required"),
        ("/lines/0/taxes/1", json!({"name": "USt.", "rate": "19.0"}), "duplicate"),
        ("/lines/0/taxes", many(11, json!({"name": "V", "rate": "1"})), "too_long"),
        ("/charges/0/taxes/0/inclusive", json!(true), "mixed_inclusive"),
        ("/lines/0/taxes/1/round/to", json!("0"), "not_positive"),
        ("/lines/0/taxes/1/round/to", json!("0.001"), "too_many_decimals"),
        ("/lines/0/taxes/1/round/mode", json!("nearest"), "unknown_value"),
        ("/lines/0/period/to", json!("2040-01-31"), "ends_before_start"),
        ("/lines/0/period/from", json!("2041-02-29"), "bad_date"),
        ("/discount/amount", json!("90.01"), "discount_too_large"),
        ("/discount/amount", json!("5.001"), "too_many_decimals"),
        ("/discount/amount", json!("-5"), "negative"),
        ("/charges/0/amount", json!("4.901"), "too_many_decimals"),
        ("/charges/0/amount", json!("-4.90"), "negative"),
        ("/charges", many(51, json!({"description": "x", "amount": "1"})), "too_long"),
        ("/terms/kind", json!("later"), "unknown_value"),
        ("/terms/days", json!(-1), "out_of_range"),
        ("/terms/days", json!(731), "out_of_range"),
        ("/terms/early_payment/percent", json!("0"), "not_positive"),
        ("/terms/early_payment/days", json!(0), "out_of_range"),
        ("/supply_date", json!("29.02.2040"), "bad_date"),
        ("/notes", json!("x".repeat(2_001)), "too_long"),
        ("/purchase_order", json!("two\nlines"), "control_character"),
    ]
}

#[rustfmt::skip]
fn client_faults() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/name", json!("x".repeat(201)), "too_long"),
        ("/name", json!("Aurora\r\nBcc: all@c.example"), "control_character"),
        ("/contacts/0/email", json!("ada"), "bad_email"),
        ("/contacts/0/email", json!("ada@aurora.example\nBcc: x@c.example"), "bad_email"),
        ("/contacts/0/email", json!("ada@aurora.example, x@c.example"), "bad_email"),
        ("/contacts", many(21, json!({"email": "a@c.example"})), "too_long"),
        ("/currency", json!("ABC"), "unknown_currency"),
        ("/language", json!("xx"), "unknown_value"),
        ("/time_zone", json!("Berlin"), "unknown_time_zone"),
        ("/time_zone", json!("../../etc/passwd"), "unknown_time_zone"),
        ("/payment_terms", json!({"kind": "on", "date": "2040-12-24"}), "unknown_value"),
        ("/payment_terms/days", json!(731), "out_of_range"),
        ("/address/country", json!("ZZ"), "unknown_country"),
        ("/address/postal_code", json!("x".repeat(21)), "too_long"),
        ("/tax_ids/0/value", json!("x".repeat(41)), "too_long"),
        ("/tax_ids", many(11, json!({"value": "1"})), "too_long"),
        ("/electronic_address/scheme", json!("88"), "bad_address_scheme"),
    ]
}

#[rustfmt::skip]
fn settings_faults() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/email", json!("billing"), "bad_email"),
        ("/time_zone", json!("Mars/Olympus"), "unknown_time_zone"),
        ("/currency", json!("XYZ"), "unknown_currency"),
        ("/language", json!("it"), "unknown_value"),
        ("/invoice_numbers/pattern", json!("INV"), "bad_number_pattern"),
        ("/invoice_numbers/pattern", json!("{seq}{seq}"), "bad_number_pattern"),
        ("/invoice_numbers/pattern", json!("{seq} <b>"), "bad_number_pattern"),
        ("/invoice_numbers/next", json!(0), "out_of_range"),
        ("/invoice_numbers/next", json!(-5), "out_of_range"),
        ("/estimate_numbers/pattern", json!("EST"), "bad_number_pattern"),
        ("/approvals/estimates/when", json!("sometimes"), "unknown_value"),
        ("/approvals/estimates", json!({"when": "above"}), "required"),
        ("/approvals/estimates", json!({"when": "never", "amount": "1"}), "unknown_field"),
        ("/tax_rates/0/rate", json!("-19"), "negative"),
        ("/tax_rates", json!([{"name": "V", "rate": "1"}, {"name": "V", "rate": "1.0"}]), "duplicate"),
        ("/reminder_ladder", json!([7, 7]), "duplicate"),
        ("/reminder_ladder", json!([400]), "out_of_range"),
        ("/reminder_ladder", json!([-61]), "out_of_range"),
        ("/reminder_ladder", json!((0..13).collect::<Vec<_>>()), "too_long"),
        ("/payment_instructions/0/currency", json!("ABC"), "unknown_currency"),
        ("/exchange_rates/USD/rate", json!("0"), "not_positive"),
        ("/exchange_rates/USD/on", json!("2040-13-01"), "bad_date"),
    ]
}

/// The fault at the pointer or, where a field is missing or one of several is meant, below it.
async fn hold_table(stage: &Stage, body: &Body, table: Vec<(&str, Value, &str)>) {
    for (pointer, value, code) in table {
        let shown: String = value.to_string().chars().take(60).collect();
        let what = format!("{} {} with {shown} at {pointer}", body.method, body.target);
        let sent = broken(&body.full, pointer, value);
        let answer = stage.send(body, &sent).await;
        let faults = answer.refused(422, "invalid_body").faults();
        let fits =
            |fault: &String| fault.starts_with(pointer) && fault.ends_with(&format!(" {code}"));
        assert!(faults.iter().any(fits), "{what}: no {code}: {faults:?}");
    }
}

#[tokio::test]
async fn every_field_has_its_meaning() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    for body in stage.bodies().await {
        let is_invoice = body.full.get("lines").is_some();
        let table = match body.target.as_str() {
            _ if is_invoice => invoice_faults(),
            "/v1/settings" => settings_faults(),
            "/v1/api-keys" => vec![("/role", json!("admin"), "unknown_value")],
            target if target.ends_with("/stripe") => vec![
                ("/secret_key", json!("pk_test_x"), "bad_credential"),
                ("/webhook_secrets", json!([]), "empty"),
                ("/webhook_secrets/0", json!("sk_test_x"), "bad_credential"),
                ("/webhook_secrets", many(20, json!("whsec_x")), "too_long"),
            ],
            target if target.ends_with("/payments") => vec![
                ("/amount", json!("0"), "not_positive"),
                ("/amount", json!("-1.00"), "negative"),
                ("/amount", json!("1.001"), "too_many_decimals"),
                ("/amount", json!("ten"), "not_a_decimal"),
                ("/amount", json!("1000000000000001"), "out_of_range"),
                ("/method", json!("stripe"), "unknown_value"),
                ("/received_on", json!("2040-03-06"), "too_late"),
                ("/reference", json!("two words"), "bad_reference"),
                ("/note", json!("x".repeat(501)), "too_long"),
            ],
            target if target.ends_with("/void") => {
                vec![("/reason", json!("x".repeat(501)), "too_long")]
            }
            target if target.starts_with("/v1/clients") => client_faults(),
            _ => continue,
        };
        hold_table(&stage, &body, table).await;
    }
    stage
        .house
        .unchanged_since(&before, "a value without meaning");
    stage.house.close().await;
}

/// Decimals are counted in the currency of the document.
#[tokio::test]
async fn decimals_are_those_of_the_currency() {
    let stage = Stage::open().await;
    for (currency, amount, fine) in [
        ("EUR", "1.23", true),
        ("EUR", "1.230", true),
        ("EUR", "1.234", false),
        ("JPY", "123", true),
        ("JPY", "123.0", true),
        ("JPY", "123.5", false),
        ("KRW", "0.1", false),
        ("BHD", "1.234", true),
        ("BHD", "1.2345", false),
    ] {
        let body = json!({
            "client_id": stage.client, "currency": currency,
            "lines": [{"description": "Work", "quantity": "1", "unit_price": "1000.123456"}],
            "charges": [{"description": "Post", "amount": amount}],
            "discount": {"amount": amount},
        });
        let answer = stage.post("/v1/invoices/preview", &body).await;
        match fine {
            true => drop(answer.expect(200)),
            false => {
                let faults = answer.refused(422, "invalid_body").faults();
                let expected = ["/charges/0/amount", "/discount/amount"];
                let expected = expected.map(|at| format!("{at} too_many_decimals"));
                assert_eq!(faults, expected, "{amount} {currency}");
            }
        }
    }
    stage.house.close().await;
}

/// All the faults of a body at once, each at its place.
#[tokio::test]
async fn all_faults_are_told_at_once() {
    let stage = Stage::open().await;
    let body = json!({
        "client_id": 1, "currency": "EU",
        "lines": [{"description": "", "quantity": "x"}, {"description": "y", "quantity": "1", "unit_price": "-1"}],
        "discount": {}, "discont": {}, "supply_date": "2040-02-30",
    });
    let answer = stage.post("/v1/invoices", &body).await;
    let mut faults = answer.refused(422, "invalid_body").faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "/client_id wrong_type",
            "/currency unknown_currency",
            "/discont unknown_field",
            "/discount/percent required",
            "/lines/0/description empty",
            "/lines/0/quantity not_a_decimal",
            "/lines/0/unit_price required",
            "/lines/1/unit_price negative",
            "/supply_date bad_date",
        ]
    );
    // A document whose sum is below nothing is a credit note.
    let negative = json!({
        "client_id": stage.client,
        "lines": [{"description": "Back", "quantity": "-1", "unit_price": "1"}],
    });
    let answer = stage.post("/v1/invoices", &negative).await;
    let faults = answer.refused(422, "invalid_body").faults();
    assert!(faults[0].ends_with(" negative_total"), "{faults:?}");
    stage.house.close().await;
}
