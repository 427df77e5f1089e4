//! Commits what the domain made of money: payment, invoice, balance, ledger and receipt at once.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::attempt::Attempt;
use remit_billing::client::ClientBalance;
use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::event::Event;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::ledger::{Booking, Cause, LedgerError, LedgerTransaction};
use remit_billing::money::{Money, MoneyError};
use remit_billing::payment::{Payment, Settlement};
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned};

use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;

/// What was read before the domain decided, and what it decided.
pub(crate) struct Settling<'a> {
    pub ports: &'a Ports,
    pub now: Timestamp,
    pub account: &'a Account,
    /// The payment as it was; none where it is new.
    pub payment: Option<&'a Versioned<Payment>>,
    /// The invoice as it was; none where none is known.
    pub standing: Option<&'a Versioned<Standing>>,
    pub settlement: Settlement,
    pub cause: Cause,
}

impl Settling<'_> {
    fn account_id(&self) -> AccountId {
        self.account.id
    }

    /// The commit, with these events on the payment.
    pub(crate) async fn commit(&self, events: Vec<Event>) -> Result<Commit, Problem> {
        let facts = Facts::new(self.ports, self.account_id(), self.now);
        let payment = &self.settlement.payment;
        let mut commit = match self.payment {
            Some(before) => Commit::new().replace(before, payment, events),
            None => Commit::new().create(payment, events),
        };
        if let (Some(before), Some(after)) = (self.standing, &self.settlement.standing) {
            let events = facts.standing_changed(Some(&before.value), after)?;
            commit = commit.replace(before, after, events);
        }
        commit = self.book(commit)?;
        self.change_balance(commit).await
    }

    fn book(&self, commit: Commit) -> Result<Commit, Problem> {
        let Settlement { sides, payment, .. } = &self.settlement;
        if sides.iter().all(|(_, amount)| amount.is_zero()) {
            return Ok(commit);
        }
        // The rate of the invoice's issue, so that what it made receivable is what goes; money in
        // another currency has a rate of its own.
        let currency = payment.amount.currency();
        let rate = self
            .standing
            .filter(|standing| standing.value.currency() == currency)
            .and_then(|standing| standing.value.rate.as_ref())
            .or_else(|| self.account.rate_from(currency));
        let booking = Booking {
            id: self.ports.id(self.now)?,
            account_id: self.account_id(),
            booked_on: self.account.today(self.now),
            recorded_at: self.now,
            books: self.account.currency,
            rate: rate.filter(|_| currency != self.account.currency),
        };
        let entry = LedgerTransaction::book(
            booking,
            self.cause,
            payment.id.to_string(),
            payment.client_id,
            sides,
        )
        .map_err(|error| unbookable(error, "/amount"))?;
        Ok(commit.create(&entry, Vec::new()))
    }

    async fn change_balance(&self, commit: Commit) -> Result<Commit, Problem> {
        let Settlement {
            payment,
            balance_change,
            ..
        } = &self.settlement;
        let (Some(change), Some(client_id)) = (*balance_change, payment.client_id) else {
            return Ok(commit);
        };
        change_balance(
            &self.ports.store,
            self.account_id(),
            client_id,
            change,
            commit,
        )
        .await
    }

    /// The thanks for a payment that found its client: one each, in the payment's commit.
    pub(crate) fn receipt(&self, commit: Commit) -> Result<Commit, Problem> {
        let payment = &self.settlement.payment;
        let (Some(client_id), Some(invoice_id)) = (payment.client_id, payment.invoice_id) else {
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
        facts.ask_for_mail(commit, client_id, about)
    }
}

/// Moves a client's balance, in a commit.
pub(crate) async fn change_balance(
    store: &Store,
    account_id: AccountId,
    client_id: ClientId,
    change: Money,
    commit: Commit,
) -> Result<Commit, Problem> {
    let before = load::balance(store, account_id, client_id, change.currency()).await?;
    match before {
        Some(before) => {
            let after = before.value.changed_by(change);
            let after = after.map_err(|error| unbookable(error, "/amount"))?;
            Ok(commit.replace(&before, &after, Vec::new()))
        }
        None => {
            let after = ClientBalance::empty(account_id, client_id, change.currency())
                .changed_by(change)
                .map_err(|error| unbookable(error, "/amount"))?;
            Ok(commit.create(&after, Vec::new()))
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
pub(crate) fn attempt_paid(commit: Commit, attempt: Option<&Versioned<Attempt>>) -> Commit {
    use remit_billing::attempt::AttemptState;
    match attempt {
        Some(before) if before.value.state != AttemptState::Paid => {
            let paid = before.value.clone().with(AttemptState::Paid);
            commit.replace(before, &paid, Vec::new())
        }
        _ => commit,
    }
}
