//! PayPal on its own: certificates and questions, tokens, captures.

use std::sync::Arc;

use crate::contract::{Paid, Subject, attempt, completion, now, paid, request};
use crate::fake::stand_in::{Host, reply};
use crate::fake::{answer, not_sent, unknown};
use crate::subjects::authority::{authority, sealed};
use crate::subjects::paypal::{PayPal, PayPalStandIn, capture_event, provider, shared};
use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use remit_payments::paypal::{PayPalShared, WebhookCheck};
use remit_payments::{
    CheckoutError, Delivery, DeliveryFault, LookUp, PaymentIntent, Provider, SessionPayment,
    SessionStatus, SignatureFault, TrustedRoots,
};
use serde_json::json;

type Hosted = Arc<Host<PayPalStandIn>>;

fn genuine() -> Vec<u8> {
    let payment: PaymentIntent = "3C675O190127550".parse().unwrap();
    capture_event(&payment).to_string().into_bytes()
}

async fn deliver(
    host: &Hosted,
    check: WebhookCheck,
    shared: Arc<PayPalShared>,
    body: &[u8],
) -> Result<Delivery, DeliveryFault> {
    let headers = sealed(body, &authority().key, now());
    let provider = provider(host.clone(), check, shared, now());
    provider.read_delivery(&headers, body, now()).await
}

#[tokio::test]
async fn a_certificate_proves_without_asking_and_is_fetched_once() {
    let host: Hosted = Host::new();
    let shared = shared();
    for _ in 0..3 {
        let check = WebhookCheck::Certificate;
        let delivery = deliver(&host, check, shared.clone(), &genuine()).await;
        assert!(delivery.unwrap().statements()[0].read().is_ok());
    }
    assert_eq!(host.sent_count(), 1);
    assert_eq!(host.state().tokens_bought, 0);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_judged_is_left_to_paypal() {
    let stranger_to_all = || Arc::new(PayPalShared::new(TrustedRoots::of(&[])));
    let authority = authority();
    for (name, pem, shared) in [
        (
            "no known root",
            authority.chain_pem.as_str(),
            stranger_to_all(),
        ),
        ("another name", authority.misnamed_pem.as_str(), shared()),
        ("expired", authority.expired_pem.as_str(), shared()),
        ("forged chain", authority.forged_pem.as_str(), shared()),
        ("no certificate", "hello", shared()),
        (
            "broken",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            shared(),
        ),
    ] {
        let host: Hosted = Host::new();
        pem.clone_into(&mut host.state().pem);
        let check = WebhookCheck::Certificate;
        let delivery = deliver(&host, check, shared.clone(), &genuine()).await;
        assert!(delivery.is_ok(), "{name}: {delivery:?}");
        assert_eq!(host.state().verdicts_asked, 1, "{name}");
        // PayPal's word counts: what a stranger signed is refused.
        let body = genuine();
        let headers = sealed(&body, &authority.stranger, now());
        let provider = provider(host.clone(), check, shared, now());
        let refused = provider.read_delivery(&headers, &body, now()).await;
        let mismatch = DeliveryFault::Signature(SignatureFault::Mismatch);
        assert_eq!(refused, Err(mismatch), "{name}");
    }
}

#[tokio::test]
async fn asking_sends_the_body_as_it_came() {
    let host: Hosted = Host::new();
    // Spaces and the order of fields are part of what was signed.
    let body = String::from_utf8(genuine())
        .unwrap()
        .replacen(':', " :  ", 1);
    let check = WebhookCheck::AskPayPal;
    let delivery = deliver(&host, check, shared(), body.as_bytes()).await;
    delivery.unwrap();
    assert_eq!(host.state().verdicts_asked, 1);

    // What is no JSON by itself could say more than an event: it is not even asked about.
    for body in [r#"{},"webhook_id":"mine","x":{}"#, "", "{", "\u{fffe}"] {
        let refused = deliver(&host, check, shared(), body.as_bytes()).await;
        let mismatch = DeliveryFault::Signature(SignatureFault::Mismatch);
        assert_eq!(refused, Err(mismatch), "{body}");
    }
    assert_eq!(host.state().verdicts_asked, 1);
}

#[tokio::test]
async fn headers_that_are_not_paypals_are_refused_before_anything_is_sent() {
    let host: Hosted = Host::new();
    let body = genuine();
    let provider = provider(host.clone(), WebhookCheck::Certificate, shared(), now());
    for (name, value, expected) in [
        (
            "paypal-transmission-id",
            "a|b",
            SignatureFault::MalformedHeader,
        ),
        (
            "paypal-transmission-id",
            "",
            SignatureFault::MalformedHeader,
        ),
        (
            "paypal-transmission-time",
            "now",
            SignatureFault::MissingTimestamp,
        ),
        (
            "paypal-transmission-sig",
            "***",
            SignatureFault::MalformedHeader,
        ),
        (
            "paypal-cert-url",
            "https://evil.example/c",
            SignatureFault::MalformedHeader,
        ),
        ("paypal-auth-algo", "none", SignatureFault::MissingSignature),
    ] {
        let mut headers = sealed(&body, &authority().key, now());
        headers.insert(name, HeaderValue::from_static(value));
        let refused = provider.read_delivery(&headers, &body, now()).await;
        assert_eq!(
            refused,
            Err(DeliveryFault::Signature(expected)),
            "{name} {value}"
        );
        headers.remove(name);
        let refused = provider.read_delivery(&headers, &body, now()).await;
        let missing = DeliveryFault::Signature(SignatureFault::MissingHeader);
        assert_eq!(refused, Err(missing), "{name}");
    }
    assert_eq!(host.sent_count(), 0);
}

#[tokio::test]
async fn a_token_is_bought_once_and_again_before_it_ends() {
    let host: Hosted = Host::new();
    let shared = shared();
    let session = LookUp::Session("5O404".parse().unwrap());
    let at = |hours: i64, minutes: i64| {
        now() + SignedDuration::from_hours(hours) + SignedDuration::from_mins(minutes)
    };
    for (when, bought) in [(at(0, 0), 1), (at(8, 54), 1), (at(8, 55), 2), (at(9, 0), 2)] {
        let check = WebhookCheck::Certificate;
        let provider = provider(host.clone(), check, shared.clone(), when);
        assert_eq!(provider.look_up(&session).await, Ok(None));
        assert_eq!(host.state().tokens_bought, bought, "{when}");
    }
    // One that is not taken any more is bought anew, once.
    let provider = provider(
        host.clone(),
        WebhookCheck::Certificate,
        shared.clone(),
        at(9, 0),
    );
    host.instead(Ok(reply(401, &json!({"error": "invalid_token"}))));
    assert_eq!(provider.look_up(&session).await, Ok(None));
    assert_eq!(host.state().tokens_bought, 3);
    assert!(!format!("{shared:?}").contains("A21AA"));
}

#[tokio::test]
async fn without_a_token_nothing_was_made() {
    for (answers, retryable) in [
        (vec![unknown()], true),
        (vec![not_sent()], true),
        (vec![answer(503, "")], true),
        (vec![answer(200, "{}")], true),
        (
            vec![answer(200, r#"{"access_token":"a b","expires_in":1}"#)],
            true,
        ),
        (vec![answer(401, r#"{"error":"invalid_client"}"#)], false),
    ] {
        let transport = crate::fake::ScriptedTransport::new(answers);
        let provider = provider(transport, WebhookCheck::Certificate, shared(), now());
        let asked = request::<PayPal>(attempt());
        let error = provider.create_checkout(&asked).await.unwrap_err();
        assert_eq!(error.retryable(), retryable, "{error:?}");
        assert!(!error.in_doubt(), "{error:?}");
        assert!(!format!("{error:?}{error}").contains("secret"));
    }
}

#[tokio::test]
async fn a_capture_has_three_ends() {
    for (status, expected, payment) in [
        ("COMPLETED", SessionStatus::Complete, SessionPayment::Paid),
        ("REFUNDED", SessionStatus::Complete, SessionPayment::Paid),
        ("PENDING", SessionStatus::Complete, SessionPayment::Unpaid),
        ("DECLINED", SessionStatus::Failed, SessionPayment::Unpaid),
        ("FAILED", SessionStatus::Failed, SessionPayment::Unpaid),
    ] {
        let paid: Paid<PayPal> = paid().await;
        let session = paid.checkout.session_id.clone();
        {
            let mut state = paid.host.state();
            let order = state.order(session.as_str()).unwrap();
            order["purchase_units"][0]["payments"]["captures"][0]["status"] = json!(status);
        }
        let state = paid.provider.look_up(&LookUp::Session(session)).await;
        let state = state.unwrap().unwrap();
        assert_eq!(
            (state.status, state.payment),
            (expected, payment),
            "{status}"
        );
    }
}

#[tokio::test]
async fn who_captures_second_finds_what_the_first_captured() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), WebhookCheck::Certificate, shared(), now());
    let asked = request::<PayPal>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    PayPal::agree(&mut host.state(), &checkout.session_id);
    let wanted = completion::<PayPal>(&checkout.session_id);
    // The order is read as approved; then somebody else is faster.
    let approved = host
        .state()
        .order(checkout.session_id.as_str())
        .unwrap()
        .clone();
    provider.complete_checkout(&wanted).await.unwrap();
    host.instead(Ok(reply(200, &approved)));
    let again = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    assert_eq!(again.payment, SessionPayment::Paid);
    // Not agreed on any more: a 422 of PayPal's is the payer's business.
    host.instead(Ok(reply(200, &approved)));
    host.instead(Ok(crate::subjects::paypal::error(
        422,
        "UNPROCESSABLE_ENTITY",
        "INSTRUMENT_DECLINED",
    )));
    let declined = provider.complete_checkout(&wanted).await.unwrap_err();
    assert!(
        matches!(declined, CheckoutError::Declined { code, .. } if code == "INSTRUMENT_DECLINED")
    );
}

#[test]
fn a_time_before_the_epoch_is_left_to_paypal() {
    let before_the_epoch = Timestamp::from_second(-1).unwrap();
    let host: Hosted = Host::new();
    let provider = provider(host, WebhookCheck::Certificate, shared(), before_the_epoch);
    let body = genuine();
    let headers = sealed(&body, &authority().key, before_the_epoch);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let read = provider.read_delivery(&headers, &body, before_the_epoch);
    assert!(runtime.block_on(read).is_ok());
}
