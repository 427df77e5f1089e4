//! Commits what the domain made of money: payment, invoice, balance, ledger and receipt at once.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::attempt::Attempt;
use remit_billing::books::OpenDay;
use remit_billing::client::ClientBalance;
use remit_billing::delivery::{About, Covered, DeliveryKind};
use remit_billing::event::Event;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId, InvoiceId};
use remit_billing::ledger::{
    BookRate, Booking, Cause, LedgerAccount, LedgerError, LedgerTransaction, Posting, Settles,
};
use remit_billing::money::{Currency, Money, MoneyError};
use remit_billing::payment::{Fee, Payment, RailReference, RefundNews, SettledEntry, Settlement};
use remit_billing::standing::{NotWrittenOff, Standing, WriteOff, WriteOffKind};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, keys};

use crate::facts::Facts;
use crate::late_fees;
use crate::load::{self, Batch};
use crate::ports::Ports;
use crate::rates;

/// What was read before the domain decided, and what it decided.
pub(crate) struct Settling<'a> {
    pub ports: &'a Ports,
    pub now: Timestamp,
    pub account: &'a Versioned<Account>,
    /// The payment as it was; none where it is new.
    pub payment: Option<&'a Versioned<Payment>>,
    /// The invoices as they were, as far as they are concerned.
    pub standings: &'a [Versioned<Standing>],
    pub settlement: Settlement,
    pub cause: Cause,
}

impl Settling<'_> {
    fn account_id(&self) -> AccountId {
        self.account.value.id
    }

    /// The day of the books: that on which money was received, as far as that is open; else today.
    fn booked_on(&self) -> OpenDay {
        let account = &self.account.value;
        let today = account.today(self.now);
        account.open_day(match self.cause {
            Cause::Payment | Cause::Opening => self.settlement.payment.received_on.min(today),
            _ => today,
        })
    }

    /// With what the payment is short by given up, as far as the agency's tolerance goes.
    pub(crate) fn forgiving(mut self) -> Result<Self, Problem> {
        let before = self.standings.iter().map(|standing| &standing.value);
        let tolerance = &self.account.value.short_payment_tolerance;
        let short = self.settlement.short_by(before, tolerance);
        for (invoice_id, amount) in short.map_err(Problem::internal)? {
            let write_off = WriteOff {
                id: self.ports.id(self.now)?,
                kind: WriteOffKind::Tolerance,
                amount,
                recovered: Money::zero(amount.currency()),
                reason: None,
                on: self.account.value.today(self.now),
                by: None,
                payment_id: Some(self.settlement.payment.id),
                reversed_at: None,
            };
            let settlement = self
                .settlement
                .clone()
                .forgiving(invoice_id, write_off, self.now);
            self.settlement = settlement.map_err(|why| match why {
                NotWrittenOff::Refused(refusal) => refusal.into(),
                NotWrittenOff::Money(error) => Problem::internal(error),
            })?;
        }
        Ok(self)
    }

    /// The commit, with these events on the payment.
    pub(crate) async fn commit(&self, events: Vec<Event>) -> Result<Commit, Problem> {
        let settlement = self.rated().await?;
        let mut balance = match (settlement.balance_change, settlement.payment.client_id) {
            (Some(change), Some(client_id)) => {
                let store = &self.ports.store;
                let currency = change.currency();
                Some(BalanceBook::open(store, self.account_id(), client_id, currency).await?)
            }
            _ => None,
        };
        let commit = self.commit_of(settlement, events, balance.as_mut())?;
        Ok(match balance {
            Some(balance) => balance.close(commit),
            None => commit,
        })
    }

    /// The same, where the client's balance is kept by the caller.
    pub(crate) fn commit_with(
        &self,
        events: Vec<Event>,
        balance: Option<&mut BalanceBook>,
    ) -> Result<Commit, Problem> {
        self.commit_of(self.settlement.clone(), events, balance)
    }

    /// What was decided, with the rate of the payment's day, where it is in another currency than the books and
    /// has none yet.
    pub(crate) async fn rated(&self) -> Result<Settlement, Problem> {
        let settlement = self.settlement.clone();
        let account = &self.account.value;
        if !settlement.wants_rate(account.currency, self.payment.is_none()) {
            return Ok(settlement);
        }
        let payment = &settlement.payment;
        let (currency, day) = (payment.amount.currency(), payment.received_on);
        let of_invoice = settlement.rate_of_invoice();
        let store = &self.ports.store;
        let rate = rates::for_money(store, account, currency, day, of_invoice).await?;
        Ok(settlement.with_rate(rate))
    }

    fn commit_of(
        &self,
        mut settlement: Settlement,
        events: Vec<Event>,
        balance: Option<&mut BalanceBook>,
    ) -> Result<Commit, Problem> {
        let booked = self.booked(&mut settlement, Commit::new(), balance)?;
        let facts = Facts::new(self.ports, self.account_id(), self.now);
        let payment = &settlement.payment;
        let mut commit = match self.payment {
            Some(before) => Commit::new().replace(before, payment, events),
            None => Commit::new().create(payment, events),
        };
        for after in &settlement.standings {
            let before = self.standing_of(after.invoice_id);
            let before = before.ok_or_else(|| Problem::internal("an invoice that was not read"))?;
            let mut events = facts.standing_changed(Some(&before.value), after)?;
            for given_up in after.write_offs.iter().skip(before.value.write_offs.len()) {
                events.push(facts.invoice_written_off(after, given_up)?);
            }
            commit = commit.replace(before, after, events);
            commit = late_fees::reopened(commit, &before.value, after, self.now);
        }
        // Whoever locks the books meanwhile would have an entry of this day come after.
        if self.booked_on().date() < self.account.value.today(self.now) {
            commit = commit.check(self.account);
        }
        Ok(commit.and(booked))
    }

    /// The commit with the entries of the ledger, and the payment with the rate that they are booked at.
    pub(crate) fn booked(
        &self,
        settlement: &mut Settlement,
        mut commit: Commit,
        mut balance: Option<&mut BalanceBook>,
    ) -> Result<Commit, Problem> {
        let account = &self.account.value;
        let books = account.currency;
        let other = self.other_rate(settlement);
        let third = |currency| account.rate_from(currency);
        let valued = settlement.in_books(books, other, &third);
        let valued = valued.map_err(|error| unbookable(error, "/amount"))?;
        for (entry, postings) in settlement.entries.iter().zip(valued) {
            let postings = match balance.as_deref_mut() {
                Some(balance) => balance.shown(postings)?,
                None => postings,
            };
            let Some(first) = postings.first() else {
                continue;
            };
            let payment = &settlement.payment;
            let currency = first.amount.currency();
            // A fee may be taken in another currency than the payment.
            let rate = match currency == payment.amount.currency() {
                true => settlement.rate(other),
                false => account.rate_from(currency),
            };
            let booking = Booking {
                id: self.ports.id(self.now)?,
                account_id: self.account_id(),
                booked_on: self.booked_on(),
                recorded_at: self.now,
                books,
                rate: rate.filter(|_| currency != books),
            };
            let document = entry
                .document
                .map_or_else(|| payment.id.to_string(), |id| id.to_string());
            let settles = Self::settles(settlement, entry)?;
            let concerned = entry.invoice_id.and_then(|id| self.standing_of(id));
            let number = concerned.map(|standing| standing.value.number.clone());
            let cause = entry.cause.unwrap_or(self.cause);
            let client = payment.client_id;
            let booked = LedgerTransaction::of_postings(booking, cause, document, client, postings);
            let mut booked = booked.map_err(|error| unbookable(error, "/amount"))?;
            booked.number = number;
            commit = commit.create(&booked.settling(settles), Vec::new());
        }
        Ok(commit)
    }

    /// The rate of a payment that was kept before it had its own: that of an invoice which it concerns.
    fn other_rate(&self, settlement: &Settlement) -> Option<&BookRate> {
        let payment = &settlement.payment;
        let currency = payment.amount.currency();
        let account = &self.account.value;
        if payment.rate.is_some() || payment.books_missing || currency == account.currency {
            return None;
        }
        let mut known = self.standings.iter().map(|standing| &standing.value);
        let known = known.find(|standing| standing.currency() == currency);
        let of_invoice = known.and_then(|standing| standing.rate.as_ref());
        of_invoice.or_else(|| account.rate_from(currency))
    }

    fn standing_of(&self, invoice_id: InvoiceId) -> Option<&Versioned<Standing>> {
        let mut known = self.standings.iter();
        known.find(|known| known.value.invoice_id == invoice_id)
    }

    /// What an entry does to how far its invoice is paid.
    fn settles(settlement: &Settlement, entry: &SettledEntry) -> Result<Option<Settles>, Problem> {
        let mut known = settlement.standings.iter();
        let after = known.find(|after| Some(after.invoice_id) == entry.invoice_id);
        // What is given up beside a payment, or due again with it, pays nothing.
        let Some(after) = after.filter(|_| entry.document.is_none()) else {
            return Ok(None);
        };
        let pays = |account| {
            matches!(
                account,
                LedgerAccount::Receivable | LedgerAccount::Recoveries
            )
        };
        // Money in another currency pays nothing here, and is nothing in the invoice's own.
        let sides = entry.sides.iter();
        let sides = sides.filter(|(account, amount)| pays(*account) && !amount.is_zero());
        let sum = Money::sum(after.currency(), sides.map(|(_, amount)| *amount));
        let sum = sum.map_err(Problem::internal)?;
        if sum.is_zero() {
            return Ok(None);
        }
        Ok(Some(Settles {
            invoice_id: after.invoice_id,
            before: after.paid.checked_add(sum).map_err(Problem::internal)?,
            after: after.paid,
            credits: u32::try_from(after.credits.len()).map_err(Problem::internal)?,
        }))
    }

    /// The thanks for a payment that found its client: one each, in the payment's commit. `named` are
    /// the invoices that it was for, where that was said of several; the receipt names each.
    pub(crate) fn receipt(&self, commit: Commit, named: &[InvoiceId]) -> Result<Commit, Problem> {
        let payment = &self.settlement.payment;
        let settled = payment.allocations.first().map(|part| part.invoice_id);
        let about = settled.or(payment.invoice_id);
        let (Some(client_id), Some(invoice_id)) = (payment.client_id, about) else {
            return Ok(commit);
        };
        let about = About::Invoice {
            invoice_id,
            kind: DeliveryKind::Receipt {
                payment_id: payment.id,
                amount: payment.amount,
                kept: payment.to_balance,
                received_on: payment.received_on,
                rail: payment.rail,
            },
        };
        let facts = Facts::new(self.ports, self.account_id(), self.now);
        facts.ask_for_receipt(commit, client_id, about, self.covers(named))
    }

    /// What of the payment settles which invoice, where it is of several.
    fn covers(&self, named: &[InvoiceId]) -> Vec<Covered> {
        let payment = &self.settlement.payment;
        let settled = || payment.allocations.iter().map(|part| part.invoice_id);
        let invoices: Vec<InvoiceId> = match named {
            [] if payment.allocations.len() > 1 => settled().collect(),
            named => named.to_vec(),
        };
        let zero = Money::zero(payment.amount.currency());
        let covered = |invoice_id: &InvoiceId| {
            let mut parts = payment.allocations.iter();
            let part = parts.find(|part| part.invoice_id == *invoice_id);
            Some(Covered {
                number: self.standing_of(*invoice_id)?.value.number.clone(),
                amount: part.map_or(zero, |part| part.amount),
            })
        };
        invoices.iter().filter_map(covered).collect()
    }
}

/// A known payment and the invoices that it concerns.
pub(crate) struct Concerned {
    pub payment: Versioned<Payment>,
    pub standings: Vec<Versioned<Standing>>,
    pub account: Versioned<Account>,
}

impl Concerned {
    /// Reads what a payment concerns.
    pub(crate) async fn of(ports: &Ports, payment: Versioned<Payment>) -> Result<Self, Problem> {
        let account_id = payment.value.account_id;
        let mut wanted = vec![keys::account(account_id)];
        let concerned = payment.value.concerned_invoices();
        wanted.extend(concerned.map(|invoice| keys::invoice_standing(account_id, invoice)));
        let mut batch = Batch::read(&ports.store, &wanted).await?;
        let account = batch.need::<Account>()?;
        let mut standings = Vec::with_capacity(wanted.len() - 1);
        for _ in 1..wanted.len() {
            // One that is not issued yet has none.
            standings.extend(batch.take::<Standing>()?);
        }
        Ok(Self {
            payment,
            standings,
            account,
        })
    }

    /// The invoices as they are.
    pub(crate) fn standings(&self) -> Vec<Standing> {
        let known = self.standings.iter();
        known.map(|standing| standing.value.clone()).collect()
    }

    /// What the domain decided, to be committed.
    pub(crate) fn settling<'a>(
        &'a self,
        ports: &'a Ports,
        settlement: Settlement,
        cause: Cause,
    ) -> Settling<'a> {
        Settling {
            ports,
            now: ports.now(),
            account: &self.account,
            payment: Some(&self.payment),
            standings: &self.standings,
            settlement,
            cause,
        }
    }

    /// The commit of a refund's news about the payment as it is to be by then, with the fee that is stated
    /// beside it, and what that becomes: none where it was known.
    pub(crate) async fn refunded(
        &self,
        ports: &Ports,
        payment: Payment,
        news: &RefundNews,
        fee: Option<Fee>,
    ) -> Result<Option<(Commit, Payment)>, Problem> {
        let now = ports.now();
        let agency = &self.account.value;
        let settlement = payment.refund(news, self.standings(), agency, now);
        let Some(settlement) = settlement.map_err(Problem::internal)? else {
            return Ok(None);
        };
        let settlement = match fee {
            Some(fee) => settlement.keeping(fee).map_err(Problem::internal)?,
            None => settlement,
        };
        let after = &settlement.payment;
        let mut events = Vec::new();
        if after.refunded != self.payment.value.refunded {
            events.push(Facts::new(ports, after.account_id, now).payment_refunded(after)?);
        }
        let settling = self
            .settling(ports, settlement, Cause::Refund)
            .forgiving()?;
        let after = settling.settlement.payment.clone();
        Ok(Some((settling.commit(events).await?, after)))
    }
}

/// A client's balance of a currency while one commit moves it, and how the ledger shows that.
pub(crate) struct BalanceBook {
    before: Option<Versioned<ClientBalance>>,
    now: ClientBalance,
}

impl BalanceBook {
    /// The balance as it is.
    pub(crate) async fn open(
        store: &Store,
        account_id: AccountId,
        client_id: ClientId,
        currency: Currency,
    ) -> Result<Self, Problem> {
        let before = load::balance(store, account_id, client_id, currency).await?;
        Ok(Self::of(account_id, client_id, currency, before))
    }

    /// The balance as it was read.
    pub(crate) fn of(
        account_id: AccountId,
        client_id: ClientId,
        currency: Currency,
        before: Option<Versioned<ClientBalance>>,
    ) -> Self {
        let now = match &before {
            Some(before) => before.value.clone(),
            None => ClientBalance::empty(account_id, client_id, currency),
        };
        Self { before, now }
    }

    /// The balance as it is by now.
    pub(crate) fn now(&self) -> &ClientBalance {
        &self.now
    }

    /// Takes it as it is after a movement.
    pub(crate) fn moved_to(&mut self, after: ClientBalance) {
        self.now = after;
    }

    /// Postings whose part of the balance is told apart from what the client owes.
    fn shown(&mut self, postings: Vec<Posting>) -> Result<Vec<Posting>, Problem> {
        let mut shown = Vec::with_capacity(postings.len() + 1);
        for posting in postings {
            if posting.account == LedgerAccount::ClientBalance {
                let worth = posting.books.map(Money::negated);
                let moved = self.now.moved(posting.amount.negated(), worth);
                let (after, sides) = moved.map_err(|error| unbookable(error, "/amount"))?;
                shown.extend(sides);
                self.now = after;
            } else {
                shown.push(posting);
            }
        }
        Ok(shown)
    }

    /// Keeps it.
    pub(crate) fn close(self, commit: Commit) -> Commit {
        match self.before {
            Some(before) if before.value == self.now => commit,
            Some(before) => commit.replace(&before, &self.now, Vec::new()),
            None if self.now.amount.is_zero() => commit,
            None => commit.create(&self.now, Vec::new()),
        }
    }
}

/// An amount beyond what is reckoned with is the caller's to change; all else is a defect.
pub(crate) fn unbookable(error: impl Into<LedgerError>, pointer: &str) -> Problem {
    match error.into() {
        LedgerError::Money(MoneyError::Overflow) => Problem::fault(pointer, Fault::AmountTooLarge),
        other => Problem::internal(other),
    }
}

/// The attempt that a payment came from, at its end.
pub(crate) fn attempt_paid(
    commit: Commit,
    attempt: Option<&Versioned<Attempt>>,
    payment: &RailReference,
    now: Timestamp,
) -> Commit {
    use remit_billing::attempt::AttemptState;
    match attempt {
        Some(before) if before.value.state != AttemptState::Paid => {
            let paid = before.value.clone().paid(payment, now);
            commit.replace(before, &paid, Vec::new())
        }
        _ => commit,
    }
}
