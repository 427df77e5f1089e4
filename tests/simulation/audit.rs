//! What must hold at every change, in the order of the changes.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::delivery::{About, Delivery, DeliveryKind, DeliveryState};
use remit_billing::ids::{InvoiceId, PaymentId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::ledger::LedgerTransaction;
use remit_billing::numbering::DocumentKind;
use remit_billing::payment::Payment;
use remit_billing::standing::{Standing, Status};
use remit_store::memory::Change;
use remit_store::records::NumberCounter;
use remit_store::{Item, Record, from_item, type_of};

use crate::findings::Findings;

/// What was seen so far.
#[derive(Default)]
pub struct Audit {
    standings: BTreeMap<InvoiceId, Standing>,
    /// Numbers by their text, with the invoice that has it.
    numbers: BTreeMap<String, InvoiceId>,
    reminders: BTreeSet<(InvoiceId, u32, i16)>,
    receipts: BTreeSet<PaymentId>,
    rails: BTreeMap<String, PaymentId>,
}

fn read<T: Record>(item: &Item) -> T {
    from_item(item.clone()).unwrap().value
}

impl Audit {
    /// Looks at one change.
    pub fn see(&mut self, change: &Change, findings: &Findings) {
        let Some(new) = &change.new else {
            self.removed(change, findings);
            return;
        };
        match type_of(new) {
            Some(kind) if kind == InvoiceDocument::TYPE => self.document(change, new, findings),
            Some(kind) if kind == Standing::TYPE => self.standing(&read(new), findings),
            Some(kind) if kind == Delivery::TYPE => self.delivery(change, &read(new), findings),
            Some(kind) if kind == LedgerTransaction::TYPE => {
                let entry: LedgerTransaction = read(new);
                let kept = change.old.is_none();
                findings.check(kept, "the ledger is append-only", || format!("{entry:?}"));
                let checked = entry.check();
                findings.check(checked.is_ok(), "an entry sums to zero", || {
                    format!("{checked:?}")
                });
            }
            Some(kind) if kind == Payment::TYPE => self.payment(&read_loosely(new), findings),
            Some(kind) if kind == NumberCounter::TYPE => counter(change, new, findings),
            _ => {}
        }
    }

    /// Nothing is ever removed but drafts.
    fn removed(&self, change: &Change, findings: &Findings) {
        let draft = change.old.as_ref().is_some_and(|old| {
            type_of(old) == Some(InvoiceDocument::TYPE)
                && matches!(read::<InvoiceDocument>(old), InvoiceDocument::Draft(_))
        });
        findings.check(draft, "only drafts are removed", || change.key.to_string());
    }

    fn document(&mut self, change: &Change, new: &Item, findings: &Findings) {
        let before = change.old.as_ref().map(read::<InvoiceDocument>);
        if let Some(InvoiceDocument::Issued(issued)) = &before {
            findings.add(
                "an issued document does not change",
                issued.number.to_string(),
            );
        }
        let InvoiceDocument::Issued(issued) = read(new) else {
            return;
        };
        let number = issued.number.to_string();
        let other = self.numbers.insert(number.clone(), issued.id);
        findings.check(other.is_none(), "one number for each invoice", || {
            format!("{number} is that of {} and {other:?}", issued.id)
        });
    }

    fn standing(&mut self, standing: &Standing, findings: &Findings) {
        let due = standing.balance_due().unwrap();
        let payable = standing.payable;
        let within = !due.is_negative() && !payable.checked_sub(due).unwrap().is_negative();
        findings.check(within, "what is due lies between nothing and all", || {
            format!("{}: {due:?} of {payable:?}", standing.number)
        });
        let settled = match standing.status {
            Status::Open => due.is_positive(),
            Status::Paid { .. } | Status::Uncollectible { .. } => due.is_zero(),
            Status::Void { .. } => standing.paid.is_zero(),
        };
        findings.check(settled, "the status is what the amounts say", || {
            format!("{}: {:?} and {due:?} due", standing.number, standing.status)
        });
        self.standings.insert(standing.invoice_id, standing.clone());
    }

    fn delivery(&mut self, change: &Change, delivery: &Delivery, findings: &Findings) {
        let new = change.old.is_none();
        let About::Invoice { invoice_id, kind } = delivery.about else {
            return;
        };
        match kind {
            DeliveryKind::Receipt { payment_id, .. } if new => {
                let first = self.receipts.insert(payment_id);
                findings.check(first, "one receipt for each payment", || {
                    payment_id.to_string()
                });
            }
            DeliveryKind::Reminder {
                offset_days, cycle, ..
            } => {
                if new {
                    let step = (invoice_id, cycle, offset_days);
                    let first = self.reminders.insert(step);
                    findings.check(first, "each reminder once", || format!("{step:?}"));
                }
                if matches!(delivery.state, DeliveryState::Claimed { .. }) {
                    self.reminder_claimed(invoice_id, delivery, findings);
                }
            }
            _ => {}
        }
    }

    /// A claim of a reminder is right at that very moment.
    fn reminder_claimed(&self, invoice_id: InvoiceId, delivery: &Delivery, findings: &Findings) {
        let standing = &self.standings[&invoice_id];
        let right = matches!(standing.status, Status::Open)
            && standing.processing.is_empty()
            && standing.reminders.hold.is_none();
        findings.check(right, "no reminder is claimed when it is wrong", || {
            let (number, status) = (&standing.number, &standing.status);
            let (processing, hold) = (&standing.processing, standing.reminders.hold);
            format!(
                "{} of {number}: {status:?} {processing:?} {hold:?}",
                delivery.id
            )
        });
    }

    fn payment(&mut self, payment: &Payment, findings: &Findings) {
        let rail = format!("{} {}", payment.rail.as_str(), payment.reference.as_str());
        let known = self.rails.insert(rail.clone(), payment.id);
        let one = known.is_none_or(|known| known == payment.id);
        findings.check(one, "one payment for each that was made", || {
            format!("{rail} is {} and {known:?}", payment.id)
        });
        let taken = payment
            .allocations
            .iter()
            .try_fold(payment.to_balance, |sum, allocation| {
                sum.checked_add(allocation.amount)
            })
            .unwrap();
        let rest = payment.amount.checked_sub(taken).unwrap();
        let within = !rest.is_negative() && !taken.is_negative();
        findings.check(within, "a payment is never applied beyond itself", || {
            format!("{payment:?}")
        });
    }
}

/// A planted bug stores payments under keys that are not theirs.
pub fn read_loosely(item: &Item) -> Payment {
    let mut item = item.clone();
    let own = from_item::<Payment>(item.clone());
    if let Ok(own) = own {
        return own.value;
    }
    for name in remit_store::record::RESERVED {
        item.remove(name);
    }
    serde_json::from_value(crate::bus::plain(&item)).unwrap()
}

fn counter(change: &Change, new: &Item, findings: &Findings) {
    let after: NumberCounter = read(new);
    let before = change.old.as_ref().map(read::<NumberCounter>);
    let from = before.map_or(1, |before| before.counter.next);
    // A run bills up to eight at once; that none of their numbers is missing, the books say at the end.
    let most = match after.counter.series.kind {
        DocumentKind::Invoice => 8,
        _ => 1,
    };
    findings.check(
        (from + 1..=from + most).contains(&after.counter.next),
        "numbers follow one another",
        || {
            format!(
                "{}: {from} and then {}",
                after.counter.series, after.counter.next
            )
        },
    );
}
