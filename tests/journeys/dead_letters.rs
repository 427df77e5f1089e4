//! What failed for good: an operator sees it, sends it back in its order, and lets it go. Each step goes through the
//! host's socket, with the SDK and the requests that it makes in the cloud.

use remit_operate::OperateError;
use remit_operate::dead_letters::Operator;
use remit_operate::letter::NoWay;
use serde_json::{Value, json};

use crate::client::text;
use crate::house::House;
use crate::webhooks::ADA;

const MAILS: &str = "InvoiceSendingQueue";
const MAILS_LETTERS: &str = "remit-local-invoice-sending-dead-letters";
const CHECKOUTS_LETTERS: &str = "remit-local-checkout-expiry-dead-letters";
const DUE: &str = "ReminderDispatchQueue";
const DUE_LETTERS: &str = "DueDeadLetters";
const DUE_LETTERS_NAME: &str = "remit-local-due-dead-letters.fifo";

fn operator(house: &House) -> Operator {
    Operator::new(&remit_operate::local(house.url()), "local")
}

/// The bodies that a queue holds, the first sent first.
fn bodies(house: &House, queue: &str) -> Vec<String> {
    let messages = house.host.cloud.queues.messages(queue).into_iter();
    messages.map(|message| message.body).collect()
}

fn send(house: &House, queue: &str, body: &Value) {
    let cloud = &house.host.cloud;
    let now = cloud.now();
    cloud
        .queues
        .send(queue, body.to_string(), None, now)
        .unwrap();
    cloud.wake.notify_one();
}

/// A message that no consumer can read: it fails until it is dead.
fn poison(number: u32) -> Value {
    json!({"detail-type": "invoice.sent", "detail": {"id": format!("poison {number}")}})
}

async fn count(operator: &Operator, queue: &str) -> usize {
    operator.queue(queue).await.unwrap().count
}

#[tokio::test]
async fn what_failed_for_good_is_seen_goes_back_and_is_let_go() {
    let house = House::open().await;
    let operator = operator(&house);
    for number in 1..=2 {
        send(&house, MAILS, &poison(number));
    }
    house.advance("PT2H").await;
    let queue = operator.queue(MAILS_LETTERS).await.unwrap();
    assert_eq!(queue.count, 2);
    let others = operator.queues().await.unwrap();
    assert!(others.len() > 10, "{others:?}");
    let rest: usize = others.iter().map(|queue| queue.count).sum();
    assert_eq!(rest, 2, "{others:?}");

    // Seen twice, and left where they are.
    for _ in 0..2 {
        let letters = operator.letters(&queue).await.unwrap();
        let about: Vec<&str> = letters.iter().map(|letter| letter.about.as_str()).collect();
        assert_eq!(about, ["invoice.sent poison 1", "invoice.sent poison 2"]);
        assert!(letters.iter().all(|letter| letter.way.is_ok()));
    }

    // Back to where they failed, where they fail again: none is lost, none is more.
    let done = operator.redrive(&queue, None).await.unwrap();
    assert_eq!((done.sent, done.left.len()), (2, 0));
    assert!(done.failed.is_none());
    house.advance("PT2H").await;
    assert_eq!(count(&operator, MAILS_LETTERS).await, 2);
    assert_eq!(bodies(&house, MAILS), Vec::<String>::new());

    // One of them alone, and one that is not there.
    let letters = operator.letters(&queue).await.unwrap();
    let missing = operator.redrive(&queue, Some("nobody")).await;
    assert!(matches!(missing, Err(OperateError::NoLetter { .. })));
    let done = operator.redrive(&queue, Some(&letters[1].id)).await;
    assert_eq!(done.unwrap().sent, 1);
    assert_eq!(count(&operator, MAILS_LETTERS).await, 1);
    house.advance("PT2H").await;
    assert_eq!(count(&operator, MAILS_LETTERS).await, 2);

    // What nobody wants any more goes.
    for letter in operator.letters(&queue).await.unwrap() {
        let gone = operator.discard(&queue, &letter.id).await.unwrap();
        assert_eq!(gone.about, letter.about);
    }
    let missing = operator.queue("remit-local-nothing-dead-letters").await;
    assert!(matches!(missing, Err(OperateError::NoQueue(_))));
    house.close().await;
}

#[tokio::test]
async fn a_fact_that_goes_back_to_its_function_has_its_effect_once() {
    let house = House::open().await;
    let operator = operator(&house);
    let client = house.api.client(ADA, json!({})).await;
    let invoice = house
        .api
        .issued(text(&client, "id"), "100", json!({}))
        .await;
    let id = text(&invoice, "id");
    house.api.record(id, "100").await;
    house.settle().await;
    let events = house.events().await;
    let mut paid = events.iter();
    let paid = paid.find(|event| event["detail-type"] == "invoice.paid");
    // As Lambda lays down what it gave up.
    let letter = json!({
        "version": "1.0",
        "requestContext": {"functionArn": "CheckoutExpiryFunction", "condition": "RetriesExhausted"},
        "requestPayload": paid.unwrap(),
        "responsePayload": {"errorMessage": "no table"},
    });
    send(&house, "CheckoutExpiryDeadLetters", &letter);
    // Nobody says where this one comes from.
    send(&house, "CheckoutExpiryDeadLetters", &json!({"hello": 1}));
    let queue = operator.queue(CHECKOUTS_LETTERS).await.unwrap();
    let letters = operator.letters(&queue).await.unwrap();
    assert_eq!(letters[0].reason.as_deref(), Some("no table"));
    assert!(letters[0].about.starts_with("invoice.paid"));

    let before = (house.stored(), house.mails(ADA).await.len());
    let done = operator.redrive(&queue, None).await.unwrap();
    assert_eq!(done.sent, 1);
    assert_eq!(done.left, [(letters[1].id.clone(), NoWay::NoOrigin)]);
    house.settle().await;
    house.unchanged_since(&before.0, "a fact that was sent back");
    assert_eq!(house.mails(ADA).await.len(), before.1);
    assert_eq!(count(&operator, CHECKOUTS_LETTERS).await, 1);
    operator.discard(&queue, &letters[1].id).await.unwrap();
    house.close().await;
}

#[tokio::test]
async fn letters_of_a_group_go_back_in_their_order() {
    let house = House::open().await;
    let operator = operator(&house);
    let cloud = &house.host.cloud;
    // Nothing is worked on meanwhile.
    let driving = cloud.driving.lock().await;
    for number in 0..25 {
        for group in ["a", "b"] {
            let sent = remit_local::queues::Sent {
                body: format!("{group} {number}"),
                source: Some(DUE.to_owned()),
                group: Some(group.to_owned()),
                once: Some(format!("{group} {number}")),
            };
            cloud.queues.put(DUE_LETTERS, sent, cloud.now()).unwrap();
        }
    }
    let queue = operator.queue(DUE_LETTERS_NAME).await.unwrap();
    assert_eq!(queue.count, 50);
    let alone = operator.redrive(&queue, Some("any")).await;
    assert!(matches!(alone, Err(OperateError::OutOfOrder)));
    let done = operator.redrive(&queue, None).await.unwrap();
    assert_eq!((done.sent, done.left.len()), (50, 0));
    assert_eq!(bodies(&house, DUE_LETTERS), Vec::<String>::new());
    let back = bodies(&house, DUE);
    for group in ["a", "b"] {
        let own = back.iter().filter(|body| body.starts_with(group));
        let wanted: Vec<String> = (0..25).map(|number| format!("{group} {number}")).collect();
        assert!(own.eq(&wanted), "{back:?}");
    }
    // They mean nothing to their function: gone before it sees them.
    for message in 0..=50 {
        cloud.queues.delete(DUE, message).unwrap();
    }
    drop(driving);
    house.close().await;
}
