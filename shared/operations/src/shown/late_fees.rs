//! Fees for paying late as the contract shows them.

use jiff::Timestamp;
use remit_billing::late_fee::{FeeCharge, LateFees, Waiver};
use serde_json::{Value, json};

use crate::late_fees::Known;

/// What was agreed, what was charged, and what is to come.
pub fn late_fees(known: &Known, now: Timestamp) -> Value {
    let standing = &known.standing.value;
    let fees = known.fees.iter().map(|fees| &fees.value);
    let last = known.fees.last().map(|fees| &fees.value);
    let charges: Vec<Value> = fees
        .clone()
        .flat_map(|fees| &fees.charges)
        .map(charge)
        .collect();
    let waivers: Vec<Value> = fees.flat_map(|fees| &fees.waivers).map(waiver).collect();
    // What cannot be reckoned is told as the trouble that it is, when its time comes.
    let accrued = known.rule().zip(last).and_then(|(rule, last)| {
        let others = known.others(last.cycle);
        last.accrued(known.context(rule, &others, now)).ok()
    });
    json!({
        "invoice_id": standing.invoice_id,
        "currency": standing.currency(),
        "rule": known.rule(),
        "accrued": accrued.map(|accrued| accrued.amount_text()),
        "next_at": last.and_then(|last: &LateFees| last.next),
        "charges": charges,
        "waivers": waivers,
        "trouble": last.and_then(|last| last.trouble.as_ref()),
    })
}

fn charge(charge: &FeeCharge) -> Value {
    json!({
        "invoice_id": charge.invoice_id,
        "number": charge.number,
        "from": charge.days.from(),
        "to": charge.days.to(),
        "amount": charge.amount.amount_text(),
        "compensation": charge.compensation.map(|sum| sum.amount_text()),
        "charged_at": charge.at,
    })
}

fn waiver(waiver: &Waiver) -> Value {
    json!({
        "through": waiver.through,
        "for_good": waiver.for_good,
        "reason": waiver.reason,
        "by": waiver.by,
        "waived_at": waiver.at,
    })
}
