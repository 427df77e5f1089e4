//! Money that goes back: refunds in whatever way they are told, disputes and their ends.

use serde_json::json;

use crate::client::text;
use crate::house::{House, list};
use crate::page::Browser;
use crate::stripe::Money;
use crate::webhooks::{ADA, balance, billed, only_payment};

/// Told one by one, as a running total, or both, in any order: given back is what was given back.
#[tokio::test]
async fn refunds_are_counted_once_in_whatever_way_they_are_told() {
    let house = House::open().await;
    let api = &house.api;
    let (client_id, id) = billed(&house, "100.00").await;
    let money = Money::for_invoice(&house, "pi_1", &id, 12000);
    house.notify(&money.completed()).await.expect(200);
    let balance_is = async |amount: Option<&str>| {
        let found = balance(&house, &client_id).await;
        let found = list(&found);
        let found = found
            .first()
            .map(|balance| text(balance, "amount").to_owned());
        assert_eq!(found.as_deref(), amount);
    };
    balance_is(Some("20.00")).await;
    // First what is the client's goes back, then what was applied.
    for (event, refunded, paid, status) in [
        (money.refunded_in_all(1500), "15.00", "100.00", "paid"),
        (
            money.refund("refund.created", "re_1", 1500, "pending"),
            "15.00",
            "100.00",
            "paid",
        ),
        (
            money.refund("refund.updated", "re_1", 1500, "succeeded"),
            "15.00",
            "100.00",
            "paid",
        ),
        (
            money.refund("refund.created", "re_2", 3500, "succeeded"),
            "50.00",
            "70.00",
            "open",
        ),
        (money.refunded_in_all(5000), "50.00", "70.00", "open"),
        (money.refunded_in_all(1500), "50.00", "70.00", "open"),
        (
            money.refund("refund.created", "re_2", 3500, "succeeded"),
            "50.00",
            "70.00",
            "open",
        ),
        (money.refunded_in_all(12000), "120.00", "0.00", "open"),
    ] {
        house.notify(&event).await.expect(200);
        let payment = only_payment(&house).await;
        assert_eq!(payment["refunded"], refunded, "after {event}");
        let invoice = api.invoice(&id).await;
        assert_eq!(invoice["totals"]["paid"], paid, "after {event}");
        assert_eq!(invoice["status"], status, "after {event}");
    }
    balance_is(Some("0.00")).await;
    assert_eq!(only_payment(&house).await["whereabouts"], "refunded");
    let reopened = api.invoice(&id).await;
    // Money was given back without a credit: a member decides whether it is asked for again.
    assert_eq!(reopened["reminders"]["hold"], "refund");
    assert!(reopened["reminders"]["next_at"].is_null());
    house.settle().await;
    let told = house.told_of(&id).await;
    let count = |kind: &str| told.iter().filter(|told| *told == kind).count();
    assert_eq!(count("payment.refunded"), 3, "{told:?}");
    assert_eq!(count("invoice.reopened"), 1, "{told:?}");
    assert_eq!(house.mails(ADA).await.len(), 1, "only the receipt");
    house.close().await;
}

/// A refund that fails is money that is back.
#[tokio::test]
async fn a_refund_that_fails_is_taken_back() {
    let house = House::open().await;
    let (_, id) = billed(&house, "100.00").await;
    let money = Money::for_invoice(&house, "pi_1", &id, 10000);
    house.notify(&money.completed()).await.expect(200);
    let created = money.refund("refund.created", "re_1", 4000, "pending");
    house.notify(&created).await.expect(200);
    assert_eq!(
        house.api.invoice(&id).await["totals"]["balance_due"],
        "40.00"
    );
    let failed = money.refund("refund.failed", "re_1", 4000, "failed");
    for _ in 0..2 {
        house.notify(&failed).await.expect(200);
        let paid = house.api.invoice(&id).await;
        assert_eq!(paid["status"], "paid");
        assert_eq!(paid["totals"]["paid"], "100.00");
        assert_eq!(only_payment(&house).await["refunded"], "0.00");
    }
    house.close().await;
}

/// A refund and a dispute that are told before their payment wait for it.
#[tokio::test]
async fn news_of_a_payment_that_is_not_known_yet_wait() {
    let house = House::open().await;
    let (_, one) = billed(&house, "100.00").await;
    let (_, other) = billed(&house, "100.00").await;
    let refunded = Money::for_invoice(&house, "pi_refunded", &one, 10000);
    let disputed = Money::for_invoice(&house, "pi_disputed", &other, 10000);
    house
        .notify(&refunded.refunded_in_all(2500))
        .await
        .expect(200);
    let lost = disputed.dispute("charge.dispute.closed", "lost");
    house.notify(&lost).await.expect(200);
    assert!(house.api.all("/v1/payments").await.is_empty());
    house.notify(&refunded.completed()).await.expect(200);
    house.notify(&disputed.completed()).await.expect(200);
    assert_eq!(house.api.invoice(&one).await["status"], "paid");
    house.advance("PT11M").await;
    assert_eq!(
        house.api.invoice(&one).await["totals"]["balance_due"],
        "25.00"
    );
    assert_eq!(
        house.api.invoice(&other).await["totals"]["balance_due"],
        "100.00"
    );
    house.close().await;
}

/// Contested money is away while the dispute lasts; the invoice reopens only where it is lost.
#[tokio::test]
async fn disputes_end_one_way_or_the_other() {
    let house = House::open().await;
    for (end, status, due) in [("won", "paid", "0.00"), ("lost", "open", "100.00")] {
        let (_, id) = billed(&house, "100.00").await;
        let money = Money::for_invoice(&house, &format!("pi_{end}"), &id, 10000);
        let dispute = |kind: &str, state: &str| {
            let mut event = money.dispute(kind, state);
            event["data"]["object"]["id"] = json!(format!("du_{end}"));
            event
        };
        house.notify(&money.completed()).await.expect(200);
        let opened = dispute("charge.dispute.created", "needs_response");
        let away = dispute("charge.dispute.funds_withdrawn", "needs_response");
        let closed = dispute("charge.dispute.closed", end);
        for event in [&opened, &away, &opened] {
            house.notify(event).await.expect(200);
            assert_eq!(house.api.invoice(&id).await["status"], "paid", "{event}");
            let payments = house.api.all("/v1/payments").await;
            let disputes = &payments[0]["disputes"];
            assert_eq!(disputes[0]["state"], "open");
            assert_eq!(disputes[0]["amount"], "100.00");
        }
        for event in [&closed, &closed, &opened] {
            house.notify(event).await.expect(200);
            let invoice = house.api.invoice(&id).await;
            assert_eq!(invoice["status"], status, "{event}");
            assert_eq!(invoice["totals"]["balance_due"], due, "{event}");
            let payments = house.api.all("/v1/payments").await;
            assert_eq!(payments[0]["disputes"][0]["state"], end);
        }
        house.settle().await;
        let told = house.told_of(&id).await;
        let count = told
            .iter()
            .filter(|told| *told == "payment.disputed")
            .count();
        assert_eq!(count, 2, "opened and ended: {told:?}");
    }
    // A question of the bank moves nothing.
    let (_, id) = billed(&house, "100.00").await;
    let asked = Money::for_invoice(&house, "pi_asked", &id, 10000);
    house.notify(&asked.completed()).await.expect(200);
    let inquiry = asked.dispute("charge.dispute.created", "warning_needs_response");
    house.notify(&inquiry).await.expect(200);
    assert_eq!(house.api.invoice(&id).await["status"], "paid");
    assert_eq!(
        house.api.all("/v1/payments").await[0]["disputes"],
        json!([])
    );
    house.close().await;
}

/// The same by the stand-in's buttons, which send Stripe's whole run of events.
#[tokio::test]
async fn the_stand_in_plays_refunds_and_disputes() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let browser = Browser::new(&house);
    let mut paid = Vec::new();
    for _ in 0..3 {
        let issued = api.issued(text(&client, "id"), "80.00", json!({})).await;
        let checkout = browser.pay(text(&issued, "url")).await;
        paid.push((text(&issued, "id").to_owned(), checkout));
    }
    for (at, actions, due) in [
        (0, ["refund-half", "refund"].as_slice(), "80.00"),
        (1, &["dispute", "win"], "0.00"),
        (2, &["refund-half", "dispute", "lose"], "80.00"),
    ] {
        let (id, checkout) = &paid[at];
        for action in actions {
            browser.at_checkout(checkout, action).await;
        }
        house.settle().await;
        let invoice = api.invoice(id).await;
        assert_eq!(invoice["totals"]["balance_due"], due, "{actions:?}");
    }
    house.close().await;
}
