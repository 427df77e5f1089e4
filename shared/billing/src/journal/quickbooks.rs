//! QuickBooks Online's import of journal entries: lines of one number are one entry, an account is known
//! by its name, a receivable names its customer (Intuit's help, "Import journal entries"). Dates are
//! month, day, year: the form of the US, which the import asks for and lets one choose.

use super::{CodedEntry, Rows, TableCell};
use crate::ledger::LedgerAccount;

/// The columns of Intuit's sample.
pub const COLUMNS: &[&str] = &[
    "*JournalNo",
    "*JournalDate",
    "*AccountName",
    "*Debits",
    "*Credits",
    "Description",
    "Name",
    "Currency",
    "Location",
    "Class",
];

/// A number of QuickBooks's has 21 characters at most.
const NUMBER_CHARACTERS: usize = 20;

/// The lines of a file.
pub fn rows(entries: &[CodedEntry]) -> Rows {
    let mut rows = Vec::new();
    for entry in entries {
        for line in &entry.lines {
            let (debit, credit) = match line.amount.is_negative() {
                true => (String::new(), line.amount.negated().amount_text()),
                false => (line.amount.amount_text(), String::new()),
            };
            let name = match line.account {
                LedgerAccount::Receivable => entry.client.clone(),
                _ => String::new(),
            };
            rows.push(vec![
                TableCell::plain(format!("R{}", entry.mark(NUMBER_CHARACTERS))),
                TableCell::plain(entry.booked_on.strftime("%m/%d/%Y")),
                TableCell::Written(line.code.clone()),
                TableCell::Plain(debit),
                TableCell::Plain(credit),
                TableCell::Written(entry.words()),
                TableCell::Written(name),
                TableCell::plain(line.amount.currency().code()),
                TableCell::plain(""),
                TableCell::plain(""),
            ]);
        }
    }
    rows
}
