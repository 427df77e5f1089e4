//! Text to rows of fields: RFC 4180 with the bank's delimiter.
//!
//! Its own reader and no crate, for one reason: a quote that is never closed has to be a fault
//! with its row. Libraries read on to the end of the file, and the rows that are swallowed are
//! money.

use super::super::fault::{FaultKind, Place, StatementFault};

/// Columns that are read of a row; more are left out.
pub(super) const MAX_COLUMNS: usize = 200;
/// Bytes of one field.
const MAX_FIELD_BYTES: usize = 20_000;

/// A row of the file.
#[derive(Debug)]
pub(super) struct Row {
    /// Its number, counted from one, as a table shows it.
    pub number: u32,
    /// Its fields.
    pub fields: Vec<String>,
}

impl Row {
    /// Nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

/// Reads row after row.
pub(super) struct Rows<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    delimiter: char,
    quoted: bool,
    number: u32,
}

impl<'a> Rows<'a> {
    /// `quoted`: a field in double quotes may hold delimiters and line breaks, `""` is a quote.
    /// Else a quote is a character like others.
    pub fn new(text: &'a str, delimiter: char, quoted: bool) -> Self {
        Self {
            rest: text.chars().peekable(),
            delimiter,
            quoted,
            number: 0,
        }
    }

    /// The next row; none at the end.
    pub fn next(&mut self) -> Result<Option<Row>, StatementFault> {
        if self.rest.peek().is_none() {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let mut fields = Vec::new();
        loop {
            let column = u16::try_from(fields.len() + 1).unwrap_or(u16::MAX);
            let (field, end) = self.field(column)?;
            if fields.len() < MAX_COLUMNS {
                fields.push(field);
            }
            if end == End::Row {
                let number = self.number;
                return Ok(Some(Row { number, fields }));
            }
        }
    }

    fn field(&mut self, column: u16) -> Result<(String, End), StatementFault> {
        let place = Place::Cell {
            row: self.number,
            column,
        };
        let mut field = String::new();
        let fault = |reason| {
            let kind = FaultKind::NotWellFormed { reason };
            Err(StatementFault { place, kind })
        };
        if self.quoted && self.rest.next_if_eq(&'"').is_some() {
            loop {
                match self.rest.next() {
                    None => return fault("a quote is closed"),
                    Some('"') => {
                        if self.rest.next_if_eq(&'"').is_none() {
                            break;
                        }
                        field.push('"');
                    }
                    Some(character) => field.push(character),
                }
                if field.len() > MAX_FIELD_BYTES {
                    return fault("a quote is closed");
                }
            }
            // Spaces that a bank fills its columns up with.
            while self.delimiter != ' ' && self.rest.next_if_eq(&' ').is_some() {}
            return match self.end() {
                Some(end) => Ok((field, end)),
                None => fault("a quote closes at the end of its field"),
            };
        }
        loop {
            if let Some(end) = self.end() {
                return Ok((field, end));
            }
            field.extend(self.rest.next());
            if field.len() > MAX_FIELD_BYTES {
                return fault("a field is shorter");
            }
        }
    }

    /// The end of a field, if it ends here.
    fn end(&mut self) -> Option<End> {
        let delimiter = self.delimiter;
        match self.rest.peek() {
            None => Some(End::Row),
            Some('\n') => {
                self.rest.next();
                Some(End::Row)
            }
            Some('\r') => {
                self.rest.next();
                self.rest.next_if_eq(&'\n');
                Some(End::Row)
            }
            Some(character) if *character == delimiter => {
                self.rest.next();
                Some(End::Field)
            }
            Some(_) => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Field,
    Row,
}
