//! Xero's import of manual journals: one line a side, a debit positive; lines of one narration and day
//! are one journal. Dates are day, month, year, and each line names its tax rate as the organisation
//! does (Xero Central, "Import manual journals"). Xero takes 300 lines of a file, and lets no manual
//! journal touch receivables, payables and bank accounts: the codes are those of clearing accounts.

use super::{CodedEntry, Rows, TableCell};

/// The columns of Xero's template.
pub const COLUMNS: &[&str] = &[
    "*Narration",
    "*Date",
    "Description",
    "*AccountCode",
    "*TaxRate",
    "*Amount",
    "TrackingName1",
    "TrackingOption1",
    "TrackingName2",
    "TrackingOption2",
];

/// The lines of a file.
pub fn rows(entries: &[CodedEntry], tax_rate: &str) -> Rows {
    let mut rows = Vec::new();
    for entry in entries {
        // Two entries of one day that say the same would else be one journal.
        let narration = format!("{} {}", entry.words(), entry.mark(26));
        for line in &entry.lines {
            let mut row = vec![
                TableCell::Written(narration.clone()),
                TableCell::plain(entry.booked_on.strftime("%d/%m/%Y")),
                TableCell::Written(entry.client.clone()),
                TableCell::Written(line.code.clone()),
                TableCell::Written(tax_rate.to_owned()),
                TableCell::plain(line.amount.amount_text()),
            ];
            row.extend((0..4).map(|_| TableCell::plain("")));
            rows.push(row);
        }
    }
    rows
}
