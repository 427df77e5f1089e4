//! What every payment provider must keep to, whatever it speaks on the wire.
//!
//! A provider joins by implementing [`Subject`] and one line of `provider_contract!` below.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod fake;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fake::{Answer, ScriptedTransport, answer, unknown};
use http::{HeaderMap, HeaderValue, Request, Response};
use jiff::Timestamp;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_payments::stripe::{self, StripeCredentials, StripeProvider, signature};
use remit_payments::{
    CheckoutError, CheckoutRequest, NotificationFault, NotificationKind, PaymentIntent, Provider,
    References, Secret, SignatureFault, Transport, TransportError,
};

/// How one provider is driven by the contract.
trait Subject {
    type Provider: Provider;

    fn provider(transport: Arc<dyn Transport>) -> Self::Provider;
    /// Two webhook secrets, both in use.
    fn secrets() -> [Secret; 2];
    /// The answer that opens a page.
    fn opened() -> Answer;
    fn credentials_refused() -> Answer;
    fn declined() -> Answer;
    /// "Too many requests, come back in 7 seconds".
    fn throttled() -> Answer;
    /// What the provider knows a repeated request by.
    fn identity(request: &Request<Bytes>) -> String;
    /// The headers of a notification.
    fn sealed(body: &[u8], secret: &Secret, now: Timestamp) -> HeaderMap;
    /// Every kind of notification that states this one payment.
    fn paid(
        intent: &PaymentIntent,
        amount: &Money,
        references: Option<&References>,
    ) -> Vec<Vec<u8>>;
    /// A genuine notification of a kind that Remit does not know.
    fn unheard_of() -> Vec<u8>;
}

fn not_sent() -> Answer {
    Err(TransportError::NotSent {
        reason: "connection refused".to_owned(),
    })
}

fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
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

fn request(attempt: AttemptId) -> CheckoutRequest {
    CheckoutRequest {
        attempt_id: attempt,
        invoice_id: references().invoice,
        account_id: references().account,
        client_email: None,
        amount: "1190.00 EUR".parse().unwrap(),
        description: "Invoice INV-2026-00007".to_owned(),
        success_url: "https://billing.example.com/p/token?paid=1".to_owned(),
        cancel_url: "https://billing.example.com/p/token".to_owned(),
        expires_at: Timestamp::from_second(1_790_003_600).unwrap(),
        language: Language::En,
    }
}

fn attempt() -> AttemptId {
    references().attempt.unwrap()
}

async fn checkout<S: Subject>(answer: Answer) -> Result<remit_payments::Checkout, CheckoutError> {
    let transport = ScriptedTransport::new([answer]);
    S::provider(transport)
        .create_checkout(&request(attempt()))
        .await
}

async fn a_repeated_attempt_is_recognised<S: Subject>() {
    let transport = ScriptedTransport::new([S::opened(), S::opened(), S::opened()]);
    let provider = S::provider(transport.clone());
    let first = provider.create_checkout(&request(attempt())).await.unwrap();
    let again = provider.create_checkout(&request(attempt())).await.unwrap();
    assert_eq!(first, again);
    let other = "att_01k8000000e008000000000009".parse().unwrap();
    provider.create_checkout(&request(other)).await.unwrap();
    let sent = transport.take_sent();
    assert_eq!(S::identity(&sent[0]), S::identity(&sent[1]));
    assert_eq!(sent[0].body(), sent[1].body());
    assert_ne!(S::identity(&sent[0]), S::identity(&sent[2]));
}

async fn every_failure_says_what_it_allows<S: Subject>() {
    let failed = |answer| async { checkout::<S>(answer).await.unwrap_err() };

    let error = failed(not_sent()).await;
    assert!(error.retryable() && !error.in_doubt(), "{error:?}");

    let error = failed(S::throttled()).await;
    assert!(error.retryable() && !error.in_doubt(), "{error:?}");
    let CheckoutError::NotMade { retry_after, .. } = error else {
        unreachable!("retryable")
    };
    assert_eq!(retry_after, Some(Duration::from_secs(7)));

    for doubtful in [
        unknown(),
        answer(500, "<html>oops</html>"),
        answer(502, ""),
        answer(503, "{}"),
        answer(200, "not json"),
        answer(200, "{}"),
        answer(200, "[]"),
        answer(200, ""),
    ] {
        let error = failed(doubtful).await;
        assert!(error.in_doubt() && !error.retryable(), "{error:?}");
    }

    let error = failed(S::declined()).await;
    assert!(matches!(error, CheckoutError::Declined { .. }), "{error:?}");
    let error = failed(S::credentials_refused()).await;
    assert!(
        matches!(error, CheckoutError::BadCredentials { .. }),
        "{error:?}"
    );
    for lost in [
        answer(302, ""),
        answer(404, "no such route"),
        answer(405, ""),
    ] {
        let error = failed(lost).await;
        assert!(
            matches!(error, CheckoutError::Misconfigured { .. }),
            "{error:?}"
        );
    }
}

async fn nothing_is_sent_for_nothing<S: Subject>() {
    let transport = ScriptedTransport::new([]);
    let provider = S::provider(transport.clone());
    let free = CheckoutRequest {
        amount: "0.00 EUR".parse().unwrap(),
        ..request(attempt())
    };
    let error = provider.create_checkout(&free).await.unwrap_err();
    assert!(matches!(error, CheckoutError::Amount(_)), "{error:?}");
    assert!(transport.take_sent().is_empty());
}

fn parse<S: Subject>(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<remit_payments::Notification, NotificationFault> {
    let provider = S::provider(ScriptedTransport::new([]));
    provider.verify_and_parse(headers, body, &S::secrets(), now())
}

fn only_what_is_signed_is_read<S: Subject>() {
    let [current, next] = S::secrets();
    let intent: PaymentIntent = "pi_contract".parse().unwrap();
    let body = S::paid(&intent, &"10.00 EUR".parse().unwrap(), None).remove(0);

    for secret in [&current, &next] {
        parse::<S>(&S::sealed(&body, secret, now()), &body).unwrap();
    }
    let refused = |headers: HeaderMap, body: &[u8]| match parse::<S>(&headers, body) {
        Err(NotificationFault::Signature(fault)) => fault,
        other => unreachable!("must be refused by its signature: {other:?}"),
    };
    let stranger: Secret = "whsec_of_a_stranger".parse().unwrap();
    assert!(refused(S::sealed(&body, &stranger, now()), &body).secrets_may_be_stale());
    refused(HeaderMap::new(), &body);

    let mut tampered = body.clone();
    let last = tampered.len() - 1;
    tampered[last] = b' ';
    refused(S::sealed(&body, &current, now()), &tampered);

    let mut garbled = S::sealed(&body, &current, now());
    for value in garbled.values_mut() {
        *value = HeaderValue::from_bytes(b"t=1\xff,v1=\xfe").unwrap();
    }
    refused(garbled, &body);

    for offset_s in [-3600_i64, 3600] {
        let then = Timestamp::from_second(now().as_second() + offset_s).unwrap();
        let fault = refused(S::sealed(&body, &current, then), &body);
        assert!(
            matches!(
                fault,
                SignatureFault::TooOld { .. } | SignatureFault::InTheFuture { .. }
            ),
            "{fault:?}"
        );
    }

    let provider = S::provider(ScriptedTransport::new([]));
    let headers = S::sealed(&body, &current, now());
    let verdict = provider.verify_and_parse(&headers, &body, &[], now());
    assert_eq!(
        verdict,
        Err(NotificationFault::Signature(SignatureFault::NoSecrets))
    );
}

fn one_payment_has_one_key<S: Subject>() {
    let [secret, _] = S::secrets();
    for amount in ["1190.00 EUR", "55000 KRW", "12.340 KWD", "0.50 USD"] {
        let amount: Money = amount.parse().unwrap();
        for stated_for in [Some(references()), None] {
            let intent: PaymentIntent = "pi_contract".parse().unwrap();
            let bodies = S::paid(&intent, &amount, stated_for.as_ref());
            let mut event_ids = HashSet::new();
            for body in &bodies {
                let notification = parse::<S>(&S::sealed(body, &secret, now()), body).unwrap();
                event_ids.insert(notification.provider_event_id);
                let NotificationKind::PaymentSucceeded {
                    payment_intent,
                    amount: stated,
                    references: read,
                    ..
                } = notification.kind
                else {
                    unreachable!("states a payment")
                };
                assert_eq!(payment_intent, intent);
                assert_eq!(stated, amount);
                assert_eq!(read, stated_for);
            }
            assert_eq!(event_ids.len(), bodies.len());
        }
    }
}

fn whatever_is_signed_never_panics<S: Subject>() {
    let [secret, _] = S::secrets();
    let intent: PaymentIntent = "pi_contract".parse().unwrap();
    let genuine = S::paid(&intent, &"10.00 EUR".parse().unwrap(), Some(&references())).remove(0);
    let sealed = |body: &[u8]| parse::<S>(&S::sealed(body, &secret, now()), body);

    let unheard_of = S::unheard_of();
    let kind = sealed(&unheard_of).unwrap().kind;
    assert!(matches!(kind, NotificationKind::Unknown { .. }), "{kind:?}");

    // Cut anywhere, it is no notification.
    for length in 0..genuine.len() {
        let verdict = sealed(&genuine[..length]);
        if genuine[length..]
            .iter()
            .any(|byte| !byte.is_ascii_whitespace())
        {
            assert_eq!(verdict, Err(NotificationFault::NotJson), "cut at {length}");
        }
    }
    for body in ["null", "1", "\"text\"", "[]", "{}", "[{}]"] {
        let verdict = sealed(body.as_bytes());
        assert!(
            matches!(verdict, Err(NotificationFault::Field(_))),
            "{body}: {verdict:?}"
        );
    }
    // Deeper than any parser's stack should go.
    let deep = "[".repeat(100_000);
    assert_eq!(sealed(deep.as_bytes()), Err(NotificationFault::NotJson));
}

fn what_is_shown_holds_no_secret<S: Subject>() {
    for secret in S::secrets() {
        assert!(!format!("{secret:?}").contains(secret.expose()));
    }
    let name = S::provider(ScriptedTransport::new([])).name();
    assert!(
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
        "{name}"
    );
}

macro_rules! provider_contract {
    ($module:ident, $subject:ty) => {
        mod $module {
            use super::*;

            #[tokio::test]
            async fn a_repeated_attempt_is_recognised() {
                super::a_repeated_attempt_is_recognised::<$subject>().await;
            }
            #[tokio::test]
            async fn every_failure_says_what_it_allows() {
                super::every_failure_says_what_it_allows::<$subject>().await;
            }
            #[tokio::test]
            async fn nothing_is_sent_for_nothing() {
                super::nothing_is_sent_for_nothing::<$subject>().await;
            }
            #[test]
            fn only_what_is_signed_is_read() {
                super::only_what_is_signed_is_read::<$subject>();
            }
            #[test]
            fn one_payment_has_one_key() {
                super::one_payment_has_one_key::<$subject>();
            }
            #[test]
            fn whatever_is_signed_never_panics() {
                super::whatever_is_signed_never_panics::<$subject>();
            }
            #[test]
            fn what_is_shown_holds_no_secret() {
                super::what_is_shown_holds_no_secret::<$subject>();
            }
        }
    };
}

provider_contract!(stripe_keeps_it, Stripe);

struct Stripe;

impl Subject for Stripe {
    type Provider = StripeProvider;

    fn provider(transport: Arc<dyn Transport>) -> StripeProvider {
        let key = "sk_test_contract".parse().unwrap();
        let credentials = StripeCredentials::new(key, Self::secrets().to_vec()).unwrap();
        StripeProvider::new(transport, stripe::API_BASE, &credentials)
    }

    fn secrets() -> [Secret; 2] {
        [
            "whsec_current".parse().unwrap(),
            "whsec_next".parse().unwrap(),
        ]
    }

    fn opened() -> Answer {
        answer(
            200,
            include_str!("../fixtures/stripe/answers/session.open.json"),
        )
    }

    fn credentials_refused() -> Answer {
        answer(
            401,
            include_str!("../fixtures/stripe/answers/error.authentication.json"),
        )
    }

    fn declined() -> Answer {
        answer(
            400,
            include_str!("../fixtures/stripe/answers/error.amount_too_small.json"),
        )
    }

    fn throttled() -> Answer {
        let body = include_str!("../fixtures/stripe/answers/error.rate_limit.json");
        let response = Response::builder().status(429).header("retry-after", "7");
        Ok(response.body(Bytes::from(body)).unwrap())
    }

    fn identity(request: &Request<Bytes>) -> String {
        request.headers()["idempotency-key"]
            .to_str()
            .unwrap()
            .to_owned()
    }

    fn sealed(body: &[u8], secret: &Secret, now: Timestamp) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = signature::sign(body, secret, now);
        headers.insert(signature::HEADER, HeaderValue::try_from(value).unwrap());
        headers
    }

    fn paid(
        intent: &PaymentIntent,
        amount: &Money,
        references: Option<&References>,
    ) -> Vec<Vec<u8>> {
        let units = stripe::amount::to_stripe(amount).unwrap();
        let currency = amount.currency().code().to_lowercase();
        let metadata = match references {
            None => serde_json::json!({"order": "1042"}),
            Some(references) => serde_json::json!({
                "remit_account": references.account,
                "remit_invoice": references.invoice,
                "remit_attempt": references.attempt,
            }),
        };
        let event = |id: &str, event_type: &str, object: serde_json::Value| {
            serde_json::to_vec(&serde_json::json!({
                "id": id, "object": "event", "api_version": "2024-06-20", "created": 1_790_000_000,
                "livemode": false, "type": event_type, "data": {"object": object},
            }))
            .unwrap()
        };
        let session = serde_json::json!({
            "id": "cs_contract", "object": "checkout.session", "payment_intent": intent,
            "amount_total": units, "currency": currency, "metadata": metadata,
            "payment_status": "paid", "status": "complete",
        });
        let intent = serde_json::json!({
            "id": intent, "object": "payment_intent", "amount": units, "amount_received": units,
            "currency": currency, "metadata": metadata, "status": "succeeded",
        });
        vec![
            event("evt_1", "checkout.session.completed", session.clone()),
            event("evt_2", "checkout.session.async_payment_succeeded", session),
            event("evt_3", "payment_intent.succeeded", intent),
        ]
    }

    fn unheard_of() -> Vec<u8> {
        include_bytes!("../fixtures/stripe/events/customer.created.json").to_vec()
    }
}
