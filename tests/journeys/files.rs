//! Files: announced, put past the API, looked at, fetched; and acceptances that were given elsewhere.

use remit_billing::canonical::ContentHash;
use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::estimates::offer;
use crate::house::{House, column, list};
use crate::projects::project;

const ADA: &str = "ada@aurora.example";

fn facts(bytes: &[u8]) -> Value {
    json!({
        "name": "Vertrag Müller.pdf",
        "media_type": "application/pdf",
        "bytes": bytes.len(),
        "sha256": ContentHash::of(bytes),
    })
}

/// Sends what a signed address wants; the status and the body.
async fn sent(way: &Value, body: &[u8], changed: &[(&str, &str)]) -> (u16, String, Vec<u8>) {
    let client = reqwest::Client::new();
    let method = text(way, "method").parse().unwrap();
    let mut request = client.request(method, text(way, "url"));
    let headers = way["headers"].as_object().unwrap();
    for (name, value) in headers.iter().filter(|(name, _)| *name != "content-length") {
        let other = changed.iter().find(|(known, _)| known == name);
        request = request.header(
            name,
            other.map_or(value.as_str().unwrap(), |(_, value)| value),
        );
    }
    if way["method"] == "PUT" {
        request = request.body(body.to_vec());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let kept = answer.headers().get("content-disposition");
    let kept = kept.map_or(String::new(), |value| value.to_str().unwrap().to_owned());
    (status, kept, answer.bytes().await.unwrap().to_vec())
}

/// The bytes behind a signed address.
pub async fn fetched(way: &Value) -> Vec<u8> {
    let (status, _, bytes) = sent(way, &[], &[]).await;
    assert_eq!(status, 200);
    bytes
}

/// Announces a file: once, as a repetition brings another address.
async fn announced(api: &Api, bytes: &[u8]) -> Value {
    let call = api.call("POST", "/v1/files").json(&facts(bytes));
    call.send().await.expect(201).ok()
}

/// Brings a file; its id.
pub async fn stored(api: &Api, bytes: &[u8]) -> String {
    let file = announced(api, bytes).await;
    assert_eq!(sent(&file["upload"], bytes, &[]).await.0, 200);
    let id = text(&file, "id");
    let complete = format!("/v1/files/{id}/complete");
    let whole = api.post(&complete, &json!({})).await.ok();
    assert_eq!(text(&whole, "state"), "stored");
    id.to_owned()
}

#[tokio::test]
async fn a_file_is_what_was_announced_or_nothing() {
    let house = House::open().await;
    let api = &house.api;
    let bytes = b"%PDF-1.7 a contract".as_slice();
    let file = announced(api, bytes).await;
    let path = format!("/v1/files/{}", text(&file, "id"));
    let complete = format!("{path}/complete");
    let early = api.call("POST", &complete).json(&json!({})).send().await;
    early.refused(409, "file_missing");
    assert_eq!(api.get(&path).await.ok()["download"], Value::Null);
    // Asked for again, after the answer was lost: the same file, and a way of its own.
    let asked = async || {
        let call = api.call("POST", "/v1/files").json(&facts(bytes));
        let key = "0f7c1d52-8f0e-4a4e-9a59-6a8fd5a0c001";
        call.header("idempotency-key", key).send().await.expect(201)
    };
    let (first, again) = (asked().await.ok(), asked().await.ok());
    assert_eq!(text(&first, "id"), text(&again, "id"));
    assert!(text(&again["upload"], "url").contains(text(&first, "id")));
    assert_eq!(sent(&again["upload"], bytes, &[]).await.0, 200);
    assert_eq!(sent(&first["upload"], bytes, &[]).await.0, 412);
    // The way is in no receipt.
    let way = &file["upload"];
    let signature = text(way, "url").split("X-Amz-Signature=").nth(1).unwrap();
    assert!(house.stored().iter().all(|item| !item.contains(signature)));

    // Other bytes, another checksum, another key, another type: none of it gets in.
    assert_eq!(sent(way, b"%PDF-1.7 b contract", &[]).await.0, 400);
    assert_eq!(
        sent(way, b"longer than it was said to be", &[]).await.0,
        403
    );
    assert_eq!(
        sent(way, bytes, &[("content-type", "text/html")]).await.0,
        403
    );
    let mut elsewhere = way.clone();
    elsewhere["url"] = json!(text(way, "url").replace(text(&file, "id"), "fil_1"));
    assert_eq!(sent(&elsewhere, bytes, &[]).await.0, 403);
    let mut longer = way.clone();
    longer["url"] = json!(text(way, "url").replace("X-Amz-Expires=900", "X-Amz-Expires=9000"));
    assert_eq!(sent(&longer, bytes, &[]).await.0, 403);
    let early = api.call("POST", &complete).json(&json!({})).send().await;
    early.refused(409, "file_missing");

    assert_eq!(sent(way, bytes, &[]).await.0, 200);
    // It is put once.
    assert_eq!(sent(way, bytes, &[]).await.0, 412);
    let whole = api.post(&complete, &json!({})).await.ok();
    assert_eq!(text(&whole, "state"), "stored");
    let again = api.post(&complete, &json!({})).await.ok();
    assert_eq!(again, whole);
    let shown = api.get(&path).await.ok();
    let (status, kept, found) = sent(&shown["download"], &[], &[]).await;
    assert_eq!((status, found.as_slice()), (200, bytes));
    assert_eq!(
        kept,
        "attachment; filename=\"Vertrag M_ller.pdf\"; filename*=UTF-8''Vertrag%20M%C3%BCller.pdf"
    );
    // The addresses end.
    house.advance("PT6M").await;
    assert_eq!(sent(&shown["download"], &[], &[]).await.0, 403);
    house.advance("PT10M").await;
    assert_eq!(sent(way, bytes, &[]).await.0, 403);

    let wrong = json!({"name": "", "media_type": "pdf", "bytes": 0, "sha256": "x"});
    let wrong = api.call("POST", "/v1/files").json(&wrong).send().await;
    assert_eq!(
        wrong.refused(422, "invalid_body").faults(),
        [
            "/name empty",
            "/media_type bad_media_type",
            "/bytes out_of_range",
            "/sha256 bad_hash"
        ]
    );
    house.close().await;
}

#[tokio::test]
async fn an_acceptance_elsewhere_counts_with_its_file() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let project = project(api, text(&client, "id"), "Site").await;
    let made = api.post("/v1/estimates", &offer(&project)).await.ok();
    let path = format!("/v1/estimates/{}", text(&made, "id"));
    let shop = text(&made["draft"]["content"]["lines"][1], "id").to_owned();
    let file = stored(api, b"a signed contract").await;
    let accept = format!("{path}/accept");
    let body = json!({
        "version": 1, "name": "Ada Aurora", "reference": "PO-4711", "accepted_on": "2040-03-04",
        "options": [shop], "file_id": file,
    });
    let refused = async |changes: Value| {
        let mut body = body.clone();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        api.call("POST", &accept).json(&body).send().await
    };
    refused(json!({})).await.refused(422, "invalid_body");
    api.post(&format!("{path}/send"), &json!({})).await.ok();
    let waiting = announced(api, b"not here").await;
    refused(json!({"file_id": waiting["id"]}))
        .await
        .refused(409, "file_missing");
    for (changes, fault) in [
        (json!({"version": 2}), "/version unknown_reference"),
        (
            json!({"file_id": file.replace(&file[10..12], "zz")}),
            "/file_id unknown_reference",
        ),
        (
            json!({"options": [shop.replace(&shop[10..12], "zz")]}),
            "/options unknown_reference",
        ),
        (
            json!({"accepted_on": "2040-03-06"}),
            "/accepted_on too_late",
        ),
        (json!({"name": ""}), "/name empty"),
    ] {
        let refused = refused(changes).await.refused(422, "invalid_body");
        assert_eq!(refused.faults(), [fault]);
    }
    // Later than its last day: what counts is what was agreed.
    house.advance("P40D").await;
    let accepted = api.post(&accept, &body).await.ok();
    assert_eq!(text(&accepted, "state"), "accepted");
    assert_eq!(text(&accepted["offer"], "accepted_total"), "1785.00");
    let scope = api.get(&format!("/v1/projects/{project}/scope")).await.ok();
    assert_eq!(
        column(&list(&scope["lines"]), "agreed"),
        ["1000.00", "500.00"]
    );
    let verify = format!("{path}/verify");
    let proof = api.call("POST", &verify).json(&json!({})).send().await.ok();
    assert_eq!(proof["intact"], true);
    assert_eq!(text(&proof["elsewhere"]["file"], "id"), file);
    assert_eq!(text(&proof["elsewhere"], "reference"), "PO-4711");
    house.settle().await;
    let subjects = house.subjects(ADA).await;
    assert!(
        subjects
            .last()
            .unwrap()
            .starts_with("Signed: estimate EST-2040-0001"),
        "{subjects:?}"
    );
    refused(json!({})).await.refused(409, "already_accepted");
    house.close().await;
}
