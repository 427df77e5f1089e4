//! Attempts whose answer, or whose end, never came.

use remit_billing::attempt::{AttemptState, ClosedReason};
use remit_billing::delivery::Delivery;
use remit_billing::payment::Payment;
use remit_payments::secret_name;
use remit_runtime::secrets::Secrets as _;
use serde_json::{Value, json};

use crate::NOTHING;
use crate::house::{House, SESSION, account, answer, minutes, ready, recorded};

/// A page is asked after when Stripe should have said that it closed.
const AFTER_ITS_END: i64 = 23 * 60 + 15;

fn no_sessions() -> Value {
    json!({"object": "list", "data": [], "has_more": false, "url": "/v1/checkout/sessions"})
}

fn closed() -> AttemptState {
    AttemptState::Closed {
        reason: ClosedReason::Expired,
    }
}

fn asked() -> Vec<String> {
    vec![format!("GET /v1/checkout/sessions/{SESSION}")]
}

#[tokio::test]
async fn a_call_that_was_never_made_comes_to_nothing() {
    let house = House::issued().await;
    house.try_to_pay(AttemptState::Started).await;
    assert_eq!(house.tick(minutes(4)).await, NOTHING, "it may be under way");
    house.stripe_says([answer(200, &no_sessions())]);
    assert_eq!(house.tick(minutes(5)).await[2], (1, 0));
    assert_eq!(house.attempt(), closed());
    assert_eq!(house.calls(), ["GET /v1/checkout/sessions"]);
    assert_eq!(house.tick(minutes(6)).await, NOTHING);
    assert!(house.calls().is_empty());
}

#[tokio::test]
async fn a_call_whose_answer_was_lost_is_found_among_the_others() {
    let house = House::issued().await;
    house.try_to_pay(AttemptState::Started).await;
    let pages = ["answers/sessions.first", "answers/sessions.last"];
    house.stripe_says(pages.map(|page| answer(200, &recorded(page))));
    house.tick(minutes(5)).await;
    let AttemptState::Ready { session, .. } = house.attempt() else {
        unreachable!("its page is open: {:?}", house.attempt())
    };
    assert_eq!(session, SESSION);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_asked_again() {
    let house = House::issued().await;
    house.try_to_pay(AttemptState::Started).await;
    for count in [5, 10] {
        assert_eq!(house.tick(minutes(count)).await[2], (1, 1));
        assert_eq!(house.attempt(), AttemptState::Started);
    }
    let error = recorded("answers/error.api");
    for status in [500, 503, 429, 401] {
        house.stripe_says([answer(status, &error)]);
        assert_eq!(house.tick(minutes(15)).await[2], (1, 1), "{status}");
    }
    house.stripe_says([answer(200, &no_sessions())]);
    assert_eq!(house.tick(minutes(20)).await[2], (1, 0));
    assert_eq!(house.attempt(), closed());
}

#[tokio::test]
async fn money_whose_notification_was_lost_is_taken_in_once() {
    let house = House::issued().await;
    house.try_to_pay(ready()).await;
    house.stripe_says([answer(200, &recorded("answers/session.complete"))]);
    house.tick(minutes(AFTER_ITS_END)).await;
    assert_eq!(house.calls(), asked());
    assert_eq!(house.attempt(), AttemptState::Paid);
    assert_eq!(house.standing().await.status.as_str(), "paid");
    // The notifications come after all, and change nothing.
    house.told("checkout.session.completed").await;
    house.told("payment_intent.succeeded").await;
    assert_eq!(house.all::<Payment>().len(), 1);
    assert_eq!(house.all::<Delivery>().len(), 1, "one receipt");
    assert!(house.calls().is_empty());
    // And the other way round: what was told is not taken in again.
    let house = House::issued().await;
    house.told("payment_intent.succeeded").await;
    house.try_to_pay(ready()).await;
    house.stripe_says([answer(200, &recorded("answers/session.complete"))]);
    house.tick(minutes(AFTER_ITS_END)).await;
    assert_eq!(house.attempt(), AttemptState::Paid);
    assert_eq!(house.all::<Payment>().len(), 1);
    assert_eq!(house.all::<Delivery>().len(), 1);
}

#[tokio::test]
async fn a_page_that_closed_or_is_unknown_is_closed() {
    let gone = recorded("answers/error.not_found");
    for (status, body) in [(200, recorded("answers/session.expired")), (404, gone)] {
        let house = House::issued().await;
        house.try_to_pay(ready()).await;
        house.stripe_says([answer(status, &body)]);
        house.tick(minutes(AFTER_ITS_END)).await;
        assert_eq!(house.attempt(), closed());
        assert_eq!(house.standing().await.status.as_str(), "open");
        assert_eq!(house.tick(minutes(100_000)).await[2], (0, 0));
    }
}

#[tokio::test]
async fn a_slow_payment_is_asked_after_every_day_until_it_ends() {
    let session = |payment_status: &str| {
        let mut session = recorded("answers/session.complete");
        session["payment_status"] = json!(payment_status);
        session
    };
    // Its page is known no more by then, so it is looked for by the attempt.
    let listed = |payment_status: &str| {
        let mut page = no_sessions();
        page["data"] = json!([session(payment_status)]);
        answer(200, &page)
    };
    let house = House::issued().await;
    house.try_to_pay(ready()).await;
    house.stripe_says([answer(200, &session("unpaid"))]);
    house.tick(minutes(AFTER_ITS_END)).await;
    assert!(matches!(house.attempt(), AttemptState::Processing { .. }));
    assert_eq!(house.standing().await.processing.len(), 1);
    let days = |count: i64| minutes(AFTER_ITS_END + count * 24 * 60);
    for day in 1..4 {
        house.stripe_says([listed("unpaid")]);
        assert_eq!(house.tick(days(day)).await[2], (1, 0));
        assert_eq!(house.tick(days(day)).await[2], (0, 0));
        assert_eq!(house.standing().await.status.as_str(), "open");
    }
    house.stripe_says([listed("paid")]);
    house.tick(days(4)).await;
    assert_eq!(house.attempt(), AttemptState::Paid);
    let standing = house.standing().await;
    assert_eq!(standing.status.as_str(), "paid");
    assert!(standing.processing.is_empty());
    assert_eq!(house.all::<Payment>().len(), 1);
}

/// Its failure was never told: nobody is kept waiting, reminded or kept from paying for ever.
#[tokio::test]
async fn a_slow_payment_that_never_ends_is_given_up_after_a_month() {
    let mut session = recorded("answers/session.complete");
    session["payment_status"] = json!("unpaid");
    let listed = |known: bool| {
        let mut page = no_sessions();
        if known {
            page["data"] = json!([session]);
        }
        answer(200, &page)
    };
    let house = House::issued().await;
    house.try_to_pay(ready()).await;
    house.stripe_says([answer(200, &session)]);
    house.tick(minutes(AFTER_ITS_END)).await;
    let days = |count: i64| minutes(AFTER_ITS_END + count * 24 * 60);
    for day in 1..=30 {
        // Whether it knows the page or not, it is asked once a day.
        house.stripe_says([listed(day % 2 == 0)]);
        if day < 30 {
            assert_eq!(house.tick(days(day)).await[2], (1, 0), "day {day}");
            assert_eq!(house.tick(days(day)).await[2], (0, 0), "day {day}");
            assert_eq!(house.standing().await.processing.len(), 1, "day {day}");
        } else {
            house.tick(days(day)).await;
        }
    }
    let reason = ClosedReason::Failed;
    assert_eq!(house.attempt(), AttemptState::Closed { reason });
    let standing = house.standing().await;
    assert!(standing.processing.is_empty());
    assert_eq!(standing.status.as_str(), "open");
    // Money that comes all the same is taken.
    house.told("payment_intent.succeeded").await;
    assert_eq!(house.standing().await.status.as_str(), "paid");
}

#[tokio::test]
async fn without_credentials_nobody_can_be_asked() {
    let house = House::issued().await;
    house.try_to_pay(ready()).await;
    let name = secret_name("/remit/test", account(), "stripe");
    house.secrets.delete(&name).await.unwrap();
    assert_eq!(house.tick(minutes(AFTER_ITS_END)).await[2], (1, 0));
    assert_eq!(house.attempt(), closed());
    assert!(house.calls().is_empty());
}
