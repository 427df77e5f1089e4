//! What must hold at the end, when all is quiet: over everything that is stored.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use remit_billing::attempt::{Attempt, AttemptState};
use remit_billing::audit::{AuditEntry, check_chain};
use remit_billing::banking::{BankEntry, BankStatement, EntryState};
use remit_billing::billing_cycle::BillingCycle;
use remit_billing::canonical::{ContentHash, canonical};
use remit_billing::client::{Client, ClientBalance};
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{Delivery, DeliveryState};
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{InvoiceContent, InvoiceDocument, IssuedInvoice};
use remit_billing::late_fee::LateFees;
use remit_billing::ledger::{Cause, LedgerAccount, LedgerTransaction, Rail};
use remit_billing::money::Money;
use remit_billing::numbering::DocumentKind;
use remit_billing::payment::{DisputeState, FeeOf, MatchState, Payment};
use remit_billing::payout::Payout;
use remit_billing::reconciliation::Reconciliation;
use remit_billing::standing::{Standing, Status};
use remit_billing::statement::MonthlyStatements;
use remit_billing::subscription::{BilledPeriod, Subscription};
use remit_store::keys::due_moment;
use remit_store::records::{Notification, NotificationState, NumberCounter};
use remit_store::{Index, Item, Record, from_item, item, type_of};

use crate::audit::read_loosely;
use crate::findings::Findings;
use crate::world::World;

/// Within this a provider is asked what it kept.
const FEE_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// Everything that is stored, by type.
#[derive(Default)]
pub struct Stored {
    pub documents: BTreeMap<InvoiceId, (IssuedInvoice, u64)>,
    pub drafts: usize,
    pub draft_contents: BTreeMap<InvoiceId, InvoiceContent>,
    pub subscriptions: Vec<Subscription>,
    pub periods: Vec<BilledPeriod>,
    pub cycles: Vec<BillingCycle>,
    pub fees: Vec<LateFees>,
    pub monthly: Vec<MonthlyStatements>,
    pub statements: Vec<BankStatement>,
    pub entries: Vec<BankEntry>,
    pub payouts: Vec<Payout>,
    pub draft_tags: Vec<(String, String)>,
    pub clients: Vec<String>,
    pub standings: BTreeMap<InvoiceId, (Standing, u64)>,
    pub counters: Vec<NumberCounter>,
    pub deliveries: Vec<Delivery>,
    pub attempts: Vec<Attempt>,
    pub payments: Vec<Payment>,
    pub balances: Vec<ClientBalance>,
    pub notifications: Vec<Notification>,
    pub ledger: Vec<LedgerTransaction>,
    pub credit_notes: Vec<CreditNote>,
    /// The audit log's chains, by document.
    pub chains: BTreeMap<String, Vec<AuditEntry>>,
    /// What audited records are stored: document, place, and the SHA-256 of the content.
    pub audited: Vec<(String, String, ContentHash)>,
}

fn read<T: Record>(item: Item) -> T {
    from_item(item).unwrap().value
}

impl Stored {
    /// Reads the table.
    pub fn read(world: &World) -> Self {
        let mut stored = Self::default();
        for item in world.table.memory.items() {
            let kind = type_of(&item).unwrap_or_default().to_owned();
            let version = item::version_of(&item).unwrap_or_default();
            stored.note_audited(&item, &kind);
            match kind.as_str() {
                "client" => {
                    let name = item::text(&item, "name").unwrap_or_default();
                    stored.clients.push(name.to_owned());
                }
                InvoiceDocument::TYPE => match read(item) {
                    InvoiceDocument::Issued(issued) => {
                        stored.note(issued.id, &issued.content);
                        stored.documents.insert(issued.id, (issued, version));
                    }
                    InvoiceDocument::Draft(draft) => {
                        stored.note(draft.id, &draft.content);
                        stored.drafts += 1;
                        stored.draft_contents.insert(draft.id, draft.content);
                    }
                },
                Standing::TYPE => {
                    let standing: Standing = read(item);
                    stored
                        .standings
                        .insert(standing.invoice_id, (standing, version));
                }
                NumberCounter::TYPE => stored.counters.push(read(item)),
                Delivery::TYPE => stored.deliveries.push(read(item)),
                Attempt::TYPE => stored.attempts.push(read(item)),
                Payment::TYPE => stored.payments.push(read_loosely(&item)),
                ClientBalance::TYPE => stored.balances.push(read(item)),
                Notification::TYPE => stored.notifications.push(read(item)),
                LedgerTransaction::TYPE => stored.ledger.push(read(item)),
                CreditNote::TYPE => stored.credit_notes.push(read(item)),
                Subscription::TYPE => stored.subscriptions.push(read(item)),
                BilledPeriod::TYPE => stored.periods.push(read(item)),
                BillingCycle::TYPE => stored.cycles.push(read(item)),
                LateFees::TYPE => stored.fees.push(read(item)),
                MonthlyStatements::TYPE => stored.monthly.push(read(item)),
                BankStatement::TYPE => stored.statements.push(read(item)),
                BankEntry::TYPE => stored.entries.push(read(item)),
                Payout::TYPE => stored.payouts.push(read(item)),
                _ => {}
            }
        }
        stored
    }

    fn note_audited(&mut self, item: &Item, kind: &str) {
        fn hash<T: Record>(item: &Item) -> ContentHash {
            canonical(&read::<T>(item.clone())).unwrap().hash
        }
        let hash = match kind {
            AuditEntry::TYPE => {
                let entry: AuditEntry = read(item.clone());
                let chain = self.chains.entry(entry.document.clone()).or_default();
                chain.push(entry);
                return;
            }
            InvoiceDocument::TYPE => hash::<InvoiceDocument>(item),
            Standing::TYPE => hash::<Standing>(item),
            Client::TYPE => hash::<Client>(item),
            CreditNote::TYPE => hash::<CreditNote>(item),
            Subscription::TYPE => hash::<Subscription>(item),
            BillingCycle::TYPE => hash::<BillingCycle>(item),
            LateFees::TYPE => hash::<LateFees>(item),
            _ => return,
        };
        let text = |name: &str| item::text(item, name).unwrap_or_default().to_owned();
        let (partition, place) = (text("pk"), text("sk"));
        let document = partition.split_once('#').map(|(_, document)| document);
        let document = document.unwrap_or_default().to_owned();
        self.audited.push((document, place, hash));
    }

    fn note(&mut self, id: InvoiceId, content: &InvoiceContent) {
        // A fee names the order of the invoice that was paid late.
        if let Some(tag) = content.purchase_order.as_ref()
            && content.late_fee_of.is_none()
        {
            self.draft_tags.push((tag.to_string(), id.to_string()));
        }
    }
}

fn total(amounts: impl Iterator<Item = Money>) -> Money {
    let zero: Money = "0.00 EUR".parse().unwrap();
    let mut amounts = amounts;
    amounts.try_fold(zero, Money::checked_add).unwrap()
}

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    let findings = &world.findings;
    numbers(stored, findings);
    invoices(stored, findings);
    ledger(stored, findings);
    documents_in_the_ledger(stored, findings);
    carried(stored, findings);
    logged(stored, findings);
    quiet(world, stored);
}

/// Every chain of the audit log is whole, and its newest word of each record is what is stored.
fn logged(stored: &Stored, findings: &Findings) {
    let rule = "the audit log is whole";
    for chain in stored.chains.values() {
        let mut chain = chain.clone();
        chain.sort_by_key(|entry| entry.sequence);
        let checked = check_chain(&chain);
        findings.check(checked.is_ok(), rule, || format!("{checked:?}"));
    }
    for (document, place, hash) in &stored.audited {
        let entries = stored.chains.get(document).into_iter().flatten();
        let newest = entries
            .flat_map(|entry| entry.wrote.iter().map(move |wrote| (entry.sequence, wrote)))
            .filter(|(_, wrote)| wrote.place == *place)
            .max_by_key(|(sequence, _)| *sequence);
        let known = newest.and_then(|(_, wrote)| wrote.sha256);
        findings.check(known == Some(*hash), rule, || {
            format!("{document} {place} is {hash}, the log says {known:?}")
        });
    }
}

/// One number for each invoice and credit note, and no gap.
fn numbers(stored: &Stored, findings: &Findings) {
    for counter in &stored.counters {
        let year = counter.counter.series.year.unwrap_or_default();
        let prefix = match counter.counter.series.kind {
            DocumentKind::CreditNote => "CN",
            DocumentKind::Invoice => "INV",
            DocumentKind::Estimate | DocumentKind::ChangeOrder => continue,
        };
        let issued = stored.documents.values().map(|(issued, _)| &issued.number);
        let mut numbers: Vec<u64> = issued
            .chain(stored.credit_notes.iter().map(|note| &note.number))
            .filter_map(|number| number.as_str().strip_prefix(&format!("{prefix}-{year}-")))
            .map(|number| number.parse().unwrap())
            .collect();
        numbers.sort_unstable();
        let wanted: Vec<u64> = (1..counter.counter.next).collect();
        findings.check(numbers == wanted, "no gap in the numbers", || {
            format!("{year}: {numbers:?}, next is {}", counter.counter.next)
        });
    }
}

/// What is paid is what payments say.
fn invoices(stored: &Stored, findings: &Findings) {
    for (standing, _) in stored.standings.values() {
        let id = standing.invoice_id;
        let allocations = stored
            .payments
            .iter()
            .flat_map(|payment| &payment.allocations);
        let paid = allocations.filter(|allocation| allocation.invoice_id == id);
        let paid = total(paid.map(|allocation| allocation.amount));
        findings.check(
            paid == standing.paid,
            "an invoice is paid by its payments",
            || format!("{}: {paid:?} and {:?}", standing.number, standing.paid),
        );
        let listed = total(standing.payments.iter().map(|payment| payment.amount));
        findings.check(listed == paid, "an invoice lists its payments", || {
            format!("{}: {listed:?} of {paid:?}", standing.number)
        });
        findings.check(
            stored.documents.contains_key(&id),
            "a standing has its document",
            || standing.number.to_string(),
        );
    }
    for (standing, _) in stored.standings.values() {
        let notes = stored.credit_notes.iter();
        let of_this = notes.filter(|note| note.invoice_id == standing.invoice_id);
        let credited = total(of_this.map(|note| note.credited.payable));
        let listed = total(standing.credits.iter().map(|note| note.amount));
        let holds = credited == standing.credited && credited == listed;
        findings.check(holds, "an invoice is credited by its credit notes", || {
            format!("{}: {credited:?}, {listed:?}", standing.number)
        });
    }
    let (documents, standings) = (stored.documents.len(), stored.standings.len());
    findings.check(
        documents == standings,
        "a standing has its document",
        || format!("{documents} documents and {standings} standings"),
    );
}

fn posted(ledger: &[LedgerTransaction], account: LedgerAccount) -> Money {
    let postings = ledger.iter().flat_map(|entry| &entry.postings);
    let of = postings.filter(|posting| posting.account == account);
    total(of.map(|posting| posting.amount))
}

/// What is not in a payment's cash any more: given back, contested, lost.
fn gone(payment: &Payment) -> Money {
    let disputes = payment.disputes.iter();
    let away = disputes.filter(|dispute| dispute.state != DisputeState::Won);
    let away = total(away.map(|dispute| dispute.amount));
    payment.refunded.checked_add(away).unwrap()
}

/// What providers and banks kept of a payment.
fn kept_by_others(payment: &Payment) -> Money {
    total(payment.fees.iter().map(|fee| fee.amount))
}

/// What the bank's entries say that providers have paid out.
fn paid_out(stored: &Stored) -> Money {
    let entries = stored.entries.iter();
    let paid_out = entries.filter(|entry| matches!(entry.state, EntryState::PaidOut(_)));
    total(paid_out.map(|entry| entry.facts.amount))
}

/// The ledger and the documents tell the same.
fn ledger(stored: &Stored, findings: &Findings) {
    let rails = [
        (Rail::Stripe, LedgerAccount::CashStripe),
        (Rail::BankTransfer, LedgerAccount::CashBankTransfer),
    ];
    let mut wanted = Vec::new();
    for (rail, account) in rails {
        let of = stored
            .payments
            .iter()
            .filter(|payment| payment.rail == rail);
        let left = of.map(|payment| {
            let left = payment.amount.checked_sub(gone(payment)).unwrap();
            left.checked_sub(kept_by_others(payment)).unwrap()
        });
        let left = total(left);
        // What Stripe has paid out is at the bank.
        let left = match rail {
            Rail::Stripe => left.checked_sub(paid_out(stored)).unwrap(),
            _ => left.checked_add(paid_out(stored)).unwrap(),
        };
        wanted.push((account, left));
    }
    // What is given up stands in the invoices; what came of it after all is told apart.
    let given_up = stored.standings.values();
    let given_up = total(given_up.map(|(standing, _)| standing.written_off));
    let recovered = posted(&stored.ledger, LedgerAccount::Recoveries);
    wanted.push((
        LedgerAccount::WriteOffs,
        given_up.checked_sub(recovered).unwrap(),
    ));
    // Stripe says what it kept of each, and it is booked once.
    let fees = total(stored.payments.iter().map(kept_by_others));
    wanted.push((LedgerAccount::ProviderFees, fees));
    let contested = stored.payments.iter().flat_map(|payment| &payment.disputes);
    let contested = contested.filter(|dispute| dispute.state == DisputeState::Open);
    wanted.push((
        LedgerAccount::DisputedReceivable,
        total(contested.map(|dispute| dispute.amount)),
    ));
    let due = stored
        .standings
        .values()
        .map(|(standing, _)| standing.balance_due().unwrap());
    // What a client has is a liability; what it owes, as money was taken back that had been used, is
    // receivable: its balance is never negative.
    let none = total(std::iter::empty());
    let balances = || stored.balances.iter().map(|balance| balance.amount);
    let owed = total(balances().map(|amount| amount.min(none).unwrap()));
    let due = total(due).checked_sub(owed).unwrap();
    wanted.push((LedgerAccount::Receivable, due));
    let has = total(balances().map(|amount| amount.max(none).unwrap()));
    wanted.push((LedgerAccount::ClientBalance, has.negated()));
    let standing = |document: &&(IssuedInvoice, u64)| {
        let standing = stored.standings.get(&document.0.id);
        standing.is_some_and(|(standing, _)| !matches!(standing.status, Status::Void { .. }))
    };
    let tax = stored.documents.values().filter(standing);
    let tax = total(tax.map(|(document, _)| document.totals.tax));
    let credited = total(stored.credit_notes.iter().map(|note| note.credited.tax));
    let tax = tax.checked_sub(credited).unwrap();
    wanted.push((LedgerAccount::TaxPayable, tax.negated()));
    for (account, wanted) in wanted {
        let posted = posted(&stored.ledger, account);
        findings.check(
            posted == wanted,
            "the ledger says what the documents say",
            || format!("{account:?}: {posted:?} posted, {wanted:?} stored"),
        );
    }
}

/// In books of another currency every position is carried at its own rate, and every entry is zero: of what is
/// settled, given back or used up nothing is left.
fn carried(stored: &Stored, findings: &Findings) {
    let rule = "the books carry what there is, at its own rate";
    let rates = stored
        .standings
        .values()
        .filter_map(|(of, _)| of.rate.as_ref());
    let rates = rates.chain(stored.payments.iter().filter_map(|of| of.rate.as_ref()));
    let Some(books) = rates.map(|rate| rate.currency).next() else {
        return;
    };
    let zero = Money::zero(books);
    for entry in &stored.ledger {
        let amounts = entry
            .postings
            .iter()
            .map(|posting| posting.books.unwrap_or(zero));
        let whole = entry.postings.iter().all(|posting| posting.books.is_some());
        let sum = Money::sum(books, amounts).unwrap();
        findings.check(whole && sum.is_zero(), rule, || {
            format!("{sum:?}: {entry:?}")
        });
    }
    let mut wanted: BTreeMap<LedgerAccount, Money> = BTreeMap::new();
    let mut add = |account, amount: Money| {
        let sum = wanted.entry(account).or_insert(zero);
        *sum = sum.checked_add(amount).unwrap();
    };
    for payment in &stored.payments {
        let Some(rate) = &payment.rate else {
            findings.add(rule, format!("no rate: {payment:?}"));
            continue;
        };
        let worth = |amount: Money| rate.in_books(amount).unwrap();
        let contested = payment.disputes.iter();
        let contested = contested.filter(|dispute| dispute.state == DisputeState::Open);
        let contested = total(contested.map(|dispute| dispute.amount));
        let left = payment.amount.checked_sub(gone(payment)).unwrap();
        // What a provider or a bank kept has left the cash.
        let kept = payment.fees.iter().map(|fee| fee.amount);
        let kept = kept.filter(|amount| amount.currency() == payment.amount.currency());
        let left = kept.fold(left, |left, fee| left.checked_sub(fee).unwrap());
        add(LedgerAccount::cash(payment.rail), worth(left));
        add(LedgerAccount::DisputedReceivable, worth(contested));
    }
    for (standing, _) in stored.standings.values() {
        let notes = stored.credit_notes.iter();
        let of_this = notes.filter(|note| note.invoice_id == standing.invoice_id);
        let credited = total(of_this.map(|note| note.credited.tax));
        let Some(rate) = &standing.rate else {
            findings.add(rule, format!("no rate: {standing:?}"));
            continue;
        };
        let due = standing.balance_due().unwrap();
        add(LedgerAccount::Receivable, rate.in_books(due).unwrap());
        if !matches!(standing.status, Status::Void { .. }) {
            let document = stored.documents.get(&standing.invoice_id);
            let tax = document.map_or(credited, |(document, _)| document.totals.tax);
            let tax = tax.checked_sub(credited).unwrap();
            add(
                LedgerAccount::TaxPayable,
                rate.in_books(tax).unwrap().negated(),
            );
        }
    }
    // A payout moves money between two accounts, at the rate of its day.
    let payouts = stored.ledger.iter();
    let payouts = payouts.filter(|entry| entry.cause == Cause::Payout);
    for posting in payouts.flat_map(|entry| &entry.postings) {
        add(posting.account, posting.books.unwrap_or(zero));
    }
    for balance in &stored.balances {
        let books = balance.books.unwrap_or(zero);
        match balance.amount.is_negative() {
            true => add(LedgerAccount::Receivable, books.negated()),
            false => add(LedgerAccount::ClientBalance, books.negated()),
        }
        let gone = !balance.amount.is_zero() || books.is_zero();
        findings.check(gone, rule, || format!("{balance:?}"));
    }
    for (account, wanted) in wanted {
        let postings = stored.ledger.iter().flat_map(|entry| &entry.postings);
        let of = postings.filter(|posting| posting.account == account);
        let posted = Money::sum(books, of.filter_map(|posting| posting.books)).unwrap();
        findings.check(posted == wanted, rule, || {
            format!("{account:?}: {posted:?} posted, {wanted:?} carried")
        });
    }
}

/// For each document by itself: what its entries made receivable.
fn documents_in_the_ledger(stored: &Stored, findings: &Findings) {
    let zero = total([].into_iter());
    let posted = |document: String, accounts: &[LedgerAccount]| {
        let entries = stored.ledger.iter();
        let entries = entries.filter(|entry| entry.document == document);
        let postings = entries.flat_map(|entry| &entry.postings);
        let postings = postings.filter(|posting| accounts.contains(&posting.account));
        total(postings.map(|posting| posting.amount))
    };
    let receivable = |document: String| posted(document, &[LedgerAccount::Receivable]);
    for (standing, _) in stored.standings.values() {
        let wanted = match standing.status {
            Status::Void { .. } => zero,
            _ => standing.payable,
        };
        let posted = receivable(standing.invoice_id.to_string());
        findings.check(
            posted == wanted,
            "the ledger says what the documents say",
            || {
                format!(
                    "{}: {posted:?} receivable, {wanted:?} payable",
                    standing.number
                )
            },
        );
    }
    for note in &stored.credit_notes {
        let posted = receivable(note.id.to_string());
        findings.check(
            posted == note.credited.payable.negated(),
            "the ledger says what the documents say",
            || format!("{}: {posted:?} receivable", note.number),
        );
    }
    // A client that has lost more than it had owes it: only all of its accounts together are fixed.
    let of_the_client = [
        LedgerAccount::Receivable,
        LedgerAccount::Recoveries,
        LedgerAccount::ClientBalance,
        LedgerAccount::UnmatchedReceipts,
    ];
    for payment in &stored.payments {
        let disputes = payment.disputes.iter();
        let lost = disputes.filter(|dispute| dispute.state == DisputeState::Lost);
        let lost = total(lost.map(|dispute| dispute.amount));
        let taken_back = payment.refunded.checked_add(lost).unwrap();
        let left = payment.amount.checked_sub(taken_back).unwrap();
        let posted = posted(payment.id.to_string(), &of_the_client);
        findings.check(
            posted == left.negated(),
            "the ledger says what the documents say",
            || format!("{}: {posted:?} the client's, {left:?} left", payment.id),
        );
    }
}

/// Nothing is left to do: no due item, no message, no claim, no attempt without an end.
fn quiet(world: &World, stored: &Stored) {
    let findings = &world.findings;
    let left = world.carriers.under_way();
    findings.check(left == 0, "no message is left", || {
        format!("{left} under way")
    });
    let now = due_moment(world.now());
    // A list of a provider's is read for ever: it is due again a while after each reading, and waits for the next run.
    let day_ago = due_moment(world.now() - SignedDuration::from_hours(24));
    for item in world.table.memory.items() {
        let due = item::text(&item, Index::ByDue.sort_attribute());
        let by = match type_of(&item) {
            Some(Reconciliation::TYPE) => &day_ago,
            _ => &now,
        };
        let over = due.is_some_and(|due| due < by.as_str());
        findings.check(!over, "nothing due is left", || {
            let kind = type_of(&item).unwrap_or_default();
            format!("{kind} {}: {due:?}", item::key_of(&item).unwrap())
        });
    }
    for delivery in &stored.deliveries {
        let settled = !matches!(
            delivery.state,
            DeliveryState::Pending { .. } | DeliveryState::Claimed { .. }
        );
        findings.check(settled, "every mail comes to an end", || {
            format!("{delivery:?}")
        });
    }
    for attempt in &stored.attempts {
        let settled = matches!(
            attempt.state,
            AttemptState::Paid | AttemptState::Closed { .. }
        );
        findings.check(settled, "every attempt comes to an end", || {
            format!("{attempt:?}")
        });
    }
    for (standing, _) in stored.standings.values() {
        findings.check(
            standing.processing.is_empty(),
            "every attempt comes to an end",
            || format!("{}: {:?}", standing.number, standing.processing),
        );
    }
    for payment in &stored.payments {
        let matched = matches!(payment.match_state, MatchState::Matched);
        findings.check(matched, "money finds its place", || format!("{payment:?}"));
        let cents = payment.amount.minor_units().unwrap();
        let fee = payment.fees.iter().find(|fee| fee.of == FeeOf::Payment);
        // It is asked for a little later: what came with the last round is not known yet.
        let is_fresh = payment.received_at + FEE_WITHIN > world.now();
        let is_kept = match payment.rail {
            Rail::Stripe if is_fresh && fee.is_none() => true,
            Rail::Stripe => fee.is_some_and(|kept| {
                kept.amount.minor_units().unwrap() == crate::stripe::fee(cents)
            }),
            _ => fee.is_none(),
        };
        findings.check(is_kept, "what the provider kept is in the books", || {
            format!("{payment:?}")
        });
    }
    for notification in &stored.notifications {
        let ended = !matches!(
            notification.state,
            NotificationState::Waiting { .. } | NotificationState::Unreadable
        );
        findings.check(ended, "every notification comes to an end", || {
            format!("{} {:?}", notification.body, notification.state)
        });
    }
}
