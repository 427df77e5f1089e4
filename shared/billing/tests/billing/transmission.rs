//! E-invoices through a network: who is reached by one, and what happens to one document.

use jiff::SignedDuration;
use remit_billing::client::Client;
use remit_billing::delivery::{LEASE, SWEEP_AFTER};
use remit_billing::e_invoice::Profile;
use remit_billing::e_invoice::transmission::{
    EInvoiceTransmission, HandOverOutcome, NetworkName, NetworkWord, RefusedReason, Route,
    TRIES_MAX, TransmissionClaim, TransmissionState, Transmitted,
};
use remit_billing::party::ElectronicAddress;

use crate::house::{customer, id, issued_at, of};

const DROP: Option<NetworkName> = Some(NetworkName::FileDrop);

fn reached(profile: Profile, scheme: &str) -> Client {
    Client {
        e_invoice_profile: Some(profile),
        electronic_address: Some(ElectronicAddress {
            scheme: of(scheme),
            value: of("4012345000009"),
        }),
        ..customer()
    }
}

fn asked_for() -> EInvoiceTransmission {
    let client = reached(Profile::PeppolBis3, "0088");
    let route = Route::of(DROP, &client).unwrap();
    let document = Transmitted {
        invoice_id: id(3),
        credit_note_id: None,
    };
    EInvoiceTransmission::requested(id(1), document, client.id, route, issued_at())
}

fn claimed(from: EInvoiceTransmission) -> EInvoiceTransmission {
    let TransmissionState::Requested { not_before } = from.state else {
        panic!("{from:?}");
    };
    match from.claim(id(9), not_before) {
        TransmissionClaim::HandOver(claimed) => claimed,
        other => panic!("{other:?}"),
    }
}

fn taken() -> EInvoiceTransmission {
    let reference = "there".to_owned();
    claimed(asked_for()).settle(HandOverOutcome::Taken { reference }, issued_at())
}

#[test]
fn a_network_reaches_who_has_a_profile_and_an_address_in_it() {
    for (profile, scheme, network, is_reached) in [
        (Profile::PeppolBis3, "0088", DROP, true),
        (Profile::Xrechnung, "0204", DROP, true),
        // It is a file for people too: it goes by mail.
        (Profile::FacturX, "0088", DROP, false),
        // A mailbox is in no network.
        (Profile::PeppolBis3, "EM", DROP, false),
        (Profile::PeppolBis3, "0088", None, false),
    ] {
        let route = Route::of(network, &reached(profile, scheme));
        assert_eq!(route.is_some(), is_reached, "{profile:?} {scheme}");
    }
    let nowhere = Client {
        electronic_address: None,
        ..reached(Profile::PeppolBis3, "0088")
    };
    assert_eq!(Route::of(DROP, &nowhere), None);
    assert_eq!(Route::of(DROP, &customer()), None);
}

#[test]
fn one_claim_holds_until_its_lease_ends() {
    let asked = asked_for();
    assert_eq!(asked.due_at(), Some(issued_at() + SWEEP_AFTER));
    let first = claimed(asked);
    let until = issued_at() + LEASE;
    assert_eq!(first.due_at(), Some(until));
    let early = until - SignedDuration::from_secs(1);
    assert_eq!(first.clone().claim(id(10), early), TransmissionClaim::Leave);
    // Nobody knows what became of it: it is handed over again, which a network takes for the same.
    let TransmissionClaim::HandOver(second) = first.claim(id(10), until) else {
        panic!("the lease is over");
    };
    assert_eq!(second.tries, 2);
    let done = taken();
    assert_eq!(done.due_at(), None);
    assert_eq!(done.claim(id(11), until + LEASE), TransmissionClaim::Leave);
}

#[test]
fn what_is_not_taken_waits_longer_each_time_and_fails_once_somebody_has_to_look() {
    let mut waiting = asked_for();
    let mut waits = Vec::new();
    let failed = loop {
        let TransmissionState::Requested { not_before } = waiting.state else {
            break waiting;
        };
        let after = claimed(waiting).settle(HandOverOutcome::Later, not_before);
        if let TransmissionState::Requested { not_before: next } = after.state {
            waits.push(next.duration_since(not_before).as_mins());
        }
        waiting = after;
    };
    assert_eq!(waits[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(waits.len(), usize::try_from(TRIES_MAX).unwrap() - 1);
    assert!(waits.iter().sum::<i64>() > 18 * 60, "most of a day");
    assert_eq!(failed.failure(), Some("tries_exhausted"));
    assert_eq!(failed.due_at(), None);
    let again = failed.asked_again(issued_at()).unwrap();
    assert_eq!((again.tries, again.failure()), (0, None));
    assert_eq!(again.due_at(), Some(issued_at() + SWEEP_AFTER));
}

/// A sender that dies each time leaves its claims to run out.
#[test]
fn claims_that_all_run_out_fail_too() {
    let mut at = issued_at();
    let mut waiting = asked_for();
    for _ in 0..TRIES_MAX {
        let TransmissionClaim::HandOver(claimed) = waiting.claim(id(9), at) else {
            panic!("it is free");
        };
        (waiting, at) = (claimed, at + LEASE);
    }
    let TransmissionClaim::Close(closed) = waiting.claim(id(9), at) else {
        panic!("it was tried often enough");
    };
    assert_eq!(closed.state, TransmissionState::Failed { at });
}

#[test]
fn what_is_refused_says_why_and_can_be_asked_for_again() {
    for (reason, code) in [
        (RefusedReason::NotAnEInvoice, "not_an_e_invoice"),
        (RefusedReason::Void, "void"),
        (RefusedReason::NotTaken, "not_taken"),
    ] {
        let outcome = HandOverOutcome::Refused(reason);
        let refused = claimed(asked_for()).settle(outcome, issued_at());
        assert_eq!(refused.failure(), Some(code));
        assert!(refused.asked_again(issued_at()).is_some());
    }
    // What is on its way, or there, is not asked for again.
    for not_failed in [asked_for(), claimed(asked_for()), taken()] {
        assert_eq!(not_failed.failure(), None);
        assert_eq!(not_failed.asked_again(issued_at()), None);
    }
}

#[test]
fn a_network_says_once_what_became_of_what_it_has() {
    let rejected = || NetworkWord::Rejected(of("Unknown buyer reference"));
    for early in [asked_for(), claimed(asked_for())] {
        assert_eq!(early.told(NetworkWord::Delivered, issued_at()), None);
    }
    let delivered = taken().told(NetworkWord::Delivered, issued_at()).unwrap();
    assert_eq!(delivered.failure(), None);
    assert_eq!(delivered.told(rejected(), issued_at()), None);
    let refused = taken().told(rejected(), issued_at()).unwrap();
    assert_eq!(refused.failure(), Some("rejected"));
    // It has the document under its name already.
    assert_eq!(refused.asked_again(issued_at()), None);
}

/// An answer that comes after somebody else has settled it changes nothing.
#[test]
fn only_a_claim_is_settled() {
    let done = taken();
    assert_eq!(
        done.clone().settle(HandOverOutcome::Later, issued_at()),
        done
    );
}
