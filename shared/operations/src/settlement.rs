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
    Booking, Cause, LedgerAccount, LedgerError, LedgerTransaction, Settles,
};
use remit_billing::money::{Currency, Money, MoneyError};
use remit_billing::payment::{Fee, Payment, RailReference, RefundNews, SettledEntry, Settlement};
use remit_billing::standing::{NotWrittenOff, Standing, WriteOff, WriteOffKind};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, keys};

use crate::facts::Facts;
use crate::load::{self, Batch};
use crate::ports::Ports;

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
        let payment = &self.settlement.payment;
        let mut balance = match (self.settlement.balance_change, payment.client_id) {
            (Some(change), Some(client_id)) => {
                let store = &self.ports.store;
                let currency = change.currency();
                Some(BalanceBook::open(store, self.account_id(), client_id, currency).await?)
            }
            _ => None,
        };
        let commit = self.commit_with(events, balance.as_mut())?;
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
        let facts = Facts::new(self.ports, self.account_id(), self.now);
        let payment = &self.settlement.payment;
        let mut commit = match self.payment {
            Some(before) => Commit::new().replace(before, payment, events),
            None => Commit::new().create(payment, events),
        };
        for after in &self.settlement.standings {
            let before = self.standing_of(after.invoice_id);
            let before = before.ok_or_else(|| Problem::internal("an invoice that was not read"))?;
            let mut events = facts.standing_changed(Some(&before.value), after)?;
            for given_up in after.write_offs.iter().skip(before.value.write_offs.len()) {
                events.push(facts.invoice_written_off(after, given_up)?);
            }
            commit = commit.replace(before, after, events);
        }
        // Whoever locks the books meanwhile would have an entry of this day come after.
        if self.booked_on().date() < self.account.value.today(self.now) {
            commit = commit.check(self.account);
        }
        self.booked(commit, balance)
    }

    /// The commit with the entries of the ledger.
    pub(crate) fn booked(
        &self,
        mut commit: Commit,
        mut balance: Option<&mut BalanceBook>,
    ) -> Result<Commit, Problem> {
        for entry in &self.settlement.entries {
            commit = self.book(commit, entry, balance.as_deref_mut())?;
        }
        Ok(commit)
    }

    fn standing_of(&self, invoice_id: InvoiceId) -> Option<&Versioned<Standing>> {
        let mut known = self.standings.iter();
        known.find(|known| known.value.invoice_id == invoice_id)
    }

    fn book(
        &self,
        commit: Commit,
        entry: &SettledEntry,
        balance: Option<&mut BalanceBook>,
    ) -> Result<Commit, Problem> {
        let payment = &self.settlement.payment;
        let mut sides = entry.sides.clone();
        if let Some(balance) = balance {
            sides = balance.shown(sides)?;
        }
        if sides.iter().all(|(_, amount)| amount.is_zero()) {
            return Ok(commit);
        }
        // The rate of the invoice's issue, so that what it made receivable is what goes; money in
        // another currency has a rate of its own.
        let currency = sides
            .first()
            .map_or(payment.amount.currency(), |(_, amount)| amount.currency());
        let rate = entry
            .invoice_id
            .and_then(|invoice_id| self.standing_of(invoice_id))
            .filter(|standing| standing.value.currency() == currency)
            .and_then(|standing| standing.value.rate.as_ref())
            .or_else(|| self.account.value.rate_from(currency));
        let books = self.account.value.currency;
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
        let settles = self.settles(entry)?;
        let concerned = entry.invoice_id.and_then(|id| self.standing_of(id));
        let number = concerned.map(|standing| standing.value.number.clone());
        let mut entry = LedgerTransaction::book(
            booking,
            entry.cause.unwrap_or(self.cause),
            document,
            payment.client_id,
            &sides,
        )
        .map_err(|error| unbookable(error, "/amount"))?;
        entry.number = number;
        Ok(commit.create(&entry.settling(settles), Vec::new()))
    }

    /// What an entry does to how far its invoice is paid.
    fn settles(&self, entry: &SettledEntry) -> Result<Option<Settles>, Problem> {
        let mut known = self.settlement.standings.iter();
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
        let ladder = &self.account.value.reminder_ladder;
        let settlement = payment.refund(news, self.standings(), ladder, now);
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

    /// Moves it.
    pub(crate) fn change(&mut self, change: Money) -> Result<(), Problem> {
        let after = self.now.changed_by(change);
        self.now = after.map_err(|error| unbookable(error, "/amount"))?;
        Ok(())
    }

    /// Sides whose part of the balance is told apart from what the client owes.
    fn shown(
        &mut self,
        sides: Vec<(LedgerAccount, Money)>,
    ) -> Result<Vec<(LedgerAccount, Money)>, Problem> {
        let mut shown = Vec::with_capacity(sides.len() + 1);
        for (account, amount) in sides {
            if account == LedgerAccount::ClientBalance && !amount.is_zero() {
                let change = amount.negated();
                let sides = self.now.sides(change);
                shown.extend(sides.map_err(|error| unbookable(error, "/amount"))?);
                self.change(change)?;
            } else {
                shown.push((account, amount));
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
