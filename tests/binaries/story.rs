//! One invoice: issued, published, opened, paid, receipted, and its receipt bounced, each step by
//! the binary that does it in the cloud, started by the payload that starts it there.

use std::sync::Arc;

use axum::body::Bytes;
use http::Request;
use remit_billing::delivery::{Delivery, DeliveryState, FailReason};
use remit_local::iam::ADMINISTRATOR;
use remit_local::{aws, queues, stream};
use remit_payments::stripe::signature;
use remit_store::{DynamoTable, Store, keys};
use serde_json::{Value, json};

use crate::house::House;
use crate::payloads;

pub async fn an_invoice_goes_through_the_deployed_binaries() {
    let mut house = House::open().await;
    let cloud = Arc::clone(&house.cloud);
    // The local host does nothing by itself as long as this is held.
    let still = cloud.driving.lock().await;
    house.changes();
    a_key_opens(&mut house).await;
    let (id, link) = issue(&mut house).await;
    publish(&mut house, &["invoice.issued", "delivery.requested"]).await;
    let session = open_and_press(&mut house, &link).await;
    pay(&mut house, &id, &session).await;
    let batch = publish_around_a_poisoned_record(&mut house).await;
    let receipt = send_receipt(&mut house, batch).await;
    settle_receipt(&mut house, receipt).await;
    drop(still);
    let secrets = [
        house.host.agency.api_key.clone(),
        house.host.agency.webhook_secret.clone(),
        link.rsplit('/').next().unwrap().to_owned(),
    ];
    logs_hold(house.close().await, &secrets);
}

async fn a_key_opens(house: &mut House) {
    let key = house.host.agency.api_key.clone();
    let account = house.host.agency.account_id.clone();
    let authorizer = house.lambda("authorizer").await;
    let asked = payloads::authorizer_request(&format!("Bearer {key}"));
    let said = authorizer.answer(asked).await;
    assert_eq!(said["isAuthorized"], true, "{said}");
    assert_eq!(said["context"]["account_id"], account.as_str());
    assert_eq!(said["context"]["role"], "owner");
    for wrong in [format!("Bearer {key}x"), format!("Basic {key}")] {
        let said = authorizer
            .answer(payloads::authorizer_request(&wrong))
            .await;
        assert_eq!(said, json!({"isAuthorized": false, "context": {}}));
    }
}

/// Drafts and issues; the invoice's id and its client's link.
async fn issue(house: &mut House) -> (String, String) {
    let client = house.host.agency.client_ids[0].clone();
    let mut content = json!({
        "client_id": client,
        "lines": [{
            "description": "Poster", "quantity": "3", "unit_price": "120.10",
            "taxes": [{"name": "USt.", "rate": "19"}],
        }],
    });
    let (status, draft) = house.call("POST", "/v1/invoices", content.clone()).await;
    assert_eq!(status, 201, "{draft}");
    content["lines"][0]["quantity"] = "three".into();
    let (status, problem) = house.call("POST", "/v1/invoices", content).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0/quantity");
    let id = draft["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/invoices/{id}/issue");
    let (status, issued) = house.call("POST", &path, json!({"send": true})).await;
    assert_eq!(status, 200, "{issued}");
    assert_eq!(
        issued["number"],
        "INV-2026-00001".replace("2026", &year(house))
    );
    assert_eq!(issued["totals"]["payable"], "428.76");
    (id, issued["url"].as_str().unwrap().to_owned())
}

/// The number's year is the agency's.
fn year(house: &House) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    house.cloud.now().to_zoned_datetime(zone).year().to_string()
}

/// Hands what changed to the publisher; exactly these kinds come on the bus, in this order.
async fn publish(house: &mut House, expected: &[&str]) {
    let before = house.stated(0).len();
    let batch = json!({"Records": house.changes()});
    let answer = house.lambda("event-publisher").await.answer(batch).await;
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(house.stated(before), expected);
}

/// The client opens the page and presses the button; the checkout session that it leads to.
async fn open_and_press(house: &mut House, link: &str) -> String {
    let get = |address: &str| {
        let request = Request::get(address).header("host", "pay.example.com");
        request.body(Bytes::new()).unwrap()
    };
    let page = house.send(get(link)).await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let html = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(html.contains("€428.76"), "{html}");
    let unknown = house.send(get(&format!("{link}x"))).await;
    assert_eq!(unknown.status(), 404);

    let field = |name: &str| -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = &html[html.find(&mark).unwrap() + mark.len()..];
        rest[..rest.find('"').unwrap()].to_owned()
    };
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(["request_id", "version", "proof"].map(|name| (name, field(name))))
        .finish();
    let press = |form: &str| {
        let request = Request::post(format!("{link}/checkout"))
            .header("host", "pay.example.com")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        request.body(Bytes::from(form.to_owned())).unwrap()
    };
    let pressed = house.send(press(&form)).await;
    assert_eq!(pressed.status(), 303);
    let location = pressed.headers()["location"].to_str().unwrap().to_owned();
    // A second press leads to the same page.
    let again = house.send(press(&form)).await;
    assert_eq!(again.headers()["location"], location.as_str());
    let forged = house.send(press(&form.replace("proof=", "proof=x"))).await;
    assert_eq!(forged.status(), 400);
    location.rsplit('/').next().unwrap().to_owned()
}

/// Stripe says, twice, that the page was paid.
async fn pay(house: &mut House, invoice: &str, session: &str) {
    let session = house.cloud.stripe.session(session).unwrap();
    assert_eq!((session.amount, session.currency.as_str()), (42_876, "eur"));
    let body = payloads::completed(&session);
    let secret = house.host.agency.webhook_secret.parse().unwrap();
    let signed = signature::sign(body.as_bytes(), &secret, house.cloud.now());
    let account = house.host.agency.account_id.clone();
    let request = Request::post(format!("{}/webhooks/stripe/{account}", house.host.url))
        .header("host", "api.example.com")
        .header("content-type", "application/json; charset=utf-8")
        .header(signature::HEADER, &signed)
        .body(Bytes::from(body.clone()));
    let taken = house.send(request.unwrap()).await;
    assert_eq!(taken.status(), 200, "{:?}", taken.body());

    let webhooks = house.lambda("payment-webhooks").await;
    let again = payloads::webhook_request(&account, &signed, &body);
    let again = webhooks.answer(again).await;
    assert_eq!(again["statusCode"], 200, "{again}");
    let changed = body.replace("42876", "42877");
    assert_ne!(changed, body);
    let forged = payloads::webhook_request(&account, &signed, &changed);
    assert_eq!(webhooks.answer(forged).await["statusCode"], 400);

    let path = format!("/v1/invoices/{invoice}");
    let (_, paid) = house.call("GET", &path, Value::Null).await;
    assert_eq!(paid["status"], "paid", "{paid}");
    assert_eq!(paid["payments"].as_array().unwrap().len(), 1);
    assert_eq!(paid["totals"]["balance_due"], "0.00");
}

/// A record that nobody can read stands in the way: what is before it is published, what is
/// behind it waits. Lambda comes again from there, and puts the record aside. Answers the batch
/// that the queue of receipts has then.
async fn publish_around_a_poisoned_record(house: &mut House) -> Value {
    let before = house.stated(0).len();
    let changes = house.changes();
    let states = |change: &Value| change.pointer("/dynamodb/NewImage/events").is_some();
    let first = changes.iter().position(states).unwrap();
    let (good, rest) = changes.split_at(first + 1);
    let mut poisoned = changes[first].clone();
    poisoned["dynamodb"]["SequenceNumber"] = "999999999999999999999".into();
    poisoned["dynamodb"]["NewImage"]["events"] = json!({"S": "no list of events"});
    let number = stream::sequence_number(&poisoned).unwrap().to_owned();
    let batch: Vec<Value> = [good, &[poisoned], rest].concat();
    let publisher = house.lambda("event-publisher").await;
    let answer = publisher.answer(json!({"Records": batch})).await;
    assert_eq!(
        answer,
        json!({"batchItemFailures": [{"itemIdentifier": number}]})
    );
    let so_far = house.stated(before);
    assert!(!so_far.is_empty());
    let publisher = house.lambda("event-publisher").await;
    let answer = publisher.answer(json!({"Records": rest})).await;
    assert_eq!(answer, json!({"batchItemFailures": []}));
    let mut stated = house.stated(before);
    stated.sort();
    assert_eq!(
        stated,
        ["delivery.requested", "invoice.paid", "payment.received"]
    );
    let queue = house.queue_of("receipt-sending");
    let taken = house
        .cloud
        .queues
        .take(&queue, 10, house.cloud.now())
        .unwrap();
    assert_eq!(taken.len(), 1);
    queues::payload(&queue, &taken)
}

/// Sends the receipt though bad messages lie beside its own; the request for it.
async fn send_receipt(house: &mut House, mut batch: Value) -> Value {
    let message = batch["Records"][0].clone();
    let request: Value = serde_json::from_str(message["body"].as_str().unwrap()).unwrap();
    let mut other = request.clone();
    other["detail"]["type"] = "invoice.paid".into();
    let records = batch["Records"].as_array_mut().unwrap();
    records.insert(0, payloads::queue_record("poisoned", "no JSON"));
    records.push(payloads::queue_record("other", &other.to_string()));
    let before = house.cloud.mailbox.all().len();
    // The same event has the file made that the mail brings.
    let rendering = house.lambda("document-rendering").await;
    assert_eq!(rendering.answer(request.clone()).await, Value::Null);
    // The second time everything comes again, as after a visibility time-out.
    for _ in 0..2 {
        let sending = house.lambda("receipt-sending").await;
        let answer = sending.answer(batch.clone()).await;
        let failed = json!([{"itemIdentifier": "poisoned"}, {"itemIdentifier": "other"}]);
        assert_eq!(answer, json!({"batchItemFailures": failed}));
    }
    let mails = house.cloud.mailbox.all().split_off(before);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = &mails[0];
    assert_eq!(mail.to, ["ada@aurora.example"]);
    assert_eq!(mail.from, "\"Northlight Studio\" <billing@agency.example>");
    assert!(mail.subject.contains("€428.76"), "{}", mail.subject);
    assert!(mail.html.contains("€428.76") && mail.text.contains("€428.76"));
    let [file] = mail.attachments.as_slice() else {
        panic!("{:?}", mail.attachments)
    };
    assert!(file.ends_with(".pdf"), "{file}");
    assert_eq!(mail.configuration_set, "remit-local");
    request
}

/// SES says that the mail arrived, and then that it bounced; each event comes twice.
async fn settle_receipt(house: &mut House, request: Value) {
    let config = aws::sdk_config(Arc::downgrade(&house.cloud), ADMINISTRATOR);
    let table = house.cloud.template.tables[0].clone();
    let table = DynamoTable::new(aws_sdk_dynamodb::Client::new(&config), table);
    let store = Store::new(Arc::new(table));
    let fact = &request["detail"];
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let key = keys::delivery(
        id(&fact["account_id"]).parse().unwrap(),
        id(&fact["data"]["invoice_id"]).parse().unwrap(),
        id(&fact["data"]["delivery_id"]).parse().unwrap(),
    );
    let stored = async || {
        store
            .get::<Delivery>(&key)
            .await
            .unwrap()
            .unwrap()
            .value
            .state
    };

    let events = house.cloud.events();
    let mut events = events.iter().rev().map(|stated| stated.event.clone());
    let delivered = events.find(|event| event["detail-type"] == "Email Delivered");
    let delivered = delivered.unwrap();
    let mail = &delivered["detail"]["mail"];
    let bounced = payloads::bounce(&id(&mail["messageId"]), &mail["tags"]);
    for _ in 0..2 {
        let feedback = house.lambda("mail-feedback").await;
        assert_eq!(feedback.answer(delivered.clone()).await, Value::Null);
        let state = stored().await;
        assert!(matches!(state, DeliveryState::Sent { .. }), "{state:?}");
    }
    for _ in 0..2 {
        let feedback = house.lambda("mail-feedback").await;
        assert_eq!(feedback.answer(bounced.clone()).await, Value::Null);
        let state = stored().await;
        let bounced = DeliveryState::Failed {
            at: "2026-11-25T09:00:00Z".parse().unwrap(),
            reason: FailReason::Bounced,
        };
        assert_eq!(state, bounced);
    }
    // That it left is nobody's news; that it came back is.
    publish(house, &["delivery.failed", "delivery.requested"]).await;
}

/// Logs can be queried, and nobody's name, address, link or secret is in them.
fn logs_hold(logs: Vec<(String, String)>, secrets: &[String]) {
    let mut private = vec!["ada@aurora.example", "Ada Marsh", "Aurora Books", "Poster"];
    private.extend(secrets.iter().map(String::as_str));
    let mut lines = 0;
    for (name, log) in &logs {
        for word in &private {
            assert!(!log.contains(word), "{name} logs {word}: {log}");
        }
        for line in log.lines() {
            let read = serde_json::from_str::<Value>(line);
            assert!(read.is_ok_and(|line| line.is_object()), "{name}: {line}");
            lines += 1;
        }
    }
    assert!(lines > 0, "nothing was logged");
    // EMF, which CloudWatch reads out of the log.
    for (function, metric) in [
        ("event-publisher", "EventsPublished"),
        ("receipt-sending", "MailsSent"),
    ] {
        let (_, log) = logs.iter().find(|(name, _)| name == function).unwrap();
        assert!(log.contains("\"_aws\"") && log.contains(metric), "{log}");
    }
}
