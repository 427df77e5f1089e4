//! What the books come to: sums over ledger entries, and what clients owe by how long it is due.
//!
//! Every sum here is of amounts that are stored; nothing is rounded again.

mod client_ledger;
mod overview;
mod taxes;

pub use client_ledger::{ClientAccount, ClientLedger, ClientLine};
pub use overview::{
    CurrencyOverview, EndingOffer, Moved, Overview, PromisedPayment, SOON_DAYS, Tally, Waiting,
};
pub use taxes::{BaseAndTax, TaxEvent, TaxKey, TaxReport, TaxRow};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::ClientId;
use crate::ledger::{Cause, LedgerAccount, LedgerTransaction, Rail};
use crate::money::{Currency, Money, MoneyError};
use crate::standing::{Standing, Status};

/// Debits and credits of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountSums {
    /// What was debited.
    pub debit: Money,
    /// What was credited, as a positive amount.
    pub credit: Money,
}

impl AccountSums {
    fn none(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            debit: zero,
            credit: zero,
        }
    }

    fn add(&mut self, amount: Money) -> Result<(), MoneyError> {
        match amount.is_negative() {
            true => self.credit = self.credit.checked_sub(amount)?,
            false => self.debit = self.debit.checked_add(amount)?,
        }
        Ok(())
    }

    /// Debits less credits.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn balance(&self) -> Result<Money, MoneyError> {
        self.debit.checked_sub(self.credit)
    }
}

/// The accounts of one currency.
pub type Accounts = BTreeMap<LedgerAccount, AccountSums>;

/// A trial balance: what each account was debited and credited in a period. In each currency debits
/// and credits are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrialBalance {
    /// In the documents' currencies, by their code.
    pub documents: BTreeMap<&'static str, (Currency, Accounts)>,
    /// In the books' currency, where entries have its amounts.
    pub books: BTreeMap<&'static str, (Currency, Accounts)>,
}

impl TrialBalance {
    /// Takes an entry in.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add(&mut self, entry: &LedgerTransaction) -> Result<(), MoneyError> {
        for posting in &entry.postings {
            post(&mut self.documents, posting.account, posting.amount)?;
            if let Some(books) = posting.books {
                post(&mut self.books, posting.account, books)?;
            }
        }
        Ok(())
    }
}

fn post(
    sums: &mut BTreeMap<&'static str, (Currency, Accounts)>,
    account: LedgerAccount,
    amount: Money,
) -> Result<(), MoneyError> {
    let currency = amount.currency();
    let (_, accounts) = sums
        .entry(currency.code())
        .or_insert_with(|| (currency, Accounts::new()));
    let sums = accounts
        .entry(account)
        .or_insert_with(|| AccountSums::none(currency));
    sums.add(amount)
}

/// How long something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Its day has not come.
    NotDue,
    /// One to thirty days.
    To30,
    /// Up to sixty.
    To60,
    /// Up to ninety.
    To90,
    /// Longer.
    Over90,
}

impl Age {
    /// All of them, the youngest first.
    pub const ALL: [Age; 5] = [Age::NotDue, Age::To30, Age::To60, Age::To90, Age::Over90];
    /// Those that are late, the youngest first.
    pub const LATE: [Age; 4] = [Age::To30, Age::To60, Age::To90, Age::Over90];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Age::NotDue => "not_due",
            Age::To30 => "days_1_to_30",
            Age::To60 => "days_31_to_60",
            Age::To90 => "days_61_to_90",
            Age::Over90 => "over_90_days",
        }
    }

    /// How long what is due on a day is due on another.
    pub fn of(due_on: Date, today: Date) -> Self {
        match today.since(due_on).map_or(0, |span| span.get_days()) {
            ..=0 => Age::NotDue,
            1..=30 => Age::To30,
            31..=60 => Age::To60,
            61..=90 => Age::To90,
            _ => Age::Over90,
        }
    }
}

/// What one client owes of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// By how long it is due.
    pub by_age: BTreeMap<Age, Money>,
    /// In all.
    pub total: Money,
    /// What of it the client disputes.
    pub disputed: Money,
    /// On how many invoices.
    pub invoices: u32,
}

/// What clients owe on open invoices, by client and currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgedReceivables(pub BTreeMap<(ClientId, &'static str), Owed>);

impl AgedReceivables {
    /// Takes an open invoice in; another one owes nothing. It is due in its client's zone.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add(&mut self, standing: &Standing, now: Timestamp) -> Result<(), MoneyError> {
        if !matches!(standing.status, Status::Open) {
            return Ok(());
        }
        let currency = standing.currency();
        let zero = Money::zero(currency);
        let due = standing.balance_due()?;
        let age = Age::of(standing.due_on, standing.time_zone.date_of(now));
        let key = (standing.client_id, currency.code());
        let owed = self.0.entry(key).or_insert_with(|| Owed {
            by_age: Age::ALL.into_iter().map(|age| (age, zero)).collect(),
            total: zero,
            disputed: zero,
            invoices: 0,
        });
        let aged = owed.by_age.entry(age).or_insert(zero);
        *aged = aged.checked_add(due)?;
        owed.total = owed.total.checked_add(due)?;
        owed.disputed = owed.disputed.checked_add(standing.disputed()?)?;
        owed.invoices += 1;
        Ok(())
    }
}

/// Net revenue and tax by month, in the documents' currencies: as invoices and credit notes are
/// issued, not as they are paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevenueByMonth(pub BTreeMap<(i16, i8, &'static str), Revenue>);

/// What a month brought in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revenue {
    /// Net of tax, less what was credited and voided.
    pub revenue: Money,
    /// Tax that is owed to the state.
    pub tax: Money,
    /// What was given up, less what came after all.
    pub given_up: Money,
    /// What providers and banks kept.
    pub fees: Money,
}

impl RevenueByMonth {
    /// Takes an entry in.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add(&mut self, entry: &LedgerTransaction) -> Result<(), MoneyError> {
        let (year, month) = (entry.booked_on.year(), entry.booked_on.month());
        for posting in &entry.postings {
            let currency = posting.amount.currency();
            let zero = Money::zero(currency);
            let key = (year, month, currency.code());
            let none = Revenue {
                revenue: zero,
                tax: zero,
                given_up: zero,
                fees: zero,
            };
            let of = self.0.entry(key).or_insert(none);
            let credit = posting.amount.negated();
            match posting.account {
                LedgerAccount::Revenue | LedgerAccount::Discounts => {
                    of.revenue = of.revenue.checked_add(credit)?;
                }
                LedgerAccount::TaxPayable => of.tax = of.tax.checked_add(credit)?,
                LedgerAccount::WriteOffs | LedgerAccount::Recoveries => {
                    of.given_up = of.given_up.checked_add(posting.amount)?;
                }
                LedgerAccount::ProviderFees | LedgerAccount::BankFees => {
                    of.fees = of.fees.checked_add(posting.amount)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What each payment provider took, gave back, kept and paid out, by provider and currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AtProviders(pub BTreeMap<(Rail, &'static str), AtProvider>);

/// What became of the money at one provider in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtProvider {
    /// What payers paid.
    pub received: Money,
    /// What was given back.
    pub refunded: Money,
    /// What is contested or was lost.
    pub disputed: Money,
    /// What the provider kept, less what it gave back of that.
    pub fees: Money,
    /// What came to the bank.
    pub paid_out: Money,
}

impl AtProvider {
    /// What is left there of it: the payout that is still to come.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn left(&self) -> Result<Money, MoneyError> {
        [self.refunded, self.disputed, self.fees, self.paid_out]
            .into_iter()
            .try_fold(self.received, Money::checked_sub)
    }
}

impl AtProviders {
    /// Takes an entry in.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add(&mut self, entry: &LedgerTransaction) -> Result<(), MoneyError> {
        for posting in &entry.postings {
            let rail = match posting.account {
                LedgerAccount::CashStripe => Rail::Stripe,
                LedgerAccount::CashPayPal => Rail::PayPal,
                LedgerAccount::CashGoCardless => Rail::GoCardless,
                LedgerAccount::CashToss => Rail::Toss,
                _ => continue,
            };
            let amount = posting.amount;
            let zero = Money::zero(amount.currency());
            let none = AtProvider {
                received: zero,
                refunded: zero,
                disputed: zero,
                fees: zero,
                paid_out: zero,
            };
            let key = (rail, amount.currency().code());
            let of = self.0.entry(key).or_insert(none);
            let less = |sum: Money| sum.checked_sub(amount);
            match entry.cause {
                Cause::Refund => of.refunded = less(of.refunded)?,
                Cause::Dispute | Cause::DisputeClosed => of.disputed = less(of.disputed)?,
                Cause::Fee => of.fees = less(of.fees)?,
                Cause::Payout | Cause::PayoutUndone => of.paid_out = less(of.paid_out)?,
                _ => of.received = of.received.checked_add(amount)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_old_as_it_is() {
        let due: Date = "2026-01-31".parse().unwrap();
        for (today, age) in [
            ("2026-01-01", Age::NotDue),
            ("2026-01-31", Age::NotDue),
            ("2026-02-01", Age::To30),
            ("2026-03-02", Age::To30),
            ("2026-03-03", Age::To60),
            ("2026-04-01", Age::To60),
            ("2026-04-02", Age::To90),
            ("2026-05-01", Age::To90),
            ("2026-05-02", Age::Over90),
            ("2031-05-02", Age::Over90),
        ] {
            assert_eq!(Age::of(due, today.parse().unwrap()), age, "{today}");
        }
    }
}
