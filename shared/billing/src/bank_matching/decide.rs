//! The decision over one transfer.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{MatchIndex, Named};
use super::propose::Candidates;
use super::{
    IncomingTransfer, MAX_INVOICES, MatchDecision, MatchReason, MatchWork, MatchedPart, OpenInvoice,
};
use crate::bank_text::find_numbers;
use crate::creditor_reference::CreditorReference;
use crate::ids::ClientId;
use crate::money::Currency;

/// From so many characters on, letters and digits together are nobody's chance.
const TELLING_CHARS: usize = 5;
/// From so many digits on, a number with exactly the amount is nobody's chance.
const TELLING_DIGITS: usize = 6;

/// How a transfer names an invoice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Digits that may be anything.
    Perhaps,
    /// Digits that name it together with the exact amount.
    WithAmount,
    Number,
    Reference,
}

impl Way {
    fn of_number(normalised: &str) -> Self {
        let letters = normalised.bytes().any(|byte| byte.is_ascii_alphabetic());
        let digits = normalised.bytes().any(|byte| byte.is_ascii_digit());
        match (letters && digits, normalised.len()) {
            (true, TELLING_CHARS..) => Way::Number,
            (false, TELLING_DIGITS..) if digits => Way::WithAmount,
            _ => Way::Perhaps,
        }
    }

    pub fn reason(self) -> MatchReason {
        match self {
            Way::Reference => MatchReason::ReferenceNamed,
            Way::Number => MatchReason::NumberNamed,
            Way::WithAmount | Way::Perhaps => MatchReason::NumberPerhapsNamed,
        }
    }
}

/// The one client that a payer is known as.
#[derive(Clone, Copy)]
pub(super) struct KnownPayer {
    pub client_id: ClientId,
    pub reason: MatchReason,
}

impl MatchIndex {
    /// What a transfer pays, as things stand. Changes nothing: see [`MatchIndex::apply`].
    pub fn decide(&self, transfer: &IncomingTransfer) -> MatchDecision {
        self.decide_counted(transfer, &mut MatchWork::default())
    }

    /// [`MatchIndex::decide`], adding what it took to `work`.
    pub fn decide_counted(
        &self,
        transfer: &IncomingTransfer,
        work: &mut MatchWork,
    ) -> MatchDecision {
        if !transfer.amount.is_positive() {
            return MatchDecision::Nothing;
        }
        let named = self.named(transfer, work);
        let payer = self.payer(transfer, work);
        let (telling, perhaps) = self.telling(named, transfer);
        let mut candidates = Candidates::default();
        if !telling.is_empty() {
            if !transfer.collective
                && let Some(certain) = self.by_name(&telling, transfer)
            {
                return certain;
            }
            self.propose_named(&telling, transfer, &mut candidates);
        } else if let Some(payer) = payer
            && !transfer.collective
            && let Some(certain) = self.by_payer(payer, transfer, work)
            && !self.contradicts(&certain, &perhaps)
        {
            return certain;
        }
        self.propose_named(&perhaps, transfer, &mut candidates);
        if let Some(payer) = payer {
            self.propose_of_payer(payer, transfer, &mut candidates, work);
        }
        self.propose_of_amount(transfer, &mut candidates, work);
        candidates.decision()
    }

    /// Every invoice that reference or text name, and the best way in which they do.
    fn named(&self, transfer: &IncomingTransfer, work: &mut MatchWork) -> BTreeMap<Named, Way> {
        let mut named: BTreeMap<Named, Way> = BTreeMap::new();
        let mut note = |places: &[Named], way: Way| {
            // What two invoices share names neither.
            let way = if places.len() > 1 { Way::Perhaps } else { way };
            for &place in places.iter().take(MAX_INVOICES) {
                let known = named.entry(place).or_insert(way);
                *known = way.max(*known);
            }
        };
        let structured = transfer.structured_reference.as_deref();
        for text in structured.into_iter().chain([transfer.text.as_str()]) {
            for reference in CreditorReference::find_all(text) {
                if let Some(places) = self.of_reference(&reference, work) {
                    note(places, Way::Reference);
                }
            }
            let numbers = find_numbers(text, |run| {
                let places = self.of_number(run, work)?;
                Some((places, Way::of_number(run)))
            });
            for (places, way) in numbers {
                note(places, way);
            }
        }
        if named.is_empty() {
            // Payers leave the letters out: that is a hint, never a name.
            for text in structured.into_iter().chain([transfer.text.as_str()]) {
                for places in find_numbers(text, |run| self.of_digits(run, work)) {
                    for &place in places.iter().take(MAX_INVOICES) {
                        named.insert(place, Way::Perhaps);
                    }
                }
            }
        }
        named
    }

    fn payer(&self, transfer: &IncomingTransfer, work: &mut MatchWork) -> Option<KnownPayer> {
        let name = transfer.payer_name.as_deref();
        let clients = self.payers(name, transfer.payer_account.as_deref(), work);
        let mut clients = clients.into_iter();
        match (clients.next(), clients.next()) {
            (Some((client_id, learned)), None) => Some(KnownPayer {
                client_id,
                reason: if learned {
                    MatchReason::PayerLearned
                } else {
                    MatchReason::PayerNamed
                },
            }),
            _ => None,
        }
    }

    /// Parts what is surely named from what may be named by chance. Digits alone are sure where
    /// nothing else is named and all that they may name comes to the amount.
    fn telling(
        &self,
        named: BTreeMap<Named, Way>,
        transfer: &IncomingTransfer,
    ) -> (BTreeMap<Named, Way>, BTreeMap<Named, Way>) {
        let sure = |way: Way| matches!(way, Way::Reference | Way::Number);
        let none_sure = !named.values().any(|way| sure(*way));
        let digits = named.iter().filter(|(_, way)| **way == Way::WithAmount);
        let due = digits.map(|(named, _)| self.due_in(*named, transfer.amount.currency()));
        let due: Option<i128> = due.sum();
        let by_amount = none_sure && due == Some(transfer.amount.minor());
        named
            .into_iter()
            .partition(|(_, way)| sure(*way) || (by_amount && *way == Way::WithAmount))
    }

    /// What is due of an open invoice of this currency, in minor units.
    fn due_in(&self, named: Named, currency: Currency) -> Option<i128> {
        match named {
            Named::Open(place) => self
                .invoice(place)
                .map(|invoice| invoice.balance_due)
                .filter(|due| due.is_positive() && due.currency() == currency)
                .map(|due| due.minor()),
            Named::Settled(_) => None,
        }
    }

    /// Whether a decision by payer and amount goes against what may have been named.
    fn contradicts(&self, decision: &MatchDecision, perhaps: &BTreeMap<Named, Way>) -> bool {
        let MatchDecision::Certain { allocations, .. } = decision else {
            return false;
        };
        let decided: BTreeSet<Named> = allocations
            .iter()
            .filter_map(|part| self.place(part.invoice_id))
            .map(Named::Open)
            .collect();
        let unnamed = || decided.iter().any(|one| !perhaps.contains_key(one));
        let left_out =
            |(one, way): (&Named, &Way)| *way == Way::WithAmount && !decided.contains(one);
        !perhaps.is_empty() && (unnamed() || perhaps.iter().any(left_out))
    }

    /// Rule 1: what is named decides, if it can.
    fn by_name(
        &self,
        named: &BTreeMap<Named, Way>,
        transfer: &IncomingTransfer,
    ) -> Option<MatchDecision> {
        let mut open = Vec::with_capacity(named.len());
        for &one in named.keys() {
            if self.ended(one).is_some() {
                return None;
            }
            let Named::Open(place) = one else {
                return None;
            };
            let invoice = self.invoice(place)?;
            if invoice.balance_due.currency() != transfer.amount.currency() {
                return None;
            }
            open.push((place, invoice));
        }
        let mut reasons: Vec<MatchReason> = named.values().map(|way| way.reason()).collect();
        if let [(_, invoice)] = open.as_slice() {
            reasons.push(compared(transfer, invoice.balance_due.minor()));
            let amount = transfer.amount.min(invoice.balance_due).ok()?;
            let part = MatchedPart {
                invoice_id: invoice.invoice_id,
                amount,
            };
            return Some(certain(invoice.client_id, vec![part], reasons));
        }
        let due: i128 = open
            .iter()
            .map(|(_, invoice)| invoice.balance_due.minor())
            .sum();
        let (_, first) = open.first()?;
        // Two clients in one transfer leave nobody to whom the payment belongs.
        let one_client = open
            .iter()
            .all(|(_, invoice)| invoice.client_id == first.client_id);
        if due != transfer.amount.minor() || open.len() > MAX_INVOICES || !one_client {
            return None;
        }
        let client_id = first.client_id;
        reasons.extend([MatchReason::SeveralNamed, MatchReason::AmountEqual]);
        open.sort_by_key(|(place, invoice)| (invoice.due_on, *place));
        let parts = open
            .into_iter()
            .map(|(_, invoice)| whole(invoice))
            .collect();
        Some(certain(client_id, parts, reasons))
    }

    /// Rules 2 and 3: amount and payer together.
    fn by_payer(
        &self,
        payer: KnownPayer,
        transfer: &IncomingTransfer,
        work: &mut MatchWork,
    ) -> Option<MatchDecision> {
        let KnownPayer { client_id, reason } = payer;
        if let Some(equal) = self.of_client_and_amount(client_id, transfer.amount, work) {
            let mut slots = equal.iter();
            let (Some(&(_, place)), None) = (slots.next(), slots.next()) else {
                return None;
            };
            work.look_ups += 1;
            let part = whole(self.invoice(place)?);
            let reasons = vec![MatchReason::AmountEqual, reason];
            return Some(certain(client_id, vec![part], reasons));
        }
        let of_client = self.of_client(client_id, transfer.amount.currency(), work)?;
        let all = of_client.due_minor == transfer.amount.minor();
        if !all || of_client.slots.len() > MAX_INVOICES {
            return None;
        }
        work.look_ups += of_client.slots.len() as u64;
        let parts = of_client
            .slots
            .iter()
            .filter_map(|&(_, place)| self.invoice(place))
            .map(whole)
            .collect();
        let reasons = vec![MatchReason::AmountEqual, MatchReason::AllOfClient, reason];
        Some(certain(client_id, parts, reasons))
    }
}

/// All that is due of an invoice.
fn whole(invoice: &OpenInvoice) -> MatchedPart {
    MatchedPart {
        invoice_id: invoice.invoice_id,
        amount: invoice.balance_due,
    }
}

pub(super) fn compared(transfer: &IncomingTransfer, due_minor: i128) -> MatchReason {
    match transfer.amount.minor().cmp(&due_minor) {
        std::cmp::Ordering::Less => MatchReason::AmountBelow,
        std::cmp::Ordering::Equal => MatchReason::AmountEqual,
        std::cmp::Ordering::Greater => MatchReason::AmountAbove,
    }
}

fn certain(
    client_id: ClientId,
    allocations: Vec<MatchedPart>,
    mut reasons: Vec<MatchReason>,
) -> MatchDecision {
    reasons.sort_unstable();
    reasons.dedup();
    MatchDecision::Certain {
        client_id,
        allocations,
        reasons,
    }
}
