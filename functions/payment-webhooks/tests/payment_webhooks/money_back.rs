//! Refunds, disputes, and what is kept without effect.

use remit_billing::event::EventKind;
use remit_billing::ledger::LedgerAccount;
use remit_billing::money::Currency;
use remit_billing::payment::Payment;
use remit_billing::standing::Hold;
use serde_json::{Value, json};

use crate::house::{House, SECRET, event, event_with, money};
use crate::{orders, twice_in_every_order};

const PAID: &str = "payment_intent.succeeded";
const REFUND_MADE: &str = "refund.created";
const REFUND_DONE: &str = "refund.updated";
const REFUND_FAILED: &str = "refund.failed";
const REFUNDED_SO_FAR: &str = "charge.refunded";
const DISPUTE_MADE: &str = "charge.dispute.created";
const WITHDRAWN: &str = "charge.dispute.funds_withdrawn";
const DISPUTE_UPDATED: &str = "charge.dispute.updated";
const WON: &str = "charge.dispute.closed.won";
const REINSTATED: &str = "charge.dispute.funds_reinstated";
const LOST: &str = "charge.dispute.closed.lost";

#[tokio::test]
async fn a_refund_is_told_in_many_ways_and_counts_once() {
    for told in twice_in_every_order(&[PAID, REFUND_MADE, REFUNDED_SO_FAR, REFUND_DONE]) {
        let house = House::new().await;
        house.tell_all(&told).await;
        assert_eq!(house.payment().refunded, money("190.00 EUR"), "{told:?}");
        assert_eq!(house.due().await, money("190.00 EUR"));
        let reminders = house.standing().await.reminders;
        assert_eq!(reminders.hold, Some(Hold::Refund));
        let kinds = house.stated_kinds();
        let count = |kind| kinds.iter().filter(|known| **known == kind).count();
        assert_eq!(count(EventKind::PaymentRefunded), 1, "{told:?}");
        assert_eq!(count(EventKind::InvoiceReopened), 1);
        house.check_ledger().await;
    }
}

/// A refund can fail after days; its older news may be told again even later.
#[tokio::test]
async fn a_refund_that_failed_has_not_happened_whatever_is_told_when() {
    let news = [REFUND_MADE, REFUNDED_SO_FAR, REFUND_DONE, REFUND_FAILED];
    for order in orders(&news) {
        let house = House::new().await;
        house.tell_all(&[PAID]).await;
        house.tell_all(&order).await;
        house.tell_all(&order).await;
        assert_eq!(house.payment().refunded, money("0.00 EUR"), "{order:?}");
        assert_eq!(house.standing().await.status.as_str(), "paid");
        assert_eq!(house.standing().await.payments.len(), 1);
        house.check_ledger().await;
    }
}

/// A refund of a payment that nobody knows waits, and is taken in when it is told again.
#[tokio::test]
async fn news_of_money_that_is_not_known_waits() {
    for name in [REFUND_MADE, REFUNDED_SO_FAR, DISPUTE_MADE, LOST] {
        let house = House::new().await;
        house.tell_all(&[name, name]).await;
        let reference = event(name)["id"].as_str().unwrap().to_owned();
        assert_eq!(house.kept(), [format!("{reference} waiting")]);
        assert!(house.all::<Payment>().is_empty());
    }
}

#[tokio::test]
async fn a_dispute_that_is_won_changes_nothing_for_the_client() {
    let news = [DISPUTE_MADE, WITHDRAWN, WON, REINSTATED];
    for order in orders(&news) {
        let house = House::new().await;
        house.tell_all(&[PAID]).await;
        house.tell_all(&order).await;
        house.tell_all(&order).await;
        assert_eq!(house.standing().await.status.as_str(), "paid");
        // Stripe keeps its fee for the dispute, won or lost.
        let cash = house.ledger(LedgerAccount::CashStripe, Currency::EUR);
        assert_eq!(cash, money("1170.00 EUR"), "{order:?}");
        let fees = house.ledger(LedgerAccount::ProviderFees, Currency::EUR);
        assert_eq!(fees, money("20.00 EUR"), "{order:?}");
        let held = house.ledger(LedgerAccount::DisputedReceivable, Currency::EUR);
        assert!(held.is_zero());
        house.check_ledger().await;
    }
}

#[tokio::test]
async fn a_dispute_that_is_lost_is_owed_again() {
    let house = House::new().await;
    house.tell_all(&[PAID, DISPUTE_MADE]).await;
    assert_eq!(
        house.standing().await.status.as_str(),
        "paid",
        "not lost yet"
    );
    let held = house.ledger(LedgerAccount::DisputedReceivable, Currency::EUR);
    assert_eq!(held, money("1190.00 EUR"));
    for order in orders(&[DISPUTE_MADE, WITHDRAWN, DISPUTE_UPDATED, LOST]) {
        let house = House::new().await;
        house.tell_all(&[PAID]).await;
        house.tell_all(&order).await;
        house.tell_all(&order).await;
        assert_eq!(house.due().await, money("1190.00 EUR"), "{order:?}");
        let cash = house.ledger(LedgerAccount::CashStripe, Currency::EUR);
        assert_eq!(cash, money("-20.00 EUR"), "{order:?}");
        let fees = house.ledger(LedgerAccount::ProviderFees, Currency::EUR);
        assert_eq!(fees, money("20.00 EUR"), "{order:?}");
        let reminders = house.standing().await.reminders;
        assert_eq!((reminders.hold, reminders.cycle), (None, 2));
        house.check_ledger().await;
    }
}

/// A bank's question moves no money.
#[tokio::test]
async fn an_inquiry_is_kept_and_moves_nothing() {
    let house = House::new().await;
    house.tell_all(&[PAID]).await;
    house.stated();
    house.tell_all(&["charge.dispute.created.inquiry"; 2]).await;
    assert_eq!(house.kept(), ["evt_charge_dispute_created_inquiry unknown"]);
    assert!(house.payment().disputes.is_empty() && house.stated().is_empty());
}

#[tokio::test]
async fn what_is_not_remits_is_kept_once_and_never_applied() {
    let others = json!({"metadata": {
        "remit_account": "acc_01k8000000e008000000000009",
        "remit_invoice": "inv_01k8000000e008000000000002",
    }});
    let broken = json!({"metadata": {"remit_account": "x", "remit_invoice": 7}});
    for (told, state) in [
        (event("checkout.session.completed.foreign"), "foreign"),
        (event_with(PAID, &others), "foreign"),
        (event_with(PAID, &broken), "foreign"),
        (event_with("payment_intent.processing", &others), "foreign"),
        (event_with("checkout.session.expired", &others), "foreign"),
        (event_with(REFUNDED_SO_FAR, &others), "foreign"),
        (event("checkout.session.completed.subscription"), "unknown"),
        (event("checkout.session.completed.free"), "unknown"),
        (event("charge.refunded.legacy"), "unknown"),
        (event("customer.created"), "unknown"),
    ] {
        let house = House::new().await;
        for _ in 0..2 {
            house.tell(&told).await;
        }
        let reference = told["id"].as_str().unwrap();
        assert_eq!(house.kept(), [format!("{reference} {state}")]);
        assert_eq!(house.due().await, money("1190.00 EUR"));
        assert!(house.all::<Payment>().is_empty());
    }
}

/// It comes from Stripe and may speak of money: kept as it came, for a person, and acknowledged.
#[tokio::test]
async fn what_is_signed_and_cannot_be_read_is_kept_as_it_came() {
    let without = |pointer: &str| {
        let mut told = event(PAID);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = told.pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().remove(name);
        told.to_string()
    };
    for body in [
        "no json".to_owned(),
        String::new(),
        "[]".to_owned(),
        without("/id"),
        without("/created"),
        without("/data/object/amount_received"),
        event_with(PAID, &json!({"currency": "xxx"})).to_string(),
        event_with(PAID, &json!({"amount_received": "119000"})).to_string(),
        event_with(PAID, &json!({"id": "pi_#"})).to_string(),
    ] {
        let house = House::new().await;
        for _ in 0..2 {
            let answer = house.send(house.request(&body, SECRET)).await;
            assert_eq!(answer.status, 200, "{body:.60}");
        }
        let kept = house.all::<remit_store::records::Notification>();
        assert_eq!(kept.len(), 1);
        assert_eq!(
            (kept[0].state.as_str(), &kept[0].body),
            ("unreadable", &body)
        );
        assert!(house.all::<Payment>().is_empty());
    }
}

/// Two that differ are two, and neither is lost because the other was kept.
#[tokio::test]
async fn every_unreadable_body_is_kept() {
    let house = House::new().await;
    for body in ["one", "two", "one"] {
        let answer = house.send(house.request(body, SECRET)).await;
        assert_eq!(answer.body, json!({"received": true}));
    }
    assert_eq!(house.kept().len(), 2);
    assert!(house.kept().iter().all(|one| one.ends_with("unreadable")));
    let nothing: Vec<Value> = Vec::new();
    assert_eq!(json!(house.stated()), json!(nothing));
}
