//! What a person may choose from, where nothing is certain.

use std::collections::BTreeMap;

use super::decide::{KnownPayer, Way, compared};
use super::index::{MatchIndex, Named, Slot};
use super::{
    Candidate, IncomingTransfer, MAX_CANDIDATES, MAX_INVOICES, MatchDecision, MatchReason,
    MatchWork, OpenInvoice, Settled,
};

/// Candidates in the order in which they were thought of, each set of invoices once.
#[derive(Default)]
pub(super) struct Candidates(Vec<Candidate>);

impl Candidates {
    pub fn add(&mut self, mut candidate: Candidate) {
        candidate.reasons.sort_unstable();
        candidate.reasons.dedup();
        let full = self.0.len() >= MAX_CANDIDATES;
        let mut known = self.0.iter_mut();
        match known.find(|known| known.invoices == candidate.invoices) {
            Some(known) => {
                known.reasons.append(&mut candidate.reasons);
                known.reasons.sort_unstable();
                known.reasons.dedup();
            }
            None if full => {}
            None => self.0.push(candidate),
        }
    }

    pub fn decision(self) -> MatchDecision {
        if self.0.is_empty() {
            return MatchDecision::Nothing;
        }
        MatchDecision::Candidates { candidates: self.0 }
    }
}

impl MatchIndex {
    /// What is named but does not decide: together, then each.
    pub(super) fn propose_named(
        &self,
        named: &BTreeMap<Named, Way>,
        transfer: &IncomingTransfer,
        candidates: &mut Candidates,
    ) {
        let several = named.len() > 1;
        let mut open: Vec<(Slot, &OpenInvoice, Way)> = Vec::new();
        for (&one, &way) in named {
            match (one, self.ended(one)) {
                (_, Some((invoice_id, settled))) => candidates.add(Candidate {
                    invoices: vec![invoice_id],
                    reasons: vec![
                        way.reason(),
                        match settled {
                            Settled::Paid => MatchReason::AlreadyPaid,
                            Settled::Void => MatchReason::AlreadyVoid,
                        },
                    ],
                }),
                (Named::Open(place), None) => {
                    if let Some(invoice) = self.invoice(place) {
                        open.push(((invoice.due_on, place), invoice, way));
                    }
                }
                (Named::Settled(_), None) => {}
            }
        }
        open.sort_by_key(|(slot, ..)| *slot);
        let currency = transfer.amount.currency();
        let same = open
            .iter()
            .all(|(_, invoice, _)| invoice.balance_due.currency() == currency);
        if open.len() > 1 && same {
            let due = open
                .iter()
                .map(|(_, invoice, _)| invoice.balance_due.minor());
            let mut reasons: Vec<_> = open.iter().map(|(_, _, way)| way.reason()).collect();
            reasons.extend([MatchReason::SeveralNamed, compared(transfer, due.sum())]);
            let invoices = open.iter().take(MAX_INVOICES);
            candidates.add(Candidate {
                invoices: invoices.map(|(_, invoice, _)| invoice.invoice_id).collect(),
                reasons,
            });
        }
        for (_, invoice, way) in open {
            let mut reasons = vec![way.reason()];
            if several {
                reasons.push(MatchReason::SeveralNamed);
            }
            if invoice.balance_due.currency() == currency {
                reasons.push(compared(transfer, invoice.balance_due.minor()));
            } else {
                reasons.push(MatchReason::CurrencyDiffers);
            }
            candidates.add(Candidate {
                invoices: vec![invoice.invoice_id],
                reasons,
            });
        }
    }

    /// What a known payer owes: what has exactly this amount, else all of it, first due first.
    pub(super) fn propose_of_payer(
        &self,
        payer: KnownPayer,
        transfer: &IncomingTransfer,
        candidates: &mut Candidates,
        work: &mut MatchWork,
    ) {
        let equal = self.of_client_and_amount(payer.client_id, transfer.amount, work);
        if let Some(equal) = equal {
            let reasons = [payer.reason, MatchReason::AmountEqual];
            self.propose_each(equal.iter(), equal.len(), &reasons, candidates, work);
            return;
        }
        let Some(all) = self.of_client(payer.client_id, transfer.amount.currency(), work) else {
            return;
        };
        let told = all.slots.iter().take(MAX_INVOICES);
        let invoices = told.filter_map(|&(_, place)| self.invoice(place));
        let mut reasons = vec![payer.reason, MatchReason::AllOfClient];
        reasons.push(compared(transfer, all.due_minor));
        if all.slots.len() > MAX_INVOICES {
            reasons.push(MatchReason::TooMany);
        }
        let invoices: Vec<_> = invoices.map(|invoice| invoice.invoice_id).collect();
        work.look_ups += invoices.len() as u64;
        candidates.add(Candidate { invoices, reasons });
    }

    pub(super) fn propose_of_amount(
        &self,
        transfer: &IncomingTransfer,
        candidates: &mut Candidates,
        work: &mut MatchWork,
    ) {
        if let Some(equal) = self.of_amount(transfer.amount, work) {
            let reasons = [MatchReason::AmountEqual];
            self.propose_each(equal.iter(), equal.len(), &reasons, candidates, work);
        }
    }

    fn propose_each<'a>(
        &self,
        slots: impl Iterator<Item = &'a Slot>,
        count: usize,
        reasons: &[MatchReason],
        candidates: &mut Candidates,
        work: &mut MatchWork,
    ) {
        for &(_, place) in slots.take(MAX_CANDIDATES) {
            work.look_ups += 1;
            let Some(invoice) = self.invoice(place) else {
                continue;
            };
            let mut reasons = reasons.to_vec();
            if count > 1 {
                reasons.push(MatchReason::NotTheOnlyOne);
            }
            candidates.add(Candidate {
                invoices: vec![invoice.invoice_id],
                reasons,
            });
        }
    }
}
