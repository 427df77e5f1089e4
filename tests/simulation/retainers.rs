//! Each period of a subscription is billed once, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::ids::InvoiceId;
use remit_billing::invoice::Supply;
use remit_billing::party::Period;
use remit_billing::subscription::SubscriptionStatus;

use crate::books::Stored;
use crate::world::World;

const ONCE: &str = "a period is billed once, and none is left out";

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    let findings = &world.findings;
    let mut bills: BTreeMap<InvoiceId, Vec<Option<Period>>> = BTreeMap::new();
    for period in &stored.periods {
        bills
            .entry(period.invoice_id)
            .or_default()
            .push(period.days);
    }
    for (id, mut days) in bills {
        let issued = stored.documents.get(&id).map(|(issued, _)| &issued.content);
        let Some(content) = issued.or(stored.draft_contents.get(&id)) else {
            findings.add(ONCE, format!("{id} bills {days:?}, and is not there"));
            continue;
        };
        // A bill of its own says its period; one of a client's day has a line for each that waited.
        let own = content.supply.as_ref().map(|supply| match supply {
            Supply::Period(period) => *period,
            other => panic!("{id} is of {other:?}"),
        });
        let mut billed: Vec<Option<Period>> = match own {
            Some(own) => vec![Some(own)],
            None => content.lines.iter().map(|line| line.period).collect(),
        };
        let first = |period: &Option<Period>| period.map(|period| period.from());
        billed.sort_by_key(first);
        days.sort_by_key(first);
        findings.check(billed == days, ONCE, || {
            format!("{id} bills {billed:?}, its periods are {days:?}")
        });
    }
    billing_days(world, stored);
    for subscription in &stored.subscriptions {
        let of = |period: &&remit_billing::subscription::BilledPeriod| {
            period.subscription_id == subscription.id
        };
        let billed: BTreeSet<u32> = stored
            .periods
            .iter()
            .filter(of)
            .map(|period| period.number)
            .collect();
        let skipped = subscription.skipped.iter();
        let skipped: BTreeSet<u32> = skipped
            .flat_map(|skipped| skipped.from..=skipped.to)
            .collect();
        let last = billed.iter().chain(&skipped).max().copied().unwrap_or(0);
        let both: BTreeSet<u32> = billed.union(&skipped).copied().collect();
        let holds = both == (1..=last).collect() && billed.is_disjoint(&skipped);
        findings.check(holds, ONCE, || {
            format!(
                "{}: {billed:?} are billed, {skipped:?} left out",
                subscription.id
            )
        });
        if let Some(next) = subscription.next {
            findings.check(next.number == last + 1, ONCE, || {
                format!("{}: {last} is the last, next is {next:?}", subscription.id)
            });
        }
        let quiet = !subscription.is_due(world.now()) && subscription.trouble.is_none();
        findings.check(quiet, "what is due is billed", || {
            format!("{subscription:?}")
        });
        if subscription.status == SubscriptionStatus::Draft {
            findings.check(last == 0, ONCE, || {
                format!("{} is a draft", subscription.id)
            });
        }
    }
    told(world, stored);
}

/// A client's day comes once: what it billed is there, and the next one is to come.
fn billing_days(world: &World, stored: &Stored) {
    let findings = &world.findings;
    for cycle in &stored.cycles {
        let quiet = !cycle.is_due(world.now()) && cycle.trouble.is_none();
        findings.check(quiet, "what is due is billed", || format!("{cycle:?}"));
        let bills_by_itself = cycle.day.is_some() == cycle.next.is_some();
        findings.check(bills_by_itself, "what is due is billed", || {
            format!("{cycle:?}")
        });
        for id in &cycle.invoice_ids {
            let is_there =
                stored.documents.contains_key(id) || stored.draft_contents.contains_key(id);
            findings.check(is_there, ONCE, || format!("{cycle:?}: {id} is not there"));
        }
        let billed: BTreeSet<InvoiceId> = cycle.invoice_ids.iter().copied().collect();
        findings.check(billed.len() == cycle.invoice_ids.len(), ONCE, || {
            format!("{cycle:?}")
        });
    }
}

/// What was answered is still true: a subscription that was made is there once.
fn told(world: &World, stored: &Stored) {
    let known = world.known().clone();
    for made in &known.made {
        if made.ask != crate::known::Ask::Subscribe {
            continue;
        }
        let of = |name: &&str| *name == made.tag;
        let names = stored.subscriptions.iter();
        let count = names
            .map(|found| found.terms.name.as_str())
            .filter(of)
            .count();
        let holds = count <= 1 && (made.done().is_none() || count == 1);
        world
            .findings
            .check(holds, "a request takes effect once", || {
                format!("{}: {count} subscriptions", made.tag)
            });
    }
}
