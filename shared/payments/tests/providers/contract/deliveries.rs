//! What calls to the webhook come to: proved or refused, read or kept.

use proptest::prelude::*;
use remit_payments::{Delivery, DeliveryFault, Notification, NotificationKind, Statement, reread};
use serde_json::{Value, json};

use super::{Paid, Subject, Vector, Verdict, now, other_account, paid, references};

async fn read<S: Subject>(paid: &Paid<S>, vector: Vector) -> Result<Delivery, DeliveryFault> {
    let call = S::call(&paid.host, &paid.payment, vector);
    paid.provider
        .read_delivery(&call.headers, &call.body, now())
        .await
}

fn only(delivery: &Delivery) -> &Statement {
    let [statement] = delivery.statements() else {
        unreachable!("one statement: {delivery:?}")
    };
    statement
}

fn stated<S: Subject>(
    paid: &Paid<S>,
    notification: &Notification,
) -> Option<remit_payments::References> {
    let NotificationKind::PaymentSucceeded {
        payment_intent,
        amount,
        references,
        ..
    } = &notification.kind
    else {
        unreachable!("states a payment: {notification:?}")
    };
    assert_eq!(payment_intent, &paid.payment);
    assert_eq!(amount, &S::amount());
    assert!(!notification.livemode);
    *references
}

pub async fn every_call_has_its_verdict<S: Subject>() {
    for vector in Vector::ALL {
        let paid = paid::<S>().await;
        let outcome = read(&paid, vector).await;
        match S::verdict(vector) {
            Verdict::Refused => {
                assert!(
                    matches!(outcome, Err(DeliveryFault::Signature(_))),
                    "{vector:?}: {outcome:?}"
                );
            }
            Verdict::Unreadable => {
                let delivery = outcome.unwrap();
                assert!(only(&delivery).read().is_err(), "{vector:?}: {delivery:?}");
                assert!(!only(&delivery).body().is_empty());
            }
            Verdict::Unknown => {
                let delivery = outcome.unwrap();
                for notification in delivery.notifications() {
                    let kind = &notification.kind;
                    assert!(
                        matches!(kind, NotificationKind::Unknown { .. }),
                        "{vector:?}: {kind:?}"
                    );
                }
            }
            states => {
                let delivery = outcome.unwrap_or_else(|fault| unreachable!("{vector:?}: {fault}"));
                let notification = only(&delivery).read().unwrap();
                let expected = match states {
                    Verdict::StatesForeign => None,
                    Verdict::StatesOther => Some(remit_payments::References {
                        account: other_account(),
                        ..references()
                    }),
                    _ => Some(references()),
                };
                assert_eq!(stated(&paid, notification), expected, "{vector:?}");
            }
        }
    }
}

pub async fn the_same_statement_has_the_same_id<S: Subject>() {
    let paid = paid::<S>().await;
    let first = read(&paid, Vector::Genuine).await.unwrap();
    let again = read(&paid, Vector::Replayed).await.unwrap();
    let id = |delivery: &Delivery| only(delivery).read().unwrap().provider_event_id.clone();
    assert_eq!(id(&first), id(&again));
    assert_eq!(
        only(&first).read().unwrap().kind,
        only(&again).read().unwrap().kind
    );
}

pub async fn what_is_kept_reads_as_the_same_again<S: Subject>() {
    let paid = paid::<S>().await;
    for vector in [Vector::Genuine, Vector::Foreign, Vector::UnheardOf] {
        let delivery = read(&paid, vector).await.unwrap();
        for statement in delivery.statements() {
            let again = reread(paid.provider.name(), statement.body()).unwrap();
            assert_eq!(again.as_ref(), statement.read(), "{vector:?}");
        }
    }
    assert!(reread("nobody", "{}").is_none());
}

/// Every place of a JSON value.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                places(inner, &format!("{here}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{here}/{index}"), all);
            }
        }
        _ => {}
    }
}

pub async fn every_field_may_be_anything<S: Subject>() {
    let paid = paid::<S>().await;
    let delivery = read(&paid, Vector::Genuine).await.unwrap();
    let kept: Value = serde_json::from_str(only(&delivery).body()).unwrap();
    let mut all = Vec::new();
    places(&kept, "", &mut all);
    assert!(all.len() > 10, "{all:?}");
    for place in &all {
        for wild in [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(""),
            json!("\u{0}#/../é"),
            json!("9".repeat(400)),
            json!([]),
            json!([[]]),
            json!({}),
        ] {
            let mut changed = kept.clone();
            *changed.pointer_mut(place).unwrap() = wild;
            let Some(Ok(read)) = reread(paid.provider.name(), &changed.to_string()) else {
                continue;
            };
            if let NotificationKind::PaymentSucceeded { amount, .. } = read.kind {
                assert!(amount.is_positive(), "{place}");
            }
        }
    }
}

/// Bodies that nobody proved: refused or, where the provider has to be asked, found to say nothing.
pub fn whatever_comes_is_survived<S: Subject>() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let paid = runtime.block_on(paid::<S>());
    let genuine = S::call(&paid.host, &paid.payment, Vector::Genuine);
    let name = paid.provider.name();
    let config = ProptestConfig::with_cases(64);
    proptest!(config, |(noise in proptest::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>())| {
        let mut spliced = genuine.body.clone();
        let at = cut.index(spliced.len());
        spliced.truncate(at);
        spliced.extend_from_slice(&noise);
        for body in [&noise, &spliced] {
            if body == &genuine.body {
                continue;
            }
            let read = paid.provider.read_delivery(&genuine.headers, body, now());
            if let Ok(delivery) = runtime.block_on(read) {
                for notification in delivery.notifications() {
                    // What is stated after all was asked of the provider.
                    if let NotificationKind::PaymentSucceeded { amount, .. } = &notification.kind {
                        prop_assert_eq!(amount, &S::amount());
                    }
                }
            }
            // What is kept is proved; but no text may ever break the reader.
            let _survived = reread(name, &String::from_utf8_lossy(body));
        }
    });
    // Deeper than any parser's stack should go.
    let deep = "[".repeat(100_000);
    assert!(reread(name, &deep).unwrap().is_err());
}
