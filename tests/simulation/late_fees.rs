//! A fee for paying late is charged once for its days, by an invoice that is there; nobody else is charged one.

use std::collections::BTreeMap;

use remit_billing::ids::InvoiceId;

use crate::books::Stored;
use crate::world::World;

const ONCE: &str = "a late fee is charged once, by an invoice of its own";

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    let findings = &world.findings;
    // Which invoice charges what of which.
    let mut charged: BTreeMap<InvoiceId, InvoiceId> = BTreeMap::new();
    for fees in &stored.fees {
        let is_quiet = fees.next.is_none_or(|at| at > world.now()) && fees.trouble.is_none();
        findings.check(is_quiet, "what is due is charged", || format!("{fees:?}"));
        for charge in &fees.charges {
            let other = charged.insert(charge.invoice_id, fees.invoice_id);
            findings.check(other.is_none(), ONCE, || format!("{charge:?} twice"));
            let Some((fee, _)) = stored.documents.get(&charge.invoice_id) else {
                findings.add(ONCE, format!("{charge:?} is not there"));
                continue;
            };
            let is_its_own = fee.content.late_fee_of == Some(fees.invoice_id)
                && fee.totals.payable == charge.amount
                && Some(&fee.number) == charge.number.as_ref();
            findings.check(is_its_own, ONCE, || format!("{charge:?}: {fee:?}"));
        }
    }
    for (id, (document, _)) in &stored.documents {
        let content = &document.content;
        findings.check(
            charged.get(id).copied() == content.late_fee_of,
            ONCE,
            || format!("{id} charges {:?}", content.late_fee_of),
        );
        if content.late_fee_rule.is_none() {
            let mut fees = stored.fees.iter();
            findings.check(fees.all(|fees| fees.invoice_id != *id), ONCE, || {
                format!("{id} agrees to none")
            });
        }
    }
    // Of one invoice, no day bears interest twice.
    let mut days: BTreeMap<InvoiceId, Vec<_>> = BTreeMap::new();
    for fees in &stored.fees {
        let of = days.entry(fees.invoice_id).or_default();
        of.extend(fees.charges.iter().map(|charge| charge.days));
    }
    for (id, mut days) in days {
        days.sort_by_key(|days| days.from());
        let overlap = days.windows(2).find(|two| two[1].from() <= two[0].to());
        findings.check(overlap.is_none(), ONCE, || format!("{id}: {days:?}"));
    }
}
