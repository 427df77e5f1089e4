//! The ledger's entries in the bookkeeper's codes, for the program that keeps the books.
//!
//! Every amount is that of the books, in the books' currency: it is what the other program's books are
//! in, and what sums to zero there. An entry in another currency names its own amount in words. Tax that
//! is owed is split by what the document says of it, where taxes have codes of their own.

pub mod datev;
pub mod quickbooks;
pub mod xero;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::fault::{Fault, PointedFault};
use crate::ledger::{LedgerAccount, LedgerTransaction, Posting};
use crate::ledger_codes::LedgerCodes;
use crate::money::{Money, MoneyError};
use crate::number::Rate;
use crate::refusal::{Refusal, RefusalKind};
use crate::tax::TaxKind;
use crate::totals::split_by;

/// A tax of the document that an entry is about, as far as it is owed to the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedTax {
    /// Its name.
    pub name: String,
    /// Percent.
    pub rate: Rate,
    /// Its kind.
    pub kind: TaxKind,
    /// What it is, in the document's currency.
    pub amount: Money,
}

/// One side of an entry, in the bookkeeper's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedLine {
    /// The code.
    pub code: String,
    /// Which account of the ledger it is.
    pub account: LedgerAccount,
    /// In the books' currency: a debit is positive, a credit negative; never zero.
    pub amount: Money,
}

/// An entry in the bookkeeper's codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedEntry {
    /// The entry's id.
    pub id: String,
    /// The day of the books.
    pub booked_on: Date,
    /// The number of the document or its invoice, else its id.
    pub document: String,
    /// What it records, in the words of the contract.
    pub what: String,
    /// The client, by its name; empty where none is known.
    pub client: String,
    /// The amount in the document's currency, where that is not the books'.
    pub foreign: Option<String>,
    /// Its sides; zero in sum.
    pub lines: Vec<CodedLine>,
}

/// Why entries cannot be given to another program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalRefusal {
    /// Accounts that are used have no code.
    #[error("accounts that are used in this period have no code: set them in the ledger codes")]
    CodesMissing(Vec<PointedFault>),
    /// The amount of entries in the books' currency is not known.
    #[error(
        "{count} entries of this period have no amount in the books' currency, as there was no exchange rate; the first is {first}"
    )]
    BooksMissing {
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// DATEV wants to know whose books they are.
    #[error("set datev in the ledger codes first: whose books they are, and how long accounts are")]
    DatevMissing,
    /// The period is in two fiscal years.
    #[error(
        "a fiscal year begins on {begins}: take a period that ends before it, or begins with it"
    )]
    TwoFiscalYears {
        /// When the second begins.
        begins: Date,
    },
    /// A currency that the program's form has no room for.
    #[error("{program} takes amounts of two decimals: books in {currency} have another number")]
    OtherDecimals {
        /// Which program.
        program: &'static str,
        /// The books' currency.
        currency: &'static str,
    },
}

impl Refusal for JournalRefusal {
    fn code(&self) -> &'static str {
        match self {
            JournalRefusal::CodesMissing(_) => "ledger_codes_missing",
            JournalRefusal::BooksMissing { .. } => "books_amount_missing",
            JournalRefusal::DatevMissing => "datev_missing",
            JournalRefusal::TwoFiscalYears { .. } => "two_fiscal_years",
            JournalRefusal::OtherDecimals { .. } => "other_decimals",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
    fn faults(&self) -> &[PointedFault] {
        match self {
            JournalRefusal::CodesMissing(faults) => faults,
            _ => &[],
        }
    }
}

/// Entries that are being put into codes. What is missing is collected, and told all at once.
#[derive(Debug)]
pub struct Coding<'a> {
    codes: &'a LedgerCodes,
    entries: Vec<CodedEntry>,
    missing: BTreeSet<LedgerAccount>,
    without_books: Vec<String>,
}

impl<'a> Coding<'a> {
    /// Nothing yet.
    pub fn new(codes: &'a LedgerCodes) -> Self {
        Self {
            codes,
            entries: Vec::new(),
            missing: BTreeSet::new(),
            without_books: Vec::new(),
        }
    }

    /// Takes an entry in. `taxes` are those of the document that it is about, `client` what the client
    /// is called.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn add(
        &mut self,
        entry: &LedgerTransaction,
        taxes: &[OwedTax],
        client: String,
    ) -> Result<(), MoneyError> {
        if entry.postings.iter().any(|of| of.books.is_none()) {
            self.without_books.push(entry.id.to_string());
            return Ok(());
        }
        let mut lines = Vec::with_capacity(entry.postings.len());
        for posting in &entry.postings {
            self.code(posting, taxes, &mut lines)?;
        }
        lines.retain(|line: &CodedLine| !line.amount.is_zero());
        if lines.is_empty() {
            return Ok(());
        }
        let number = entry.number.as_ref().map(ToString::to_string);
        self.entries.push(CodedEntry {
            id: entry.id.to_string(),
            booked_on: entry.booked_on,
            document: number.unwrap_or_else(|| entry.document.clone()),
            what: entry.cause.as_str().to_owned(),
            client,
            foreign: foreign(entry)?,
            lines,
        });
        Ok(())
    }

    fn code(
        &mut self,
        posting: &Posting,
        taxes: &[OwedTax],
        lines: &mut Vec<CodedLine>,
    ) -> Result<(), MoneyError> {
        let Some(books) = posting.books else {
            return Ok(());
        };
        let account = posting.account;
        let own = self.codes.accounts.get(&account);
        let own = own.map(|code| code.as_str().to_owned());
        let of_tax = |of: &OwedTax| self.codes.of_tax(&of.name, of.rate, of.kind);
        let has_codes = taxes.iter().any(|of| of_tax(of).is_some());
        let mut parts = vec![(own.clone(), books)];
        if account == LedgerAccount::TaxPayable && has_codes {
            let weights: Vec<Money> = taxes.iter().map(|of| of.amount).collect();
            if let Some(shares) = shares(books, &weights)? {
                let coded = taxes.iter().zip(shares).map(|(tax, share)| {
                    let code = of_tax(tax).map(|code| code.as_str().to_owned());
                    (code.or_else(|| own.clone()), share)
                });
                parts = coded.collect();
            }
        }
        for (code, amount) in parts.into_iter().filter(|(_, of)| !of.is_zero()) {
            let Some(code) = code else {
                self.missing.insert(account);
                continue;
            };
            let mut same = lines.iter_mut();
            let same = same.find(|line| line.code == code && line.account == account);
            match same {
                Some(line) => line.amount = line.amount.checked_add(amount)?,
                None => lines.push(CodedLine {
                    code,
                    account,
                    amount,
                }),
            }
        }
        Ok(())
    }

    /// The entries, in the order in which they came.
    ///
    /// # Errors
    /// [`JournalRefusal::BooksMissing`], [`JournalRefusal::CodesMissing`].
    pub fn finish(self) -> Result<Vec<CodedEntry>, JournalRefusal> {
        if let Some(first) = self.without_books.first() {
            return Err(JournalRefusal::BooksMissing {
                count: self.without_books.len(),
                first: first.clone(),
            });
        }
        if self.missing.is_empty() {
            return Ok(self.entries);
        }
        let missing = self.missing.iter().map(|account| {
            let pointer = format!("/accounts/{}", account.as_str());
            PointedFault::new(pointer, Fault::Required)
        });
        Err(JournalRefusal::CodesMissing(missing.collect()))
    }
}

/// A whole by weights of one sign, by largest remainder; none where they are not, or come to nothing.
fn shares(whole: Money, weights: &[Money]) -> Result<Option<Vec<Money>>, MoneyError> {
    let Some(first) = weights.first() else {
        return Ok(None);
    };
    let sum = Money::sum(first.currency(), weights.iter().copied())?;
    let is_mixed = weights
        .iter()
        .any(|of| of.is_negative() != sum.is_negative() && !of.is_zero());
    if sum.is_zero() || is_mixed {
        return Ok(None);
    }
    let positive = |of: &Money| match of.is_negative() {
        true => of.negated(),
        false => *of,
    };
    let weights: Vec<Money> = weights.iter().map(positive).collect();
    let parts = split_by(positive(&whole), &weights)?;
    Ok(Some(match whole.is_negative() {
        true => parts.into_iter().map(Money::negated).collect(),
        false => parts,
    }))
}

/// What an entry moves in another currency than the books'.
fn foreign(entry: &LedgerTransaction) -> Result<Option<String>, MoneyError> {
    let other = |of: &&Posting| {
        of.books
            .is_some_and(|b| b.currency() != of.amount.currency())
    };
    let Some(first) = entry.postings.iter().find(other) else {
        return Ok(None);
    };
    let debits = entry.postings.iter().map(|of| of.amount);
    let debits = debits.filter(|of| of.is_positive());
    let sum = Money::sum(first.amount.currency(), debits)?;
    Ok((!sum.is_zero()).then(|| format!("{} {}", sum.currency().code(), sum.amount_text())))
}

impl CodedEntry {
    /// The entry in a few words: what it is about, and what it was in another currency.
    pub fn words(&self) -> String {
        let words = format!("{} {}", self.document, self.what.replace('_', " "));
        match &self.foreign {
            Some(foreign) => format!("{words} {foreign}"),
            None => words,
        }
    }

    /// The end of its id, which no other entry has.
    pub fn mark(&self, characters: usize) -> &str {
        let start = self.id.len().saturating_sub(characters);
        self.id.get(start..).unwrap_or(&self.id)
    }
}

/// The rows of a table that another program reads, each cell as it is, and whether somebody wrote it.
pub type Rows = Vec<Vec<TableCell>>;

/// A cell of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableCell {
    /// A number, a day, a word of Remit's.
    Plain(String),
    /// What somebody wrote: a spreadsheet must not take it for a formula.
    Written(String),
}

impl TableCell {
    fn plain(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }
}
