//! What payers left, and charges of it, whose answer or whose end never came.

use jiff::SignedDuration;
use remit_billing::account::{Account, ProviderSetup};
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason, Keep, KeepState};
use remit_billing::delivery::Delivery;
use remit_billing::party::Language;
use remit_billing::payment::{Payment, RailReference};
use remit_billing::saved_method::{
    Consent, MethodKind, MethodLabel, MethodState, RemovedBy, SavedMethod,
};
use remit_operations::charging::{self, Wanted};
use remit_operations::saved_methods;
use remit_runtime::model::client_id;
use remit_store::{Commit, Record as _, keys};
use serde_json::{Value, json};

use crate::NOTHING;
use crate::house::{House, START, account, answer, at, attempt_id, invoice, minutes};

const INTENTS: &str = "GET /v1/payment_intents";

fn method() -> SavedMethod {
    SavedMethod {
        id: "pmt_01k8000000e008000000000004".parse().unwrap(),
        account_id: account(),
        client_id: client_id(2),
        provider: "stripe".to_owned(),
        customer: Some("cus_1".parse().unwrap()),
        token: "pm_1".parse().unwrap(),
        label: MethodLabel::new(
            MethodKind::Card,
            Some("visa"),
            Some("4242"),
            Some((2031, 4)),
        ),
        consent: consent(),
        attempt_id: attempt_id(),
        state: MethodState::Active,
        saved_at: at(START),
    }
}

fn consent() -> Consent {
    Consent {
        given_at: at(START),
        wording: 1,
        language: Language::En,
        invoice_id: invoice(),
        link_generation: 1,
    }
}

/// An open invoice of a client who left a card, and Stripe set up.
async fn house() -> House {
    let house = House::issued().await;
    let key = keys::account(account());
    let stored = house.ports.store.get::<Account>(&key).await;
    let stored = stored.unwrap().unwrap();
    let mut after = stored.value.clone();
    let setup = ProviderSetup {
        configured_at: at(START),
        livemode: Some(false),
        method: None,
    };
    after.payment_providers.insert("stripe".to_owned(), setup);
    house
        .commit(Commit::new().replace(&stored, &after, Vec::new()))
        .await;
    house.create(&method()).await;
    house
}

/// A charge that is committed, and that nobody has made yet.
async fn committed(house: &House) -> Attempt {
    let wanted = Wanted {
        account_id: account(),
        invoice_id: invoice(),
        method_id: None,
    };
    let (commit, attempt) = charging::plan(&house.ports, wanted).await.unwrap();
    house.commit(commit).await;
    assert_eq!(house.standing().await.processing.len(), 1);
    attempt
}

fn intent(attempt: &Attempt, status: &str, more: Value) -> Value {
    let mut intent = json!({
        "id": "pi_off_1", "object": "payment_intent", "amount": 119_000, "currency": "eur",
        "status": status, "metadata": {
            "remit_account": account(), "remit_invoice": invoice(), "remit_attempt": attempt.id,
            "remit_charge": "off_session",
        },
    });
    if let (Some(fields), Value::Object(more)) = (intent.as_object_mut(), more) {
        fields.extend(more);
    }
    intent
}

fn listed(intents: &[Value]) -> Value {
    json!({"object": "list", "data": intents, "has_more": false})
}

async fn ended(house: &House) -> Attempt {
    let mut attempts = house.all::<Attempt>();
    assert_eq!(attempts.len(), 1);
    assert!(house.standing().await.processing.is_empty());
    attempts.remove(0)
}

fn kept(house: &House) -> SavedMethod {
    house.all::<SavedMethod>().remove(0)
}

#[tokio::test]
async fn a_charge_that_was_never_made_is_owed_again() {
    let house = house().await;
    committed(&house).await;
    assert_eq!(house.tick(minutes(4)).await, NOTHING, "it may be under way");
    house.stripe_says([answer(200, &listed(&[]))]);
    assert_eq!(house.tick(minutes(5)).await[2], (1, 0));
    assert_eq!(
        house.calls(),
        [INTENTS],
        "it is asked after, and not asked for"
    );
    let attempt = ended(&house).await;
    let reason = ClosedReason::Failed;
    assert_eq!(attempt.state, AttemptState::Closed { reason });
    assert_eq!(attempt.code.as_deref(), Some("not_made"));
    assert!(kept(&house).is_active());
    assert_eq!(house.tick(minutes(100)).await[2], (0, 0));
    // And may be charged anew.
    let wanted = Wanted {
        account_id: account(),
        invoice_id: invoice(),
        method_id: Some(method().id),
    };
    let (commit, _) = charging::plan(&house.ports, wanted).await.unwrap();
    house.commit(commit).await;
}

#[tokio::test]
async fn a_charge_whose_answer_was_lost_is_found_and_taken_in_once() {
    let house = house().await;
    let attempt = committed(&house).await;
    // The provider is reached, and then not heard.
    let made = charging::make(&house.ports, &house.checkouts(), &attempt).await;
    assert_eq!(made.unwrap().state, AttemptState::Started);
    assert_eq!(house.calls(), ["POST /v1/payment_intents"]);
    assert_eq!(house.tick(minutes(5)).await[2], (1, 1), "still not heard");
    let others = json!({"id": "pi_2", "metadata": {"order": "1042"}});
    let came = intent(&attempt, "succeeded", json!({}));
    house.stripe_says([answer(200, &listed(&[others, came]))]);
    assert_eq!(house.tick(minutes(10)).await[2], (1, 0));
    assert_eq!(ended(&house).await.state, AttemptState::Paid);
    let payments = house.all::<Payment>();
    assert_eq!(payments.len(), 1);
    assert_eq!(payments[0].attempt_id, Some(attempt.id));
    assert_eq!(house.standing().await.status.as_str(), "paid");
    assert_eq!(house.all::<Delivery>().len(), 1, "one receipt");
    house.calls();
    assert_eq!(house.tick(minutes(20)).await[2], (0, 0));
    assert!(house.calls().is_empty());
}

#[tokio::test]
async fn what_a_lost_charge_came_to_is_what_the_provider_says() {
    let refused =
        |code: &str| json!({"last_payment_error": {"code": "card_declined", "decline_code": code}});
    let wants = json!({"last_payment_error": {"code": "authentication_required"}});
    for (status, more, reason, code, is_active) in [
        (
            "requires_payment_method",
            refused("insufficient_funds"),
            ClosedReason::Declined,
            "insufficient_funds",
            true,
        ),
        (
            "requires_payment_method",
            refused("stolen_card"),
            ClosedReason::Declined,
            "stolen_card",
            false,
        ),
        (
            "requires_payment_method",
            wants,
            ClosedReason::AuthenticationRequired,
            "authentication_required",
            true,
        ),
        (
            "canceled",
            json!({}),
            ClosedReason::AuthenticationRequired,
            "authentication_required",
            true,
        ),
    ] {
        let house = house().await;
        let attempt = committed(&house).await;
        house.stripe_says([answer(200, &listed(&[intent(&attempt, status, more)]))]);
        house.tick(minutes(5)).await;
        let over = ended(&house).await;
        assert_eq!(
            over.state,
            AttemptState::Closed { reason },
            "{status} {code}"
        );
        assert_eq!(over.code.as_deref(), Some(code));
        assert_eq!(kept(&house).is_active(), is_active, "{code}");
        let asks = usize::from(reason == ClosedReason::AuthenticationRequired);
        assert_eq!(house.all::<Delivery>().len(), asks, "{code}");
        assert!(house.all::<Payment>().is_empty());
    }
}

/// A payment that waits for somebody who is not there is called off, so that nothing comes of it later.
#[tokio::test]
async fn what_waits_for_the_payer_is_called_off() {
    let house = house().await;
    let attempt = committed(&house).await;
    let waits = listed(&[intent(&attempt, "requires_action", json!({}))]);
    // Not called off: it stays as it is.
    house.stripe_says([answer(200, &waits), answer(500, &json!({}))]);
    assert_eq!(house.tick(minutes(5)).await[2], (1, 1));
    let over = intent(&attempt, "canceled", json!({}));
    house.stripe_says([answer(200, &waits), answer(200, &over)]);
    house.calls();
    assert_eq!(house.tick(minutes(10)).await[2], (1, 0));
    assert_eq!(
        house.calls(),
        [INTENTS, "POST /v1/payment_intents/pi_off_1/cancel"]
    );
    let reason = ClosedReason::AuthenticationRequired;
    assert_eq!(ended(&house).await.state, AttemptState::Closed { reason });
}

#[tokio::test]
async fn a_debit_is_asked_after_daily_and_ends_as_it_ends() {
    let house = house().await;
    let attempt = committed(&house).await;
    let moving = intent(&attempt, "processing", json!({}));
    house.stripe_says([answer(200, &moving)]);
    let made = charging::make(&house.ports, &house.checkouts(), &attempt).await;
    assert!(matches!(
        made.unwrap().state,
        AttemptState::Processing { .. }
    ));
    assert_eq!(house.standing().await.processing.len(), 1);
    house.stripe_says([answer(200, &listed(&[moving]))]);
    let day = 24 * 60;
    assert_eq!(house.tick(minutes(day)).await[2], (1, 0));
    assert_eq!(house.tick(minutes(day + 60)).await[2], (0, 0));
    let error = json!({"last_payment_error": {"code": "insufficient_funds"}});
    let failed = intent(&attempt, "requires_payment_method", error);
    house.stripe_says([answer(200, &listed(&[failed]))]);
    assert_eq!(house.tick(minutes(2 * day)).await[2], (1, 0));
    let reason = ClosedReason::Failed;
    assert_eq!(ended(&house).await.state, AttemptState::Closed { reason });
}

#[tokio::test]
async fn nothing_is_charged_that_changed_between_commit_and_call() {
    // The client takes the method away, or somebody records the money.
    for removes in [true, false] {
        let house = house().await;
        let attempt = committed(&house).await;
        if removes {
            let (by, id) = (RemovedBy::Client, method().id);
            let removal =
                saved_methods::plan_removal(&house.ports, account(), client_id(2), id, by).await;
            house.commit(removal.unwrap().0).await;
        } else {
            house.told("payment_intent.succeeded").await;
        }
        let made = charging::make(&house.ports, &house.checkouts(), &attempt).await;
        let made = made.unwrap();
        let reason = ClosedReason::Superseded;
        assert_eq!(made.state, AttemptState::Closed { reason });
        assert_eq!(made.code.as_deref(), Some("overtaken"));
        assert!(house.calls().is_empty(), "nobody was asked for money");
        ended(&house).await;
    }
}

/// A page whose money came, and whose payer let the agency keep the card.
async fn left(house: &House) {
    let keep = Keep {
        consent: consent(),
        state: KeepState::Asked,
    };
    let reference = RailReference::parse("pi_1").unwrap();
    let attempt = Attempt {
        id: attempt_id(),
        account_id: account(),
        client_id: client_id(2),
        invoice_id: invoice(),
        provider: "stripe".to_owned(),
        amount: "1190.00 EUR".parse().unwrap(),
        shares: Vec::new(),
        chosen: false,
        state: AttemptState::Started,
        created_at: at(START),
        keep: Some(keep),
        method_id: None,
        code: None,
    };
    house.create(&attempt.paid(&reference, at(START))).await;
}

fn with_method(customer: Option<&str>, kind: &str) -> Value {
    let card = json!({"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031});
    json!({"id": "pi_1", "payment_method":
        {"id": "pm_9", "customer": customer, "type": kind, kind: card}})
}

#[tokio::test]
async fn what_a_payer_left_is_kept_once_whoever_comes_first() {
    let house = House::issued().await;
    left(&house).await;
    assert_eq!(
        house.tick(minutes(1)).await,
        NOTHING,
        "an event may be faster"
    );
    assert_eq!(house.tick(minutes(5)).await[2], (1, 1), "not heard");
    house.stripe_says([answer(200, &with_method(Some("cus_9"), "card"))]);
    house.calls();
    assert_eq!(house.tick(minutes(10)).await[2], (1, 0));
    assert_eq!(house.calls(), ["GET /v1/payment_intents/pi_1"]);
    let found = kept(&house);
    assert!(found.is_active());
    assert_eq!(found.token.expose(), "pm_9");
    assert_eq!(found.consent, consent());
    // Who read the attempt before asks as well, and keeps nothing more.
    let stale = house.all::<Attempt>().remove(0);
    let stale = Attempt {
        keep: Some(Keep {
            consent: consent(),
            state: KeepState::Due {
                payment: RailReference::parse("pi_1").unwrap(),
                look_at: minutes(2),
                looks: 0,
            },
        }),
        ..stale
    };
    house.stripe_says([answer(200, &with_method(Some("cus_9"), "card"))]);
    saved_methods::keep(&house.ports, &house.checkouts(), &stale)
        .await
        .unwrap();
    assert_eq!(house.all::<SavedMethod>().len(), 1);
    assert_eq!(house.tick(minutes(100_000)).await[2], (0, 0));
}

#[tokio::test]
async fn what_cannot_be_charged_again_is_not_kept() {
    for (status, body) in [
        (200, with_method(None, "card")),
        (200, with_method(Some("cus_9"), "ideal")),
        (200, json!({"id": "pi_1", "payment_method": null})),
        (
            404,
            json!({"error": {"type": "invalid_request_error", "code": "resource_missing"}}),
        ),
    ] {
        let house = House::issued().await;
        left(&house).await;
        house.stripe_says([answer(status, &body)]);
        assert_eq!(house.tick(minutes(5)).await[2], (1, 0), "{body}");
        assert!(house.all::<SavedMethod>().is_empty(), "{body}");
        let attempt = house.all::<Attempt>().remove(0);
        assert_eq!(attempt.keep.unwrap().state, KeepState::Nothing, "{body}");
        assert_eq!(house.tick(minutes(100_000)).await[2], (0, 0));
    }
}

#[tokio::test]
async fn a_method_that_is_removed_is_forgotten_by_its_provider_in_the_end() {
    let house = house().await;
    let (by, id) = (RemovedBy::Client, method().id);
    let removal = saved_methods::plan_removal(&house.ports, account(), client_id(2), id, by).await;
    house.commit(removal.unwrap().0).await;
    assert_eq!(house.tick(minutes(4)).await, NOTHING);
    assert_eq!(house.tick(minutes(5)).await[2], (1, 1), "not heard");
    // A key that is wrong is asked again the next day, and it is no failure of the sweep's.
    let refused = json!({"error": {"type": "invalid_request_error", "code": "api_key_expired"}});
    house.stripe_says([answer(401, &refused)]);
    assert_eq!(house.tick(minutes(10)).await[2], (1, 0));
    assert_eq!(house.tick(minutes(60)).await[2], (0, 0));
    // It was detached before: then that is what was wanted.
    let not_attached =
        json!({"error": {"type": "invalid_request_error", "message": "not attached"}});
    let day = 25 * 60;
    house.stripe_says([
        answer(400, &not_attached),
        answer(200, &json!({"id": "pm_1", "customer": null})),
    ]);
    house.calls();
    assert_eq!(house.tick(minutes(day)).await[2], (1, 0));
    let asked = [
        "POST /v1/payment_methods/pm_1/detach",
        "GET /v1/payment_methods/pm_1",
    ];
    assert_eq!(house.calls(), asked);
    let removed = kept(&house);
    assert!(removed.is_removed());
    assert_eq!(removed.due_at(), None);
    let month = minutes(day) + SignedDuration::from_hours(30 * 24);
    assert_eq!(house.tick(month).await[2], (0, 0));
    assert_eq!(removed.key(), method().key());
}
