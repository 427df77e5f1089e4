//! Stripe's refunds and fees on the wire.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::Subject;
use crate::fake::{ScriptedTransport, answer};
use crate::subjects::stripe::Stripe;
use jiff::Timestamp;
use remit_billing::money::Money;
use remit_payments::{
    DeliveryFault, PaymentIntent, Provider, RefundKey, RefundLookUp, RefundRequest, RefundStatus,
    SignatureFault, Transport,
};

const INTENT: &str = "pi_3SVq2kLr8T5bQwEx1aBcD9fG";

fn provider(transport: Arc<dyn Transport>) -> Arc<dyn Provider> {
    Stripe::provider(transport)
}

fn intent() -> PaymentIntent {
    INTENT.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn refund_request(amount: &str) -> RefundRequest {
    RefundRequest {
        refund_id: "ref_01k8000000e008000000000004".parse().unwrap(),
        payment_intent: intent(),
        references: crate::contract::references(),
        amount: money(amount),
        refunded_before: money("0.00 EUR"),
        reason: "agreed".to_owned(),
        receiver: None,
    }
}

fn refund_answer(id: &str, refund_id: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "object": "refund", "amount": 19_000, "currency": "eur",
        "payment_intent": INTENT, "status": "pending", "metadata": {"remit_refund": refund_id},
    })
}

#[tokio::test]
async fn a_refund_is_asked_for_as_stripe_documents_it() {
    let body = refund_answer("re_1", "ref_01k8000000e008000000000004").to_string();
    let transport = ScriptedTransport::new([answer(200, body)]);
    let state = provider(transport.clone())
        .refund(&refund_request("190.00 EUR"))
        .await
        .unwrap();
    assert_eq!(state.reference.as_str(), "re_1");
    assert_eq!(state.status, RefundStatus::Pending);
    let sent = transport.take_sent().remove(0);
    assert!(sent.uri().path().ends_with("/v1/refunds"));
    let key = sent.headers()["idempotency-key"].to_str().unwrap();
    assert_eq!(key, "ref_01k8000000e008000000000004");
    let expected: BTreeMap<String, String> = [
        ("payment_intent", INTENT),
        ("amount", "19000"),
        ("metadata[remit_account]", "acc_01k8000000e008000000000001"),
        ("metadata[remit_invoice]", "inv_01k8000000e008000000000002"),
        ("metadata[remit_attempt]", "att_01k8000000e008000000000003"),
        ("metadata[remit_refund]", "ref_01k8000000e008000000000004"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let form = form_urlencoded::parse(sent.body()).into_owned();
    assert_eq!(form.collect::<BTreeMap<_, _>>(), expected);
}

#[tokio::test]
async fn a_lost_refund_is_found_on_a_later_page() {
    let page = |refunds: &[serde_json::Value], has_more: bool| {
        let page = serde_json::json!({"data": refunds, "has_more": has_more});
        answer(200, page.to_string())
    };
    let foreign = refund_answer("re_1", "somebody's own");
    let ours = refund_answer("re_2", "ref_01k8000000e008000000000004");
    let transport = ScriptedTransport::new([page(&[foreign], true), page(&[ours], false)]);
    let wanted = RefundLookUp {
        payment_intent: intent(),
        refund: RefundKey::Attempt {
            refund_id: "ref_01k8000000e008000000000004".parse().unwrap(),
            amount: money("190.00 EUR"),
            sent_at: Timestamp::from_second(1_790_000_000).unwrap(),
        },
    };
    let found = provider(transport.clone()).look_up_refund(&wanted).await;
    assert_eq!(found.unwrap().unwrap().reference.as_str(), "re_2");
    let sent = transport.take_sent();
    let query = sent[1].uri().query().unwrap();
    assert_eq!(
        query,
        format!("payment_intent={INTENT}&limit=100&starting_after=re_1")
    );
}

#[tokio::test]
async fn a_fee_is_told_once_the_money_is_there() {
    for (body, expected) in [
        (serde_json::json!({"latest_charge": null}), Ok(None)),
        (
            serde_json::json!({"latest_charge": {"balance_transaction": null}}),
            Ok(None),
        ),
        (
            serde_json::json!({"latest_charge": {"balance_transaction":
                {"fee": 3000, "currency": "krw"}}}),
            Ok(Some(money("3000 KRW"))),
        ),
    ] {
        let transport = ScriptedTransport::new([answer(200, body.to_string())]);
        assert_eq!(provider(transport).fee(&intent()).await, expected);
    }
    // Not expanded, it is an id: no fee can be read of that.
    let body = serde_json::json!({"latest_charge": "ch_1"});
    let transport = ScriptedTransport::new([answer(200, body.to_string())]);
    assert!(provider(transport).fee(&intent()).await.is_err());
}

#[tokio::test]
async fn a_garbled_signature_is_refused() {
    let mut headers = http::HeaderMap::new();
    let value = http::HeaderValue::from_bytes(b"t=1\xff,v1=\xfe").unwrap();
    headers.insert("stripe-signature", value);
    let stripe = provider(ScriptedTransport::new([]));
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let read = stripe.read_delivery(&headers, b"{}", now).await;
    assert_eq!(
        read,
        Err(DeliveryFault::Signature(SignatureFault::MalformedHeader))
    );
}
