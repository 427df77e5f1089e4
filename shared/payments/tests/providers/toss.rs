//! Toss Payments on its own: every state of a payment, deposits that come and go, and codes.

use std::sync::Arc;

use crate::contract::{
    Subject, attempt, completion, now, paid, references, refund_id, refund_request,
};
use crate::contract::{request, third};
use crate::fake::stand_in::Host;
use crate::subjects::toss::{Toss, TossStandIn, changed, error, provider};
use http::HeaderMap;
use remit_payments::toss::{TossMethod, TossProvider};
use remit_payments::{
    CheckoutError, Delivery, DeliveryFault, LookUp, NotificationKind, Provider, RefundReceiver,
    RefundRequest, Refunded, SessionId, SessionPayment, SessionStatus, SignatureFault,
};
use serde_json::{Value, json};

type Hosted = Arc<Host<TossStandIn>>;

async fn deliver(provider: &TossProvider, body: &[u8]) -> Result<Delivery, DeliveryFault> {
    provider.read_delivery(&HeaderMap::new(), body, now()).await
}

/// What a payment in this state says, by both ways.
async fn meaning(
    status: &str,
    change: impl Fn(&mut Value),
) -> (SessionStatus, Vec<NotificationKind>) {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::Card);
    let asked = request::<Toss>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    let hint = {
        let mut state = host.state();
        let payment = state.payment(checkout.session_id.as_str()).unwrap();
        payment["status"] = json!(status);
        change(payment);
        changed(payment)
    };
    let looked = provider
        .look_up(&LookUp::Session(checkout.session_id))
        .await;
    let delivery = deliver(&provider, &hint).await.unwrap();
    let kinds = delivery.notifications().map(|read| read.kind.clone());
    (looked.unwrap().unwrap().status, kinds.collect())
}

#[tokio::test]
async fn every_state_of_a_payment_has_its_meaning() {
    use NotificationKind::*;
    let plain = |_: &mut Value| {};
    let came = |payment: &mut Value| {
        payment["approvedAt"] = json!("2026-09-21T23:14:20+09:00");
        payment["balanceAmount"] = json!(1_000_000);
    };
    let (status, kinds) = meaning("READY", plain).await;
    assert!(matches!(
        status,
        SessionStatus::Open {
            url: Some(_),
            expires_at: Some(_)
        }
    ));
    assert!(matches!(kinds.as_slice(), [Unknown { .. }]));
    let (status, kinds) = meaning("IN_PROGRESS", plain).await;
    assert_eq!(status, SessionStatus::Approved);
    assert!(
        matches!(kinds.as_slice(), [CheckoutApproved { references: Some(stated), .. }]
        if *stated == references())
    );
    let (status, kinds) = meaning("WAITING_FOR_DEPOSIT", plain).await;
    assert_eq!(status, SessionStatus::Complete);
    assert!(matches!(kinds.as_slice(), [PaymentProcessing { .. }]));
    let too_late = |payment: &mut Value| payment["virtualAccount"] = json!({"expired": true});
    let (status, kinds) = meaning("WAITING_FOR_DEPOSIT", too_late).await;
    assert_eq!(status, SessionStatus::Failed);
    assert!(
        matches!(kinds.as_slice(), [PaymentFailed { code: Some(code), .. }]
        if code == "DEPOSIT_EXPIRED")
    );
    let (status, kinds) = meaning("DONE", plain).await;
    assert_eq!(status, SessionStatus::Complete);
    assert!(matches!(kinds.as_slice(), [PaymentSucceeded { .. }]));
    for cancelled in ["CANCELED", "PARTIAL_CANCELED"] {
        let (status, kinds) = meaning(cancelled, came).await;
        assert_eq!(status, SessionStatus::Complete);
        let [PaymentSucceeded { amount, .. }, Refunded { refunded, .. }] = kinds.as_slice() else {
            unreachable!("{kinds:?}")
        };
        assert_eq!(*amount, Toss::amount());
        let total = "650000 KRW".parse().unwrap();
        assert_eq!(*refunded, self::Refunded::Cumulative { total });
    }
    let (status, kinds) = meaning("CANCELED", plain).await;
    assert_eq!(status, SessionStatus::Expired);
    assert!(matches!(
        kinds.as_slice(),
        [PaymentFailed { is_final: true, .. }]
    ));
    let (status, kinds) = meaning("EXPIRED", plain).await;
    assert_eq!(status, SessionStatus::Expired);
    assert!(matches!(kinds.as_slice(), [SessionExpired { .. }]));
    let refused = |payment: &mut Value| payment["failure"] = json!({"code": "REJECT_CARD_COMPANY"});
    let (status, kinds) = meaning("ABORTED", refused).await;
    assert_eq!(status, SessionStatus::Failed);
    assert!(
        matches!(kinds.as_slice(), [PaymentFailed { code: Some(code), .. }]
        if code == "REJECT_CARD_COMPANY")
    );
}

async fn account_given_out(host: &Hosted, provider: &TossProvider) -> SessionId {
    let asked = request::<Toss>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    Toss::agree(&mut host.state(), &checkout.session_id);
    let wanted = completion::<Toss>(&checkout.session_id);
    let state = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    assert_eq!(state.status, SessionStatus::Complete);
    assert_eq!(state.payment, SessionPayment::Unpaid);
    checkout.session_id
}

fn deposited(host: &Hosted, session: &SessionId, status: &str) -> Value {
    let mut state = host.state();
    let payment = state.payment(session.as_str()).unwrap();
    payment["status"] = json!(status);
    payment["approvedAt"] = match status {
        "DONE" => json!("2026-09-22T09:00:00+09:00"),
        _ => Value::Null,
    };
    json!({
        "createdAt": "2026-09-22T09:00:01.000", "secret": payment["secret"], "status": status,
        "transactionKey": "9FF15E1A29D0E77C", "orderId": payment["orderId"],
    })
}

#[tokio::test]
async fn a_deposit_comes_goes_and_comes_again() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::VirtualAccount);
    let session = account_given_out(&host, &provider).await;
    let mut words = Vec::new();
    for status in ["DONE", "WAITING_FOR_DEPOSIT", "DONE"] {
        let callback = deposited(&host, &session, status).to_string();
        let delivery = deliver(&provider, callback.as_bytes()).await.unwrap();
        let [statement] = delivery.statements() else {
            unreachable!("{delivery:?}")
        };
        // Neither the secret nor a number of a card or an account is kept.
        assert!(
            !statement.body().contains("ps_AQ92"),
            "{}",
            statement.body()
        );
        assert!(!statement.body().contains("1234"), "{}", statement.body());
        words.push(match &statement.read().unwrap().kind {
            NotificationKind::PaymentSucceeded { .. } => "came",
            NotificationKind::Returned { .. } => "gone",
            other => unreachable!("{other:?}"),
        });
    }
    assert_eq!(words, ["came", "gone", "came"]);
}

#[tokio::test]
async fn a_callback_needs_the_secret_of_its_payment() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::VirtualAccount);
    let session = account_given_out(&host, &provider).await;
    let genuine = deposited(&host, &session, "DONE");
    for wrong in ["ps_AQ92ymxN35", "ps_", "", "ps_AQ92ymxN34x"] {
        let mut forged = genuine.clone();
        forged["secret"] = json!(wrong);
        let refused = deliver(&provider, forged.to_string().as_bytes()).await;
        let mismatch = DeliveryFault::Signature(SignatureFault::Mismatch);
        assert_eq!(refused, Err(mismatch), "{wrong}");
    }
    // A payment without a secret proves nothing, an empty one least of all.
    host.state().payments[0]["secret"] = Value::Null;
    let mut empty = genuine.clone();
    empty["secret"] = json!("");
    let refused = deliver(&provider, empty.to_string().as_bytes()).await;
    assert!(matches!(refused, Err(DeliveryFault::Signature(_))));
}

#[tokio::test]
async fn nothing_is_asked_about_what_points_nowhere() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::Card);
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"eventType":1}"#,
        r#"{"eventType":"PAYMENT_STATUS_CHANGED"}"#,
        r#"{"eventType":"PAYMENT_STATUS_CHANGED","data":{"paymentKey":"../../v2/keys"}}"#,
        r#"{"orderId":"a/../b","secret":"s"}"#,
        r#"{"orderId":"order-1042"}"#,
    ] {
        let refused = deliver(&provider, body.as_bytes()).await;
        let unproved = DeliveryFault::Signature(SignatureFault::Unproved);
        assert_eq!(refused, Err(unproved), "{body}");
    }
    assert_eq!(host.sent_count(), 0);
    // Toss cannot be asked now: the hint comes again.
    host.instead(crate::fake::answer(503, ""));
    let hint = br#"{"eventType":"PAYMENT_STATUS_CHANGED","data":{"paymentKey":"tgen_1"}}"#;
    let refused = deliver(&provider, hint).await;
    assert!(
        matches!(refused, Err(DeliveryFault::Unavailable(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn closing_takes_an_account_number_back() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::VirtualAccount);
    let session = account_given_out(&host, &provider).await;
    let closed = provider.expire_checkout(&session).await.unwrap().unwrap();
    assert_eq!(closed.status, SessionStatus::Expired);
    assert_eq!(host.state().payments[0]["status"], "CANCELED");
}

#[tokio::test]
async fn money_from_a_virtual_account_goes_back_to_a_named_one() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::VirtualAccount);
    let session = account_given_out(&host, &provider).await;
    deposited(&host, &session, "DONE");
    let payment = session.as_str().parse().unwrap();
    let none = "0 KRW".parse().unwrap();
    let asked = refund_request(refund_id(), &payment, third(Toss::amount()), none);
    let refused = provider.refund(&asked).await.unwrap_err();
    assert!(matches!(refused, CheckoutError::Declined { code, .. }
        if code == "INVALID_REFUND_ACCOUNT_INFO"));
    let receiver = RefundReceiver {
        bank: "20".to_owned(),
        account_number: "1000123456789".to_owned(),
        holder: "김토스".to_owned(),
    };
    assert!(!format!("{receiver:?}").contains("1000123456789"));
    let named = RefundRequest {
        receiver: Some(receiver),
        // Longer than a reason may be.
        reason: "환불 ".repeat(200),
        ..asked
    };
    host.take_sent();
    let done = provider.refund(&named).await.unwrap();
    assert_eq!(done.amount, third(Toss::amount()));
    let sent = host.take_sent().remove(0);
    let body: Value = serde_json::from_slice(sent.body()).unwrap();
    assert_eq!(
        body["refundReceiveAccount"],
        json!({"bank": "20", "accountNumber": "1000123456789", "holderName": "김토스"})
    );
}

#[tokio::test]
async fn each_code_of_toss_has_its_meaning() {
    let paid = paid::<Toss>().await;
    let none = "0 KRW".parse().unwrap();
    let asked = refund_request(refund_id(), &paid.payment, third(Toss::amount()), none);
    for (status, code, expected) in [
        (400, "INVALID_API_KEY", "credentials"),
        (401, "UNAUTHORIZED_KEY", "credentials"),
        (403, "FORBIDDEN_REQUEST", "credentials"),
        (403, "FORBIDDEN_CONSECUTIVE_REQUEST", "not made"),
        (403, "NOT_CANCELABLE_AMOUNT", "declined"),
        (403, "NOT_ALLOWED_PARTIAL_REFUND", "declined"),
        (400, "ALREADY_CANCELED_PAYMENT", "declined"),
        (400, "PROVIDER_ERROR", "unknown"),
        (409, "IDEMPOTENT_REQUEST_PROCESSING", "unknown"),
        (400, "INVALID_IDEMPOTENCY_KEY", "misconfigured"),
        (400, "INVALID_REQUEST", "misconfigured"),
        (404, "NOT_FOUND_PAYMENT", "declined"),
        (404, "NOT_FOUND", "misconfigured"),
        (500, "FAILED_REFUND_PROCESS", "unknown"),
    ] {
        paid.host.instead(Ok(error(status, code)));
        let word = match paid.provider.refund(&asked).await.unwrap_err() {
            CheckoutError::NotMade { .. } => "not made",
            CheckoutError::Unknown { .. } => "unknown",
            CheckoutError::Declined { .. } => "declined",
            CheckoutError::BadCredentials { .. } => "credentials",
            CheckoutError::Misconfigured { .. } => "misconfigured",
            CheckoutError::Amount(_) => "amount",
        };
        assert_eq!(word, expected, "{status} {code}");
    }
}

#[tokio::test]
async fn who_confirms_second_finds_what_the_first_confirmed() {
    let host: Hosted = Host::new();
    let provider = provider(host.clone(), TossMethod::Card);
    let asked = request::<Toss>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    Toss::agree(&mut host.state(), &checkout.session_id);
    let before = host.state().payments[0].clone();
    let wanted = completion::<Toss>(&checkout.session_id);
    provider.complete_checkout(&wanted).await.unwrap();
    host.instead(Ok(crate::fake::stand_in::reply(200, &before)));
    host.instead(Ok(error(400, "ALREADY_PROCESSED_PAYMENT")));
    let again = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    assert_eq!(again.payment, SessionPayment::Paid);
    // The card company says no.
    host.instead(Ok(crate::fake::stand_in::reply(200, &before)));
    host.instead(Ok(error(403, "REJECT_CARD_COMPANY")));
    let declined = provider.complete_checkout(&wanted).await.unwrap_err();
    assert!(
        matches!(declined, CheckoutError::Declined { code, .. } if code == "REJECT_CARD_COMPANY")
    );
}
