//! What the bank has told is kept once; a payout is the entry that names it, whichever came first.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::banking::{BankEntry, EntryState, ImportState};
use remit_billing::payout::Payout;

use crate::books::Stored;
use crate::hazard::Fault;
use crate::world::World;

const ONCE: &str = "what the bank has told is kept once";
const ARRIVED: &str = "a payout is the entry that names it";

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    let findings = &world.findings;
    let told = world.bank.all();
    for statement in &stored.statements {
        let over = matches!(statement.state, ImportState::Imported { .. });
        findings.check(over, "every file is imported", || format!("{statement:?}"));
    }
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &stored.entries {
        *words.entry(entry.facts.text.as_str()).or_default() += 1;
    }
    for (text, count) in words {
        let came = told.iter().filter(|transfer| transfer.words == text);
        let came = came.count();
        findings.check(count <= came, ONCE, || {
            format!("{text}: {count} entries of {came} transfers")
        });
    }
    let mut payments = BTreeSet::new();
    for entry in &stored.entries {
        applied(world, stored, entry, &mut payments);
    }
    for payout in &stored.payouts {
        arrived(world, stored, payout);
    }
}

/// An entry that is a payment is that payment, and no other is.
fn applied<'a>(
    world: &World,
    stored: &Stored,
    entry: &'a BankEntry,
    known: &mut BTreeSet<&'a str>,
) {
    let EntryState::Applied(applied) = &entry.state else {
        return;
    };
    let reference = applied.payment_reference.as_str();
    let payment = stored
        .payments
        .iter()
        .find(|payment| payment.id == applied.payment_id);
    let amount = payment.map(|payment| payment.amount);
    let holds = known.insert(reference) && amount == Some(entry.facts.amount);
    world
        .findings
        .check(holds, ONCE, || format!("{entry:?}: {payment:?}"));
}

/// A payout and its entry name each other. Where the entry is there and is not it, it says that it may be.
fn arrived(world: &World, stored: &Stored, payout: &Payout) {
    let findings = &world.findings;
    let of = |entry: &&BankEntry| match &entry.state {
        EntryState::PaidOut(decided) => decided.payout.as_ref() == Some(&payout.reference),
        _ => false,
    };
    let entries: Vec<&BankEntry> = stored.entries.iter().filter(of).collect();
    let named: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let holds = named == payout.entry_id.into_iter().collect::<Vec<_>>();
    findings.check(holds, ARRIVED, || format!("{payout:?}: {entries:?}"));
    let right = entries
        .iter()
        .all(|entry| entry.facts.amount == payout.amount);
    findings.check(right, ARRIVED, || format!("{payout:?}: {entries:?}"));
    // An index that has not heard of the newest hides what it would have found.
    let is_hidden = world.hazards.tally().contains_key(&Fault::Stale);
    let text = payout.bank_text.as_deref().unwrap_or_default();
    let names_it = |entry: &&BankEntry| entry.facts.text == text;
    if let (None, false, Some(entry)) = (
        payout.entry_id,
        is_hidden,
        stored.entries.iter().find(names_it),
    ) {
        let mut may_be = entry.payouts.iter();
        let says = may_be.any(|candidate| candidate.reference == payout.reference);
        findings.check(says, ARRIVED, || format!("{payout:?}: {entry:?}"));
    }
}
