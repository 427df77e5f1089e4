//! PayPal's vault on its own: accounts that may keep nothing, tokens that are late, orders that are forgotten.

use std::sync::Arc;

use jiff::SignedDuration;
use remit_billing::saved_method::MethodKind;
use remit_payments::paypal::WebhookCheck;
use remit_payments::{
    ChargeRequest, CheckoutError, CheckoutRequest, Keeping, MethodTokens, PaymentIntent, Provider,
};
use serde_json::json;

use crate::contract::{Subject, attempt, completion, now, references, request};
use crate::fake::stand_in::Host;
use crate::subjects::paypal::{PayPal, PayPalStandIn, provider, shared};

async fn paid_and_kept(host: &Arc<Host<PayPalStandIn>>) -> (Arc<dyn Provider>, PaymentIntent) {
    let provider = PayPal::provider(host.clone());
    let asked = CheckoutRequest {
        keep: Some(Keeping { customer: None }),
        ..request::<PayPal>(attempt())
    };
    let first = provider.create_checkout(&asked).await.unwrap();
    let again = provider.create_checkout(&asked).await.unwrap();
    assert_eq!(first, again);
    PayPal::agree(&mut host.state(), &first.session_id);
    let wanted = completion::<PayPal>(&first.session_id);
    let state = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    (provider, state.payment_intent.unwrap())
}

#[tokio::test]
async fn an_account_that_may_keep_nothing_is_paid_all_the_same() {
    let host = Host::<PayPalStandIn>::new();
    host.state().may_vault = false;
    let (provider, payment) = paid_and_kept(&host).await;
    assert_eq!(PayPal::pages(&host.state()), 1);
    assert_eq!(PayPal::movements(&host.state()), 1);
    let kept = provider.vault().unwrap().kept(&payment).await;
    assert_eq!(kept, Ok(None));
}

#[tokio::test]
async fn a_token_that_is_not_made_yet_is_looked_for_again() {
    let host = Host::<PayPalStandIn>::new();
    let (provider, payment) = paid_and_kept(&host).await;
    let vault = provider.vault().unwrap();
    let stated = |id: &str, status: &str| {
        let mut state = host.state();
        let wallet = &mut state.orders[0]["payment_source"]["paypal"];
        wallet["attributes"]["vault"] = json!({"id": id, "status": status});
    };
    stated("8kk8451t", "APPROVED");
    let pending = vault.kept(&payment).await.unwrap_err();
    assert!(!pending.retryable() && !pending.in_doubt(), "{pending:?}");
    stated("8kk8451t", "VAULTED");
    let kept = vault.kept(&payment).await.unwrap().expect("it is kept");
    assert_eq!((kept.method.expose(), kept.customer), ("8kk8451t", None));
    // What cannot be read is no token, and is not shown.
    stated("8kk 8451t", "VAULTED");
    let unread = vault.kept(&payment).await.unwrap_err();
    assert!(unread.in_doubt(), "{unread:?}");
    assert!(!format!("{unread:?}").contains("8451t"));
}

#[tokio::test]
async fn an_order_is_found_by_its_request_while_paypal_keeps_that() {
    let host = Host::<PayPalStandIn>::new();
    let wanted = ChargeRequest {
        attempt_id: attempt(),
        references: references(),
        method: MethodTokens {
            customer: None,
            method: "8kk8451t".parse().unwrap(),
            kind: MethodKind::PayPal,
        },
        amount: PayPal::amount(),
        description: "INV-2026-00008".to_owned(),
    };
    let asked_after = |hours| {
        let at = now() + SignedDuration::from_hours(hours);
        provider(host.clone(), WebhookCheck::Certificate, shared(), at)
    };
    let early = asked_after(1);
    let found = early.vault().unwrap().look_up_charge(&wanted, now()).await;
    assert_eq!(found, Ok(None));
    // An id that is forgotten would make another order, and say that nothing was captured.
    let orders = PayPal::pages(&host.state());
    for hours in [6, 72] {
        let late = asked_after(hours);
        let found = late.vault().unwrap().look_up_charge(&wanted, now()).await;
        assert!(
            matches!(found, Err(CheckoutError::Unknown { .. })),
            "{hours}"
        );
    }
    let over = asked_after(5 * 24);
    let found = over.vault().unwrap().look_up_charge(&wanted, now()).await;
    assert_eq!(found, Ok(None));
    assert_eq!(PayPal::pages(&host.state()), orders);
}
