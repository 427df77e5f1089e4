//! Document numbers: one series per kind, and per year where the pattern has the year; 1, 2, 3 ...
//! from its start without a gap.
//!
//! A counter is taken from in the transaction that issues: what fails uses up no number. The
//! issue date is today in the account's zone, but never before the series' last, so that numbers
//! and dates run the same way.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;
use crate::refusal::{Refusal, RefusalKind};

/// Characters of a document number.
pub const MAX_NUMBER_CHARS: usize = 40;
/// The last number of a series: twelve digits.
pub const MAX_SEQUENCE: u64 = 999_999_999_999;
/// Digits of [`MAX_SEQUENCE`], and the widest padding.
const MAX_SEQUENCE_DIGITS: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Literal(String),
    /// Four digits.
    Year,
    /// Two digits.
    Month,
    /// At least so many digits.
    Sequence(usize),
}

/// How numbers of a series read, such as `INV-{year}-{seq:5}`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NumberPattern(Vec<Part>);

impl NumberPattern {
    /// Reads a pattern: `{seq}` or `{seq:N}` (padded to N digits) exactly once, `{year}` and
    /// `{month}` of the issue date at will, and between them letters, digits and `- / . _`.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::BadNumberPattern`], [`Fault::NumberTooLong`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (part, after) = match rest.strip_prefix('{') {
                Some(inside) => {
                    let (name, after) = inside.split_once('}').ok_or(Fault::BadNumberPattern)?;
                    (placeholder(name)?, after)
                }
                None => {
                    let (literal, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
                    if !literal.bytes().all(is_literal) {
                        return Err(Fault::BadNumberPattern);
                    }
                    (Part::Literal(literal.to_owned()), after)
                }
            };
            parts.push(part);
            rest = after;
        }
        let sequences = parts
            .iter()
            .filter(|part| matches!(part, Part::Sequence(_)));
        if sequences.count() != 1 {
            return Err(Fault::BadNumberPattern);
        }
        let longest: usize = parts.iter().map(Part::max_chars).sum();
        if longest > MAX_NUMBER_CHARS {
            let max = MAX_NUMBER_CHARS;
            return Err(Fault::NumberTooLong { max });
        }
        Ok(Self(parts))
    }

    /// Whether every year has its own series.
    pub fn per_year(&self) -> bool {
        self.0.contains(&Part::Year)
    }

    /// The pattern of estimate numbers where none is chosen: `EST-2026-0001`.
    pub fn of_estimates() -> Self {
        Self::yearly("EST-")
    }

    /// The pattern of change order numbers where none is chosen: `CO-2026-0001`.
    pub fn of_change_orders() -> Self {
        Self::yearly("CO-")
    }

    /// The pattern of credit note numbers where none is chosen: `CN-2026-0001`.
    pub fn of_credit_notes() -> Self {
        Self::yearly("CN-")
    }

    fn yearly(prefix: &str) -> Self {
        Self(vec![
            Part::Literal(prefix.to_owned()),
            Part::Year,
            Part::Literal("-".to_owned()),
            Part::Sequence(4),
        ])
    }

    /// The series of a kind that a document issued on a date belongs to.
    pub fn series(&self, kind: DocumentKind, issue_on: Date) -> Series {
        Series {
            kind,
            year: self.per_year().then(|| issue_on.year()),
        }
    }

    /// The number of a document.
    pub fn format(&self, sequence: u64, issue_on: Date) -> DocumentNumber {
        let mut text = String::with_capacity(MAX_NUMBER_CHARS);
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Year => text.push_str(&format!("{:04}", issue_on.year())),
                Part::Month => text.push_str(&format!("{:02}", issue_on.month())),
                Part::Sequence(width) => text.push_str(&format!("{sequence:0width$}")),
            }
        }
        DocumentNumber(text)
    }
}

impl Part {
    fn max_chars(&self) -> usize {
        match self {
            Part::Literal(literal) => literal.len(),
            Part::Year => 4,
            Part::Month => 2,
            Part::Sequence(_) => MAX_SEQUENCE_DIGITS,
        }
    }
}

fn placeholder(name: &str) -> Result<Part, Fault> {
    match name {
        "year" => return Ok(Part::Year),
        "month" => return Ok(Part::Month),
        "seq" => return Ok(Part::Sequence(1)),
        _ => {}
    }
    let width = name.strip_prefix("seq:").ok_or(Fault::BadNumberPattern)?;
    // One way to write a width, so that a pattern reads back as it was given.
    (1..=MAX_SEQUENCE_DIGITS)
        .find(|digits| width == digits.to_string())
        .map(Part::Sequence)
        .ok_or(Fault::BadNumberPattern)
}

fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-/._".contains(&byte)
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Literal(literal) => f.write_str(literal)?,
                Part::Year => f.write_str("{year}")?,
                Part::Month => f.write_str("{month}")?,
                Part::Sequence(1) => f.write_str("{seq}")?,
                Part::Sequence(width) => write!(f, "{{seq:{width}}}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for NumberPattern {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl Serialize for NumberPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NumberPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A number that was given to a document.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentNumber(String);

impl DocumentNumber {
    /// Reads a number: what a pattern can write.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::NumberTooLong`], [`Fault::ControlCharacter`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.len() > MAX_NUMBER_CHARS {
            let max = MAX_NUMBER_CHARS;
            return Err(Fault::NumberTooLong { max });
        }
        if !text.bytes().all(is_literal) {
            return Err(Fault::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocumentNumber {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The kinds of documents that have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Invoices.
    Invoice,
    /// Credit notes.
    CreditNote,
    /// Estimates.
    Estimate,
    /// Change orders.
    ChangeOrder,
}

impl DocumentKind {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
            Self::Estimate => "estimate",
            Self::ChangeOrder => "change_order",
        }
    }
}

/// One run of numbers. Its text, fit for a key, is `invoice` or `invoice#2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Series {
    /// The kind of documents.
    pub kind: DocumentKind,
    /// The year of issue, where the pattern has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        match self.year {
            Some(year) => write!(f, "#{year:04}"),
            None => Ok(()),
        }
    }
}

/// Why no number can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberRefusal {
    /// The counter is of another series than the document belongs to: the year has turned, or the
    /// pattern was changed. Take the counter of `wanted`.
    #[error("the number must come from the series {wanted}, not {given}")]
    OtherSeries {
        /// The counter's series.
        given: Series,
        /// The series of the document.
        wanted: Series,
    },
    /// The series has no number left.
    #[error("the series {series} has no number left: choose another pattern")]
    Exhausted {
        /// The series.
        series: Series,
    },
}

impl Refusal for NumberRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OtherSeries { .. } => "other_number_series",
            Self::Exhausted { .. } => "number_series_exhausted",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Where a series stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The series.
    pub series: Series,
    /// The number that the next document gets.
    pub next: u64,
    /// The issue date of the last document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_issue_on: Option<Date>,
}

/// A number that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The counter after it.
    pub counter: Counter,
    /// The number.
    pub number: DocumentNumber,
    /// The issue date of the document that gets it.
    pub issue_on: Date,
}

impl Counter {
    /// A series that has given no number yet.
    pub fn new(series: Series) -> Self {
        Self {
            series,
            next: 1,
            last_issue_on: None,
        }
    }

    /// A series that goes on from elsewhere.
    ///
    /// # Errors
    /// [`Fault::NotPositive`] for zero, [`Fault::OutOfRange`] above [`MAX_SEQUENCE`].
    pub fn starting_at(series: Series, next: u64) -> Result<Self, Fault> {
        match next {
            0 => Err(Fault::NotPositive),
            1..=MAX_SEQUENCE => Ok(Self {
                series,
                next,
                last_issue_on: None,
            }),
            _ => Err(Fault::OutOfRange {
                min: 1.into(),
                max: MAX_SEQUENCE.into(),
            }),
        }
    }

    /// The date on which the next document of this series is issued: today, but never before the
    /// last one.
    pub fn issue_on(&self, today: Date) -> Date {
        self.last_issue_on.map_or(today, |last| last.max(today))
    }

    /// Takes the next number.
    ///
    /// # Errors
    /// See [`NumberRefusal`].
    pub fn take(&self, pattern: &NumberPattern, today: Date) -> Result<Taken, NumberRefusal> {
        let issue_on = self.issue_on(today);
        let wanted = pattern.series(self.series.kind, issue_on);
        if wanted != self.series {
            let given = self.series;
            return Err(NumberRefusal::OtherSeries { given, wanted });
        }
        if self.next == 0 || self.next > MAX_SEQUENCE {
            let series = self.series;
            return Err(NumberRefusal::Exhausted { series });
        }
        Ok(Taken {
            counter: Counter {
                series: self.series,
                next: self.next + 1,
                last_issue_on: Some(issue_on),
            },
            number: pattern.format(self.next, issue_on),
            issue_on,
        })
    }
}
