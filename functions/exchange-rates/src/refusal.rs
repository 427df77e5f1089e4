//! Why rates are not taken.

use jiff::civil::Date;
use remit_billing::money::Currency;
use remit_billing::refusal::{Refusal, RefusalKind};

use crate::euro_file::Unreadable;

/// Rates that one import records: three months of all that the bank quotes.
pub const MAX_RATES: usize = 3_000;

/// Why rates are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RatesRefusal {
    /// The books are in this currency.
    #[error("the books are in {books}: it needs no rate")]
    OwnCurrency {
        /// The books' currency.
        books: Currency,
    },
    /// The file is not what the bank publishes.
    #[error(
        "this is no file of euro reference rates of the European Central Bank (eurofxref, as XML or CSV): {0}"
    )]
    Unreadable(#[from] Unreadable),
    /// A rate of a day to come.
    #[error("the file has rates of {on}: the latest day is {latest}")]
    ToCome {
        /// The day.
        on: Date,
        /// The latest that is taken.
        latest: Date,
    },
    /// More rates than one import records.
    #[error(
        "the file has {found} rates, and {MAX_RATES} are taken at once: name the currencies that you need, or the \
         day from which on"
    )]
    TooMany {
        /// How many.
        found: usize,
    },
    /// The bank does not quote the books' currency.
    #[error("the file quotes no {books} on {on}: rates to these books cannot be reckoned from it")]
    BooksNotQuoted {
        /// The books' currency.
        books: Currency,
        /// The day.
        on: Date,
    },
}

impl Refusal for RatesRefusal {
    fn code(&self) -> &'static str {
        match self {
            RatesRefusal::OwnCurrency { .. } => "books_currency",
            RatesRefusal::Unreadable(_) => "rates_unreadable",
            RatesRefusal::ToCome { .. } => "rates_to_come",
            RatesRefusal::TooMany { .. } => "too_many_rates",
            RatesRefusal::BooksNotQuoted { .. } => "books_not_quoted",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Invalid
    }
}
