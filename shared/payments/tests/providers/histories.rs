//! Providers' own lists of what they stated: what is asked for, and what the answers read as.

use std::sync::Arc;

use crate::fake::{Answer, ScriptedTransport, answer};
use crate::subjects::paypal::shared;
use jiff::Timestamp;
use remit_payments::gocardless::{GoCardlessCredentials, GoCardlessProvider};
use remit_payments::paypal::{PayPalCredentials, PayPalProvider};
use remit_payments::stripe::{StripeCredentials, StripeProvider};
use remit_payments::{
    CheckoutError, History, HistoryCursor, HistoryRequest, NotificationFault, NotificationKind,
    Provider,
};
use serde_json::{Value, json};

const BASE: &str = "http://127.0.0.1:3000/_local/provider/";
const EVENT: &str = include_str!("../../fixtures/stripe/events/payment_intent.succeeded.json");

fn stripe(transport: Arc<ScriptedTransport>) -> StripeProvider {
    let key = "sk_test_wire".parse().unwrap();
    let credentials = StripeCredentials::new(key, vec!["whsec_1".parse().unwrap()]).unwrap();
    StripeProvider::new(transport, BASE, &credentials)
}

fn request(cursor: Option<&str>) -> HistoryRequest {
    HistoryRequest {
        from: "2026-03-01T00:00:00Z".parse().unwrap(),
        until: "2026-03-18T00:00:00Z".parse().unwrap(),
        cursor: cursor.map(|mark| HistoryCursor::parse(mark).unwrap()),
    }
}

/// An event of the fixtures, in test mode, under an id.
fn event(id: &str, livemode: bool) -> Value {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["id"] = json!(id);
    event["livemode"] = json!(livemode);
    event
}

fn page(events: &[Value], has_more: bool) -> Answer {
    let list = json!({"object": "list", "url": "/v1/events", "data": events, "has_more": has_more});
    answer(200, list.to_string())
}

async fn asked(
    provider: &dyn Provider,
    cursor: Option<&str>,
) -> Result<Option<History>, CheckoutError> {
    provider.history(&request(cursor)).await
}

#[tokio::test]
async fn stripe_lists_page_by_page_what_remit_listens_to() {
    let pages = [
        page(&[event("evt_2", false), event("evt_1", false)], true),
        page(&[], false),
    ];
    let transport = ScriptedTransport::new(pages);
    let provider = stripe(transport.clone());
    let first = asked(&provider, None).await.unwrap().unwrap();
    let ids = first.statements.iter().map(|statement| {
        let notification = statement.read().unwrap();
        let kind = &notification.kind;
        assert!(matches!(kind, NotificationKind::PaymentSucceeded { .. }));
        notification.provider_event_id.to_string()
    });
    assert_eq!(ids.collect::<Vec<_>>(), ["evt_2", "evt_1"]);
    let mark = first.next.unwrap();
    assert_eq!(mark.as_str(), "evt_1");
    let last = asked(&provider, Some(mark.as_str()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((last.statements.len(), last.next), (0, None));

    let sent = transport.take_sent();
    let query = |at: usize| sent[at].uri().query().unwrap().to_owned();
    assert!(sent[0].uri().path().ends_with("/v1/events"));
    // From the first second of the first day to the last of the last.
    assert!(query(0).contains("created%5Bgte%5D=1772323200&created%5Blt%5D=1773792000"));
    assert!(query(0).contains("types%5B%5D=charge.dispute.created"));
    assert!(!query(0).contains("starting_after") && query(1).ends_with("starting_after=evt_1"));
}

#[tokio::test]
async fn what_is_listed_of_another_mode_is_not_read() {
    let transport = ScriptedTransport::new([page(&[event("evt_1", true)], false)]);
    let listed = asked(&stripe(transport), None).await.unwrap().unwrap();
    assert_eq!(
        listed.statements[0].read(),
        Err(&NotificationFault::OtherMode { stated: true })
    );
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_no_empty_list() {
    for body in [
        "{}".to_owned(),
        json!({"data": [1], "has_more": false}).to_string(),
        // It goes on, and does not say after what.
        json!({"data": [], "has_more": true}).to_string(),
    ] {
        let transport = ScriptedTransport::new([answer(200, body.clone())]);
        let listed = asked(&stripe(transport), None).await;
        assert!(
            matches!(listed, Err(CheckoutError::Unknown { .. })),
            "{body}: {listed:?}"
        );
    }
    let transport = ScriptedTransport::new([answer(401, r#"{"error": {"code": "bad_key"}}"#)]);
    let listed = asked(&stripe(transport), None).await;
    assert!(matches!(listed, Err(CheckoutError::BadCredentials { .. })));
}

#[tokio::test]
async fn gocardless_lists_events_with_what_they_are_about() {
    let credentials: GoCardlessCredentials = serde_json::from_value(json!({
        "mode": "test", "access_token": "sandbox_1", "webhook_secrets": ["hook"],
    }))
    .unwrap();
    let payout = json!({
        "id": "EV2", "created_at": "2026-03-10T09:00:00Z", "resource_type": "payouts",
        "action": "paid", "links": {"payout": "PO1"}, "details": {},
    });
    let other = json!({
        "id": "EV1", "created_at": "2026-03-09T09:00:00Z", "resource_type": "mandates",
        "action": "created", "links": {"mandate": "MD1"}, "details": {},
    });
    let list = json!({
        "events": [payout, other], "meta": {"cursors": {"before": null, "after": "EV1"}, "limit": 50},
    });
    let about = json!({"payouts": {
        "id": "PO1", "amount": 9700, "currency": "EUR", "deducted_fees": 300,
        "arrival_date": "2026-03-11", "created_at": "2026-03-10T08:00:00Z", "reference": "REMIT-PO1",
        "payout_type": "merchant", "status": "paid",
    }});
    let answers = [
        answer(200, list.to_string()),
        answer(200, about.to_string()),
    ];
    let transport = ScriptedTransport::new(answers);
    let provider = GoCardlessProvider::new(transport.clone(), BASE, &credentials);
    let listed = asked(&provider, None).await.unwrap().unwrap();
    let kinds: Vec<_> = listed
        .statements
        .iter()
        .map(|statement| &statement.read().unwrap().kind)
        .collect();
    assert!(matches!(kinds[0], NotificationKind::PaidOut { .. }));
    assert!(matches!(kinds[1], NotificationKind::Unknown { .. }));
    assert_eq!(listed.next.unwrap().as_str(), "EV1");
    let sent = transport.take_sent();
    let query = sent[0].uri().query().unwrap();
    assert!(
        query.contains("created_at%5Bgte%5D=2026-03-01T00%3A00%3A00Z"),
        "{query}"
    );
    assert!(sent[1].uri().path().ends_with("/payouts/PO1"));
}

fn paypal(transport: Arc<ScriptedTransport>) -> PayPalProvider {
    let credentials: PayPalCredentials = serde_json::from_value(json!({
        "mode": "test", "client_id": "client", "client_secret": "secret",
        "webhook_id": "1JE4291016473214C", "webhook_check": "ask_paypal",
    }))
    .unwrap();
    let now: Timestamp = "2026-03-17T10:00:00Z".parse().unwrap();
    PayPalProvider::new(transport, BASE, &credentials, shared(), now)
}

#[tokio::test]
async fn paypal_is_asked_for_what_is_older_than_a_full_page() {
    let event = |number: i64| {
        let at = Timestamp::from_second(1_773_000_000 - number).unwrap();
        json!({
            "id": format!("WH-{number}"), "create_time": at, "event_type": "BILLING.PLAN.CREATED",
            "resource": {},
        })
    };
    let token = || answer(200, r#"{"access_token":"A21AA","expires_in":32400}"#);
    let full: Vec<Value> = (0..300).map(event).collect();
    let list = |events: &[Value]| {
        let body = json!({"events": events, "count": events.len(), "links": []});
        answer(200, body.to_string())
    };
    let transport = ScriptedTransport::new([token(), list(&full), token(), list(&full[..1])]);
    let provider = paypal(transport.clone());
    let listed = asked(&provider, None).await.unwrap().unwrap();
    assert_eq!(listed.statements.len(), 300);
    let mark = listed.next.unwrap();
    assert_eq!(mark.as_str(), "1772999702");
    transport.take_sent();
    let last = asked(&paypal(transport.clone()), Some(mark.as_str())).await;
    assert_eq!(last.unwrap().unwrap().next, None);
    let sent = transport.take_sent();
    let query = sent.last().unwrap().uri().query().unwrap().to_owned();
    assert!(
        query.contains("end_time=2026-03-08T19%3A55%3A02Z"),
        "{query}"
    );

    // All of one second: what is before it cannot be asked for, and nobody is told that this is all.
    let same: Vec<Value> = (0..300).map(|_| event(0)).collect();
    let transport = ScriptedTransport::new([token(), list(&same)]);
    let at = HistoryRequest {
        until: Timestamp::from_second(1_773_000_001).unwrap(),
        ..request(None)
    };
    let listed = paypal(transport).history(&at).await;
    assert!(
        matches!(listed, Err(CheckoutError::Unknown { .. })),
        "{listed:?}"
    );
}
