//! A request takes effect once, however often, however many at a time it is sent.

use futures::future::join_all;
use remit_store::request::RequestReceipt;
use remit_store::{Record as _, Versioned, from_item, type_of};
use serde_json::{Value, json};

use crate::client::{Answer, Api, fresh_key, text};
use crate::house::{House, column};

fn client_body(name: &str) -> Value {
    json!({"name": name, "contacts": [{"email": "ada@aurora.example"}]})
}

async fn keyed(api: &Api, target: &str, key: &str, body: &Value) -> Answer {
    let call = api.call("POST", target).idempotency_key(key);
    call.json(body).send().await
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let house = House::open().await;
    let api = &house.api;
    let key = fresh_key();
    let made = keyed(api, "/v1/clients", &key, &client_body("First")).await;
    let made = made.expect(201);
    assert_eq!(made.header("idempotent-replayed"), None);
    let before = house.stored();
    let other_body = keyed(api, "/v1/clients", &key, &client_body("Second")).await;
    other_body.refused(422, "idempotency_key_reused");
    let target = format!("/v1/clients/{}/archive", text(&made.body, "id"));
    let other_route = keyed(api, &target, &key, &client_body("First")).await;
    assert_eq!(other_route.status, 422, "{}", other_route.text);
    house.unchanged_since(&before, "a key that was used");

    let again = keyed(api, "/v1/clients", &key, &client_body("First")).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.text, made.text, "to the byte");
    assert_eq!(again.etag(), made.etag());
    assert_eq!(again.header("location"), made.header("location"));
    // Another agency's keys are its own.
    let other = house.agency("Other", "UTC", "EUR").await.api;
    let theirs = keyed(&other, "/v1/clients", &key, &client_body("Theirs")).await;
    theirs.expect(201);
    house.close().await;
}

/// The day on which a link ends moves with the month; what was answered does not.
#[tokio::test]
async fn what_is_repeated_in_the_next_month_is_answered_as_before() {
    let house = House::open_at("2040-03-31T12:00:00Z").await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let draft = api.draft(text(&client, "id"), "10.00", json!({})).await;
    let target = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let key = fresh_key();
    let issued = keyed(api, &target, &key, &json!({})).await.expect(200);
    house.sleep_until("2040-04-01T12:00:00Z").await;
    let again = keyed(api, &target, &key, &json!({})).await.expect(200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.text, issued.text, "to the byte");
    let path = target.trim_end_matches("/issue");
    let read = api.get(path).await.ok();
    assert_ne!(read["url"], issued.body["url"]);
    house.close().await;
}

#[tokio::test]
async fn a_key_is_well_formed_or_refused() {
    let house = House::open().await;
    let api = &house.api;
    let before = house.stored();
    for bad in ["", " ", "two words", "caf\u{e9}", &"x".repeat(256)] {
        let call = api.call("POST", "/v1/clients").json(&client_body("X"));
        let answer = call.idempotency_key(bad).send().await;
        answer.refused(400, "bad_idempotency_key");
    }
    house.unchanged_since(&before, "a malformed key");
    let longest = "x".repeat(255);
    let made = keyed(api, "/v1/clients", &longest, &client_body("X")).await;
    made.expect(201);
    house.close().await;
}

/// What was refused took no effect, so its key is still free.
#[tokio::test]
async fn a_refusal_does_not_use_up_the_key() {
    let house = House::open().await;
    let api = &house.api;
    let key = fresh_key();
    let refused = keyed(api, "/v1/clients", &key, &json!({"name": ""})).await;
    refused.refused(422, "invalid_body");
    let made = keyed(api, "/v1/clients", &key, &client_body("Right")).await;
    made.expect(201);
    house.close().await;
}

/// An answer has the page's address, every time; what is kept of it has not.
#[tokio::test]
async fn no_receipt_keeps_the_way_to_a_page() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let issued = api.issued(text(&client, "id"), "1.00", json!({})).await;
    let id = text(&issued, "id");
    let token = text(&issued, "url").rsplit('/').next().unwrap();
    assert!(!token.is_empty());
    let void = api
        .post(&format!("/v1/invoices/{id}/void"), &json!({}))
        .await;
    assert_eq!(void.ok()["url"], issued["url"]);
    let receipts = receipts(&house).await;
    assert!(receipts.len() >= 4, "{receipts:?}");
    assert!(
        receipts.iter().any(|kept| kept.contains(id)),
        "{receipts:?}"
    );
    assert!(
        !receipts.iter().any(|kept| kept.contains(token)),
        "{receipts:?}"
    );
    house.close().await;
}

/// The bodies of the answers that are kept.
async fn receipts(house: &House) -> Vec<String> {
    let tables = aws_sdk_dynamodb::Client::new(&house.host.cloud.table.sdk_config());
    let mut kept = Vec::new();
    for table in &house.host.cloud.template.tables {
        let items = tables.scan().table_name(table).send().await.unwrap();
        for item in items.items.unwrap_or_default() {
            if type_of(&item) == Some(RequestReceipt::TYPE) {
                let receipt: Versioned<RequestReceipt> = from_item(item).unwrap();
                kept.push(receipt.value.response.body);
            }
        }
    }
    kept
}

/// Issue, payment and void go out twice in every journey; here it is counted what they did.
#[tokio::test]
async fn every_post_takes_effect_once() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let client_id = text(&client, "id");
    let draft = api.draft(client_id, "100.00", json!({})).await;
    let id = text(&draft, "id");
    api.issue(id, true).await;
    api.record(id, "40.00").await;
    let second = api.issued(client_id, "1.00", json!({})).await;
    api.void(text(&second, "id")).await;
    let send = format!("/v1/invoices/{id}/send");
    api.post(&send, &json!({})).await.expect(202);
    house.settle().await;
    assert_eq!(api.all("/v1/clients").await.len(), 1);
    let numbers = column(&api.all("/v1/invoices").await, "number");
    assert_eq!(numbers, ["INV-2040-00002", "INV-2040-00001"]);
    assert_eq!(api.invoice(id).await["totals"]["paid"], "40.00");
    assert_eq!(api.all("/v1/payments").await.len(), 1);
    let subjects = house.subjects("ada@aurora.example").await;
    assert_eq!(subjects.len(), 3, "sent twice, and a receipt: {subjects:?}");

    // Without a key each is a request of its own.
    for _ in 0..2 {
        let call = api.call("POST", "/v1/clients").json(&client_body("Twin"));
        call.send().await.expect(201);
    }
    assert_eq!(api.all("/v1/clients").await.len(), 3);
    house.close().await;
}

#[tokio::test]
async fn racing_requests_of_one_key_have_one_answer() {
    let house = House::open().await;
    let api = &house.api;
    let key = fresh_key();
    let body = client_body("Race");
    let sent = (0..8).map(|_| keyed(api, "/v1/clients", &key, &body));
    let answers = join_all(sent).await;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.text, answers[0].text);
    }
    let replayed = answers
        .iter()
        .filter(|a| a.header("idempotent-replayed").is_some());
    assert_eq!(replayed.count(), 7);
    assert_eq!(api.all("/v1/clients").await.len(), 1);
    house.close().await;
}

/// Many invoices issued at once get one number each, without a gap; one invoice issued by many
/// at once gets one number, and the others are told which.
#[tokio::test]
async fn racing_issues_leave_no_gap() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let mut drafts = Vec::new();
    for _ in 0..6 {
        let draft = api.draft(text(&client, "id"), "1.00", json!({})).await;
        drafts.push(format!("/v1/invoices/{}/issue", text(&draft, "id")));
    }
    let issue = async |target: &str| {
        // Who was never faster may be told to try again; it then does.
        loop {
            let answer = api.call("POST", target).json(&json!({})).send().await;
            if answer.code() != "conflict_try_again" {
                return answer;
            }
        }
    };
    let issued = join_all(drafts.iter().map(|target| issue(target))).await;
    let issued: Vec<Value> = issued
        .into_iter()
        .map(|answer| answer.expect(200).ok())
        .collect();
    let mut numbers = column(&issued, "number");
    numbers.sort();
    let expected: Vec<String> = (1..=6).map(|n| format!("INV-2040-0000{n}")).collect();
    assert_eq!(numbers, expected);

    let draft = api.draft(text(&client, "id"), "1.00", json!({})).await;
    let target = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let answers = join_all((0..5).map(|_| issue(&target))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        let answer = answer.refused(409, "already_issued");
        assert!(answer.text.contains("INV-2040-00007"));
    }
    house.close().await;
}

/// Of two changes of one version one counts, and the other is told.
#[tokio::test]
async fn racing_changes_do_not_overwrite_each_other() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let target = format!("/v1/clients/{}", text(&client, "id"));
    let tag = api.get(&target).await.etag();
    let bodies: Vec<Value> = (0..5)
        .map(|n| json!({"name": format!("Name {n}")}))
        .collect();
    let answers = join_all(bodies.iter().map(|body| api.patch(&target, &tag, body))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Answer::is_success);
    assert_eq!(won.len(), 1);
    let stored = api.get(&target).await;
    assert_eq!(stored.body["name"], won[0].body["name"]);
    assert_eq!(stored.etag(), won[0].etag());
    for answer in lost {
        answer.refused(412, "stale_version");
    }
    // The winner's request again, under its key, is answered as before although the tag is stale.
    let key = fresh_key();
    let change = || {
        let call = api.call("PATCH", &target).if_match(&stored.etag());
        call.idempotency_key(&key).json(&json!({"name": "Last"}))
    };
    let first = change().send().await.expect(200);
    let second = change().send().await.expect(200);
    assert_eq!(first.text, second.text);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    house.close().await;
}

/// Two days are promised; a key that is older is free again.
#[tokio::test]
async fn a_key_counts_for_two_days() {
    let house = House::open().await;
    let api = &house.api;
    let key = fresh_key();
    keyed(api, "/v1/clients", &key, &client_body("Early"))
        .await
        .expect(201);
    house.sleep_until("2040-03-07T09:59:00Z").await;
    let again = keyed(api, "/v1/clients", &key, &client_body("Early")).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    house.sleep_until("2040-03-07T10:01:00Z").await;
    let late = keyed(api, "/v1/clients", &key, &client_body("Late")).await;
    assert_eq!(late.expect(201).header("idempotent-replayed"), None);
    assert_eq!(api.all("/v1/clients").await.len(), 2);
    house.close().await;
}
