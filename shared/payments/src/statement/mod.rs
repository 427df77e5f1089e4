//! Bank statements: what banks hand out as files, read into one model.
//!
//! One module for each format: `camt053`, `mt940`, `ofx` and [`csv`]. All of them keep to the
//! same rules, as what they read is booked:
//!
//! - Exact decimals only; an amount with more digits than its currency has is a fault.
//! - What is not understood is refused, with its place in the file; nothing is left out in
//!   silence. What a person wrote is cut to a bound, never refused.
//! - **A file that does not add up is refused**: where opening and closing balance are both
//!   stated, the booked entries have to lie exactly between them. A statement with a hole would
//!   be booked as if it were whole.
//! - Only booked entries are kept; pending ones are read, and counted as skipped.
//! - A file is refused whole or read whole; up to [`MAX_FAULTS`] faults are told at once.
//!
//! Which entries are the same in two files says [`identity`].

mod balances;
mod camt053;
mod clean;
pub mod csv;
mod fault;
pub mod identity;
mod model;
mod mt940;
mod ofx;
mod text;
mod xml;

pub use fault::{FaultKind, MAX_FAULTS, Place, Refused, StatementFault};
pub use model::{AccountIdentifier, BankId, Direction, Entry, Skipped, Statement};

/// Bytes of a file.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Entries of a file, pending ones included.
pub const MAX_ENTRIES: usize = 10_000;
/// Characters that are kept of a name or an account.
pub const MAX_NAME_CHARS: usize = 140;
/// Characters that are kept of a reference. A bank's own id that is longer counts as none.
pub const MAX_REFERENCE_CHARS: usize = 255;
/// Characters that are kept of what the payer wrote.
pub const MAX_TEXT_CHARS: usize = 1_000;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// ISO 20022, camt.053.
    Camt053,
    /// SWIFT MT940.
    Mt940,
    /// OFX or QFX, 1.x and 2.x.
    Ofx,
    /// CSV, read by a mapping that was saved for the bank.
    Csv {
        /// What stands where.
        mapping: &'a csv::CsvMapping,
        /// Whose file it is: a CSV file rarely says.
        account: &'a AccountIdentifier,
    },
}

/// The format that a file has by its look; none where it may be CSV or anything else.
pub fn detect(bytes: &[u8]) -> Option<Source<'static>> {
    const LOOKED_AT: usize = 64 * 1024;
    let head = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let head = text::of_any(head);
    if head.contains("<OFX>") || head.contains("OFXHEADER") {
        return Some(Source::Ofx);
    }
    if head.contains("BkToCstmr") || head.contains("camt.05") {
        return Some(Source::Camt053);
    }
    let lines = || head.lines().map(str::trim_start);
    let starts = |tag: &str| lines().any(|line| line.starts_with(tag) || line.contains("{4:"));
    (starts(":20:") && lines().any(|line| line.starts_with(":25"))).then_some(Source::Mt940)
}

/// Reads a file: the statements in it, in order, one at least.
///
/// # Errors
/// [`Refused`], with the faults of the file.
pub fn read(bytes: &[u8], source: Source<'_>) -> Result<Vec<Statement>, Refused> {
    if bytes.len() > MAX_BYTES {
        let too_large = FaultKind::FileTooLarge { max: MAX_BYTES };
        return Err(StatementFault::of_file(too_large).into());
    }
    let statements = match source {
        Source::Camt053 => camt053::read(bytes),
        Source::Mt940 => mt940::read(bytes),
        Source::Ofx => ofx::read(bytes),
        Source::Csv { mapping, account } => csv::read(bytes, mapping, account),
    }?;
    if statements.is_empty() {
        return Err(StatementFault::of_file(FaultKind::NoStatement).into());
    }
    let faults: Vec<_> = statements.iter().filter_map(balances::fault_of).collect();
    if faults.is_empty() {
        Ok(statements)
    } else {
        Err(Refused::of(faults))
    }
}
