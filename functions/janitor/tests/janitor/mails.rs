//! Deliveries whose event was lost, or whose sender died.

use jiff::SignedDuration;
use remit_billing::delivery::{
    About, CancelReason, Delivery, DeliveryKind, DeliveryState, DocumentId, LEASE, SWEEP_AFTER,
};
use remit_billing::ids::TypedId;
use remit_notify::mailer::{Holdup, SendError};
use remit_runtime::model::{client_id, invoice_id};
use remit_store::keys;

use crate::house::{House, START, account, at, invoice, minutes};

fn reminder() -> Delivery {
    let kind = DeliveryKind::Reminder {
        offset_days: 7,
        cycle: 1,
        tone: None,
        promised_on: None,
    };
    Delivery::requested(
        TypedId::from_uuid(invoice().uuid()),
        account(),
        client_id(2),
        About::Invoice {
            invoice_id: invoice(),
            kind,
        },
        at(START),
    )
}

#[tokio::test]
async fn a_lost_event_delays_a_mail_and_loses_none() {
    let house = House::new().await;
    house.issue(invoice(), true).await;
    let early = at(START) + SWEEP_AFTER - SignedDuration::from_secs(1);
    assert_eq!(
        house.tick(early).await[1],
        (0, 0),
        "the event may still come"
    );
    for _ in 0..3 {
        house.tick(at(START) + SWEEP_AFTER).await;
        assert_eq!(house.sent().len(), 1);
    }
    assert!(matches!(house.delivery().state, DeliveryState::Sent { .. }));
    assert_eq!(house.tick(minutes(100_000)).await[1], (0, 0));
}

#[tokio::test]
async fn a_sender_that_died_leaves_an_invoice_to_be_sent_again() {
    let house = House::new().await;
    house.issue(invoice(), true).await;
    let doubt = SendError::Unknown {
        detail: "the function was stopped".to_owned(),
    };
    house.mails.fail_with([doubt]);
    let first = at(START) + SWEEP_AFTER;
    house.tick(first).await;
    assert!(matches!(
        house.delivery().state,
        DeliveryState::Claimed { .. }
    ));
    let held = first + LEASE - SignedDuration::from_secs(1);
    assert_eq!(house.tick(held).await[1], (0, 0));
    for _ in 0..2 {
        house.tick(first + LEASE).await;
        assert_eq!(house.sent().len(), 2);
    }
}

/// At most once: nobody knows whether it left, so it does not leave again.
#[tokio::test]
async fn a_reminder_in_doubt_is_closed_and_not_repeated() {
    let house = House::issued().await;
    let claimed = reminder().claimed(TypedId::from_uuid(invoice().uuid()), at(START));
    house.create(&claimed).await;
    let end = at(START) + LEASE;
    for _ in 0..2 {
        house.tick(end).await;
        assert!(house.sent().is_empty());
        let state = house.delivery().state;
        assert_eq!(state, DeliveryState::Unconfirmed { at: end });
    }
}

#[tokio::test]
async fn a_reminder_that_was_held_up_leaves_later_if_it_is_still_right() {
    let house = House::issued().await;
    house.take_step(7).await;
    house.create(&reminder()).await;
    let held_up = SendError::NotSent {
        reason: Holdup::Quota,
        retry_after: None,
        detail: String::new(),
    };
    house.mails.fail_with([held_up]);
    house.tick(minutes(2)).await;
    assert!(matches!(
        house.delivery().state,
        DeliveryState::Pending { .. }
    ));
    house.tick(minutes(10)).await;
    assert_eq!(house.sent().len(), 2);
    // The same, but the money comes in between.
    let house = House::issued().await;
    house.take_step(7).await;
    house.create(&reminder()).await;
    house.told("payment_intent.succeeded").await;
    house.tick(minutes(2)).await;
    let key = keys::delivery(account(), DocumentId::Invoice(invoice()), reminder().id);
    let state = house.read::<Delivery>(&key).await.state;
    assert!(
        matches!(state, DeliveryState::Cancelled { .. }),
        "{state:?}"
    );
    let receipts_only = house.sent().len();
    assert_eq!(receipts_only, 1, "the receipt of that payment");
}

#[tokio::test]
async fn a_reminder_that_waited_too_long_gives_way_to_the_next() {
    let house = House::issued().await;
    house.take_step(7).await;
    house.create(&reminder()).await;
    house.take_step(14).await;
    house.tick(minutes(2)).await;
    assert!(house.sent().is_empty());
    let reason = CancelReason::Superseded;
    let state = house.delivery().state;
    assert_eq!(
        state,
        DeliveryState::Cancelled {
            at: minutes(2),
            reason
        }
    );
}

#[tokio::test]
async fn a_held_account_sends_nothing_and_its_mails_leave_when_it_is_released() {
    let house = House::new().await;
    house.issue(invoice(), true).await;
    house.hold(true).await;
    for count in [2, 60, 6_000] {
        let [_, deliveries, _] = house.tick(minutes(count)).await;
        assert_eq!(deliveries, (1, 0), "it is seen, and is no failure");
        assert!(house.sent().is_empty());
    }
    house.hold(false).await;
    house.tick(minutes(6_005)).await;
    assert_eq!(house.sent().len(), 1);
}

#[tokio::test]
async fn one_that_fails_keeps_no_other_back() {
    let house = House::new().await;
    for number in 10..80 {
        house.draft(invoice_id(number)).await;
        house.issue(invoice_id(number), true).await;
    }
    // The invoice of this one is not there.
    let orphan = Delivery {
        about: About::Invoice {
            invoice_id: invoice_id(999),
            kind: DeliveryKind::VoidNotice,
        },
        ..reminder()
    };
    house.create(&orphan).await;
    let [_, deliveries, _] = house.tick(minutes(2)).await;
    assert_eq!(deliveries, (71, 1));
    assert_eq!(house.sent().len(), 70);
    assert_eq!(house.tick(minutes(3)).await[1], (1, 1), "it stays visible");
}
