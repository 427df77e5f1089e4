//! Who did what to which document: read over the API, sealed by the day, checked by a command.

use remit_billing::audit::{AuditEntry, AuditSeal, Broken};
use remit_local::verify_audit::{self, VerifyError, check};
use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column};
use crate::page::{Browser, form};
use crate::scope::ADA;
use crate::stripe::Money;
use crate::webhooks::billed;

/// The kinds of who acted, in their order.
fn actors(entries: &[Value]) -> Vec<String> {
    let who = |entry: &Value| match &entry["by"] {
        Value::String(word) => word.clone(),
        other => other.as_object().unwrap().keys().next().unwrap().clone(),
    };
    entries.iter().map(who).collect()
}

#[tokio::test]
async fn what_was_done_to_an_invoice_is_told_and_proved() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "1000", json!({})).await;
    let id = text(&draft, "id").to_owned();
    let invoice = api.issue(&id, true).await;
    house.settle().await;
    // The client asks, a reminder leaves, a provider pays.
    let browser = Browser::new(&house);
    let page = browser.open(text(&invoice, "url")).await.expect(200).text;
    let mut ask = form(&page, "/question").unwrap();
    ask.fields
        .push(("question".to_owned(), "What is this?".to_owned()));
    browser.submit(&ask.action, &ask.fields).await;
    house.until("2040-04-10T12:00:00Z").await;
    let money = Money::for_invoice(&house, "pi_1", &id, 100_000);
    house.notify(&money.completed()).await.expect(200);

    let log = api
        .all(&format!("/v1/audit-log?document_id={id}&limit=3"))
        .await;
    assert_eq!(
        column(&log, "action")[..3],
        [
            "POST /v1/invoices",
            "POST /v1/invoices/{invoice_id}/issue",
            "POST /p/{token}/question",
        ]
    );
    let last = log.last().unwrap();
    assert_eq!(
        text(last, "action"),
        "POST /webhooks/{provider}/{account_id}"
    );
    assert_eq!(last["by"], json!({"provider": "stripe"}));
    assert_eq!(last["facts"], json!(["invoice.paid"]));
    let who = actors(&log);
    assert_eq!(who[..3], ["actor", "actor", "client"]);
    assert!(who.contains(&"remit".to_owned()), "a reminder: {log:?}");
    assert_eq!(log[0]["from"]["ip"], "127.0.0.1");
    let numbers: Vec<u64> = log
        .iter()
        .map(|entry| entry["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=log.len() as u64).collect::<Vec<_>>());
    let none = api
        .all("/v1/audit-log?document_id=inv_01k8000000e008000000000009")
        .await;
    assert_eq!(none.len(), 0);
    api.call("GET", "/v1/audit-log?document_id=a%23b")
        .send()
        .await
        .refused(400, "invalid_query");

    // What is void of changes is void of entries: a draft that is thrown away has a last one.
    let thrown = api.draft(text(&client, "id"), "5", json!({})).await;
    let path = format!("/v1/invoices/{}", text(&thrown, "id"));
    let etag = api.get(&path).await.etag();
    api.call("DELETE", &path)
        .if_match(&etag)
        .send()
        .await
        .expect(204);
    let log = api
        .all(&format!(
            "/v1/audit-log?document_id={}",
            text(&thrown, "id")
        ))
        .await;
    assert_eq!(
        column(&log, "action"),
        ["POST /v1/invoices", "DELETE /v1/invoices/{invoice_id}"]
    );
    assert_eq!(
        log[1]["wrote"],
        json!([{"record": "invoice_document", "place": "document"}])
    );

    // The days that are over are sealed, once, and all of it holds.
    house.advance("P2D").await;
    let seals = api.all("/v1/audit-seals?limit=2").await;
    let days = column(&seals, "day");
    assert!(days.contains(&"2040-04-10".to_owned()), "{days:?}");
    let mut sorted = days.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted, days);
    let checked = verify_audit::run(house.url(), &house.host.agency.api_key)
        .await
        .unwrap();
    assert_eq!(checked.seals, seals.len());
    assert!(
        checked.documents >= 4,
        "account, team or keys, client, two invoices: {checked:?}"
    );

    // Whatever is changed in an export is found, and named.
    let entries = api.all("/v1/audit-log?limit=100").await;
    let read = |entries: &[Value]| -> Vec<AuditEntry> {
        serde_json::from_value(Value::Array(entries.to_vec())).unwrap()
    };
    let seals: Vec<AuditSeal> = serde_json::from_value(Value::Array(seals)).unwrap();
    check(read(&entries), &seals).unwrap();
    let mut forged = entries.clone();
    let of_invoice = forged
        .iter_mut()
        .find(|entry| entry["document"] == json!(id));
    of_invoice.unwrap()["action"] = json!("POST /v1/somewhere");
    let broken = check(read(&forged), &seals).unwrap_err();
    let expected = Broken::Changed {
        document: id.clone(),
        sequence: 1,
    };
    assert!(matches!(broken, VerifyError::Broken(broken) if broken == expected));
    let without: Vec<Value> = entries
        .into_iter()
        .filter(|entry| entry["document"] != json!(id))
        .collect();
    let broken = check(read(&without), &seals).unwrap_err();
    assert!(
        matches!(broken, VerifyError::Broken(Broken::Seal { .. })),
        "{broken}"
    );
    house.close().await;
}

/// Two at once on one document: both are in the log, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_are_one_after_the_other() {
    let house = House::open().await;
    let api = &house.api;
    for turn in 0..4 {
        let (_, id) = billed(&house, "100.00").await;
        let question = format!("/v1/threads/{id}/messages");
        let body = json!({"text": "Hello"});
        let write = async || api.call("POST", &question).json(&body).send().await;
        let (one, other, paid) = tokio::join!(write(), write(), api.record(&id, "10.00"));
        assert_eq!((one.status, other.status), (201, 201), "turn {turn}");
        assert_eq!(text(&paid, "amount"), "10.00");
        let log = api.all(&format!("/v1/audit-log?document_id={id}")).await;
        let count = |action: &str| {
            column(&log, "action")
                .iter()
                .filter(|of| *of == action)
                .count()
        };
        assert_eq!(count("POST /v1/threads/{document_id}/messages"), 2);
        assert_eq!(count("POST /v1/invoices/{invoice_id}/payments"), 1);
    }
    verify_audit::run(house.url(), &house.host.agency.api_key)
        .await
        .unwrap();
    house.close().await;
}
