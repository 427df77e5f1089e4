//! Providers' lists, read by themselves and for an operator.

use jiff::{SignedDuration, Timestamp};
use remit_billing::reconciliation::{READ_EVERY, Reconciliation, TRY_AGAIN_AFTER};
use remit_billing::standing::{Standing, Status};
use remit_payments::secret_name;
use remit_runtime::secrets::Secrets as _;
use remit_store::keys;
use serde_json::{Value, json};

use crate::house::{House, START, account, answer, at, recorded};

/// A page of the list: these events, and whether more follow.
fn page(events: &[Value], has_more: bool) -> http::Response<bytes::Bytes> {
    let list = json!({"object": "list", "data": events, "has_more": has_more});
    answer(200, &list)
}

/// What is on no invoice of anybody's, under an id of its own.
fn other(number: usize) -> Value {
    let mut event = recorded("events/checkout.session.completed");
    event["id"] = json!(format!("evt_{number}"));
    event["data"]["object"]["metadata"] = json!({});
    event
}

async fn house() -> House {
    let house = House::issued().await;
    house
        .create(&Reconciliation::begun(account(), "stripe", at(START)))
        .await;
    house
}

async fn list(house: &House) -> Reconciliation {
    house.read(&keys::reconciliation(account(), "stripe")).await
}

fn due() -> Timestamp {
    at(START) + READ_EVERY
}

#[tokio::test]
async fn what_no_notification_told_is_found_and_is_known_from_then_on() {
    let house = house().await;
    let early = due() - SignedDuration::from_secs(1);
    house.tick(early).await;
    assert!(house.calls().is_empty());
    let paid = recorded("events/checkout.session.completed");
    house.stripe_says([page(std::slice::from_ref(&paid), false)]);
    assert_eq!(house.tick(due()).await[0].1, 0);
    assert_eq!(house.calls(), ["GET /v1/events"]);
    assert!(matches!(house.standing().await.status, Status::Paid { .. }));
    assert_eq!(list(&house).await.known_until, due());
    let before = house.all::<Standing>();
    // The same once more, as each reading begins before the last one ended.
    house.stripe_says([page(&[paid], false)]);
    house.tick(due() + READ_EVERY).await;
    assert_eq!(house.all::<Standing>(), before);
}

#[tokio::test]
async fn a_run_reads_a_few_pages_and_the_next_one_goes_on() {
    let house = house().await;
    let pages: Vec<_> = (1..=5).map(|number| page(&[other(number)], true)).collect();
    house.stripe_says(pages);
    house.tick(due()).await;
    assert_eq!(house.calls().len(), 5);
    let reading = list(&house).await.reading.unwrap();
    assert_eq!(reading.cursor.as_deref(), Some("evt_5"));
    house.stripe_says([page(&[other(6)], false)]);
    house.tick(due() + SignedDuration::from_mins(5)).await;
    assert_eq!(house.calls().len(), 1);
    let after = list(&house).await;
    assert_eq!((after.reading, after.known_until), (None, due()));
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_asked_again_later() {
    let house = house().await;
    assert_eq!(house.tick(due()).await[0], (1, 1));
    let again = due() + TRY_AGAIN_AFTER;
    assert_eq!(list(&house).await.due_at, Some(again));
    house.tick(again - SignedDuration::from_secs(1)).await;
    assert_eq!(house.calls(), ["GET /v1/events"]);
    house.stripe_says([page(&[], false)]);
    house.tick(again).await;
    assert_eq!(list(&house).await.known_until, again);
}

#[tokio::test]
async fn without_credentials_nobody_is_asked_any_more() {
    let house = house().await;
    let name = secret_name("/remit/test", account(), "stripe");
    house.secrets.delete(&name).await.unwrap();
    assert_eq!(house.tick(due()).await[0], (1, 0));
    assert!(house.calls().is_empty());
    assert_eq!(list(&house).await.due_at, None);
}

#[tokio::test]
async fn an_operator_reads_a_period_page_by_page() {
    let house = house().await;
    let wanted = json!({
        "account_id": account(), "provider": "stripe",
        "from": "2026-09-20T00:00:00Z", "until": "2026-09-22T00:00:00Z",
    });
    let paid = recorded("events/checkout.session.completed");
    house.stripe_says([page(&[other(1)], true), page(&[paid], false)]);
    let first = house.asked(json!({ "reconcile": wanted })).await;
    assert_eq!(first["next_cursor"], "evt_1");
    assert_eq!(
        (&first["stated"], &first["applied"]),
        (&json!(1), &json!(0))
    );
    let mut next = wanted.clone();
    next["cursor"] = json!("evt_1");
    let second = house.asked(json!({ "reconcile": next })).await;
    assert_eq!(
        (&second["applied"], &second["next_cursor"]),
        (&json!(1), &Value::Null)
    );
    assert!(matches!(house.standing().await.status, Status::Paid { .. }));
    for (field, value) in [
        ("account_id", json!("acc_x")),
        ("provider", json!("cash")),
        ("from", json!("yesterday")),
        ("cursor", json!("a&b")),
    ] {
        let mut wrong = wanted.clone();
        wrong[field] = value;
        let refused = house.asked(json!({ "reconcile": wrong })).await;
        assert_eq!(
            refused["refused"]["code"], "invalid_body",
            "{field}: {refused}"
        );
    }
    // One that is not set up.
    let mut wrong = wanted;
    wrong["provider"] = json!("paypal");
    let refused = house.asked(json!({ "reconcile": wrong })).await;
    assert_eq!(refused["refused"]["code"], "not_found");
}
