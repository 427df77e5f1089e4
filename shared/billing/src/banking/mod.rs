//! The agency's bank: its accounts, the files that its banks hand out, and what becomes of each
//! entry in them.

mod accounts;
mod entry;
mod statement;

pub use accounts::{
    BankAccount, BankAccountRefusal, BankAccounts, MAX_BANK_ACCOUNTS, StatementFormat,
};
pub use entry::{
    AppliedEntry, BankEntry, EntryFacts, EntryKind, EntryRefusal, EntryState, KnownPayer,
    PaidOutEntry, RECORDED_DAYS, ReturnedEntry,
};
pub use statement::{BankStatement, ImportCounts, ImportFault, ImportState, MAX_TRIES, RETRY};
