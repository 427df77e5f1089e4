//! Each period of a subscription is billed once, whatever happened.

use std::collections::BTreeSet;

use remit_billing::invoice::Supply;
use remit_billing::subscription::SubscriptionStatus;

use crate::books::Stored;
use crate::world::World;

const ONCE: &str = "a period is billed once, and none is left out";

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    let findings = &world.findings;
    let mut bills = BTreeSet::new();
    for period in &stored.periods {
        findings.check(bills.insert(period.invoice_id), ONCE, || {
            format!("{} bills two periods", period.invoice_id)
        });
        let id = period.invoice_id;
        let issued = stored.documents.get(&id).map(|(issued, _)| &issued.content);
        let content = issued.or(stored.draft_contents.get(&id));
        let supply = content.map(|content| content.supply.clone());
        let days = period.days.map(Supply::Period);
        findings.check(supply == Some(days), ONCE, || {
            format!("{id} bills {supply:?}, its period is {:?}", period.days)
        });
    }
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
