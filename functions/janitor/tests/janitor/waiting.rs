//! Money and news that wait for what they name.

use remit_billing::delivery::Delivery;
use remit_billing::ids::EventId;
use remit_billing::ledger::{Cause, LedgerTransaction};
use remit_billing::payment::{MatchState, Payment, RailReference};
use remit_runtime::model::{account_id, invoice_id};
use remit_store::records::{Notification, NotificationState};

use crate::NOTHING;
use crate::house::{House, START, account, at, invoice, minutes, recorded};

const PAID: &str = "payment_intent.succeeded";

#[tokio::test]
async fn money_is_applied_once_its_invoice_is_issued() {
    let house = House::new().await;
    house.told(PAID).await;
    assert_eq!(house.tick(minutes(4)).await, NOTHING);
    // Still a draft: later again.
    assert_eq!(house.tick(minutes(5)).await[0], (1, 0));
    assert_eq!(house.tick(minutes(6)).await, NOTHING);
    house.issue(invoice(), false).await;
    for _ in 0..2 {
        house.tick(minutes(5 + 60)).await;
        assert_eq!(house.standing().await.status.as_str(), "paid");
    }
    let payment = house.all::<Payment>().remove(0);
    assert_eq!(payment.match_state, MatchState::Matched);
    assert_eq!(payment.whereabouts(), "applied");
    assert_eq!(
        house.all::<Delivery>().len(),
        1,
        "now the client is thanked"
    );
    for entry in house.all::<LedgerTransaction>() {
        entry.check().unwrap();
    }
    // Its receipt leaves with the next sweep of deliveries.
    house.tick(minutes(70)).await;
    assert_eq!(house.sent().len(), 1);
}

/// Money is never given up, however long its invoice does not come.
#[tokio::test]
async fn money_waits_for_ever() {
    let house = House::new().await;
    house.told(PAID).await;
    let mut looks = 0;
    for day in 0..100 {
        looks += house.tick(minutes(day * 24 * 60 + 10)).await[0].0;
    }
    assert!((95..=101).contains(&looks), "{looks}: about once a day");
    let payment = house.all::<Payment>().remove(0);
    assert!(matches!(payment.match_state, MatchState::Unmatched { .. }));
}

#[tokio::test]
async fn news_is_taken_in_once_its_payment_is_known() {
    for (name, due) in [
        ("refund.created", "190.00 EUR"),
        ("charge.refunded", "190.00 EUR"),
        ("charge.dispute.closed.lost", "1190.00 EUR"),
        ("charge.dispute.closed.won", "0.00 EUR"),
    ] {
        let house = House::issued().await;
        house.told(name).await;
        house.told(PAID).await;
        assert_eq!(house.standing().await.status.as_str(), "paid");
        for count in [5, 5, 70] {
            house.tick(minutes(count)).await;
            let left = house.standing().await.balance_due().unwrap();
            assert_eq!(left, due.parse().unwrap(), "{name}");
        }
        let state = house.all::<Notification>().remove(0).state;
        assert_eq!(state, NotificationState::Applied);
        assert_eq!(house.tick(minutes(100_000)).await[0], (0, 0));
    }
}

/// What a provider kept of a payment is asked for once it is due, and then no more.
#[tokio::test]
async fn what_was_kept_is_asked_for_once() {
    let house = House::issued().await;
    house.told(PAID).await;
    assert_eq!(house.tick(minutes(5)).await[0], (1, 0));
    let payment = house.all::<Payment>().remove(0);
    let fees: Vec<_> = payment
        .fees
        .iter()
        .map(|fee| fee.amount.to_string())
        .collect();
    assert_eq!(
        (fees, payment.fee_look),
        (vec!["20.00 EUR".to_owned()], None)
    );
    assert_eq!(house.tick(minutes(100_000)).await[0], (0, 0));
}

/// News that was put aside and then told again has taken effect already.
#[tokio::test]
async fn news_that_was_told_again_in_between_is_known() {
    let house = House::issued().await;
    house.told("refund.created").await;
    house.told(PAID).await;
    house.told("refund.created").await;
    let before = house.all::<LedgerTransaction>().len();
    house.tick(minutes(5)).await;
    // Nothing but what Stripe kept of the payment.
    let entries = house.all::<LedgerTransaction>();
    assert_eq!(entries.len(), before + 1);
    let fees = entries.iter().filter(|entry| entry.cause == Cause::Fee);
    assert_eq!(fees.count(), 1);
    let state = house.all::<Notification>().remove(0).state;
    assert_eq!(state, NotificationState::Applied);
}

#[tokio::test]
async fn news_of_a_payment_that_never_comes_is_given_up() {
    let house = House::issued().await;
    house.told("refund.created").await;
    let mut looks = 0;
    for hour in 0..40 * 24 {
        looks += house.tick(minutes(hour * 60 + 5)).await[0].0;
    }
    assert_eq!(looks, 30);
    let given_up = house.all::<Notification>().remove(0);
    assert_eq!(given_up.state, NotificationState::GivenUp);
    assert!(given_up.body.contains("refund"), "it stays to be looked at");
}

/// One that cannot be read any more fails, is seen as failing, and keeps no other back.
#[tokio::test]
async fn a_spoiled_notification_keeps_no_other_back() {
    let house = House::issued().await;
    let id: EventId = "evt_01k8000000e008000000000009".parse().unwrap();
    let spoiled = Notification {
        account_id: account(),
        id,
        provider: "stripe".to_owned(),
        reference: RailReference::parse("evt_spoiled").unwrap(),
        subject: "refunded".to_owned(),
        state: NotificationState::Waiting {
            look_at: at(START),
            looks: 0,
        },
        body: "no json".to_owned(),
        received_at: at(START),
    };
    house.create(&spoiled).await;
    house.told("refund.created").await;
    house.told(PAID).await;
    // The payment itself is due as well: what was kept of it is asked for.
    assert_eq!(house.tick(minutes(5)).await[0], (3, 1));
    let due = house.standing().await.balance_due().unwrap();
    assert_eq!(due, "190.00 EUR".parse().unwrap());
}

/// What one account waits for is nothing that another's payment of the same name could be.
#[tokio::test]
async fn news_of_one_account_never_meets_the_money_of_another() {
    let house = House::issued().await;
    house.told(PAID).await;
    let id: EventId = "evt_01k8000000e008000000000009".parse().unwrap();
    let body = recorded("events/charge.dispute.closed.lost").to_string();
    let others = Notification {
        account_id: account_id(77),
        id,
        provider: "stripe".to_owned(),
        reference: RailReference::parse("evt_other").unwrap(),
        subject: "disputed".to_owned(),
        state: NotificationState::Waiting {
            look_at: at(START),
            looks: 0,
        },
        body,
        received_at: at(START),
    };
    house.create(&others).await;
    house.tick(minutes(5)).await;
    assert_eq!(house.standing().await.status.as_str(), "paid");
    assert_ne!(invoice(), invoice_id(77));
}
