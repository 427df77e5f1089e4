//! What stands where in a bank's tables: made once for each bank, and saved.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::money::Currency;
use remit_billing::party::Text;
use serde::{Deserialize, Serialize};

use super::rows::MAX_COLUMNS;
use super::values::DatePattern;

/// Rows that may be skipped at the start or the end.
pub const MAX_SKIPPED_ROWS: u16 = 100;
/// Columns that may make up the text.
pub const MAX_TEXT_COLUMNS: usize = 10;
/// Words that a booked row may have.
pub const MAX_BOOKED_WORDS: usize = 10;
/// Characters of a word that marks a row.
const MAX_MARK_CHARS: usize = 30;

/// What parts the fields of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    pub(super) fn character(self) -> char {
        match self {
            Delimiter::Comma => ',',
            Delimiter::Semicolon => ';',
            Delimiter::Tab => '\t',
            Delimiter::Pipe => '|',
        }
    }
}

/// How the bytes of the file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// What banks call ANSI; ISO 8859-1 is read by it too.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// UTF-16, by its byte order mark, little-endian without one.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl TextEncoding {
    pub(super) fn encoding(self, bytes: &[u8]) -> &'static Encoding {
        match self {
            TextEncoding::Utf8 => encoding_rs::UTF_8,
            TextEncoding::Windows1252 => encoding_rs::WINDOWS_1252,
            TextEncoding::Utf16 if bytes.starts_with(&[0xFE, 0xFF]) => encoding_rs::UTF_16BE,
            TextEncoding::Utf16 => encoding_rs::UTF_16LE,
        }
    }
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSeparator {
    /// `.`
    Point,
    /// `,`
    Comma,
}

impl DecimalSeparator {
    pub(super) fn character(self) -> char {
        match self {
            DecimalSeparator::Point => '.',
            DecimalSeparator::Comma => ',',
        }
    }
}

/// What parts thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThousandsSeparator {
    /// `.`
    Point,
    /// `,`
    Comma,
    /// A space, narrow or not to be broken as well.
    Space,
    /// `'`, typographic as well.
    Apostrophe,
}

impl ThousandsSeparator {
    pub(super) fn is(self, character: char) -> bool {
        match self {
            ThousandsSeparator::Point => character == '.',
            ThousandsSeparator::Comma => character == ',',
            ThousandsSeparator::Space => {
                matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
            }
            ThousandsSeparator::Apostrophe => matches!(character, '\'' | '\u{2019}'),
        }
    }
}

/// Where the amount stands, and what makes it a credit. Columns count from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AmountColumns {
    /// One column: above zero is a credit, below is a debit.
    Signed {
        /// The column.
        amount: u16,
    },
    /// Two columns, one of them empty or zero in each row. A debit may have a minus.
    Separate {
        /// The column of credits.
        credit: u16,
        /// The column of debits.
        debit: u16,
    },
    /// One column without signs, and one with a word.
    Marked {
        /// The column of amounts.
        amount: u16,
        /// The column of words.
        mark: u16,
        /// The word of a credit, in any case.
        credit_word: String,
        /// The word of a debit, in any case.
        debit_word: String,
    },
}

/// Where the currency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurrencySource {
    /// In this column, as a code of ISO 4217.
    Column(u16),
    /// Nowhere: it is this one.
    Fixed(Currency),
}

/// Which rows are booked; the others are pending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookedWhen {
    /// The column of a row's state.
    pub column: u16,
    /// The words of booked rows, in any case.
    pub words: Vec<String>,
}

/// How one bank's tables are read. Columns count from one.
///
/// Deserialising checks the form of each value; [`CsvMapping::faults`] checks what they are
/// together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvMapping {
    /// What parts the fields.
    pub delimiter: Delimiter,
    /// Whether fields may stand in double quotes.
    #[serde(default = "yes")]
    pub quoted: bool,
    /// How bytes are read.
    pub encoding: TextEncoding,
    /// Rows before the first entry, the heads of columns among them.
    #[serde(default)]
    pub skip_rows: u16,
    /// Rows behind the last entry, such as totals. Blank rows do not count.
    #[serde(default)]
    pub skip_last_rows: u16,
    /// How days are written.
    pub date_pattern: DatePattern,
    /// What stands before the decimals.
    pub decimal_separator: DecimalSeparator,
    /// What parts thousands, if anything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands_separator: Option<ThousandsSeparator>,
    /// The day of booking.
    pub booked_on: u16,
    /// The value day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_on: Option<u16>,
    /// The amount.
    pub amount: AmountColumns,
    /// The currency.
    pub currency: CurrencySource,
    /// Who is on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<u16>,
    /// The account on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_account: Option<u16>,
    /// What the payer wrote: these columns, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<u16>,
    /// The bank's own id, which no two entries share. Without it, or where it is empty, entries
    /// are told apart by what they say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_id: Option<u16>,
    /// The balance after the row, in the order of the table or the other way round: the sum is
    /// then checked as with formats that state balances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<u16>,
    /// What tells booked rows from pending ones; without it all are booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_when: Option<BookedWhen>,
}

fn yes() -> bool {
    true
}

impl CsvMapping {
    /// All that is wrong with it, each with its pointer; none where it can be used.
    pub fn faults(&self) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        for (pointer, rows) in [
            ("/skip_rows", self.skip_rows),
            ("/skip_last_rows", self.skip_last_rows),
        ] {
            if rows > MAX_SKIPPED_ROWS {
                faults.push(PointedFault::new(
                    pointer,
                    range(0, MAX_SKIPPED_ROWS.into()),
                ));
            }
        }
        let thousands = self.thousands_separator;
        if thousands.is_some_and(|separator| separator.is(self.decimal_separator.character())) {
            let fields = "another character for thousands than for decimals";
            let fault = Fault::Exclusive { fields };
            faults.push(PointedFault::new("/thousands_separator", fault));
        }
        // Unquoted, "12,50" would be two fields, and the first of them an amount.
        if !self.quoted && self.delimiter.character() == self.decimal_separator.character() {
            let fields = "another character for decimals than between fields";
            let fault = Fault::Exclusive { fields };
            faults.push(PointedFault::new("/decimal_separator", fault));
        }
        if self.text.len() > MAX_TEXT_COLUMNS {
            let max = MAX_TEXT_COLUMNS;
            faults.push(PointedFault::new("/text", Fault::TooLong { max }));
        }
        self.column_faults(&mut faults);
        self.mark_faults(&mut faults);
        faults
    }

    /// A column that does not exist, or that two fields of which only one can be right name.
    fn column_faults(&self, faults: &mut Vec<PointedFault>) {
        let mut named: BTreeMap<u16, usize> = BTreeMap::new();
        let texts = self.text.iter().enumerate();
        let texts = texts.map(|(place, column)| (format!("/text/{place}"), *column, false));
        let columns = self.exclusive_columns().into_iter();
        let columns = columns.map(|(pointer, column)| (pointer.to_owned(), column, true));
        for (pointer, column, exclusive) in columns.chain(texts) {
            if column == 0 || usize::from(column) > MAX_COLUMNS {
                faults.push(PointedFault::new(pointer, range(1, MAX_COLUMNS)));
                continue;
            }
            let before = named.entry(column).or_default();
            *before += usize::from(exclusive);
            if exclusive && *before > 1 {
                faults.push(PointedFault::new(pointer, Fault::Duplicate));
            }
        }
    }

    /// The columns of days, amounts and currency: no two of them can be one. A bank's id, a name
    /// or an account may be read as text as well.
    fn exclusive_columns(&self) -> Vec<(&'static str, u16)> {
        let mut columns = vec![("/booked_on", self.booked_on)];
        match &self.amount {
            AmountColumns::Signed { amount } => columns.push(("/amount/amount", *amount)),
            AmountColumns::Separate { credit, debit } => {
                columns.extend([("/amount/credit", *credit), ("/amount/debit", *debit)]);
            }
            AmountColumns::Marked { amount, mark, .. } => {
                columns.extend([("/amount/amount", *amount), ("/amount/mark", *mark)]);
            }
        }
        if let CurrencySource::Column(column) = self.currency {
            columns.push(("/currency/column", column));
        }
        let optional = [
            ("/payer_name", self.payer_name),
            ("/payer_account", self.payer_account),
            ("/bank_id", self.bank_id),
            ("/balance", self.balance),
            (
                "/booked_when/column",
                self.booked_when.as_ref().map(|state| state.column),
            ),
        ];
        columns.extend(
            optional
                .iter()
                .filter_map(|(pointer, column)| Some((*pointer, (*column)?))),
        );
        // The value day may be the day of booking.
        columns.extend(
            self.value_on
                .filter(|column| *column != self.booked_on)
                .map(|column| ("/value_on", column)),
        );
        columns
    }

    fn mark_faults(&self, faults: &mut Vec<PointedFault>) {
        if let Some(state) = &self.booked_when {
            let max = MAX_BOOKED_WORDS;
            if state.words.is_empty() {
                faults.push(PointedFault::new("/booked_when/words", Fault::Empty));
            } else if state.words.len() > max {
                let fault = Fault::TooLong { max };
                faults.push(PointedFault::new("/booked_when/words", fault));
            }
            for (place, word) in state.words.iter().enumerate() {
                word_fault(format!("/booked_when/words/{place}"), word, faults);
            }
        }
        let AmountColumns::Marked {
            credit_word,
            debit_word,
            ..
        } = &self.amount
        else {
            return;
        };
        let words = [
            ("/amount/credit_word", credit_word),
            ("/amount/debit_word", debit_word),
        ];
        for (pointer, word) in words {
            word_fault(pointer.to_owned(), word, faults);
        }
        if same_word(credit_word, debit_word) {
            faults.push(PointedFault::new("/amount/debit_word", Fault::Duplicate));
        }
    }
}

fn word_fault(pointer: String, word: &str, faults: &mut Vec<PointedFault>) {
    // A word of one line, as it is shown to people too.
    let fault = match Text::<MAX_MARK_CHARS>::parse(word) {
        Err(fault) => Some(fault),
        Ok(_) => word
            .contains(char::is_control)
            .then_some(Fault::ControlCharacter),
    };
    faults.extend(fault.map(|fault| PointedFault::new(pointer, fault)));
}

/// Whether two words are one, in any case.
pub(super) fn same_word(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn range(min: usize, max: usize) -> Fault {
    Fault::OutOfRange {
        min: min.into(),
        max: max.into(),
    }
}
