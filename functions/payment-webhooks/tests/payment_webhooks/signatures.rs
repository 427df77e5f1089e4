//! Who may tell: whoever knows a secret of that very account.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use remit_payments::stripe::signature;
use remit_runtime::model::{Answer, Call};
use remit_store::Record as _;
use remit_store::records::Notification;
use serde_json::{Value, json};

use crate::house::{House, PAID_AT, SECRET, account, credentials, event};

fn body() -> String {
    event("payment_intent.succeeded").to_string()
}

fn sign(body: &str, secret: &str, at_s: i64) -> String {
    let at = Timestamp::from_second(at_s).unwrap();
    signature::sign(body.as_bytes(), &secret.parse().unwrap(), at)
}

/// Nothing was taken in, and nothing of the inside is said.
async fn assert_refused(house: &House, answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (400, "bad_signature"));
    assert!(!answer.text.contains("whsec") && !answer.text.contains("sk_"));
    assert_eq!(house.standing().await.status.as_str(), "open");
    assert!(
        house.all::<Notification>().is_empty(),
        "{}",
        Notification::TYPE
    );
}

#[tokio::test]
async fn what_is_not_signed_right_is_refused_and_not_kept() {
    let house = House::new().await;
    let body = body();
    let now = Timestamp::from_second(PAID_AT).unwrap();
    let good = sign(&body, SECRET, PAID_AT);
    let (time, digest) = good.split_once(',').unwrap();
    house.clock.set(now);
    for header in [
        sign(&body, "whsec_2", PAID_AT),
        sign(&format!("{body} "), SECRET, PAID_AT),
        sign(&body, SECRET, PAID_AT - 301),
        sign(&body, SECRET, PAID_AT + 301),
        format!("{time},{}", digest.replace("v1=", "v0=")),
        format!("t={},{digest}", PAID_AT + 1),
        digest.to_owned(),
        time.to_owned(),
        String::new(),
        "t=,v1=".to_owned(),
        "x".repeat(10_000),
    ] {
        let call = house.to(&account().to_string());
        let call = call.header("stripe-signature", &header).text(&body);
        assert_refused(&house, &house.send(call).await).await;
    }
    let unsigned = house.to(&account().to_string()).text(&body);
    assert_refused(&house, &house.send(unsigned).await).await;
    // The very header that was refused with another body is good with its own.
    for allowed in [PAID_AT - 300, PAID_AT, PAID_AT + 300] {
        let call = house
            .to(&account().to_string())
            .header("stripe-signature", &sign(&body, SECRET, allowed))
            .text(&body);
        assert_eq!(house.send(call).await.status, 200);
    }
}

#[tokio::test]
async fn nobody_learns_which_accounts_there_are() {
    let house = House::new().await;
    let body = body();
    let header = sign(&body, SECRET, PAID_AT);
    house.clock.set(Timestamp::from_second(PAID_AT).unwrap());
    let other = "acc_01k8000000e008000000000009";
    let mut answers = Vec::new();
    for (provider, account) in [
        ("stripe", other.to_owned()),
        ("stripe", "acc_x".to_owned()),
        ("stripe", "inv_01k8000000e008000000000002".to_owned()),
        ("paypal", account().to_string()),
        ("Stripe", account().to_string()),
    ] {
        let path = format!("/webhooks/{provider}/{account}");
        let call = Call::new("POST /webhooks/{provider}/{account_id}", &path)
            .header("stripe-signature", &header)
            .text(&body);
        let answer = house.send(call).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
        answers.push(answer.body["detail"].clone());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "all the same: {answers:?}");
    // An account that takes no payments is like one that is not there.
    for state in [&house.secrets.kept, &house.secrets.fresh] {
        *state.lock().unwrap() = None;
    }
    let answer = house.send(house.request(&body, SECRET)).await;
    assert_eq!((answer.status, answer.code()), (404, "not_found"));
}

#[tokio::test]
async fn several_secrets_count_while_they_are_rotated() {
    let house = House::new().await;
    for state in [&house.secrets.kept, &house.secrets.fresh] {
        *state.lock().unwrap() = Some(credentials(&["whsec_new", SECRET]));
    }
    for secret in [SECRET, "whsec_new"] {
        let answer = house.send(house.request(&body(), secret)).await;
        assert_eq!(answer.status, 200);
    }
    let answer = house.send(house.request(&body(), "whsec_older")).await;
    assert_eq!(answer.status, 400);
}

/// A secret that was changed a moment ago is read again before anybody is refused.
#[tokio::test]
async fn a_secret_that_is_kept_too_long_refuses_nobody() {
    let house = House::new().await;
    *house.secrets.fresh.lock().unwrap() = Some(credentials(&["whsec_new"]));
    let answer = house.send(house.request(&body(), "whsec_new")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(*house.secrets.fresh_reads.lock().unwrap(), 1);
    // What is right is not read again, nor what no secret could explain.
    let house = House::new().await;
    house.tell_all(&["payment_intent.succeeded"]).await;
    let old = house.to(&account().to_string());
    let header = sign(&body(), SECRET, PAID_AT - 1_000_000);
    let old = old.header("stripe-signature", &header).text(&body());
    assert_eq!(house.send(old).await.status, 400);
    assert_eq!(*house.secrets.fresh_reads.lock().unwrap(), 0);
}

/// The gateway encodes what it takes for binary; the signature is over what Stripe sent.
#[tokio::test]
async fn a_body_that_the_gateway_encoded_is_the_same_body() {
    let house = House::new().await;
    let mut payload = house.request(&body(), SECRET).payload();
    payload["body"] = json!(STANDARD.encode(body()));
    payload["isBase64Encoded"] = json!(true);
    let answer = house.invoke(payload).await;
    assert_eq!(answer["statusCode"], json!(200), "{answer}");
    assert_eq!(house.standing().await.status.as_str(), "paid");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let house = House::new().await;
    let huge = json!({"id": "evt_1", "x": "x".repeat(2_000_000)}).to_string();
    let answer = house.send(house.request(&huge, SECRET)).await;
    assert_eq!((answer.status, answer.code()), (413, "body_too_large"));
    assert!(house.kept().is_empty());
}

/// What a late clock cannot do: the signed time counts, not when it is told.
#[tokio::test]
async fn a_request_that_is_replayed_after_five_minutes_is_refused() {
    let house = House::new().await;
    let call = house.request(&body(), SECRET);
    assert_eq!(house.send(call.clone()).await.status, 200);
    let signed_at = Timestamp::from_second(PAID_AT + 100 * 24 * 3_600).unwrap();
    house.clock.set(signed_at + SignedDuration::from_secs(301));
    let answer = house.send(call).await;
    assert_eq!((answer.status, answer.code()), (400, "bad_signature"));
    let nothing: Value = json!([]);
    assert_eq!(json!(house.kept()), nothing);
}
