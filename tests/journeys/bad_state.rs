//! Requests that cannot be read, or that the state of things does not allow: refused with a
//! word of what to do, and nothing is stored.

use serde_json::json;

use crate::bodies::{Body, Stage, told};
use crate::client::Answer;
use crate::house::House;

/// What is no JSON, or too much of it.
#[tokio::test]
async fn a_body_is_json_of_a_megabyte_at_most() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let two_megabytes = json!({"name": "x".repeat(2_000_000)}).to_string();
    let seven_megabytes = json!({"name": "x".repeat(7_000_000)}).to_string();
    let no_fields = [
        format!("/v1/invoices/{}/send", stage.issued),
        format!("/v1/clients/{}/archive", stage.client),
    ];
    let mut bodies = stage.bodies().await;
    bodies.extend(no_fields.map(|target| Body {
        method: "POST",
        target,
        tag: None,
        full: json!({}),
        required: &[],
    }));
    for body in &bodies {
        for broken in [
            b"{".as_slice(),
            b"{\"name\": \"x\"",
            b"{\"name\": \"x\",}",
            b"{'name': 'x'}",
            b"name=x",
            b"{} {}",
            b"\xff\xfe",
            b"{\"name\": \"\xc3\x28\"}",
            b"nul",
            nested.as_bytes(),
        ] {
            let answer = stage.raw(body, broken.to_vec()).await;
            answer.refused(400, "malformed_json");
        }
        let answer = stage.raw(body, two_megabytes.clone()).await;
        answer.refused(413, "body_too_large");
    }
    // More than a function may be handed is the gateway's to refuse.
    let gateway = stage.raw(&bodies[0], seven_megabytes).await.expect(413);
    assert_eq!(gateway.body, json!({"message": "Request Entity Too Large"}));
    stage
        .house
        .unchanged_since(&before, "a body that is no JSON");
    stage.house.close().await;
}

/// A path with a query, or headers, above what the gateway reads never reach a function.
#[tokio::test]
async fn what_the_gateway_reads_has_an_end() {
    let house = House::open().await;
    let long = |bytes: usize| format!("/v1/clients?cursor={}", "x".repeat(bytes));
    let asked = async |bytes: usize| house.api.get(&long(bytes)).await;
    let refused = |answer: Answer| {
        let message = json!({"message": "Request Header Fields Too Large"});
        assert_eq!(answer.expect(431).body, message);
    };
    asked(5_000).await.refused(400, "invalid_cursor");
    refused(asked(10_200).await);
    let call = house.api.call("GET", "/v1/clients");
    refused(call.header("x-note", &"x".repeat(10_240)).send().await);
    for bytes in [10_240, 65_000] {
        assert_eq!(asked(bytes).await.expect(414).text, "");
    }
    house.close().await;
}

/// Routes without fields take none.
#[tokio::test]
async fn routes_without_fields_take_none() {
    let stage = Stage::open().await;
    let before = stage.house.stored();
    for (method, target) in [
        ("POST", format!("/v1/invoices/{}/send", stage.issued)),
        ("POST", format!("/v1/clients/{}/archive", stage.client)),
        ("DELETE", format!("/v1/invoices/{}", stage.draft)),
    ] {
        let call = stage.house.api.call(method, &target);
        let answer = call.json(&json!({"reason": "x"})).send().await;
        told(answer, &target, "/reason", Some("unknown_field"));
    }
    stage
        .house
        .unchanged_since(&before, "a field where none is taken");
    stage.house.close().await;
}

/// Changes name the version that they are of.
#[tokio::test]
async fn a_change_names_its_version() {
    let stage = Stage::open().await;
    let api = &stage.house.api;
    let before = stage.house.stored();
    let client = format!("/v1/clients/{}", stage.client);
    let draft = format!("/v1/invoices/{}", stage.draft);
    let issued = format!("/v1/invoices/{}", stage.issued);
    for target in [&client, &draft, &"/v1/settings".to_owned()] {
        let field = if *target == draft {
            "notes"
        } else {
            "legal_name"
        };
        let body = json!({ field: "Changed" });
        let call = || api.call("PATCH", target).json(&body);
        call().send().await.refused(428, "if_match_required");
        for stale in [
            "\"v0\"",
            "\"v99\"",
            "v1",
            "*",
            "\"\"",
            "W/\"v1\"",
            "\"v1\", \"v2\"",
            "\"v-1\"",
        ] {
            call()
                .if_match(stale)
                .send()
                .await
                .refused(412, "stale_version");
        }
    }
    // Where the version need not be named, it is still held to.
    for (method, target) in [
        ("POST", format!("{draft}/issue")),
        ("POST", format!("{issued}/send")),
        ("POST", format!("{issued}/void")),
        ("POST", format!("{client}/archive")),
        ("DELETE", draft.clone()),
    ] {
        let call = api.call(method, &target).if_match("\"v99\"");
        call.send().await.refused(412, "stale_version");
    }
    stage.house.unchanged_since(&before, "a stale version");
    // What is issued is not changed any more, nor thrown away, nor issued again.
    let tag = api.get(&issued).await.etag();
    let change = api.patch(&issued, &tag, &json!({"notes": "x"})).await;
    change.refused(409, "already_issued");
    let delete = api.call("DELETE", &issued).send().await;
    delete.refused(409, "already_issued");
    let again = api.call("POST", &format!("{issued}/issue")).send().await;
    again.refused(409, "already_issued");
    // What is a draft is not sent, voided or paid.
    for (action, body) in [
        ("send", json!({})),
        ("void", json!({})),
        ("payments", json!({"amount": "1"})),
    ] {
        let answer = stage.post(&format!("{draft}/{action}"), &body).await;
        answer.refused(409, "not_issued");
    }
    stage
        .house
        .unchanged_since(&before, "what the state does not allow");
    stage.house.close().await;
}

/// Paths and methods that nobody answers are the gateway's.
#[tokio::test]
async fn what_is_no_route_is_not_found() {
    let stage = Stage::open().await;
    for (method, target) in [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v1/clients/"),
        ("GET", "/v2/clients"),
        ("PUT", "/v1/clients"),
        ("DELETE", "/v1/settings"),
        ("POST", "/v1/invoices/x/pay"),
        ("GET", "/v1/../v1/clients"),
        ("OPTIONS", "/v1/clients"),
    ] {
        let answer = stage.house.api.call(method, target).send().await;
        if target != "/v1/../v1/clients" {
            let answer = answer.expect(404);
            assert_eq!(
                answer.body,
                json!({"message": "Not Found"}),
                "{method} {target}"
            );
        }
    }
    stage.house.close().await;
}

/// What the books cannot hold is refused, not lost on the way.
#[tokio::test]
async fn amounts_beyond_all_books_are_refused() {
    let stage = Stage::open().await;
    let api = &stage.house.api;
    let vast = json!({"description": "x", "quantity": "1000000", "unit_price": "9000000000"});
    let vaster = json!({"description": "x", "quantity": "1000000000000", "unit_price": "1000000"});
    let taxed = json!({
        "description": "x", "quantity": "1000000", "unit_price": "9000000000",
        "taxes": [{"name": "V", "rate": "1000"}],
    });
    let invoices = "/v1/invoices";
    for (lines, pointer) in [
        (vec![vaster], "/lines/0"),
        (vec![vast.clone(), vast], ""),
        (vec![taxed], ""),
    ] {
        let body = json!({"client_id": stage.client, "lines": lines});
        let answer = stage.post(invoices, &body).await;
        told(answer, &body.to_string(), pointer, Some("amount_too_large"));
    }
    // A client's balance holds eighteen digits.
    let payments = format!("/v1/invoices/{}/payments", stage.issued);
    let most = json!({"amount": "1000000000000000"});
    for _ in 0..10 {
        stage.post(&payments, &most).await.expect(201);
    }
    // Until the receipts have left, with their files.
    stage.house.advance("PT10M").await;
    let before = stage.house.stored();
    let answer = stage.post(&payments, &most).await;
    told(answer, "a payment", "/amount", Some("amount_too_large"));
    stage
        .house
        .unchanged_since(&before, "what no balance can hold");

    // In the books' currency it would be without end.
    let rate = json!({"rate": "1000000000000", "on": "2040-03-01", "source": "X"});
    let rates = json!({"exchange_rates": {"JPY": rate}});
    api.change("/v1/settings", &rates).await.expect(200);
    let yen = json!({"currency": "JPY"});
    let draft = api.draft(&stage.client, "1000000000000", yen).await;
    let before = stage.house.stored();
    let issue = format!("/v1/invoices/{}/issue", draft["id"].as_str().unwrap());
    let answer = stage.post(&issue, &json!({})).await;
    told(answer, "an issue", "", Some("amount_too_large"));
    stage
        .house
        .unchanged_since(&before, "what the books cannot hold");
    stage.house.close().await;
}
