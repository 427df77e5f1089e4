//! The audit log: nothing is changed, left out or put in unseen.

use proptest::prelude::*;
use remit_billing::actor::ActorId;
use remit_billing::audit::{
    Act, AuditEntry, AuditSeal, Broken, By, Provenance, Written, check_chain, check_seals, heads,
};
use remit_billing::canonical::{ContentHash, canonical};
use serde_json::json;

use crate::house::{id, of};

fn act(document: &str, number: u64) -> Act {
    let day = 1 + number % 20;
    Act {
        account_id: id(1),
        document: document.to_owned(),
        at: of(&format!("2026-03-{day:02}T05:00:00.123Z")),
        by: By::Actor(ActorId::Member(id(9))),
        action: "POST /v1/invoices/{invoice_id}/issue".to_owned(),
        wrote: vec![Written {
            record: "invoice_standing".to_owned(),
            place: "standing".to_owned(),
            version: Some(number + 1),
            sha256: Some(ContentHash::of(&number.to_be_bytes())),
        }],
        facts: vec!["invoice.issued".to_owned()],
        from: Some(Provenance {
            ip: Some("192.0.2.7".to_owned()),
            user_agent: None,
            salt: format!("{number:032x}"),
        }),
    }
}

fn chain(document: &str, length: u64) -> Vec<AuditEntry> {
    let mut entries: Vec<AuditEntry> = Vec::new();
    for number in 0..length {
        let entry = AuditEntry::after(entries.last(), act(document, number)).unwrap();
        entries.push(entry);
    }
    entries
}

/// Anybody can reckon the hash with any tool: this is the recipe of the contract.
#[test]
fn the_hash_is_that_of_the_canonical_json() {
    let entry = chain("inv_1", 2).pop().unwrap();
    let from = json!({"ip": "192.0.2.7", "salt": format!("{:032x}", 1)});
    let from = canonical(&from).unwrap().hash;
    assert_eq!(entry.from_sha256, Some(from));
    let hashed = json!({
        "format": "remit.audit-entry/1", "account_id": entry.account_id, "document": "inv_1",
        "sequence": 2, "at": "2026-03-02T05:00:00.123Z", "by": {"actor": entry_actor()},
        "action": "POST /v1/invoices/{invoice_id}/issue",
        "wrote": [{"record": "invoice_standing", "place": "standing", "version": 2, "sha256": ContentHash::of(&1_u64.to_be_bytes())}],
        "facts": ["invoice.issued"], "from_sha256": from, "previous": chain("inv_1", 1)[0].hash,
    });
    assert_eq!(entry.hash, canonical(&hashed).unwrap().hash);
}

fn entry_actor() -> ActorId {
    ActorId::Member(id(9))
}

#[test]
fn what_is_personal_can_be_taken_out() {
    let mut entries = chain("inv_1", 3);
    let head = check_chain(&entries).unwrap();
    for entry in &mut entries {
        entry.from = None;
    }
    assert_eq!(check_chain(&entries), Ok(head));
    // But not be put in the place of another's.
    entries[1].from = chain("inv_1", 3)[2].from.clone();
    let changed = Broken::Changed {
        document: "inv_1".to_owned(),
        sequence: 2,
    };
    assert_eq!(check_chain(&entries), Err(changed));
}

#[test]
fn seals_hold_whole_chains() {
    let mut entries = chain("inv_1", 3);
    entries.extend(chain("cli_1", 2));
    let mut seals: Vec<AuditSeal> = Vec::new();
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        let of_day = entries
            .iter()
            .filter(|entry| remit_billing::audit::day_of(entry.at) == of(day));
        let seal = AuditSeal::of(
            id(1),
            of(day),
            &heads(of_day),
            seals.last(),
            of("2026-03-09T00:20:00Z"),
        );
        seals.push(seal.unwrap());
    }
    assert_eq!(check_seals(&seals, entries.iter()), Ok(()));
    // A document that goes as a whole breaks no chain, and the first seal that knows it.
    let without: Vec<AuditEntry> = entries
        .iter()
        .filter(|entry| entry.document != "cli_1")
        .cloned()
        .collect();
    assert!(check_chain(&without).is_ok());
    let broken = Err(Broken::Seal {
        day: of("2026-03-01"),
    });
    assert_eq!(check_seals(&seals, without.iter()), broken);
    let mut gone = seals.clone();
    gone.remove(1);
    let broken = Err(Broken::SealUnlinked {
        day: of("2026-03-03"),
    });
    assert_eq!(check_seals(&gone, entries.iter()), broken);
}

proptest! {
    /// Whatever one thing is done to a chain, it is told, and where.
    #[test]
    fn whatever_is_done_to_a_chain_is_seen(length in 2_u64..9, at in any::<prop::sample::Index>(), what in 0..7) {
        let mut entries = chain("inv_1", length);
        prop_assert!(check_chain(&entries).is_ok());
        let place = at.index(entries.len());
        let sequence = entries[place].sequence;
        let document = "inv_1".to_owned();
        let changed = Broken::Changed { document: document.clone(), sequence };
        let expected = match what {
            0 => {
                entries.remove(place);
                // What is cut off at the end is what seals are for.
                if place + 1 == usize::try_from(length).unwrap() {
                    prop_assert!(check_chain(&entries).is_ok());
                    return Ok(());
                }
                Broken::Missing { document, sequence }
            }
            1 => { entries[place].action = "DELETE /v1/invoices/{invoice_id}".to_owned(); changed }
            2 => { entries[place].by = By::Remit; changed }
            3 => { entries[place].wrote[0].version = Some(77); changed }
            4 => { entries[place].at = of("2026-03-30T00:00:00Z"); changed }
            5 => { entries[place].from.as_mut().unwrap().ip = None; changed }
            _ => {
                // Forged anew in itself, but not what the next one names.
                let before = place.checked_sub(1).map(|before| entries[before].clone());
                let mut other = act("inv_1", 40);
                other.action = "Something else".to_owned();
                entries[place] = AuditEntry::after(before.as_ref(), other).unwrap();
                if place + 1 == usize::try_from(length).unwrap() {
                    prop_assert!(check_chain(&entries).is_ok());
                    return Ok(());
                }
                Broken::Unlinked { document, sequence: sequence + 1 }
            }
        };
        prop_assert_eq!(check_chain(&entries), Err(expected));
    }
}
