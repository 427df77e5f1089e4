//! What an issued invoice, and the credit notes on it, post: the same sides, in the document's currency and in
//! the books'.
//!
//! The rate is fixed at issue and counts for credit notes and voiding too. What a credit note posts in the books
//! is what the worth of the rest changes by, so an invoice that is credited in whole leaves nothing, in how many
//! notes ever. A deposit is earned at the rate of the invoice that asked for it: what it was worth when it was
//! taken in is what goes from what is owed back to revenue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::credit_note::Credited;
use crate::ids::InvoiceId;
use crate::invoice::IssuedInvoice;
use crate::ledger::{BookRate, Booking, LedgerAccount, Posting};
use crate::money::{Money, MoneyError};

/// The rate that a deposit was asked for at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositRate {
    /// The invoice that asked for it.
    pub deposit_id: InvoiceId,
    /// Its rate.
    pub rate: BookRate,
}

/// What of an invoice is posted: all of it, or what credit notes have left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posted<'a> {
    invoice: &'a IssuedInvoice,
    net: Money,
    tax: Money,
    withheld: Money,
    rounding: Money,
    /// The deposits that it takes off, net.
    off: BTreeMap<InvoiceId, Money>,
}

impl<'a> Posted<'a> {
    /// Nothing yet.
    fn none(invoice: &'a IssuedInvoice) -> Self {
        let zero = Money::zero(invoice.content.currency);
        Self {
            invoice,
            net: zero,
            tax: zero,
            withheld: zero,
            rounding: zero,
            off: BTreeMap::new(),
        }
    }

    /// All of an invoice.
    ///
    /// # Errors
    /// None that a stored invoice can have.
    pub(crate) fn whole(invoice: &'a IssuedInvoice) -> Result<Self, MoneyError> {
        let totals = &invoice.totals;
        let mut posted = Self {
            net: totals.net,
            tax: totals.tax,
            withheld: totals.withheld,
            rounding: totals.rounding,
            ..Self::none(invoice)
        };
        for (line, totals) in invoice.content.lines.iter().zip(&totals.lines) {
            posted.take_off(line.deposit_id, totals.net)?;
        }
        Ok(posted)
    }

    /// The rest once so much is credited.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub(crate) fn less(mut self, credited: &Credited) -> Result<Self, MoneyError> {
        self.net = self.net.checked_sub(credited.net)?;
        self.tax = self.tax.checked_sub(credited.tax)?;
        self.withheld = self.withheld.checked_sub(credited.withheld)?;
        self.rounding = self.rounding.checked_sub(credited.rounding)?;
        for part in &credited.lines {
            let place = usize::try_from(part.place).ok();
            let line = place.and_then(|place| self.invoice.content.lines.get(place));
            let deposit = line.and_then(|line| line.deposit_id);
            self.take_off(deposit, part.net.negated())?;
        }
        Ok(self)
    }

    /// A line that takes a deposit off is negative.
    fn take_off(&mut self, deposit: Option<InvoiceId>, net: Money) -> Result<(), MoneyError> {
        if let Some(deposit) = deposit {
            let off = self
                .off
                .entry(deposit)
                .or_insert(Money::zero(net.currency()));
            *off = off.checked_sub(net)?;
        }
        Ok(())
    }

    /// The sides but the receivable, in what `worth` makes of an amount: one of a deposit names it.
    fn sides(
        &self,
        zero: Money,
        worth: impl Fn(Money, Option<InvoiceId>) -> Result<Money, MoneyError>,
    ) -> Result<[(LedgerAccount, Money); 5], MoneyError> {
        let own = |amount| worth(amount, None);
        let off = self.off.iter();
        let mut off = off.map(|(deposit, amount)| worth(*amount, Some(*deposit)));
        let off = off.try_fold(zero, |sum, amount| sum.checked_add(amount?))?;
        // A deposit is owed back until it is earned; what takes it off earns it.
        let (revenue, deposits) = match self.invoice.content.deposit_of {
            Some(_) => (zero, own(self.net)?.negated()),
            None => (own(self.net)?.checked_add(off)?.negated(), off),
        };
        Ok([
            (LedgerAccount::WithholdingReceivable, own(self.withheld)?),
            (LedgerAccount::Revenue, revenue),
            (LedgerAccount::DepositsReceived, deposits),
            (LedgerAccount::TaxPayable, own(self.tax)?.negated()),
            (
                LedgerAccount::ExchangeDifference,
                own(self.rounding)?.negated(),
            ),
        ])
    }

    /// The tax of it in the books' currency.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub(crate) fn tax_in_books(&self, rate: &BookRate) -> Result<Money, MoneyError> {
        rate.in_books(self.tax)
    }

    /// The postings of the step from what was posted before to this; `due` is what is due then, and `change` what
    /// that changes by.
    ///
    /// # Errors
    /// [`MoneyError`]: beyond what is reckoned with.
    pub(crate) fn since(
        &self,
        before: &Self,
        booking: Booking<'_>,
        due: Money,
        change: Money,
    ) -> Result<Vec<Posting>, MoneyError> {
        let zero = Money::zero(due.currency());
        let plain = |amount: Money, _| Ok(amount);
        let sides = self
            .sides(zero, plain)?
            .into_iter()
            .zip(before.sides(zero, plain)?);
        let mut amounts = vec![(LedgerAccount::Receivable, change)];
        for ((account, after), (_, before)) in sides {
            amounts.push((account, after.checked_sub(before)?));
        }
        let books: Vec<Option<Money>> =
            match booking.rate.filter(|_| due.currency() != booking.books) {
                None => {
                    let own =
                        |amount: &Money| Some(*amount).filter(|_| due.currency() == booking.books);
                    amounts.iter().map(|(_, amount)| own(amount)).collect()
                }
                Some(rate) => {
                    let worth =
                        |amount: Money, deposit| self.rate_of(rate, deposit).in_books(amount);
                    let zero = Money::zero(rate.currency);
                    let sides = self
                        .sides(zero, worth)?
                        .into_iter()
                        .zip(before.sides(zero, worth)?);
                    let mut books = vec![Some(rate.moved(due, change)?)];
                    for ((_, after), (_, before)) in sides {
                        books.push(Some(after.checked_sub(before)?));
                    }
                    books
                }
            };
        let postings = amounts.into_iter().zip(books);
        let postings = postings.map(|((account, amount), books)| Posting {
            account,
            amount,
            books,
        });
        Ok(postings.collect())
    }

    /// The postings of the issue.
    ///
    /// # Errors
    /// [`MoneyError`]: beyond what is reckoned with.
    pub(crate) fn at_issue(&self, booking: Booking<'_>) -> Result<Vec<Posting>, MoneyError> {
        let due = self.invoice.totals.payable;
        self.since(&Self::none(self.invoice), booking, due, due)
    }

    fn rate_of<'b>(&'b self, own: &'b BookRate, deposit: Option<InvoiceId>) -> &'b BookRate {
        let known = |of: &&DepositRate| Some(of.deposit_id) == deposit;
        let found = self.invoice.deposit_rates.iter().find(known);
        found
            .map(|of| &of.rate)
            .filter(|rate| rate.currency == own.currency)
            .unwrap_or(own)
    }
}
