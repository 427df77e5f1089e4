//! Much that is due at once: handed out in messages, taken in by several, nobody before another's.

use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::AccountId;
use remit_runtime::model::{MemoryQueue, account_id, invoice_id};
use remit_runtime::queue::Message;
use remit_store::keys::{self, DueKind};
use remit_store::records::HandOut;
use serde_json::{Value, json};

use crate::house::{House, at};

/// The first step of what was issued on the first day is due, and that of the day after.
const MORNING: &str = "2026-12-06T08:00:00Z";
/// More than a run does itself.
const MANY: usize = 100;

fn morning() -> Timestamp {
    at(MORNING)
}

fn after(minutes: i64) -> Timestamp {
    morning() + SignedDuration::from_mins(minutes)
}

/// An agency that issued many invoices at once.
async fn flooded() -> House {
    let house = House::empty().await;
    for number in 0..MANY {
        house.issue(1_000 + u128::try_from(number).unwrap()).await;
    }
    house
}

/// Another agency, which issued some a day later.
async fn another(house: &House, count: usize) -> AccountId {
    let other = account_id(7);
    house.clock.set(at("2026-11-25T09:00:00Z"));
    house.found(other).await;
    for number in 0..count {
        let number = 5_000 + u128::try_from(number).unwrap();
        house.issue_by(other, number).await;
    }
    other
}

async fn handed_out(house: &House, time: Timestamp) -> u64 {
    let answer = house.tick_at(time).await.unwrap();
    answer["handed_out"].as_u64().unwrap()
}

/// Runs workers until nothing waits.
async fn drain(house: &House) {
    while house.take_in(3).await > 0 {}
}

fn groups(messages: &[Message]) -> Vec<&str> {
    let groups = messages.iter().map(|message| message.group.as_str());
    groups.collect()
}

#[tokio::test]
async fn few_are_done_at_once_and_many_go_through_the_queue() {
    let house = House::empty().await;
    for number in 0..24 {
        house.issue(1_000 + number).await;
    }
    assert_eq!(house.tick(MORNING).await, (24, 0));
    assert_eq!((house.sent().len(), house.queue.sent()), (24, (0, 0)));

    let house = flooded().await;
    assert_eq!(handed_out(&house, morning()).await, 100);
    assert_eq!(house.sent().len(), 0, "the run itself sends nothing");
    // Five messages of at most 24, in one call.
    assert_eq!(house.queue.sent(), (5, 1));
    let waiting = house.queue.waiting();
    let bodies = waiting.iter().map(|message| {
        let body: Value = serde_json::from_str(&message.body).unwrap();
        assert_eq!(body["kind"], "reminder");
        body["keys"].as_array().unwrap().len()
    });
    assert_eq!(bodies.collect::<Vec<_>>(), [24, 24, 24, 24, 4]);
    drain(&house).await;
    assert_eq!(house.reminded(account_id(1)), MANY);
    assert_eq!(house.sent().len(), MANY);
}

/// A day has 288 runs; what one sends, all of them send.
#[tokio::test]
async fn a_days_run_repeated_sends_what_one_sends() {
    for workers_come in [true, false] {
        let house = flooded().await;
        for run in 0..24 {
            house.tick_at(after(run)).await.unwrap();
            // Each message once more, whether its work was done or not.
            let taken = house.queue.take(1);
            if !taken.is_empty() {
                assert!(house.invoke(MemoryQueue::payload(&taken)).await);
                let again: Vec<&str> = taken.iter().map(|(id, _)| id.as_str()).collect();
                let again = again.iter().map(|id| json!({"itemIdentifier": id}));
                let again: Vec<Value> = again.collect();
                house
                    .queue
                    .end(&taken, &json!({"batchItemFailures": again}));
            }
            if workers_come {
                drain(&house).await;
            }
        }
        drain(&house).await;
        assert_eq!(house.sent().len(), MANY, "{workers_come}");
        assert_eq!(house.reminded(account_id(1)), MANY);
        // Nothing was put again while it was under way.
        assert_eq!(house.queue.sent().0, 5, "{workers_come}");
    }
}

#[tokio::test]
async fn what_is_lost_is_found_again_and_not_before_its_time() {
    let house = flooded().await;
    assert_eq!(handed_out(&house, morning()).await, 100);
    house.queue.lose_all();
    assert_eq!(handed_out(&house, after(5)).await, 0);
    assert_eq!(handed_out(&house, after(14)).await, 0);
    // The queue is empty, and all of it is still due.
    assert_eq!(handed_out(&house, after(15)).await, 100);
    // While messages wait it is left alone, but for an hour at most.
    assert_eq!(handed_out(&house, after(35)).await, 0);
    assert_eq!(handed_out(&house, after(74)).await, 0);
    assert_eq!(handed_out(&house, after(75)).await, 100);
    drain(&house).await;
    assert_eq!(house.sent().len(), MANY);
    assert_eq!(handed_out(&house, after(200)).await, 0);
}

/// One run dies between its messages and its mark; two others begin at the same time.
#[tokio::test]
async fn two_that_hand_out_at_once_send_no_mail_twice() {
    let house = flooded().await;
    let (one, other) = tokio::join!(house.tick_at(morning()), house.tick_at(morning()));
    assert_eq!(
        (
            one.unwrap()["handed_out"].clone(),
            other.unwrap()["handed_out"].clone()
        ),
        (json!(100), json!(100))
    );
    // The same messages, by what SQS would take for one.
    let waiting = house.queue.waiting();
    let once: std::collections::BTreeSet<&str> = waiting
        .iter()
        .map(|message| message.once.as_str())
        .collect();
    assert_eq!((waiting.len(), once.len()), (10, 5));
    drain(&house).await;
    assert_eq!(house.sent().len(), MANY);
    let mark = house
        .read::<HandOut>(&keys::hand_out(DueKind::Reminder))
        .await;
    assert_eq!((mark.begun_at, mark.up_to.len()), (morning(), 4));
}

#[tokio::test]
async fn one_accounts_flood_delays_nobody() {
    let house = flooded().await;
    let other = another(&house, 10).await;
    assert_eq!(handed_out(&house, morning()).await, 110);
    // Ten that fell due later are handed out in the first turn.
    let (first, later) = (account_id(1).to_string(), other.to_string());
    let waiting = house.queue.waiting();
    assert_eq!(groups(&waiting)[..3], [&first, &later, &first]);
    assert_eq!(groups(&waiting).len(), 6);
    // Two workers, a message each.
    for _ in 0..2 {
        assert_eq!(house.take_in(1).await, 1);
    }
    assert_eq!(
        (house.reminded(other), house.reminded(account_id(1))),
        (10, 24)
    );
}

/// The flood was handed out before, and a worker is busy with it.
#[tokio::test]
async fn who_comes_while_a_flood_is_under_way_does_not_wait_behind_it() {
    for count in [10, 30] {
        let house = flooded().await;
        let other = another(&house, count).await;
        let before = at("2026-12-05T08:00:00Z");
        assert_eq!(handed_out(&house, before).await, 100);
        let busy = house.queue.take(1);
        assert_eq!(busy[0].1.group, account_id(1).to_string());
        // A day later it still is; the walk begins anew, as the hour is over.
        house.tick_at(morning()).await.unwrap();
        while house.reminded(other) < count {
            assert!(
                house.take_in(1).await > 0,
                "the other's messages are not held up"
            );
        }
        assert_eq!(house.reminded(account_id(1)), 0);
        house.queue.end(
            &busy,
            &json!({"batchItemFailures": [{"itemIdentifier": busy[0].0}]}),
        );
        drain(&house).await;
        assert_eq!(house.sent().len(), MANY + count);
    }
}

/// What comes behind what was handed out is little: the run does it at once.
#[tokio::test]
async fn a_run_does_the_few_that_came_since_and_leaves_the_rest_under_way() {
    let house = flooded().await;
    assert_eq!(handed_out(&house, morning()).await, 100);
    let other = account_id(7);
    another(&house, 10).await;
    // They fall due a day after the others.
    let seen = house.tick_at(after(5)).await.unwrap();
    assert_eq!(
        (seen["seen"].clone(), seen["handed_out"].clone()),
        (json!(10), json!(0))
    );
    assert_eq!((house.reminded(other), house.sent().len()), (10, 10));
}

#[tokio::test]
async fn what_the_queue_does_not_take_is_put_again() {
    let house = flooded().await;
    house.queue.refuse(true);
    assert!(house.tick_at(morning()).await.is_err());
    let mark = house
        .ports
        .store
        .get::<HandOut>(&keys::hand_out(DueKind::Reminder))
        .await;
    assert_eq!(mark.unwrap(), None, "what was not taken is not remembered");
    house.queue.refuse(false);
    assert_eq!(handed_out(&house, after(5)).await, 100);
    drain(&house).await;
    assert_eq!(house.sent().len(), MANY);
}

/// It would hold up what its account has behind it; it is due, and is found again.
#[tokio::test]
async fn one_that_fails_keeps_no_message_back() {
    let house = flooded().await;
    house.tick_at(morning()).await.unwrap();
    let broken = keys::invoice_document(account_id(1), invoice_id(1_030));
    *house.table.unreadable.lock().unwrap() = Some(broken);
    drain(&house).await;
    assert_eq!(house.sent().len(), MANY - 1);
    *house.table.unreadable.lock().unwrap() = None;
    assert_eq!(house.tick(MORNING).await, (1, 0));
    assert_eq!(house.sent().len(), MANY);
    // Where the items themselves cannot be read, all of the message comes again.
    let standing = keys::invoice_standing(account_id(1), invoice_id(1_030));
    *house.table.unreadable.lock().unwrap() = Some(standing.clone());
    let body = json!({"kind": "reminder", "keys": [standing]}).to_string();
    let answer = house.answer(&[("a", body)]).await;
    assert_eq!(
        answer["batchItemFailures"],
        json!([{"itemIdentifier": "a"}])
    );
}

#[tokio::test]
async fn a_message_that_is_no_work_of_ours_comes_again_alone() {
    let house = flooded().await;
    house.tick_at(morning()).await.unwrap();
    let standing = keys::invoice_standing(account_id(1), invoice_id(1_000));
    let nothing_due = keys::account(account_id(1));
    let message = |body: Value| body.to_string();
    let bodies = [
        (
            "a",
            message(json!({"kind": "reminder", "keys": [standing]})),
        ),
        ("b", "no JSON".to_owned()),
        (
            "c",
            message(json!({"kind": "subscription", "keys": [standing]})),
        ),
        (
            "d",
            message(json!({"kind": "reminder", "keys": [nothing_due]})),
        ),
    ];
    let answer = house.answer(&bodies).await;
    let failed = json!([{"itemIdentifier": "b"}, {"itemIdentifier": "c"}]);
    assert_eq!(answer, json!({ "batchItemFailures": failed }));
    assert_eq!(house.sent().len(), 1);
    // Before its time nothing leaves, whatever a message says.
    house.clock.set(morning() - SignedDuration::from_hours(720));
    assert_eq!(
        house.answer(&bodies[..1]).await["batchItemFailures"],
        json!([])
    );
    assert_eq!(house.sent().len(), 1);
}
