//! What entries are matched against: what is open, who was learned, what members recorded.
//!
//! Its cost grows with what is open and with what was learned, not with what is stored.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use remit_billing::bank_matching::{
    Candidate, LearnedPayer, MAX_CANDIDATES, MatchDecision, MatchIndex, MatchReason, MatchedPart,
    OpenInvoice, Settled, SettledInvoice,
};
use remit_billing::banking::{BankEntry, EntryKind, EntryState, KnownPayer, RECORDED_DAYS};
use remit_billing::client::Client;
use remit_billing::ids::{AccountId, ClientId, InvoiceId, PaymentId};
use remit_billing::money::Money;
use remit_billing::payment::Payment;
use remit_billing::payout::{Payout, PayoutCandidate, PayoutMatch, match_payout};
use remit_billing::standing::{Standing, Status};
use remit_runtime::Problem;
use remit_store::{Index, Key, Query, Range, Record, Store, keys};

const PAGE: u32 = 500;
/// Days in which a bank takes a transfer or a debit back: eight weeks, as of SEPA's core scheme.
const RETURN_DAYS: i32 = 56;

/// What is certain of an entry.
#[derive(Debug)]
pub(crate) enum Decided {
    /// It pays invoices.
    Pays(Certain),
    /// It is what a provider paid out.
    PaidOut(PayoutCandidate),
}

/// What an entry pays for certain.
#[derive(Debug)]
pub(crate) struct Certain {
    pub client_id: ClientId,
    /// What goes to each invoice, and what was due on it when that was decided.
    pub parts: Vec<(MatchedPart, Money)>,
    pub reasons: Vec<MatchReason>,
}

impl Certain {
    /// The same as something to choose from.
    pub fn candidate(&self) -> Candidate {
        Candidate {
            invoices: self.parts.iter().map(|(part, _)| part.invoice_id).collect(),
            reasons: self.reasons.clone(),
        }
    }
}

/// All that entries are matched against.
#[derive(Debug)]
pub(crate) struct Basis {
    index: MatchIndex,
    /// Transfers that members recorded around the days of the file, and that no statement has shown.
    recorded: Vec<Payment>,
    /// Payouts that providers told of, and that no entry is yet.
    payouts: Vec<Payout>,
    /// Entries of before that were applied, where the file has money that the bank took back.
    applied: Vec<BankEntry>,
}

impl Basis {
    /// Reads it for these entries.
    pub async fn read(
        store: &Store,
        account: AccountId,
        entries: &[BankEntry],
    ) -> Result<Self, Problem> {
        let open = keys::invoices_of_status(account, "open");
        let open: Vec<Standing> = all(store, Query::on(Index::ByStatus, open)).await?;
        let clients: BTreeSet<ClientId> = open.iter().map(|standing| standing.client_id).collect();
        let clients: Vec<Key> = clients
            .iter()
            .map(|id| keys::client(account, *id))
            .collect();
        let clients: Vec<Client> = many(store, &clients).await?;
        let payers: Vec<KnownPayer> = all(store, Query::of(keys::known_payers(account))).await?;
        let recorded = recorded(store, account, entries).await?;
        let settled: BTreeSet<InvoiceId> = recorded
            .iter()
            .flat_map(|payment| payment.allocations.iter().map(|part| part.invoice_id))
            .collect();
        let settled = settled.iter();
        let settled: Vec<Key> = settled
            .map(|id| keys::invoice_standing(account, *id))
            .collect();
        let settled: Vec<Standing> = many(store, &settled).await?;
        let names = clients.iter().flat_map(|client| {
            let legal = client.legal_name.as_ref();
            let names = [Some(&client.name), legal].into_iter().flatten();
            names.map(|name| (client.id, name.as_str()))
        });
        let index = MatchIndex::new(open.iter().filter_map(open_invoice))
            .with_settled(settled.iter().filter_map(settled_invoice))
            .with_payers(payers.into_iter().map(|known| LearnedPayer {
                payer: known.payer,
                client_id: known.client_id,
            }))
            .with_clients(names);
        let payouts = Query::on(Index::ByStatus, keys::open_payouts(account));
        let payouts = all(store, payouts).await?;
        let applied = applied_before(store, account, entries).await?;
        Ok(Self {
            index,
            recorded,
            payouts,
            applied,
        })
    }

    /// Decides on an entry: what is certain, or what a person may choose from, which is then
    /// noted in the entry.
    pub fn decide(&self, entry: &mut BankEntry) -> Option<Decided> {
        if entry.facts.kind == EntryKind::Returned {
            let may_be = self
                .applied
                .iter()
                .filter_map(|known| taken_back(entry, known));
            entry.recorded = may_be.take(MAX_CANDIDATES).collect();
            return None;
        }
        let paid = self.pays(entry);
        match match_payout(&entry.facts, &self.payouts) {
            PayoutMatch::Nothing => paid.map(Decided::Pays),
            PayoutMatch::Certain(payout) if paid.is_none() && entry.is_free_for(&payout) => {
                Some(Decided::PaidOut(payout))
            }
            PayoutMatch::Certain(payout) => {
                entry.payouts = vec![payout];
                entry
                    .candidates
                    .extend(paid.map(|certain| certain.candidate()));
                None
            }
            PayoutMatch::Candidates(payouts) => {
                entry.payouts = payouts.into_iter().take(MAX_CANDIDATES).collect();
                entry
                    .candidates
                    .extend(paid.map(|certain| certain.candidate()));
                None
            }
        }
    }

    /// What an entry pays for certain; what it may pay is noted in the entry.
    fn pays(&self, entry: &mut BankEntry) -> Option<Certain> {
        let transfer = entry.incoming()?;
        let recorded = self.recorded.iter().filter(|known| entry.may_be(known));
        let recorded: Vec<&Payment> = recorded.collect();
        entry.recorded = recorded.iter().map(|payment| payment.id).collect();
        match self.index.decide(&transfer) {
            MatchDecision::Nothing => None,
            MatchDecision::Candidates { candidates } => {
                entry.candidates = candidates;
                None
            }
            MatchDecision::Certain {
                client_id,
                allocations,
                reasons,
            } => {
                let parts = allocations.into_iter();
                let parts = parts.filter_map(|part| {
                    let due = self.index.balance_due(part.invoice_id)?;
                    Some((part, due))
                });
                let certain = Certain {
                    client_id,
                    parts: parts.collect(),
                    reasons,
                };
                let mut recorded = recorded.iter();
                // It may be in the books already: then it is for a person.
                if recorded.any(|payment| payment.client_id == Some(client_id)) {
                    entry.candidates = vec![certain.candidate()];
                    return None;
                }
                Some(certain)
            }
        }
    }

    /// Takes in what arrived.
    pub fn arrived(&mut self, payout: &PayoutCandidate) {
        self.payouts
            .retain(|known| (known.rail, &known.reference) != (payout.rail, &payout.reference));
    }

    /// Takes in what was applied.
    pub fn applied(&mut self, certain: &Certain) -> Result<(), Problem> {
        let parts: Vec<MatchedPart> = certain.parts.iter().map(|(part, _)| part.clone()).collect();
        self.index.apply(&parts).map_err(Problem::internal)
    }
}

/// The payment of an entry of before that an entry may take back: of its amount, and of the same payer or
/// named by what the bank says.
fn taken_back(entry: &BankEntry, known: &BankEntry) -> Option<PaymentId> {
    let EntryState::Applied(applied) = &known.state else {
        return None;
    };
    let (facts, before) = (&entry.facts, &known.facts);
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let fits = facts.amount == before.amount
        && before.booked_on <= facts.booked_on
        && (same(&facts.payer_account, &before.payer_account)
            || same(&facts.payer_name, &before.payer_name)
            || same(&facts.structured_reference, &before.structured_reference)
            || (!before.text.trim().is_empty() && facts.text.contains(before.text.trim())));
    fits.then_some(applied.payment_id)
}

/// Entries that were applied within the time in which banks take money back, if any was.
async fn applied_before(
    store: &Store,
    account: AccountId,
    entries: &[BankEntry],
) -> Result<Vec<BankEntry>, Problem> {
    let returned = entries
        .iter()
        .filter(|entry| entry.facts.kind == EntryKind::Returned);
    let days: Vec<Date> = returned.map(|entry| entry.facts.booked_on).collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return Ok(Vec::new());
    };
    let first = first.checked_sub(RETURN_DAYS.days()).unwrap_or(Date::MIN);
    let range = Range::Between(first.to_string(), format!("{last}~"));
    let applied = keys::bank_entries(account, "applied");
    let query = Query::on(Index::ByStatus, applied).range(range);
    let mut found: Vec<BankEntry> = all(store, query).await?;
    // The last that came is the likeliest to go back.
    found.reverse();
    Ok(found)
}

fn open_invoice(standing: &Standing) -> Option<OpenInvoice> {
    Some(OpenInvoice {
        invoice_id: standing.invoice_id,
        client_id: standing.client_id,
        number: standing.number.clone(),
        balance_due: standing.balance_due().ok()?,
        issued_on: standing.issue_on,
        due_on: standing.due_on,
    })
}

fn settled_invoice(standing: &Standing) -> Option<SettledInvoice> {
    let settled = match standing.status {
        Status::Paid { .. } => Settled::Paid,
        Status::Void { .. } => Settled::Void,
        Status::Open | Status::Uncollectible { .. } => return None,
    };
    Some(SettledInvoice {
        invoice_id: standing.invoice_id,
        number: standing.number.clone(),
        settled,
    })
}

/// Transfers that members recorded, and that the entries may be.
async fn recorded(
    store: &Store,
    account: AccountId,
    entries: &[BankEntry],
) -> Result<Vec<Payment>, Problem> {
    let days = || entries.iter().map(|entry| entry.facts.booked_on);
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Ok(Vec::new());
    };
    let days = RECORDED_DAYS.days();
    let first = first.checked_sub(days).unwrap_or(Date::MIN);
    let last = last.checked_add(days).unwrap_or(Date::MAX);
    let range = Range::Between(first.to_string(), format!("{last}~"));
    let query = Query::on(Index::ByStatus, keys::payments_by_hand(account)).range(range);
    all(store, query).await
}

/// All records of a query, page after page.
async fn all<T: Record>(store: &Store, query: Query) -> Result<Vec<T>, Problem> {
    let mut query = query.limit(PAGE);
    let mut all = Vec::new();
    loop {
        let page = store.query::<T>(&query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        all.extend(page.records.into_iter().map(|found| found.value));
        let Some(next) = page.next else {
            return Ok(all);
        };
        query = query.start(Some(next));
    }
}

/// The records of these keys, as far as they are there.
async fn many<T: Record>(store: &Store, keys: &[Key]) -> Result<Vec<T>, Problem> {
    let found = store.get_many::<T>(keys).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    Ok(found.into_iter().flatten().map(|one| one.value).collect())
}
