//! E-invoices for a network whose event was lost, whose sender died, or whose network was down.

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{LEASE, SWEEP_AFTER};
use remit_billing::e_invoice::transmission::{
    EInvoiceTransmission, RefusedReason, TransmissionState,
};
use remit_billing::event::{Event, EventKind};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::standing::Standing;
use remit_runtime::Objects as _;
use remit_runtime::model::client_id;
use remit_store::{Commit, Key, Record, Versioned, keys, stated_events, type_of};
use serde_json::{Value, json};

use crate::house::{House, START, account, at, invoice};

/// Changes fields of what is stored.
async fn with<T: Record>(house: &House, key: &Key, more: Value) {
    let stored: Versioned<T> = house.ports.store.get(key).await.unwrap().unwrap();
    let mut fields = serde_json::to_value(&stored.value).unwrap();
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    let after: T = serde_json::from_value(fields).unwrap();
    let commit = Commit::new().replace(&stored, &after, Vec::new());
    house.commit(commit).await;
}

fn party(vat: &str, country: &str) -> Value {
    json!({
        "address": {"line1": "Hauptstr. 1", "city": "Bonn", "postal_code": "53113", "country": country},
        "tax_ids": [{"scheme": "VAT", "value": vat}],
        "electronic_address": {"scheme": "0088", "value": "4012345000009"},
    })
}

/// An invoice is issued to a client who is reached by a network, and no event comes.
async fn issued() -> House {
    let house = House::new().await;
    let mut agency = party("DE987654321", "DE");
    agency["e_invoice_network"] = json!("file_drop");
    with::<Account>(&house, &keys::account(account()), agency).await;
    let mut client = party("FR12345678901", "FR");
    client["e_invoice_profile"] = json!("peppol_bis_3");
    let key = keys::client(account(), client_id(2));
    with::<Client>(&house, &key, client).await;
    let key = keys::invoice_document(account(), invoice());
    let stored = house.ports.store.get::<InvoiceDocument>(&key).await;
    let stored = stored.unwrap().unwrap();
    let InvoiceDocument::Draft(mut draft) = stored.value.clone() else {
        unreachable!("it is a draft");
    };
    draft.content.buyer_reference = Some("Desk 4".parse().unwrap());
    let after = InvoiceDocument::Draft(draft);
    let commit = Commit::new().replace(&stored, &after, Vec::new());
    house.commit(commit).await;
    house.issue(invoice(), false).await;
    house
}

fn transmission(house: &House) -> EInvoiceTransmission {
    house.all::<EInvoiceTransmission>().remove(0)
}

/// What its item states now.
fn told(house: &House) -> Vec<EventKind> {
    let items = house.table.items().into_iter();
    let mut items = items.filter(|item| type_of(item) == Some(EInvoiceTransmission::TYPE));
    let item = items.next().unwrap();
    let events: Vec<Event> = stated_events(None, Some(&item)).unwrap();
    events.into_iter().map(|event| event.kind).collect()
}

async fn outbox(house: &House) -> Option<Vec<u8>> {
    let key = format!("e-invoices/outbox/{}/{}.xml", account(), invoice());
    house.bucket.get(&key).await.unwrap()
}

#[tokio::test]
async fn a_lost_event_delays_an_e_invoice_and_loses_none() {
    let house = issued().await;
    assert_eq!(told(&house), [EventKind::EInvoiceRequested]);
    let early = at(START) + SWEEP_AFTER - SignedDuration::from_secs(1);
    assert_eq!(house.tick(early).await[1], (0, 0), "the event may come");
    let first = at(START) + SWEEP_AFTER;
    assert_eq!(house.tick(first).await[1], (1, 0));
    let there = outbox(&house).await.unwrap();
    assert!(there.starts_with(b"<?xml"));
    let done = transmission(&house);
    assert!(matches!(done.state, TransmissionState::HandedOver { .. }));
    for later in [0, 10, 100_000] {
        let later = first + SignedDuration::from_mins(later);
        assert_eq!(house.tick(later).await[1], (0, 0));
    }
    assert_eq!(transmission(&house), done);
    assert_eq!(outbox(&house).await, Some(there));
}

/// What was handed over before the sender died is handed over once more, and lies there once, as it was.
#[tokio::test]
async fn a_sender_that_died_leaves_one_file() {
    let house = issued().await;
    house.tick(at(START) + SWEEP_AFTER).await;
    let there = outbox(&house).await;
    let done = house.all::<EInvoiceTransmission>().remove(0);
    let until = at(START) + LEASE;
    let claimed = EInvoiceTransmission {
        state: TransmissionState::Claimed {
            claim_id: "clm_01k8000000e008000000000009".parse().unwrap(),
            until,
        },
        ..done.clone()
    };
    let key = done.key();
    let stored = house.ports.store.get::<EInvoiceTransmission>(&key).await;
    let stored = stored.unwrap().unwrap();
    let commit = Commit::new().replace(&stored, &claimed, Vec::new());
    house.commit(commit).await;
    // Words of the agency that a later e-invoice would have are not in the one that lies there.
    let phone = json!({"phone": "+49 228 5550 100"});
    with::<Account>(&house, &keys::account(account()), phone).await;
    let held = until - SignedDuration::from_secs(1);
    assert_eq!(house.tick(held).await[1], (0, 0));
    assert_eq!(house.tick(until).await[1], (1, 0));
    let again = transmission(&house);
    assert_eq!(again.tries, 2);
    assert!(matches!(again.state, TransmissionState::HandedOver { .. }));
    assert_eq!(outbox(&house).await, there);
}

#[tokio::test]
async fn a_network_that_is_down_is_tried_again_until_somebody_has_to_look() {
    let house = issued().await;
    house.bucket.is_down.store(true, Ordering::Relaxed);
    let mut tries = 0;
    while let Some(due) = transmission(&house).due_at() {
        house.tick(due).await;
        tries += 1;
        assert_eq!(outbox(&house).await, None);
        if tries == 1 {
            assert_eq!(told(&house), [], "nobody has to look yet");
        }
    }
    let failed = transmission(&house);
    assert_eq!(failed.failure(), Some("tries_exhausted"));
    assert_eq!(told(&house), [EventKind::EInvoiceFailed]);
    assert_eq!(failed.tries, tries);
    // Asked for again, once it is there.
    house.bucket.is_down.store(false, Ordering::Relaxed);
    let now = house.ports.now();
    let (commit, _) =
        remit_operations::transmitting::plan_again(&house.ports, account(), invoice())
            .await
            .unwrap();
    house.commit(commit).await;
    house.tick(now + SWEEP_AFTER).await;
    assert!(outbox(&house).await.is_some());
    assert_eq!(transmission(&house).tries, 1);
}

#[tokio::test]
async fn what_is_void_by_then_does_not_leave_and_what_is_held_waits() {
    let house = issued().await;
    house.hold(true).await;
    house.tick(at(START) + SWEEP_AFTER).await;
    assert_eq!(transmission(&house).tries, 0);
    house.hold(false).await;
    let key = keys::invoice_standing(account(), invoice());
    let stored = house.ports.store.get::<Standing>(&key).await;
    let stored = stored.unwrap().unwrap();
    let now = house.ports.now();
    let void = stored.value.clone().void(None, now).unwrap();
    let commit = Commit::new().replace(&stored, &void, Vec::new());
    house.commit(commit).await;
    house.tick(at(START) + SWEEP_AFTER).await;
    let refused = transmission(&house);
    let TransmissionState::Refused { reason, .. } = refused.state else {
        unreachable!("{refused:?}");
    };
    assert_eq!(reason, RefusedReason::Void);
    assert_eq!(told(&house), [EventKind::EInvoiceFailed]);
    assert_eq!(outbox(&house).await, None);
}
