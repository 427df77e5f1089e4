//! What a settlement comes to in the books, where the money is in another currency than theirs.
//!
//! Each position is carried at the rate at which it arose: cash, and what of a payment waits, is disputed or is
//! the client's balance, at the rate of the payment; what is due on an invoice at that of the invoice. A movement
//! is what the carried amount changes by ([`BookRate::moved`]), so at zero nothing is left of any of them, and
//! what lies between two rates is gained or lost. It follows that taking back what was done leaves nothing at
//! all, and that what was gained by it is gone as well.

use std::collections::BTreeMap;

use super::{DisputeState, MatchState, Payment, SettledEntry, Settlement};
use crate::ids::InvoiceId;
use crate::ledger::{BookRate, LedgerAccount, Posting};
use crate::money::{Currency, Money, MoneyError};

/// An account, and the invoice where it is about one.
type Place = (LedgerAccount, Option<InvoiceId>);

impl Settlement {
    /// Whether a rate is to be looked for: the payment is new, or was booked without one, and moves now.
    pub fn wants_rate(&self, books: Currency, is_new: bool) -> bool {
        let payment = &self.payment;
        let is_foreign = payment.amount.currency() != books;
        let unrated = payment.rate.is_none() && (is_new || payment.books_missing);
        is_foreign && unrated && !self.entries.is_empty()
    }

    /// Fixes the rate that was found; without one its entries have no books' amounts yet.
    pub fn with_rate(mut self, rate: Option<BookRate>) -> Self {
        self.payment.books_missing |= rate.is_none();
        self.payment.rate = rate;
        self
    }

    /// The rate of an invoice in the money's own currency that it concerns.
    pub fn rate_of_invoice(&self) -> Option<&BookRate> {
        let currency = self.payment.amount.currency();
        let mut standings = self.standings.iter();
        let standing = standings.find(|standing| standing.currency() == currency);
        standing.and_then(|standing| standing.rate.as_ref())
    }

    /// The postings of each entry; what is the client's balance is one posting as yet, whose books' amount is
    /// at the payment's rate ([`crate::client::ClientBalance::moved`] shows it). Without any rate the books'
    /// amounts are missing. What earlier entries of the payment miss, as there was none, is made up for in the
    /// first. `other` is the rate of a payment that was kept before it had its own, and `third` has those of
    /// currencies that a fee was taken in.
    ///
    /// # Errors
    /// [`MoneyError`]: beyond what is reckoned with.
    pub fn in_books<'r>(
        &mut self,
        books: Currency,
        other: Option<&BookRate>,
        third: &dyn Fn(Currency) -> Option<&'r BookRate>,
    ) -> Result<Vec<Vec<Posting>>, MoneyError> {
        let currency = self.payment.amount.currency();
        let rate = self.rate(other).filter(|rate| rate.currency == books);
        let rate = rate.filter(|_| currency != books).cloned();
        let mut positions = self.positions_before()?;
        let mut missing = Vec::new();
        if let Some(rate) = &rate
            && self.payment.books_missing
            && !self.entries.is_empty()
        {
            missing = made_up_for(&positions, rate)?;
            self.payment.rate = Some(rate.clone());
            self.payment.books_missing = false;
        }
        let invoice_rate = |id: Option<InvoiceId>| {
            let mut standings = self.standings.iter();
            let standing = standings.find(|standing| Some(standing.invoice_id) == id);
            let rate = standing.and_then(|standing| standing.rate.as_ref());
            rate.filter(|rate| rate.currency == books)
        };
        let mut entries = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let valued = postings(entry, |place, amount| {
                if amount.currency() == books {
                    return Ok(Some(amount));
                }
                if amount.currency() != currency {
                    let rate = third(amount.currency()).filter(|rate| rate.currency == books);
                    return rate.map(|rate| rate.in_books(amount)).transpose();
                }
                let Some(rate) = &rate else {
                    return Ok(None);
                };
                let own = match place.1 {
                    Some(_) => invoice_rate(place.1).unwrap_or(rate),
                    None => rate,
                };
                let Some(position) = positions.get_mut(&place) else {
                    return own.in_books(amount).map(Some);
                };
                *position = position.checked_add(amount)?;
                own.moved(*position, amount).map(Some)
            })?;
            // A fee in another currency is no place for it.
            let is_own = valued.iter().all(|of| of.amount.currency() == currency);
            let mut all = match is_own {
                true => std::mem::take(&mut missing),
                false => Vec::new(),
            };
            all.extend(valued);
            entries.push(all);
        }
        Ok(entries)
    }

    /// The rate of the money: the payment's own, or, where it was kept before there was that, its invoice's
    /// or another.
    pub fn rate<'a>(&'a self, other: Option<&'a BookRate>) -> Option<&'a BookRate> {
        let own = self.payment.rate.as_ref();
        own.or_else(|| self.rate_of_invoice()).or(other)
    }

    /// What each position was before the entries: what it is after them, less what they move.
    fn positions_before(&self) -> Result<BTreeMap<Place, Money>, MoneyError> {
        let mut positions = self.payment.positions()?;
        for standing in &self.standings {
            let place = (LedgerAccount::Receivable, Some(standing.invoice_id));
            if standing.currency() == self.payment.amount.currency() {
                positions.insert(place, standing.balance_due()?);
                let given_up = (LedgerAccount::WriteOffs, place.1);
                positions.insert(given_up, standing.lost()?);
            }
        }
        for entry in &self.entries {
            for (account, amount) in &entry.sides {
                let position = positions.get_mut(&place_of(entry, *account));
                let position = position.filter(|of| of.currency() == amount.currency());
                if let Some(position) = position {
                    *position = position.checked_sub(*amount)?;
                }
            }
        }
        Ok(positions)
    }
}

impl Payment {
    /// What of it is where, as the ledger shows it: debits positive.
    fn positions(&self) -> Result<BTreeMap<Place, Money>, MoneyError> {
        let currency = self.amount.currency();
        let (zero, left) = (Money::zero(currency), self.left()?);
        let kept = self.fees.iter().map(|fee| fee.amount);
        let kept = kept.filter(|amount| amount.currency() == currency);
        let cash = kept.into_iter().try_fold(left, Money::checked_sub)?;
        let open = self.disputes.iter();
        let open = open.filter(|dispute| dispute.state == DisputeState::Open);
        let disputed = Money::sum(currency, open.map(|dispute| dispute.amount))?;
        let (waits, balance) = match self.match_state {
            MatchState::Unmatched { .. } => (left, zero),
            MatchState::Matched => {
                let applied = self.allocations.iter().map(|known| known.amount);
                (zero, left.checked_sub(Money::sum(currency, applied)?)?)
            }
        };
        Ok(BTreeMap::from([
            (
                (LedgerAccount::cash(self.rail), None),
                cash.checked_sub(disputed)?,
            ),
            ((LedgerAccount::DisputedReceivable, None), disputed),
            ((LedgerAccount::UnmatchedReceipts, None), waits.negated()),
            ((LedgerAccount::ClientBalance, None), balance.negated()),
        ]))
    }

    /// What the client's balance is worth in the books where `change` of it comes of this payment, or goes back
    /// into it; the payment is as it is then. None without a rate.
    ///
    /// # Errors
    /// [`MoneyError`]: beyond what is reckoned with.
    pub fn balance_worth(
        &self,
        change: Money,
        other: Option<&BookRate>,
    ) -> Result<Option<Money>, MoneyError> {
        let Some(rate) = self.rate.as_ref().or(other) else {
            return Ok(None);
        };
        let positions = self.positions()?;
        let balance = positions.get(&(LedgerAccount::ClientBalance, None));
        let after = balance.map_or(change, |balance| balance.negated());
        rate.moved(after, change).map(Some)
    }
}

/// Where a side of an entry belongs: what is due and what is given up is an invoice's, all else the payment's.
fn place_of(entry: &SettledEntry, account: LedgerAccount) -> Place {
    let of_invoice = matches!(
        account,
        LedgerAccount::Receivable | LedgerAccount::WriteOffs
    );
    (account, entry.invoice_id.filter(|_| of_invoice))
}

fn postings(
    entry: &SettledEntry,
    mut worth: impl FnMut(Place, Money) -> Result<Option<Money>, MoneyError>,
) -> Result<Vec<Posting>, MoneyError> {
    let sides = entry.sides.iter().filter(|(_, amount)| !amount.is_zero());
    let postings = sides.map(|(account, amount)| {
        Ok(Posting {
            account: *account,
            amount: *amount,
            books: worth(place_of(entry, *account), *amount)?,
        })
    });
    postings.collect()
}

/// The books' amounts of what a payment is by now, which its entries so far do not have.
fn made_up_for(
    positions: &BTreeMap<Place, Money>,
    rate: &BookRate,
) -> Result<Vec<Posting>, MoneyError> {
    let own = positions.iter();
    let own = own.filter(|((_, invoice), amount)| invoice.is_none() && !amount.is_zero());
    let postings = own.map(|((account, _), amount)| {
        Ok(Posting {
            account: *account,
            amount: Money::zero(amount.currency()),
            books: Some(rate.in_books(*amount)?),
        })
    });
    postings.collect()
}
