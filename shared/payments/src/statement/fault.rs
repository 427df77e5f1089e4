//! What can be wrong with a statement, and where. Faults never quote what a payer wrote.

use std::fmt;

use remit_billing::fault::Fault;
use remit_billing::money::Money;
use serde::{Deserialize, Serialize};

/// Faults that are told of one file.
pub const MAX_FAULTS: usize = 20;

/// A place in the file, for people: counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line of the file.
    Line(u32),
    /// A row of a table, rows that are skipped included.
    Row(u32),
    /// A cell of a table.
    Cell {
        /// The row, rows that are skipped included.
        row: u32,
        /// The column.
        column: u16,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File => f.write_str("file"),
            Place::Line(line) => write!(f, "line {line}"),
            Place::Row(row) => write!(f, "row {row}"),
            Place::Cell { row, column } => write!(f, "row {row}, column {column}"),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// Larger than what is read.
    #[error("the file is too large: at most {max} bytes")]
    FileTooLarge {
        /// Bytes.
        max: usize,
    },
    /// More entries than what is read at once.
    #[error("more than {max} entries: export a shorter time")]
    TooManyEntries {
        /// Entries.
        max: usize,
    },
    /// Nothing that is a statement.
    #[error("there is no statement in this file")]
    NoStatement,
    /// Bytes that are no text in the encoding that the file or its mapping states.
    #[error("not a text in {expected}")]
    BadEncoding {
        /// The encoding's name.
        expected: &'static str,
    },
    /// The text is not of its format: cut off, most often.
    #[error("the file is cut off or not well-formed: {reason}")]
    NotWellFormed {
        /// What is expected, in words.
        reason: &'static str,
    },
    /// A document type or an entity of its own: statements have none, attacks do.
    #[error("document types and entities are not read")]
    EntityRefused,
    /// Nested deeper, or into more parts, than any statement is.
    #[error("more parts than a statement has")]
    TooComplex,
    /// A version of the format that is not known.
    #[error("this version of the format is not read")]
    UnknownVersion,
    /// Another message of the same family, which would state the same money again.
    #[error("this is a {found}: export the statement as camt.053")]
    OtherMessage {
        /// The message.
        found: &'static str,
    },
    /// The bank put an error in the place of a statement.
    #[error("the bank answered with an error instead of a statement")]
    BankError,
    /// A part that every statement has.
    #[error("{field} is missing")]
    Missing {
        /// The part, as the format calls it.
        field: &'static str,
    },
    /// A value that is not what it should be.
    #[error("{field} {fault}")]
    Value {
        /// The part, as the format calls it.
        field: &'static str,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A word that is none of those that the format has here.
    #[error("{field} has a value that is not known")]
    UnknownWord {
        /// The part, as the format calls it.
        field: &'static str,
    },
    /// The entries do not lie between the balances.
    #[error("the entries come to {reckoned}, the statement says {stated}")]
    DoesNotAddUp {
        /// The closing balance by the entries.
        reckoned: Money,
        /// The closing balance as stated.
        stated: Money,
    },
    /// Fewer columns than the mapping reads.
    #[error("there is no such column in this row")]
    NoSuchColumn,
    /// The mapping skips a row that reads as an entry: the bank's table has changed.
    #[error("the mapping skips this row, but it reads as an entry")]
    EntrySkipped,
    /// An amount as credit and as debit, or as neither.
    #[error("give an amount either as credit or as debit")]
    CreditAndDebit,
}

impl FaultKind {
    /// The stable code, in snake_case.
    pub fn code(&self) -> &'static str {
        match self {
            FaultKind::FileTooLarge { .. } => "file_too_large",
            FaultKind::TooManyEntries { .. } => "too_many_entries",
            FaultKind::NoStatement => "no_statement",
            FaultKind::BadEncoding { .. } => "bad_encoding",
            FaultKind::NotWellFormed { .. } => "not_well_formed",
            FaultKind::EntityRefused => "entity_refused",
            FaultKind::TooComplex => "too_complex",
            FaultKind::UnknownVersion => "unknown_version",
            FaultKind::OtherMessage { .. } => "other_message",
            FaultKind::BankError => "bank_error",
            FaultKind::Missing { .. } => "missing",
            FaultKind::Value { fault, .. } => fault.code(),
            FaultKind::UnknownWord { .. } => "unknown_word",
            FaultKind::DoesNotAddUp { .. } => "does_not_add_up",
            FaultKind::NoSuchColumn => "no_such_column",
            FaultKind::EntrySkipped => "entry_skipped",
            FaultKind::CreditAndDebit => "credit_and_debit",
        }
    }
}

/// A fault and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct StatementFault {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: FaultKind,
}

impl StatementFault {
    pub(super) fn of_file(kind: FaultKind) -> Self {
        let place = Place::File;
        Self { place, kind }
    }

    pub(super) fn at(line: u32, kind: FaultKind) -> Self {
        let place = Place::Line(line);
        Self { place, kind }
    }
}

/// A file that is not read, with what is wrong: one fault at least, [`MAX_FAULTS`] at most.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the statement has {} fault(s)", .0.len())]
pub struct Refused(Vec<StatementFault>);

impl Refused {
    pub(super) fn of(mut faults: Vec<StatementFault>) -> Self {
        faults.truncate(MAX_FAULTS);
        Self(faults)
    }

    /// The faults, in the order of the file.
    pub fn faults(&self) -> &[StatementFault] {
        &self.0
    }
}

impl From<StatementFault> for Refused {
    fn from(fault: StatementFault) -> Self {
        Self(vec![fault])
    }
}

/// Collects the faults of entries, so that they are told at once, and counts the entries.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<StatementFault>,
    entries: usize,
}

impl Faults {
    /// Counts an entry before it is read.
    pub fn count(&mut self, place: Place) -> Result<(), Refused> {
        self.entries += 1;
        if self.entries <= super::MAX_ENTRIES {
            return Ok(());
        }
        let max = super::MAX_ENTRIES;
        let kind = FaultKind::TooManyEntries { max };
        Err(StatementFault { place, kind }.into())
    }

    /// Keeps a fault; refuses once there are enough.
    pub fn add(&mut self, fault: StatementFault) -> Result<(), Refused> {
        self.found.push(fault);
        if self.found.len() < MAX_FAULTS {
            return Ok(());
        }
        Err(Refused::of(std::mem::take(&mut self.found)))
    }

    /// The value, or nothing and its fault kept.
    pub fn keep<T>(&mut self, read: Result<T, StatementFault>) -> Result<Option<T>, Refused> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(fault) => self.add(fault).map(|()| None),
        }
    }

    /// What was read, if nothing was wrong with it.
    pub fn end<T>(self, read: T) -> Result<T, Refused> {
        if self.found.is_empty() {
            Ok(read)
        } else {
            Err(Refused::of(self.found))
        }
    }
}
