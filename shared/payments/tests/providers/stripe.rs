//! Stripe on the wire: what is sent, what answers mean, and what its events say.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::fake::{Answer, ScriptedTransport, answer, unknown};
use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_payments::AmountFault;
use remit_payments::object::FieldFault;
use remit_payments::stripe::{API_VERSION, StripeCredentials, StripeProvider, event};
use remit_payments::{
    CheckoutError, CheckoutRequest, DisputeStatus, DisputeStep, LookUp, NotificationFault,
    NotificationKind, PaymentIntent, Provider, References, RefundStatus, Refunded, SessionPayment,
    SessionStatus, Transport,
};

const BASE: &str = "http://127.0.0.1:3000/_local/stripe/";
const SESSION: &str = "cs_test_a1Zk7bYp3QmVn8RtXw2LsDf6HgJc4KvB9NxUe5TyAo0PiEr7MdSqWlCzGh";
const INTENT: &str = "pi_3SVq2kLr8T5bQwEx1aBcD9fG";
const DISPUTE: &str = "du_1SVrA9Lr8T5bQwExk3PzWn2V";

fn fixture(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/stripe");
    std::fs::read(root.join(format!("{name}.json"))).expect(name)
}

fn fixed(status: u16, name: &str) -> Answer {
    answer(status, fixture(&format!("answers/{name}")))
}

fn provider(transport: std::sync::Arc<dyn Transport>) -> StripeProvider {
    let key = "sk_test_wire".parse().unwrap();
    let credentials = StripeCredentials::new(key, vec!["whsec_1".parse().unwrap()]).unwrap();
    StripeProvider::new(transport, BASE, &credentials)
}

fn references() -> References {
    References {
        account: "acc_01k8000000e008000000000001"
            .parse::<AccountId>()
            .unwrap(),
        invoice: "inv_01k8000000e008000000000002"
            .parse::<InvoiceId>()
            .unwrap(),
        attempt: Some(
            "att_01k8000000e008000000000003"
                .parse::<AttemptId>()
                .unwrap(),
        ),
    }
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn request(amount: &str) -> CheckoutRequest {
    CheckoutRequest {
        attempt_id: references().attempt.unwrap(),
        invoice_id: references().invoice,
        account_id: references().account,
        client_email: Some("accounts+remit@client.example".parse().unwrap()),
        amount: money(amount),
        description: "Invoice INV-2026-00007 & \"extras\" = 세금".to_owned(),
        success_url: "https://billing.example.com/p/token?paid=1&x=%20".to_owned(),
        cancel_url: "https://billing.example.com/p/token".to_owned(),
        expires_at: Timestamp::from_second(1_790_003_600).unwrap(),
        language: Language::Ko,
        keep: None,
    }
}

fn form(request: &Request<Bytes>) -> BTreeMap<String, String> {
    let pairs: Vec<_> = form_urlencoded::parse(request.body())
        .into_owned()
        .collect();
    let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "a name twice: {pairs:?}");
    map
}

#[tokio::test]
async fn a_checkout_is_asked_for_as_stripe_documents_it() {
    let transport = ScriptedTransport::new([fixed(200, "session.open")]);
    let checkout = provider(transport.clone())
        .create_checkout(&request("1190.00 EUR"))
        .await
        .unwrap();
    assert_eq!(checkout.session_id.as_str(), SESSION);
    assert!(
        checkout
            .url
            .starts_with("https://checkout.stripe.com/c/pay/cs_test_")
    );
    assert_eq!(checkout.expires_at.as_second(), 1_790_003_000);

    let sent = transport.take_sent().remove(0);
    assert_eq!(sent.method(), Method::POST);
    assert_eq!(
        sent.uri(),
        "http://127.0.0.1:3000/_local/stripe/v1/checkout/sessions"
    );
    let header = |name: &str| sent.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("authorization"), "Bearer sk_test_wire");
    assert!(sent.headers()["authorization"].is_sensitive());
    assert_eq!(header("stripe-version"), API_VERSION);
    assert_eq!(header("idempotency-key"), "att_01k8000000e008000000000003");
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");

    let metadata = [
        ("remit_account", "acc_01k8000000e008000000000001"),
        ("remit_attempt", "att_01k8000000e008000000000003"),
        ("remit_invoice", "inv_01k8000000e008000000000002"),
    ];
    let mut expected: BTreeMap<String, String> = [
        ("mode", "payment"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "119000"),
        (
            "line_items[0][price_data][product_data][name]",
            "Invoice INV-2026-00007 & \"extras\" = 세금",
        ),
        ("client_reference_id", "inv_01k8000000e008000000000002"),
        (
            "success_url",
            "https://billing.example.com/p/token?paid=1&x=%20",
        ),
        ("cancel_url", "https://billing.example.com/p/token"),
        ("expires_at", "1790003600"),
        ("locale", "ko"),
        ("adaptive_pricing[enabled]", "false"),
        ("customer_email", "accounts+remit@client.example"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    for (key, value) in metadata {
        expected.insert(format!("metadata[{key}]"), value.to_owned());
        expected.insert(
            format!("payment_intent_data[metadata][{key}]"),
            value.to_owned(),
        );
    }
    assert_eq!(form(&sent), expected);
}

#[tokio::test]
async fn amounts_leave_in_stripes_units_or_not_at_all() {
    for (asked, currency, units) in [
        ("33000 KRW", "krw", "33000"),
        ("5 ISK", "isk", "500"),
        ("5.120 KWD", "kwd", "5120"),
    ] {
        let transport = ScriptedTransport::new([fixed(200, "session.open")]);
        provider(transport.clone())
            .create_checkout(&request(asked))
            .await
            .unwrap();
        let form = form(&transport.take_sent()[0]);
        assert_eq!(form["line_items[0][price_data][currency]"], currency);
        assert_eq!(form["line_items[0][price_data][unit_amount]"], units);
    }
    let transport = ScriptedTransport::new([]);
    let error = provider(transport)
        .create_checkout(&request("5.124 KWD"))
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        CheckoutError::Amount(AmountFault::BetweenSteps { .. })
    ));
}

#[tokio::test]
async fn a_long_description_is_cut_and_no_address_is_sent_if_there_is_none() {
    let transport = ScriptedTransport::new([fixed(200, "session.open")]);
    let asked = CheckoutRequest {
        description: "한".repeat(400),
        client_email: None,
        ..request("1.00 EUR")
    };
    provider(transport.clone())
        .create_checkout(&asked)
        .await
        .unwrap();
    let form = form(&transport.take_sent()[0]);
    assert_eq!(
        form["line_items[0][price_data][product_data][name]"],
        "한".repeat(250)
    );
    assert!(!form.contains_key("customer_email"));
}

#[tokio::test]
async fn each_refusal_of_stripes_has_its_meaning() {
    let kind = |error: CheckoutError| match error {
        CheckoutError::NotMade { .. } => "not made".to_owned(),
        CheckoutError::Unknown { .. } => "unknown".to_owned(),
        CheckoutError::Declined { code, .. } => format!("declined {code}"),
        CheckoutError::BadCredentials { .. } => "credentials".to_owned(),
        CheckoutError::Misconfigured { code, .. } => format!("misconfigured {code}"),
        CheckoutError::Amount(_) => "amount".to_owned(),
    };
    for (status, name, expected) in [
        (400, "error.amount_too_small", "declined amount_too_small"),
        (
            400,
            "error.unknown_parameter",
            "misconfigured parameter_unknown",
        ),
        (400, "error.idempotency", "unknown"),
        (401, "error.authentication", "credentials"),
        (402, "error.card_declined", "declined card_declined"),
        (403, "error.authentication", "credentials"),
        (404, "error.not_found", "misconfigured resource_missing"),
        (409, "error.idempotency_in_use", "unknown"),
        (409, "error.lock_timeout", "not made"),
        (429, "error.lock_timeout", "not made"),
        (429, "error.rate_limit", "not made"),
        (500, "error.api", "unknown"),
        (503, "error.api", "unknown"),
    ] {
        let transport = ScriptedTransport::new([fixed(status, name)]);
        let error = provider(transport)
            .create_checkout(&request("1.00 EUR"))
            .await
            .unwrap_err();
        assert!(!error.to_string().contains("sk_test_wire"));
        assert_eq!(kind(error), expected, "{status} {name}");
    }
}

#[tokio::test]
async fn a_session_is_looked_up_by_its_id() {
    let transport = ScriptedTransport::new([
        fixed(200, "session.open"),
        fixed(200, "session.complete"),
        fixed(200, "session.expired"),
        fixed(404, "error.not_found"),
        answer(404, "not stripe at all"),
        unknown(),
    ]);
    let stripe = provider(transport.clone());
    let wanted = LookUp::Session(SESSION.parse().unwrap());

    let open = stripe.look_up(&wanted).await.unwrap().unwrap();
    assert!(matches!(open.status, SessionStatus::Open { .. }));
    assert_eq!(open.payment, SessionPayment::Unpaid);
    assert_eq!(open.payment_intent, None);
    assert_eq!(open.amount, money("1190.00 EUR"));
    assert_eq!(open.references, Some(references()));

    let complete = stripe.look_up(&wanted).await.unwrap().unwrap();
    assert_eq!(complete.status, SessionStatus::Complete);
    assert_eq!(complete.payment, SessionPayment::Paid);
    assert_eq!(complete.payment_intent, Some(INTENT.parse().unwrap()));

    assert_eq!(
        stripe.look_up(&wanted).await.unwrap().unwrap().status,
        SessionStatus::Expired
    );
    assert_eq!(stripe.look_up(&wanted).await, Ok(None));
    let elsewhere = stripe.look_up(&wanted).await.unwrap_err();
    assert!(
        matches!(elsewhere, CheckoutError::Misconfigured { .. }),
        "{elsewhere:?}"
    );
    assert!(stripe.look_up(&wanted).await.unwrap_err().in_doubt());

    let sent = transport.take_sent();
    assert_eq!(sent[0].method(), Method::GET);
    assert_eq!(
        sent[0].uri().path(),
        format!("/_local/stripe/v1/checkout/sessions/{SESSION}")
    );
    assert!(sent[0].headers().get("idempotency-key").is_none());
}

#[tokio::test]
async fn a_session_is_found_by_its_attempt() {
    let script = [fixed(200, "sessions.first"), fixed(200, "sessions.last")];
    let transport = ScriptedTransport::new(script);
    let wanted = LookUp::Attempt {
        account_id: references().account,
        invoice_id: references().invoice,
        attempt_id: references().attempt.unwrap(),
        sent_at: Timestamp::from_second(1_790_000_000).unwrap(),
    };
    let found = provider(transport.clone())
        .look_up(&wanted)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.session_id.as_str(), SESSION);

    let queries: Vec<BTreeMap<String, String>> = transport
        .take_sent()
        .iter()
        .map(|sent| form_urlencoded::parse(sent.uri().query().unwrap().as_bytes()))
        .map(|pairs| pairs.into_owned().collect())
        .collect();
    assert_eq!(queries[0]["limit"], "100");
    assert_eq!(queries[0]["created[gte]"], "1789999700");
    assert_eq!(queries[0]["created[lte]"], "1790000900");
    assert!(!queries[0].contains_key("starting_after"));
    assert_eq!(queries[1]["starting_after"], "cs_test_b2");

    let empty = r#"{"object":"list","data":[],"has_more":false}"#;
    let none = provider(ScriptedTransport::new([answer(200, empty)]))
        .look_up(&wanted)
        .await;
    assert_eq!(none, Ok(None));
    // A list without end is no proof that the session is not there.
    let endless = provider(ScriptedTransport::new(
        (0..10).map(|_| fixed(200, "sessions.first")),
    ));
    assert!(endless.look_up(&wanted).await.unwrap_err().in_doubt());
}

#[tokio::test]
async fn closing_a_page_tells_what_it_is_then() {
    let transport = ScriptedTransport::new([
        fixed(200, "session.expired"),
        fixed(400, "error.not_open"),
        fixed(200, "session.complete"),
        fixed(404, "error.not_found"),
    ]);
    let stripe = provider(transport.clone());
    let session = SESSION.parse().unwrap();
    let closed = stripe.expire_checkout(&session).await.unwrap().unwrap();
    assert_eq!(closed.status, SessionStatus::Expired);
    let paid_before = stripe.expire_checkout(&session).await.unwrap().unwrap();
    assert_eq!(paid_before.payment, SessionPayment::Paid);
    assert_eq!(stripe.expire_checkout(&session).await, Ok(None));
    let sent = transport.take_sent();
    assert_eq!(sent[0].method(), Method::POST);
    assert!(
        sent[0]
            .uri()
            .path()
            .ends_with(&format!("/sessions/{SESSION}/expire"))
    );
    assert_eq!(sent[2].method(), Method::GET);
}

fn intent() -> PaymentIntent {
    INTENT.parse().unwrap()
}

fn expected_kinds() -> Vec<(&'static str, NotificationKind)> {
    use NotificationKind::*;
    let session = || Some(SESSION.parse().unwrap());
    let remit = Some(references());
    let full = money("1190.00 EUR");
    let succeeded = |session, amount, references| PaymentSucceeded {
        payment_intent: intent(),
        session,
        amount,
        references,
    };
    let failed = |session, code: Option<&str>, is_final| PaymentFailed {
        payment_intent: intent(),
        session,
        amount: full,
        references: remit,
        code: code.map(str::to_owned),
        is_final,
    };
    let processing = |session| PaymentProcessing {
        payment_intent: intent(),
        session,
        amount: full,
        references: remit,
    };
    let refund = |status| Refunded {
        payment_intent: intent(),
        refunded: self::Refunded::Single {
            refund: "re_3SVq2kLr8T5bQwEx1hHyT7Qm".parse().unwrap(),
            amount: money("190.00 EUR"),
            status,
        },
        references: None,
    };
    let dispute = |step, status| Disputed {
        payment_intent: intent(),
        dispute: DISPUTE.parse().unwrap(),
        amount: full,
        status,
        step,
    };
    let unknown = |event_type: &str| Unknown {
        event_type: event_type.to_owned(),
    };
    vec![
        (
            "checkout.session.completed",
            succeeded(session(), full, remit),
        ),
        ("checkout.session.completed.unpaid", processing(session())),
        (
            "checkout.session.completed.free",
            unknown("checkout.session.completed"),
        ),
        (
            "checkout.session.completed.foreign",
            succeeded(session(), money("4980 JPY"), None),
        ),
        (
            "checkout.session.completed.subscription",
            unknown("checkout.session.completed"),
        ),
        (
            "checkout.session.async_payment_succeeded",
            succeeded(session(), full, remit),
        ),
        (
            "checkout.session.async_payment_failed",
            failed(session(), None, true),
        ),
        (
            "checkout.session.expired",
            SessionExpired {
                session: SESSION.parse().unwrap(),
                references: remit,
            },
        ),
        ("payment_intent.succeeded", succeeded(None, full, remit)),
        (
            "payment_intent.succeeded.krw",
            succeeded(None, money("1650000 KRW"), remit),
        ),
        ("payment_intent.processing", processing(None)),
        (
            "payment_intent.payment_failed",
            failed(None, Some("insufficient_funds"), false),
        ),
        (
            "payment_intent.canceled",
            failed(None, Some("canceled"), false),
        ),
        (
            "charge.refunded",
            Refunded {
                payment_intent: intent(),
                refunded: self::Refunded::Cumulative {
                    total: money("190.00 EUR"),
                },
                references: remit,
            },
        ),
        ("charge.refunded.legacy", unknown("charge.refunded")),
        ("refund.created", refund(RefundStatus::Pending)),
        ("refund.updated", refund(RefundStatus::Succeeded)),
        ("refund.failed", refund(RefundStatus::Failed)),
        (
            "charge.dispute.created",
            dispute(DisputeStep::Opened, DisputeStatus::NeedsResponse),
        ),
        (
            "charge.dispute.created.inquiry",
            dispute(DisputeStep::Opened, DisputeStatus::Inquiry),
        ),
        (
            "charge.dispute.updated",
            dispute(DisputeStep::Updated, DisputeStatus::UnderReview),
        ),
        (
            "charge.dispute.funds_withdrawn",
            dispute(DisputeStep::FundsWithdrawn, DisputeStatus::NeedsResponse),
        ),
        (
            "charge.dispute.funds_reinstated",
            dispute(DisputeStep::FundsReinstated, DisputeStatus::Won),
        ),
        (
            "charge.dispute.closed.won",
            dispute(DisputeStep::Closed, DisputeStatus::Won),
        ),
        (
            "charge.dispute.closed.lost",
            dispute(DisputeStep::Closed, DisputeStatus::Lost),
        ),
        (
            "payout.paid",
            NotificationKind::PaidOut {
                payout: "po_1SWBt0Lr8T5bQwExN7uKfQ2m".parse().unwrap(),
                amount: money("1161.25 EUR"),
                kept: None,
                bank_text: Some("STRIPE NSEA-7Q2M".to_owned()),
                arrives_on: "2026-09-24".parse().unwrap(),
            },
        ),
        ("customer.created", unknown("customer.created")),
    ]
}

#[test]
fn every_fixture_says_what_it_should() {
    let expected = expected_kinds();
    for (name, kind) in &expected {
        let body = fixture(&format!("events/{name}"));
        let notification = event::parse(&body).expect(name);
        assert_eq!(&notification.kind, kind, "{name}");
        let raw: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            notification.provider_event_id.as_str(),
            raw["id"].as_str().unwrap()
        );
        assert_eq!(
            notification.occurred_at.as_second(),
            raw["created"].as_i64().unwrap()
        );
        assert!(!notification.livemode);
        // What is kept as unmatched reads back.
        let kept = serde_json::to_string(&notification).unwrap();
        let read: remit_payments::Notification = serde_json::from_str(&kept).unwrap();
        assert_eq!(read, notification, "{name}");
    }
    let events = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/stripe/events");
    assert_eq!(
        std::fs::read_dir(events).unwrap().count(),
        expected.len(),
        "a fixture untested"
    );
}

/// A payout below zero takes money from the bank, and what has no day is for a person.
#[test]
fn a_payout_that_brings_nothing_is_none() {
    let with = |pointer, value| event::parse(&changed("payout.paid", pointer, Some(value)));
    for amount in [0, -100] {
        let read = with("/data/object/amount", serde_json::json!(amount)).unwrap();
        assert!(matches!(read.kind, NotificationKind::Unknown { .. }));
    }
    assert!(with("/data/object/arrival_date", serde_json::json!("soon")).is_err());
    assert!(with("/data/object/id", serde_json::json!("")).is_err());
}

/// What is kept because of a dispute is what its balance transactions say in all.
#[test]
fn a_disputes_fee_stands_in_what_took_and_gave_back_its_money() {
    let fee = |body: &[u8]| event::parse(body).unwrap().fee;
    for name in [
        "charge.dispute.created",
        "charge.refunded",
        "checkout.session.completed",
    ] {
        assert_eq!(fee(&fixture(&format!("events/{name}"))), None, "{name}");
    }
    let withdrawn = "charge.dispute.funds_withdrawn";
    let told = fee(&fixture(&format!("events/{withdrawn}")));
    assert_eq!(told, Some(money("20.00 EUR")));
    let pointer = "/data/object/balance_transactions";
    let with = |transactions| fee(&changed(withdrawn, pointer, Some(transactions)));
    let taken = serde_json::json!({"fee": 2000, "currency": "eur"});
    let back = serde_json::json!({"fee": -1500, "currency": "eur"});
    let both = serde_json::json!([taken, back]);
    assert_eq!(with(both), Some(money("5.00 EUR")));
    // What cannot be read is no fee, and the dispute counts all the same.
    for garbled in [
        serde_json::json!("none"),
        serde_json::json!([{"fee": "2000", "currency": "eur"}]),
        serde_json::json!([taken, {"fee": 1, "currency": "usd"}]),
    ] {
        assert_eq!(with(garbled), None);
    }
}

/// The event with one field changed, `None` to take it away.
fn changed(name: &str, pointer: &str, value: Option<serde_json::Value>) -> Vec<u8> {
    let mut event: serde_json::Value =
        serde_json::from_slice(&fixture(&format!("events/{name}"))).unwrap();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        None => parent.remove(field),
        Some(value) => parent.insert(field.to_owned(), value),
    };
    serde_json::to_vec(&event).unwrap()
}

#[test]
fn a_used_field_that_is_wrong_is_a_typed_fault_that_names_it() {
    use serde_json::json;
    let session = "checkout.session.completed";
    let missing = |pointer: &str| FieldFault::Missing {
        pointer: pointer.to_owned(),
    };
    let cases = [
        (session, "/id"),
        (session, "/type"),
        (session, "/created"),
        (session, "/livemode"),
        (session, "/data"),
        (session, "/data/object"),
        (session, "/data/object/id"),
        (session, "/data/object/payment_intent"),
        (session, "/data/object/amount_total"),
        (session, "/data/object/currency"),
        (session, "/data/object/payment_status"),
        ("payment_intent.succeeded", "/data/object/id"),
        ("payment_intent.succeeded", "/data/object/amount_received"),
        ("payment_intent.processing", "/data/object/amount"),
        ("charge.refunded", "/data/object/amount_refunded"),
        ("refund.updated", "/data/object/id"),
        ("refund.updated", "/data/object/amount"),
        ("refund.updated", "/data/object/status"),
        ("charge.dispute.created", "/data/object/id"),
        ("charge.dispute.created", "/data/object/status"),
        ("charge.dispute.created", "/data/object/amount"),
        ("checkout.session.expired", "/data/object/id"),
    ];
    for (name, pointer) in cases {
        let verdict = event::parse(&changed(name, pointer, None));
        assert_eq!(
            verdict,
            Err(NotificationFault::Field(missing(pointer))),
            "{name}"
        );
        let verdict = event::parse(&changed(name, pointer, Some(json!(null))));
        assert_eq!(
            verdict,
            Err(NotificationFault::Field(missing(pointer))),
            "{name} null"
        );
        for wrong in [
            json!([]),
            json!({"a": 1}),
            json!(1.5),
            json!("a#b c"),
            json!(true),
        ] {
            let verdict = event::parse(&changed(name, pointer, Some(wrong.clone())));
            let lucky = match (pointer, &wrong) {
                // Any text is a type, and a flag is a flag.
                ("/type", serde_json::Value::String(_)) => true,
                ("/livemode", serde_json::Value::Bool(_)) => true,
                _ => false,
            };
            assert_eq!(
                verdict.is_ok(),
                lucky,
                "{name} {pointer} {wrong}: {verdict:?}"
            );
        }
    }
}

#[test]
fn amounts_that_cannot_be_held_are_faults_and_never_guesses() {
    use serde_json::json;
    for (pointer, wrong) in [
        ("/data/object/amount_total", json!(119_000.0)),
        ("/data/object/amount_total", json!("119000")),
        ("/data/object/amount_total", json!(1.0e3)),
        ("/data/object/amount_total", json!(u64::MAX)),
        ("/data/object/currency", json!("usdc")),
        ("/data/object/currency", json!("")),
        ("/created", json!(i64::MAX)),
    ] {
        let verdict = event::parse(&changed("checkout.session.completed", pointer, Some(wrong)));
        assert!(
            matches!(
                verdict,
                Err(NotificationFault::Field(_) | NotificationFault::Amount(_))
            ),
            "{pointer}: {verdict:?}"
        );
    }
}

#[test]
fn metadata_that_is_not_remits_makes_it_foreign() {
    use serde_json::json;
    let half = json!({"remit_account": references().account});
    let swapped = json!({
        "remit_account": references().invoice,
        "remit_invoice": references().account,
    });
    for metadata in [
        json!(null),
        json!({}),
        half,
        swapped,
        json!({"remit_account": 7}),
    ] {
        let body = changed(
            "payment_intent.succeeded",
            "/data/object/metadata",
            Some(metadata),
        );
        let NotificationKind::PaymentSucceeded { references, .. } =
            event::parse(&body).unwrap().kind
        else {
            unreachable!("still a payment")
        };
        assert_eq!(references, None);
    }
    let without_attempt = json!({
        "remit_account": references().account,
        "remit_invoice": references().invoice,
    });
    let body = changed(
        "payment_intent.succeeded",
        "/data/object/metadata",
        Some(without_attempt),
    );
    let NotificationKind::PaymentSucceeded {
        references: read, ..
    } = event::parse(&body).unwrap().kind
    else {
        unreachable!("still a payment")
    };
    assert_eq!(
        read,
        Some(References {
            attempt: None,
            ..references()
        })
    );
}

#[test]
fn fields_that_are_not_used_may_change() {
    use serde_json::json;
    for pointer in [
        "/api_version",
        "/request",
        "/data/object/customer_details",
        "/data/object/url",
    ] {
        let body = changed(
            "checkout.session.completed",
            pointer,
            Some(json!({"new": [1, 2.5]})),
        );
        event::parse(&body).unwrap();
    }
    let body = changed(
        "charge.dispute.created",
        "/data/object/status",
        Some(json!("on_hold")),
    );
    let verdict = event::parse(&body);
    assert!(
        matches!(verdict, Err(NotificationFault::Field(_))),
        "{verdict:?}"
    );
}
