//! What one client owed and had, entry by entry.

use std::collections::BTreeMap;

use crate::ledger::{LedgerAccount, LedgerTransaction};
use crate::money::{Currency, Money, MoneyError};

/// An entry that concerns what the client owes or has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLine {
    /// The entry.
    pub entry: LedgerTransaction,
    /// What it does to what the client owes: more is positive.
    pub receivable: Money,
    /// What it does to the client's money that is not applied yet: more is negative, as it is owed to
    /// the client.
    pub balance: Money,
    /// What the client owes by then, less what it has; negative where it has more.
    pub running: Money,
}

/// What one client owed and had in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAccount {
    /// What the client owed, less what it had, before the period.
    pub opening: Money,
    /// The entries of the period, by day.
    pub lines: Vec<ClientLine>,
    /// The same at the end of the period.
    pub closing: Money,
}

/// The ledger of one client, by currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientLedger(pub BTreeMap<&'static str, ClientAccount>);

impl ClientLedger {
    /// Takes in an entry of the client's from before the period.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn carry(&mut self, entry: &LedgerTransaction) -> Result<(), MoneyError> {
        let Some((receivable, balance)) = sides(entry)? else {
            return Ok(());
        };
        let account = self.of(receivable.currency());
        account.opening = account
            .opening
            .checked_add(receivable)?
            .checked_add(balance)?;
        account.closing = account.opening;
        Ok(())
    }

    /// Takes in an entry of the client's of the period, in the order of days.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add(&mut self, entry: LedgerTransaction) -> Result<(), MoneyError> {
        let Some((receivable, balance)) = sides(&entry)? else {
            return Ok(());
        };
        let account = self.of(receivable.currency());
        let running = account.closing.checked_add(receivable)?;
        let running = running.checked_add(balance)?;
        account.closing = running;
        account.lines.push(ClientLine {
            entry,
            receivable,
            balance,
            running,
        });
        Ok(())
    }

    fn of(&mut self, currency: Currency) -> &mut ClientAccount {
        let zero = Money::zero(currency);
        let none = || ClientAccount {
            opening: zero,
            lines: Vec::new(),
            closing: zero,
        };
        self.0.entry(currency.code()).or_insert_with(none)
    }
}

/// What an entry does to receivable and balance; none where it concerns neither.
fn sides(entry: &LedgerTransaction) -> Result<Option<(Money, Money)>, MoneyError> {
    let mut found = None;
    for posting in &entry.postings {
        let zero = Money::zero(posting.amount.currency());
        let (receivable, balance) = found.unwrap_or((zero, zero));
        found = match posting.account {
            LedgerAccount::Receivable => Some((receivable.checked_add(posting.amount)?, balance)),
            LedgerAccount::ClientBalance => {
                Some((receivable, balance.checked_add(posting.amount)?))
            }
            _ => found,
        };
    }
    Ok(found)
}
