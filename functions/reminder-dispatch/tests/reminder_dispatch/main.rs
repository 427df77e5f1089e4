//! The function as its schedule drives it: a tick says only that time has passed.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod fan_out;
mod house;

use remit_billing::delivery::{DeliveryState, FailReason};
use remit_billing::event::EventKind;
use remit_billing::ids::{AttemptId, TypedId};
use remit_billing::standing::{Hold, Processing, Reversal, Standing};
use remit_notify::mailer::{Holdup, SendError};
use remit_runtime::model::{account_id, client_id, invoice_id};
use remit_runtime::secrets::Secrets as _;
use remit_store::{Commit, keys};
use serde_json::json;

use crate::house::{House, at};

/// The ladder of an invoice that is due on 8 December, at nine in Berlin.
const STEPS: [(&str, i16); 5] = [
    ("2026-12-05T08:00:00Z", -3),
    ("2026-12-08T08:00:00Z", 0),
    ("2026-12-15T08:00:00Z", 7),
    ("2026-12-22T08:00:00Z", 14),
    ("2027-01-07T08:00:00Z", 30),
];
const FIRST: &str = "2026-12-05T08:00:00Z";
const DUE: &str = "2026-12-08T08:00:00Z";

fn only() -> remit_billing::ids::InvoiceId {
    invoice_id(3)
}

#[tokio::test]
async fn each_step_leaves_once_at_its_hour() {
    let house = House::new().await;
    assert_eq!(house.tick("2026-12-05T07:59:59Z").await, (0, 0));
    for (taken, (time, _)) in (1..).zip(STEPS) {
        for _ in 0..3 {
            house.tick(time).await;
            assert_eq!(house.sent().len(), taken, "{time}");
        }
    }
    let steps: Vec<_> = STEPS.iter().map(|(_, days)| (1, *days)).collect();
    assert_eq!(house.steps(only()), steps);
    assert_eq!(house.tick("2027-12-01T00:00:00Z").await, (0, 0));
    assert_eq!(house.sent().len(), 5, "the ladder has an end");
    assert!(house.stated().is_empty());
}

#[tokio::test]
async fn a_reminder_tells_how_to_get_no_more() {
    let house = House::new().await;
    house.tick(FIRST).await;
    let mail = house.sent().remove(0);
    assert_eq!(mail.to, ["jo@acme.example".parse().unwrap()]);
    assert!(mail.subject.as_str().contains("INV-2026-00001"));
    assert!(mail.text.contains("100.00") && mail.html.contains("100.00"));
    let headers = mail.unsubscribe.unwrap().headers();
    assert_eq!(headers.len(), 2, "one click, as it is https");
    let (name, value) = &headers[0];
    assert_eq!(*name, "List-Unsubscribe");
    assert!(value.starts_with("<https://bills.example/p/") && value.ends_with("/unsubscribe>"));
}

/// Nobody gets three reminders in one morning because a deployment was down.
#[tokio::test]
async fn after_a_pause_only_the_latest_step_leaves() {
    let house = House::new().await;
    house.tick("2026-12-20T10:00:00Z").await;
    house.tick("2026-12-20T10:01:00Z").await;
    assert_eq!(house.steps(only()), [(1, 7)]);
    house.tick("2026-12-22T08:00:00Z").await;
    assert_eq!(house.steps(only()), [(1, 7), (1, 14)]);
}

#[tokio::test]
async fn nothing_leaves_once_nothing_is_due() {
    let paid = House::new().await;
    let payment = paid.payment().await;
    paid.commit(payment).await;
    let void = House::new().await;
    void.change_standing(|standing| standing.void(None, at(FIRST)).unwrap())
        .await;
    for house in [paid, void] {
        for (time, _) in STEPS {
            assert_eq!(house.tick(time).await, (0, 0), "it is not even looked at");
        }
        assert!(house.sent().is_empty() && house.steps(only()).is_empty());
    }
}

/// Money that comes between the look and the claim makes the claim fail.
#[tokio::test]
async fn money_that_comes_in_that_very_moment_is_faster() {
    let house = House::new().await;
    house.clock.set(at(FIRST));
    let payment = house.payment().await;
    *house.table.faster.lock().unwrap() = Some(payment);
    assert_eq!(house.tick(FIRST).await, (1, 0));
    assert!(house.sent().is_empty() && house.steps(only()).is_empty());
    house.tick(DUE).await;
    assert!(house.sent().is_empty());
}

/// What changed in between without a meaning for reminders is looked at again.
#[tokio::test]
async fn a_lost_race_loses_no_reminder() {
    let house = House::new().await;
    let key = keys::invoice_standing(account_id(1), only());
    let stored = house.ports.store.get::<Standing>(&key).await;
    let stored = stored.unwrap().unwrap();
    let again = Commit::new().replace(&stored, &stored.value.clone(), Vec::new());
    *house.table.faster.lock().unwrap() = Some(again);
    house.tick(FIRST).await;
    assert!(house.sent().is_empty());
    house.tick(FIRST).await;
    assert_eq!(house.sent().len(), 1);
}

#[tokio::test]
async fn a_payment_on_its_way_puts_reminders_off_and_its_failure_brings_them_back() {
    let house = House::new().await;
    let attempt_id = AttemptId::from_uuid(only().uuid());
    let coming = Processing {
        attempt_id,
        amount: "100.00 EUR".parse().unwrap(),
        since: at(FIRST),
    };
    house
        .change_standing(|standing| standing.with_processing(coming))
        .await;
    assert_eq!(house.tick(FIRST).await, (1, 0));
    // It is looked at again the next morning, not at every tick, and never at night.
    assert_eq!(house.tick("2026-12-05T08:05:00Z").await, (0, 0));
    assert_eq!(house.tick("2026-12-06T07:59:59Z").await, (0, 0));
    assert_eq!(house.tick("2026-12-06T08:00:00Z").await, (1, 0));
    assert!(house.sent().is_empty());
    house
        .change_standing(|standing| standing.without_processing(attempt_id))
        .await;
    house.tick("2026-12-06T20:00:00Z").await;
    assert!(house.sent().is_empty(), "not in the evening");
    for _ in 0..2 {
        house.tick("2026-12-07T08:00:00Z").await;
        assert_eq!(house.steps(only()), [(1, -3)], "late, and once");
    }
    house.tick(DUE).await;
    assert_eq!(house.steps(only()), [(1, -3), (1, 0)]);
}

#[tokio::test]
async fn who_wants_no_reminders_gets_none() {
    // The client's page says so.
    let asked = House::new().await;
    asked.change_standing(Standing::reminders_held).await;
    // The agency says so, of all of the client's.
    let quiet = House::new().await;
    quiet.change_client(|client| client.reminders = false).await;
    let archived = House::new().await;
    archived
        .change_client(|client| client.archived_at = Some(at(FIRST)))
        .await;
    for house in [asked, quiet, archived] {
        for (time, _) in STEPS {
            assert_eq!(house.tick(time).await.1, 0);
        }
        assert!(house.sent().is_empty() && house.steps(only()).is_empty());
    }
    // One that was issued while the client wanted none is held from the start.
    let house = House::empty().await;
    house.change_client(|client| client.reminders = false).await;
    house.issue(3).await;
    assert_eq!(house.standing().await.reminders.hold, Some(Hold::Client));
    assert_eq!(house.tick(FIRST).await, (0, 0));
}

#[tokio::test]
async fn a_held_account_sends_nothing_until_it_is_released() {
    let house = House::new().await;
    house.change_account(|account| account.held = true).await;
    for _ in 0..2 {
        assert_eq!(house.tick(FIRST).await, (1, 0));
    }
    assert!(house.sent().is_empty());
    house.change_account(|account| account.held = false).await;
    house.tick("2026-12-05T09:00:00Z").await;
    assert_eq!(house.steps(only()), [(1, -3)]);
    assert_eq!(house.sent().len(), 1);
}

#[tokio::test]
async fn without_a_recipient_the_step_is_taken_and_somebody_is_told() {
    let house = House::new().await;
    house.change_client(|client| client.contacts.clear()).await;
    for _ in 0..2 {
        house.tick(FIRST).await;
    }
    assert!(house.sent().is_empty());
    let delivery = house.deliveries().remove(0);
    let reason = FailReason::NoRecipient;
    let failed = DeliveryState::Failed {
        at: at(FIRST),
        reason,
    };
    assert_eq!(delivery.state, failed);
    let told: Vec<_> = house.stated().iter().map(|event| event.kind).collect();
    assert_eq!(told, [EventKind::DeliveryFailed]);
}

/// At most once: what may have left does not leave again, here or by any later tick.
#[tokio::test]
async fn a_doubt_is_not_repeated() {
    let house = House::new().await;
    let doubt = SendError::Unknown {
        detail: "timed out".to_owned(),
    };
    house.mails.fail_with([doubt]);
    assert_eq!(house.tick(FIRST).await, (1, 0));
    for time in ["2026-12-05T08:01:00Z", "2026-12-05T12:00:00Z"] {
        house.tick(time).await;
        assert_eq!(house.sent().len(), 1);
    }
    house.tick(DUE).await;
    assert_eq!(
        house.steps(only()),
        [(1, -3), (1, 0)],
        "the next step is another mail"
    );
}

/// What certainly did not leave waits as a delivery; the janitor takes it from there.
#[tokio::test]
async fn what_was_held_up_waits_and_its_step_is_not_taken_twice() {
    let house = House::new().await;
    let held_up = SendError::NotSent {
        reason: Holdup::Throttled,
        retry_after: None,
        detail: String::new(),
    };
    house.mails.fail_with([held_up]);
    for _ in 0..2 {
        house.tick(FIRST).await;
    }
    assert_eq!(house.sent().len(), 1);
    let delivery = house.deliveries().remove(0);
    // A minute, and what spreads those that are held up together.
    let not_before = at("2026-12-05T08:01:45Z");
    assert_eq!(delivery.state, DeliveryState::Pending { not_before });
    assert!(delivery.due_at().is_some());
}

/// It was claimed, but no mail could be made of it: nothing left, so it is no doubt.
#[tokio::test]
async fn what_could_not_even_be_written_waits_as_well() {
    let house = House::new().await;
    house.secrets.delete("links").await.unwrap();
    assert_eq!(house.tick(FIRST).await, (1, 1));
    assert!(house.sent().is_empty());
    let delivery = house.deliveries().remove(0);
    // A minute, and what spreads those that are held up together.
    let not_before = at("2026-12-05T08:01:45Z");
    assert_eq!(delivery.state, DeliveryState::Pending { not_before });
    assert_eq!(house.tick(FIRST).await, (0, 0), "its step is taken");
}

#[tokio::test]
async fn what_reopens_begins_the_ladder_anew() {
    let house = House::new().await;
    house.tick(FIRST).await;
    let payment = house.payment().await;
    house.commit(payment).await;
    let ladder = remit_billing::reminder::Ladder::default();
    house.clock.set(at("2026-12-10T00:00:00Z"));
    house
        .change_standing(|standing| {
            let part = standing.payments[0].clone();
            let now = at("2026-12-10T00:00:00Z");
            let back = standing.reopened(part.id, part.amount, Reversal::Loss, &ladder, now);
            back.unwrap()
        })
        .await;
    for (time, _) in STEPS {
        house.tick(time).await;
    }
    // The steps before the reopening are past; the first one of the first cycle stays one.
    assert_eq!(house.steps(only()), [(1, -3), (2, 7), (2, 14), (2, 30)]);
}

#[tokio::test]
async fn one_that_fails_keeps_no_other_back() {
    let house = House::empty().await;
    for number in 60..84 {
        house.issue(number).await;
    }
    let broken = invoice_id(77);
    let key = keys::invoice_document(account_id(1), broken);
    *house.table.unreadable.lock().unwrap() = Some(key);
    assert_eq!(house.tick(FIRST).await, (24, 1));
    assert_eq!(house.sent().len(), 23);
    assert!(house.steps(broken).is_empty());
    *house.table.unreadable.lock().unwrap() = None;
    assert_eq!(house.tick("2026-12-05T08:05:00Z").await, (1, 0));
    assert_eq!(house.steps(broken), [(1, -3)]);
    assert_eq!(house.sent().len(), 24);
    for mail in house.sent() {
        assert_eq!(
            house.steps(mail.document.to_string().parse().unwrap()),
            [(1, -3)]
        );
    }
}

#[tokio::test]
async fn whatever_wakes_it_is_a_tick() {
    let house = House::new().await;
    house.clock.set(at(FIRST));
    for payload in [
        json!({}),
        json!(null),
        json!({"detail": {"account_id": "x"}}),
    ] {
        assert!(house.invoke(payload).await);
    }
    assert_eq!(house.sent().len(), 1);
}

/// The client's own record decides at the moment of the tick, not at issue.
#[tokio::test]
async fn a_reminder_goes_where_the_client_is_now() {
    let house = House::new().await;
    house
        .change_client(|client| {
            assert_eq!(client.id, client_id(2));
            client.contacts[0].email = "new@acme.example".parse().unwrap();
        })
        .await;
    house.tick(FIRST).await;
    assert_eq!(house.sent()[0].to, ["new@acme.example".parse().unwrap()]);
}
