//! CSV, as each bank writes it: by a mapping that says what stands where.
//!
//! Every fault names row and column, as a table shows them. A table in several currencies is a
//! statement for each, in the order in which they first appear. The sum is checked where the mapping
//! names a column of balances: the first and the last row then say what all of them come to.

mod mapping;
mod rows;
mod values;

use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};

pub use self::mapping::{
    AmountColumns, BookedWhen, CsvMapping, CurrencySource, DecimalSeparator, Delimiter,
    MAX_BOOKED_WORDS, MAX_SKIPPED_ROWS, MAX_TEXT_COLUMNS, TextEncoding, ThousandsSeparator,
};
use self::rows::{Row, Rows};
pub use self::values::DatePattern;
use super::fault::{FaultKind, Faults, Place, Refused, StatementFault};
use super::model::{AccountIdentifier, BankId, Direction, Entry, Skipped, Statement};
use super::{MAX_ENTRIES, balances, clean, text};

/// Reads a table of an account.
///
/// # Errors
/// [`Refused`], with the faults of the file. A mapping that has faults of its own is to be refused
/// before: its columns would be found missing.
pub(super) fn read(
    bytes: &[u8],
    mapping: &CsvMapping,
    account: &AccountIdentifier,
) -> Result<Vec<Statement>, Refused> {
    let text = text::of(bytes, mapping.encoding.encoding(bytes))?;
    let mut faults = Faults::default();
    let mut tables: Vec<Table> = Vec::new();
    if let CurrencySource::Fixed(currency) = mapping.currency {
        tables.push(Table::new(account, currency));
    }
    let (rows, skipped) = rows(&text, mapping)?;
    for row in &skipped {
        // Heads and totals read as no entry. One that does would be lost in silence.
        let read = Cells { row, mapping }.read();
        if matches!(read, Ok((_, Read::Booked { .. }))) {
            let place = Place::Row(row.number);
            let kind = FaultKind::EntrySkipped;
            faults.add(StatementFault { place, kind })?;
        }
    }
    for row in &rows {
        faults.count(Place::Row(row.number))?;
        let cells = Cells { row, mapping };
        let Some((currency, read)) = faults.keep(cells.read())? else {
            continue;
        };
        let known = tables
            .iter()
            .position(|table| table.statement.currency == currency);
        let place = known.unwrap_or(tables.len());
        if known.is_none() {
            tables.push(Table::new(account, currency));
        }
        if let Some(table) = tables.get_mut(place) {
            table.push(read);
        }
    }
    let statements = tables.into_iter().map(Table::statement).collect();
    faults.end(statements)
}

/// What a row is.
enum Read {
    Booked {
        entry: Box<Entry>,
        balance: Option<Money>,
    },
    Pending,
    WithoutAmount,
}

/// The rows of one currency, and what the first and the last of them say of balances.
struct Table {
    statement: Statement,
    first: Option<(Money, Money)>,
    last: Option<(Money, Money)>,
}

impl Table {
    fn new(account: &AccountIdentifier, currency: Currency) -> Self {
        Self {
            statement: empty(account, currency),
            first: None,
            last: None,
        }
    }

    fn push(&mut self, read: Read) {
        let statement = &mut self.statement;
        match read {
            Read::Pending => statement.skipped.pending += 1,
            Read::WithoutAmount => statement.skipped.without_amount += 1,
            Read::Booked { entry, balance } => {
                let day = entry.booked_on;
                statement.from = Some(statement.from.map_or(day, |from| from.min(day)));
                statement.to = Some(statement.to.map_or(day, |to| to.max(day)));
                let signed = match entry.direction {
                    Direction::Credit => entry.amount,
                    Direction::Debit => entry.amount.negated(),
                };
                statement.entries.push(*entry);
                let row = balance.and_then(|after| {
                    let before = after.checked_sub(signed).ok()?;
                    Some((before, after))
                });
                self.first = self.first.or(row);
                self.last = row;
            }
        }
    }

    /// With balances that agree, in one order or the other; with those that do not, in the order of
    /// the table, to be refused.
    fn statement(self) -> Statement {
        let mut statement = self.statement;
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return statement;
        };
        for (opening, closing) in [(first.0, last.1), (last.0, first.1), (first.0, last.1)] {
            statement.opening = Some(opening);
            statement.closing = Some(closing);
            if balances::fault_of(&statement).is_none() {
                break;
            }
        }
        statement
    }
}

fn empty(account: &AccountIdentifier, currency: Currency) -> Statement {
    Statement {
        account: account.clone(),
        currency,
        statement_id: None,
        from: None,
        to: None,
        opening: None,
        closing: None,
        entries: Vec::new(),
        skipped: Skipped::default(),
        place: Place::File,
    }
}

/// The rows that are not blank: those of entries, and those that the mapping skips.
fn rows(text: &str, mapping: &CsvMapping) -> Result<(Vec<Row>, Vec<Row>), StatementFault> {
    let mut reader = Rows::new(text, mapping.delimiter.character(), mapping.quoted);
    let mut rows = Vec::new();
    let mut skipped = Vec::new();
    let most = MAX_ENTRIES + usize::from(mapping.skip_last_rows);
    while let Some(row) = reader.next()? {
        if row.is_blank() {
            continue;
        }
        if row.number <= u32::from(mapping.skip_rows) {
            skipped.push(row);
            continue;
        }
        if rows.len() >= most {
            let place = Place::Row(row.number);
            let max = MAX_ENTRIES;
            let kind = FaultKind::TooManyEntries { max };
            return Err(StatementFault { place, kind });
        }
        rows.push(row);
    }
    let last = usize::from(mapping.skip_last_rows);
    let kept = rows.len().saturating_sub(last);
    skipped.extend(rows.drain(kept..));
    Ok((rows, skipped))
}

/// One row, read by the mapping.
struct Cells<'a> {
    row: &'a Row,
    mapping: &'a CsvMapping,
}

impl<'a> Cells<'a> {
    fn fault(&self, column: u16, kind: FaultKind) -> StatementFault {
        let row = self.row.number;
        let place = Place::Cell { row, column };
        StatementFault { place, kind }
    }

    fn value(&self, column: u16, field: &'static str, fault: Fault) -> StatementFault {
        self.fault(column, FaultKind::Value { field, fault })
    }

    fn cell(&self, column: u16) -> Result<&'a str, StatementFault> {
        let place = usize::from(column).checked_sub(1);
        place
            .and_then(|place| self.row.fields.get(place))
            .map(|field| field.trim())
            .ok_or_else(|| self.fault(column, FaultKind::NoSuchColumn))
    }

    fn optional(&self, column: Option<u16>) -> Result<&'a str, StatementFault> {
        column.map_or(Ok(""), |column| self.cell(column))
    }

    fn is_booked(&self) -> Result<bool, StatementFault> {
        let Some(state) = &self.mapping.booked_when else {
            return Ok(true);
        };
        let word = self.cell(state.column)?;
        let mut booked = state.words.iter();
        Ok(booked.any(|known| mapping::same_word(word, known)))
    }

    fn read(&self) -> Result<(Currency, Read), StatementFault> {
        let mapping = self.mapping;
        if !self.is_booked()? {
            return Ok((self.currency()?, Read::Pending));
        }
        let pattern = &mapping.date_pattern;
        let day = |column: u16, field| {
            let read = pattern.read(self.cell(column)?);
            read.map_err(|fault| self.value(column, field, fault))
        };
        let booked_on = day(mapping.booked_on, "booked_on")?;
        let value_on = match mapping.value_on {
            // Not every row has one.
            Some(column) if !self.cell(column)?.is_empty() => Some(day(column, "value_on")?),
            _ => None,
        };
        let currency = self.currency()?;
        let signed = self.signed_amount(currency)?;
        let mut texts = Vec::with_capacity(mapping.text.len());
        for column in &mapping.text {
            texts.push(self.cell(*column)?);
        }
        let payer_name = clean::name(self.optional(mapping.payer_name)?);
        let payer_account = clean::account(self.optional(mapping.payer_account)?);
        let bank_id = clean::bank_id(self.optional(mapping.bank_id)?);
        let balance = match mapping.balance {
            Some(column) => Some(self.amount(column, currency)?),
            None => None,
        };
        if signed.is_zero() {
            return Ok((currency, Read::WithoutAmount));
        }
        let (direction, amount) = if signed.is_negative() {
            (Direction::Debit, signed.negated())
        } else {
            (Direction::Credit, signed)
        };
        let entry = Box::new(Entry {
            bank_id: bank_id.map(BankId::Own),
            booked_on,
            value_on,
            amount,
            direction,
            reversal: false,
            payer_name,
            payer_account,
            end_to_end_id: None,
            structured_reference: None,
            text: clean::joined(texts),
            batch: None,
            collective: false,
            place: Place::Row(self.row.number),
        });
        Ok((currency, Read::Booked { entry, balance }))
    }

    fn currency(&self) -> Result<Currency, StatementFault> {
        match self.mapping.currency {
            CurrencySource::Fixed(currency) => Ok(currency),
            CurrencySource::Column(column) => {
                let code = self.cell(column)?.to_ascii_uppercase();
                Currency::parse(&code).map_err(|fault| self.value(column, "currency", fault))
            }
        }
    }

    fn amount(&self, column: u16, currency: Currency) -> Result<Money, StatementFault> {
        let CsvMapping {
            decimal_separator,
            thousands_separator,
            ..
        } = self.mapping;
        let text = self.cell(column)?;
        values::amount(text, *decimal_separator, *thousands_separator, currency)
            .map_err(|fault| self.value(column, "amount", fault))
    }

    /// The amount, below zero for a debit.
    fn signed_amount(&self, currency: Currency) -> Result<Money, StatementFault> {
        match &self.mapping.amount {
            AmountColumns::Signed { amount } => self.amount(*amount, currency),
            AmountColumns::Separate { credit, debit } => {
                self.of_two_columns(*credit, *debit, currency)
            }
            AmountColumns::Marked {
                amount,
                mark,
                credit_word,
                debit_word,
            } => {
                let read = self.amount(*amount, currency)?;
                if read.is_negative() {
                    return Err(self.value(*amount, "amount", Fault::Negative));
                }
                let word = self.cell(*mark)?;
                if mapping::same_word(word, credit_word) {
                    Ok(read)
                } else if mapping::same_word(word, debit_word) {
                    Ok(read.negated())
                } else {
                    Err(self.fault(*mark, FaultKind::UnknownWord { field: "mark" }))
                }
            }
        }
    }

    fn of_two_columns(
        &self,
        credit: u16,
        debit: u16,
        currency: Currency,
    ) -> Result<Money, StatementFault> {
        let given = |column: u16| -> Result<Option<Money>, StatementFault> {
            if self.cell(column)?.is_empty() {
                return Ok(None);
            }
            self.amount(column, currency).map(Some)
        };
        let (came, went) = (given(credit)?, given(debit)?);
        if came.is_some_and(|amount| amount.is_negative()) {
            return Err(self.value(credit, "amount", Fault::Negative));
        }
        let is_something = |amount: &Money| !amount.is_zero();
        match (came.filter(is_something), went.filter(is_something)) {
            (Some(_), Some(_)) => Err(self.fault(debit, FaultKind::CreditAndDebit)),
            (Some(amount), None) => Ok(amount),
            (None, Some(amount)) if amount.is_negative() => Ok(amount),
            (None, Some(amount)) => Ok(amount.negated()),
            // A zero in one of them is a row of nothing; two empty cells are no row at all.
            (None, None) if came.is_some() || went.is_some() => Ok(Money::zero(currency)),
            (None, None) => Err(self.fault(credit, FaultKind::CreditAndDebit)),
        }
    }
}
