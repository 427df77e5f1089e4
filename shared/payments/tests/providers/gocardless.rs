//! GoCardless on its own: bundles of events, slow money that comes, fails and goes again, mandates.

use crate::contract::{Subject, attempt, completion, now, paid, references, request};
use crate::fake::stand_in::Host;
use crate::subjects::gocardless::{GoCardless, GoCardlessStandIn, down, provider, sealed};
use remit_payments::gocardless::{Debit, DebitStatus, GoCardlessProvider};
use remit_payments::{
    CheckoutError, DeliveryFault, LookUp, NotificationKind, Provider, RefundStatus, Refunded,
    SessionPayment, SessionStatus,
};
use serde_json::{Value, json};

type Hosted = std::sync::Arc<Host<GoCardlessStandIn>>;

fn event(id: &str, resource_type: &str, action: &str, links: Value) -> Value {
    json!({
        "id": id, "created_at": "2026-09-21T14:13:20.123Z", "resource_type": resource_type,
        "action": action, "links": links, "details": {"cause": "refer_to_payer"},
    })
}

async fn read(
    provider: &dyn Provider,
    events: &[Value],
) -> Result<Vec<NotificationKind>, DeliveryFault> {
    let body = json!({ "events": events }).to_string().into_bytes();
    let headers = sealed(&body, "hook_next");
    let delivery = provider.read_delivery(&headers, &body, now()).await?;
    assert_eq!(delivery.statements().len(), events.len());
    Ok(delivery
        .statements()
        .iter()
        .map(|statement| statement.read().unwrap().kind.clone())
        .collect())
}

/// What one event of a payment means.
async fn meaning(action: &str, once_confirmed: bool, retry: bool) -> NotificationKind {
    let paid = paid::<GoCardless>().await;
    if !once_confirmed {
        paid.host.state().confirmed.clear();
    }
    let mut event = event("EV1", "payments", action, json!({"payment": paid.payment}));
    event["details"]["will_attempt_retry"] = json!(retry);
    read(paid.provider.as_ref(), &[event])
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn every_state_of_a_payment_has_its_meaning() {
    use NotificationKind::*;
    for action in [
        "created",
        "customer_approval_granted",
        "submitted",
        "resubmission_requested",
    ] {
        let kind = meaning(action, false, false).await;
        assert!(
            matches!(kind, PaymentProcessing { .. }),
            "{action}: {kind:?}"
        );
    }
    for action in ["confirmed", "paid_out", "chargeback_cancelled"] {
        let kind = meaning(action, true, false).await;
        assert!(
            matches!(kind, PaymentSucceeded { .. }),
            "{action}: {kind:?}"
        );
    }
    for action in ["cancelled", "customer_approval_denied"] {
        let kind = meaning(action, false, false).await;
        assert!(
            matches!(kind, PaymentFailed { is_final: true, .. }),
            "{action}: {kind:?}"
        );
    }
    for (once_confirmed, retry, expected) in [
        (false, false, "failed for good"),
        (false, true, "failed, comes again"),
        (true, false, "returned"),
        (true, true, "returned"),
    ] {
        let word = match meaning("failed", once_confirmed, retry).await {
            PaymentFailed {
                is_final: true,
                code,
                ..
            } => {
                assert_eq!(code.as_deref(), Some("refer_to_payer"));
                "failed for good"
            }
            PaymentFailed {
                is_final: false, ..
            } => "failed, comes again",
            Returned {
                amount,
                references: stated,
                ..
            } => {
                assert_eq!(amount, GoCardless::amount());
                assert_eq!(stated, Some(references()));
                "returned"
            }
            other => unreachable!("{other:?}"),
        };
        assert_eq!(word, expected);
    }
    let kind = meaning("charged_back", true, false).await;
    assert!(matches!(kind, Returned { .. }), "{kind:?}");
    for action in [
        "late_failure_settled",
        "chargeback_settled",
        "something_new",
    ] {
        let kind = meaning(action, true, false).await;
        assert!(matches!(kind, Unknown { .. }), "{action}: {kind:?}");
    }
}

#[tokio::test]
async fn a_bundle_is_read_event_by_event_and_each_object_fetched_once() {
    let paid = paid::<GoCardless>().await;
    let asked = crate::contract::refund_request(
        crate::contract::refund_id(),
        &paid.payment,
        GoCardless::amount(),
        "0.00 GBP".parse().unwrap(),
    );
    paid.provider.refund(&asked).await.unwrap();
    let session = paid.checkout.session_id.clone();
    let events = [
        event(
            "EV1",
            "billing_requests",
            "fulfilled",
            json!({"billing_request": session}),
        ),
        event(
            "EV2",
            "payments",
            "submitted",
            json!({"payment": paid.payment}),
        ),
        event(
            "EV3",
            "payments",
            "confirmed",
            json!({"payment": paid.payment}),
        ),
        event("EV4", "refunds", "created", json!({"refund": "RF0"})),
        event("EV5", "refunds", "funds_returned", json!({"refund": "RF0"})),
        event("EV6", "mandates", "cancelled", json!({"mandate": "MD1"})),
        event(
            "EV7",
            "billing_requests",
            "cancelled",
            json!({"billing_request": session}),
        ),
    ];
    let before = paid.host.sent_count();
    let kinds = read(paid.provider.as_ref(), &events).await.unwrap();
    assert_eq!(paid.host.sent_count() - before, 3);
    assert!(
        matches!(&kinds[0], NotificationKind::CheckoutApproved { session: named, amount, references: stated }
        if *named == session && *amount == Some(GoCardless::amount()) && *stated == Some(references()))
    );
    assert!(matches!(
        kinds[1],
        NotificationKind::PaymentProcessing { .. }
    ));
    assert!(matches!(
        kinds[2],
        NotificationKind::PaymentSucceeded { .. }
    ));
    for (kind, expected) in [
        (&kinds[3], RefundStatus::Pending),
        (&kinds[4], RefundStatus::Failed),
    ] {
        let NotificationKind::Refunded {
            payment_intent,
            refunded,
            ..
        } = kind
        else {
            unreachable!("{kind:?}")
        };
        assert_eq!(payment_intent, &paid.payment);
        let single = Refunded::Single {
            refund: "RF0".parse().unwrap(),
            amount: GoCardless::amount(),
            status: expected,
        };
        assert_eq!(refunded, &single);
    }
    assert!(matches!(kinds[5], NotificationKind::Unknown { .. }));
    assert!(matches!(kinds[6], NotificationKind::SessionExpired { .. }));
}

#[tokio::test]
async fn a_payout_is_read_with_what_was_kept_and_in_what_it_arrives() {
    let paid = paid::<GoCardless>().await;
    GoCardless::pay_out(&mut paid.host.state(), &paid.payment);
    let told = [event("EV1", "payouts", "paid", json!({"payout": "PO0"}))];
    let wanted = |amount: &str, arrives_on: &str| NotificationKind::PaidOut {
        payout: "PO0".parse().unwrap(),
        amount: amount.parse().unwrap(),
        kept: Some("0.41 GBP".parse().unwrap()),
        bank_text: Some("REMIT-PO0".to_owned()),
        arrives_on: arrives_on.parse().unwrap(),
    };
    let provider = paid.provider.as_ref();
    let kinds = read(provider, &told).await.unwrap();
    assert_eq!(kinds, [wanted("1239.59 GBP", "2026-09-23")]);

    // Converted, and without a day yet.
    let change = |pointer: &str, value: Value| {
        *paid.host.state().payouts[0].pointer_mut(pointer).unwrap() = value;
    };
    change("/fx", json!({"fx_currency": "EUR", "fx_amount": 142_552}));
    change("/arrival_date", Value::Null);
    let kinds = read(provider, &told).await.unwrap();
    assert_eq!(kinds, [wanted("1425.52 EUR", "2026-09-22")]);

    // A partner's fees are none of the agency's money, and nothing does not arrive.
    change("/payout_type", json!("partner"));
    let kinds = read(provider, &told).await.unwrap();
    assert!(matches!(kinds[0], NotificationKind::Unknown { .. }));
    change("/payout_type", json!("merchant"));
    change("/fx/fx_amount", json!(0));
    let kinds = read(provider, &told).await.unwrap();
    assert!(matches!(kinds[0], NotificationKind::Unknown { .. }));
}

#[tokio::test]
async fn one_event_that_cannot_be_read_does_not_hide_the_others() {
    let paid = paid::<GoCardless>().await;
    let gone = event("EV1", "payments", "confirmed", json!({"payment": "PM404"}));
    let bad = event(
        "EV2",
        "payments",
        "confirmed",
        json!({"payment": "not an id"}),
    );
    let good = event(
        "EV3",
        "payments",
        "confirmed",
        json!({"payment": paid.payment}),
    );
    let body = json!({ "events": [gone, bad, good] })
        .to_string()
        .into_bytes();
    let headers = sealed(&body, "hook_current");
    let delivery = paid.provider.read_delivery(&headers, &body, now()).await;
    let delivery = delivery.unwrap();
    let read: Vec<bool> = delivery
        .statements()
        .iter()
        .map(|statement| statement.read().is_ok())
        .collect();
    assert_eq!(read, [false, false, true]);
}

#[tokio::test]
async fn what_cannot_be_fetched_now_comes_again() {
    let paid = paid::<GoCardless>().await;
    let event = event(
        "EV1",
        "payments",
        "confirmed",
        json!({"payment": paid.payment}),
    );
    paid.host.instead(down());
    let refused = read(paid.provider.as_ref(), std::slice::from_ref(&event)).await;
    assert!(
        matches!(refused, Err(DeliveryFault::Unavailable(_))),
        "{refused:?}"
    );
    read(paid.provider.as_ref(), &[event]).await.unwrap();
}

#[tokio::test]
async fn bodies_that_are_no_bundle_are_kept() {
    let host: Hosted = Host::new();
    let provider = provider(host, false);
    for body in ["null", "[]", "{}", r#"{"events":{}}"#, r#"{"events":[1]}"#] {
        let headers = sealed(body.as_bytes(), "hook_next");
        let read = provider
            .read_delivery(&headers, body.as_bytes(), now())
            .await;
        let delivery = read.unwrap();
        assert!(delivery.statements()[0].read().is_err(), "{body}");
        assert_eq!(delivery.statements()[0].body(), body);
    }
}

async fn instantly_paid(host: &Hosted, provider: &GoCardlessProvider) -> LookUp {
    let asked = request::<GoCardless>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    let mut state = host.state();
    let metadata = state.requests[0]["payment_request"]["metadata"].clone();
    assert!(state.requests[0]["mandate_request"].is_null());
    assert_eq!(state.requests[0]["payment_request"]["amount"], 119_000);
    state.requests[0]["status"] = json!("fulfilled");
    state.requests[0]["links"]["payment_request_payment"] = json!("PMinstant");
    state.payments.push(json!({
        "id": "PMinstant", "status": "submitted", "amount": 119_000, "currency": "GBP",
        "metadata": metadata, "links": {},
    }));
    LookUp::Session(checkout.session_id)
}

#[tokio::test]
async fn an_instant_payment_needs_no_debit() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), true);
    let session = instantly_paid(&host, &provider).await;
    let state = provider.look_up(&session).await.unwrap().unwrap();
    assert_eq!(state.status, SessionStatus::Complete);
    assert_eq!(state.payment, SessionPayment::Unpaid);
    let completed = provider
        .complete_checkout(&completion::<GoCardless>(&state.session_id))
        .await;
    assert_eq!(completed.unwrap(), Some(state));
    for (status, expected, payment) in [
        ("confirmed", SessionStatus::Complete, SessionPayment::Paid),
        ("paid_out", SessionStatus::Complete, SessionPayment::Paid),
        ("failed", SessionStatus::Failed, SessionPayment::Unpaid),
        (
            "charged_back",
            SessionStatus::Failed,
            SessionPayment::Unpaid,
        ),
    ] {
        host.state().payment("PMinstant")["status"] = json!(status);
        let state = provider.look_up(&session).await.unwrap().unwrap();
        assert_eq!(
            (state.status, state.payment),
            (expected, payment),
            "{status}"
        );
    }
    host.state().payment("PMinstant")["status"] = json!("on_the_moon");
    assert!(provider.look_up(&session).await.unwrap_err().in_doubt());
}

#[tokio::test]
async fn a_page_leaves_a_mandate_for_the_next_time() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), false);
    let asked = request::<GoCardless>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    let session = &checkout.session_id;
    assert_eq!(provider.mandate_of(session).await, Ok(None));
    GoCardless::agree(&mut host.state(), session);
    let mandate = provider.mandate_of(session).await.unwrap().unwrap();
    assert_eq!(mandate.as_str(), format!("MD{session}"));
    let unknown = "BRQ404".parse().unwrap();
    assert_eq!(provider.mandate_of(&unknown).await, Ok(None));
}

#[tokio::test]
async fn metadata_that_was_not_sent_is_no_reason_not_to_look() {
    let paid = paid::<GoCardless>().await;
    let mut event = event(
        "EV1",
        "payments",
        "confirmed",
        json!({"payment": paid.payment}),
    );
    event["resource_metadata"] = json!({});
    let kind = read(paid.provider.as_ref(), &[event])
        .await
        .unwrap()
        .remove(0);
    assert!(
        matches!(kind, NotificationKind::PaymentSucceeded { references: Some(stated), .. }
        if stated == references())
    );
}

#[tokio::test]
async fn a_debit_on_a_mandate_is_made_once_and_called_off_in_time() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), false);
    let debit = Debit {
        attempt_id: attempt(),
        mandate: "MD1".parse().unwrap(),
        amount: "25.00 EUR".parse().unwrap(),
        references: references(),
        charge_date: Some("2026-10-01".parse().unwrap()),
    };
    let made = provider.debit(&debit).await.unwrap();
    assert_eq!(made.status, DebitStatus::Processing);
    assert_eq!(provider.debit(&debit).await.unwrap(), made);
    assert_eq!(host.state().payments.len(), 1);
    assert_eq!(host.state().payments[0]["charge_date"], "2026-10-01");
    // The same key for something else is no success.
    let other = Debit {
        amount: "26.00 EUR".parse().unwrap(),
        ..debit.clone()
    };
    assert!(provider.debit(&other).await.unwrap_err().in_doubt());

    let cancelled = provider.cancel_debit(&made.payment_intent).await.unwrap();
    assert_eq!(cancelled.unwrap().status, DebitStatus::Over);
    host.state().payments[0]["status"] = json!("submitted");
    let late = provider.cancel_debit(&made.payment_intent).await.unwrap();
    assert_eq!(late.unwrap().status, DebitStatus::Processing);
    assert_eq!(
        provider.find_debit(&"PM404".parse().unwrap()).await,
        Ok(None)
    );

    let dead = Debit {
        attempt_id: "att_01k8000000e008000000000009".parse().unwrap(),
        mandate: "MDdead".parse().unwrap(),
        ..debit
    };
    let refused = provider.debit(&dead).await.unwrap_err();
    assert!(
        matches!(refused, CheckoutError::Declined { code, .. } if code == "mandate_is_inactive")
    );
}
