//! Exports: part by part, until all is there or nothing comes of it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use remit_billing::actor::ActorId;
use remit_billing::canonical::ContentHash;
use remit_billing::export::{
    Export, ExportFailure, ExportOf, ExportPart, ExportPlace, ExportState, ExportStep, MAX_PARTS,
};
use remit_billing::ids::{AccountId, ExportId, MemberId};

use crate::house::id;

fn now() -> Timestamp {
    "2026-03-17T09:00:00Z".parse().unwrap()
}

fn export() -> Export {
    let by = ActorId::Member(id::<MemberId>(7));
    let (account, id) = (id::<AccountId>(7), id::<ExportId>(7));
    Export::requested(account, id, ExportOf::Account, by, now())
}

fn part(number: u64) -> ExportPart {
    ExportPart {
        sha256: ContentHash::of(&number.to_be_bytes()),
        bytes: number,
    }
}

fn place(chapter: &str) -> ExportPlace {
    ExportPlace {
        chapter: chapter.to_owned(),
        after: None,
    }
}

fn step(parts: Vec<ExportPart>, next: Option<ExportPlace>) -> ExportStep {
    ExportStep {
        parts,
        counts: BTreeMap::from([("clients".to_owned(), 2)]),
        next,
    }
}

#[test]
fn parts_and_counts_add_up_until_nothing_is_left() {
    let later = now() + SignedDuration::from_mins(1);
    let running = export().went_on(step(vec![part(1)], Some(place("payments"))), later);
    assert_eq!(running.state_at(later), "running");
    assert_eq!(running.place(), Some(&place("payments")));
    let ready = running.went_on(step(vec![part(2), part(3)], None), later);
    assert_eq!(ready.state, ExportState::Ready { at: later });
    assert_eq!(ready.parts, [part(1), part(2), part(3)]);
    assert_eq!(ready.counts["clients"], 4);
    assert_eq!(ready.due_at(), None);
    // What comes after the end, of a run that was slower, changes nothing.
    let again = ready.clone().went_on(step(vec![part(4)], None), later);
    assert_eq!(again, ready);
    assert_eq!(ready.clone().asked_again(later), ready);
}

#[test]
fn archives_are_offered_for_fewer_days_than_the_bucket_keeps_them() {
    let ready = export().went_on(step(vec![part(1)], None), now());
    let until = ready.expires_at().unwrap();
    assert_eq!(until, now() + SignedDuration::from_hours(144));
    assert_eq!(
        ready.state_at(until - SignedDuration::from_secs(1)),
        "ready"
    );
    assert_eq!(ready.state_at(until), "expired");
}

#[test]
fn what_lies_idle_is_asked_for_again_and_given_up_at_last() {
    let mut idle = export();
    let mut at = now();
    for _ in 0..8 {
        at = idle.due_at().unwrap();
        idle = idle.asked_again(at);
        assert_eq!(idle.state_at(at), "requested");
    }
    // A part shows that it goes on: it is counted anew.
    let mut going = idle
        .clone()
        .went_on(step(vec![part(1)], Some(place("invoices"))), at);
    going = going.asked_again(at);
    assert!(going.is_under_way());
    assert_eq!(going.place(), Some(&place("invoices")));
    let given_up = idle.asked_again(at);
    let reason = ExportFailure::GivenUp;
    assert_eq!(given_up.state, ExportState::Failed { at, reason });
    assert!(!given_up.is_under_way());
}

#[test]
fn there_is_a_most_of_parts() {
    let many: Vec<_> = (0..MAX_PARTS as u64).map(part).collect();
    let full = export().went_on(step(many, Some(place("invoices"))), now());
    assert!(full.is_under_way());
    let over = full.went_on(step(vec![part(0)], None), now());
    let reason = ExportFailure::TooLarge;
    assert_eq!(over.state, ExportState::Failed { at: now(), reason });
    assert_eq!(over.parts.len(), MAX_PARTS);
}

#[test]
fn a_part_lies_where_the_bucket_forgets() {
    let key = export().object_key(&part(1));
    let (account, id) = (id::<AccountId>(7), id::<ExportId>(7));
    let hash = part(1).sha256;
    assert_eq!(key, format!("archives/{account}/{id}/{hash}.zip"));
}
