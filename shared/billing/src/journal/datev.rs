//! DATEV's Buchungsstapel: format EXTF of version 700, category 21, as its developer portal describes
//! it ("DATEV-Format", "Buchungsstapel", version 13).
//!
//! A line of it is two-sided: an amount, an account, its counter account. An entry of several sides is
//! told pair by pair: each debit against the credits that are left, in their order, so nothing goes over
//! a clearing account and what each account gets is what the ledger has. Texts stand in quotes, numbers
//! do not; decimals have a comma, days are day and month within the fiscal year of the header. Encoded,
//! it is Windows-1252.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{CodedEntry, JournalRefusal};
use crate::ledger_codes::Datev;
use crate::money::{Currency, MoneyError};
use crate::party::ZoneName;

/// The columns, in the order of version 13; those that Remit fills are among the first.
const COLUMNS: [&str; 14] = [
    "Umsatz (ohne Soll/Haben-Kz)",
    "Soll/Haben-Kennzeichen",
    "WKZ Umsatz",
    "Kurs",
    "Basis-Umsatz",
    "WKZ Basis-Umsatz",
    "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel",
    "Belegdatum",
    "Belegfeld 1",
    "Belegfeld 2",
    "Skonto",
    "Buchungstext",
];

/// The columns after these and before the numbered pairs.
const MIDDLE: [&str; 6] = [
    "Postensperre",
    "Diverse Adressnummer",
    "Geschäftspartnerbank",
    "Sachverhalt",
    "Zinssperre",
    "Beleglink",
];

const COSTS: [&str; 11] = [
    "KOST1 - Kostenstelle",
    "KOST2 - Kostenstelle",
    "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)",
    "Abw. Versteuerungsart",
    "Sachverhalt L+L",
    "Funktionsergänzung L+L",
    "BU 49 Hauptfunktionstyp",
    "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung",
];

const LAST: [&str; 38] = [
    "Stück",
    "Gewicht",
    "Zahlweise",
    "Forderungsart",
    "Veranlagungsjahr",
    "Zugeordnete Fälligkeit",
    "Skontotyp",
    "Auftragsnummer",
    "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)",
    "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)",
    "Erlöskonto (Anzahlungen)",
    "Herkunft-Kz",
    "Buchungs GUID",
    "KOST-Datum",
    "SEPA-Mandatsreferenz",
    "Skontosperre",
    "Gesellschaftername",
    "Beteiligtennummer",
    "Identifikationsnummer",
    "Zeichnernummer",
    "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt",
    "Kennzeichen SoBil-Buchung",
    "Festschreibung",
    "Leistungsdatum",
    "Datum Zuord. Steuerperiode",
    "Fälligkeit",
    "Generalumkehr (GU)",
    "Steuersatz",
    "Land",
    "Abrechnungsreferenz",
    "BVV-Position",
    "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)",
    "Abw. Skontokonto",
];

/// Characters of a document's number (Belegfeld 1).
const DOCUMENT_CHARACTERS: usize = 36;
/// Characters of the text of a booking.
const TEXT_CHARACTERS: usize = 60;

/// What a file is of.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// Whose books.
    pub datev: Datev,
    /// The first day of the period.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// The currency of the books.
    pub currency: Currency,
    /// Whether nothing of the period can change any more (Festschreibung).
    pub is_closed: bool,
    /// Now (UTC).
    pub now: Timestamp,
    /// The zone of the books.
    pub zone: &'a ZoneName,
}

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFile {
    /// The period or the books do not allow it.
    Refused(JournalRefusal),
    /// Amounts beyond what is reckoned with.
    Money(MoneyError),
}

impl From<MoneyError> for NoFile {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

/// The file, before it is encoded.
///
/// # Errors
/// [`JournalRefusal::TwoFiscalYears`], [`JournalRefusal::OtherDecimals`].
pub fn file(batch: &Batch<'_>, entries: &[CodedEntry]) -> Result<String, NoFile> {
    let begins = batch.datev.year_of(batch.to);
    if batch.datev.year_of(batch.from) != begins {
        return Err(NoFile::Refused(JournalRefusal::TwoFiscalYears { begins }));
    }
    if batch.currency.minor_digits() != 2 {
        return Err(NoFile::Refused(JournalRefusal::OtherDecimals {
            program: "DATEV",
            currency: batch.currency.code(),
        }));
    }
    let columns = columns();
    let mut lines = vec![header(batch, begins), columns.join(";")];
    for entry in entries {
        for pair in pairs(entry)? {
            lines.push(booking(entry, &pair, columns.len()));
        }
    }
    let mut file = lines.join("\r\n");
    file.push_str("\r\n");
    Ok(file)
}

/// All 125 columns.
fn columns() -> Vec<String> {
    let named = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let mut columns = named(&COLUMNS);
    columns.extend(named(&MIDDLE));
    for number in 1..=8 {
        columns.push(format!("Beleginfo - Art {number}"));
        columns.push(format!("Beleginfo - Inhalt {number}"));
    }
    columns.extend(named(&COSTS));
    for number in 1..=20 {
        columns.push(format!("Zusatzinformation - Art {number}"));
        columns.push(format!("Zusatzinformation- Inhalt {number}"));
    }
    columns.extend(named(&LAST));
    columns
}

fn header(batch: &Batch<'_>, begins: Date) -> String {
    let datev = &batch.datev;
    let compact = |day: Date| day.strftime("%Y%m%d").to_string();
    let made_at = batch.zone.zone().to_datetime(batch.now);
    let chart = datev.chart.map(|chart| format!("{chart:02}"));
    let fields = [
        quoted("EXTF"),
        "700".to_owned(),
        "21".to_owned(),
        quoted("Buchungsstapel"),
        "13".to_owned(),
        format!(
            "{}{:03}",
            made_at.strftime("%Y%m%d%H%M%S"),
            made_at.millisecond()
        ),
        String::new(),
        quoted("RE"),
        quoted(""),
        quoted(""),
        datev.consultant.to_string(),
        datev.client.to_string(),
        compact(begins),
        datev.account_digits.to_string(),
        compact(batch.from),
        compact(batch.to),
        quoted("Remit"),
        quoted(""),
        "1".to_owned(),
        "0".to_owned(),
        u8::from(batch.is_closed).to_string(),
        quoted(batch.currency.code()),
        String::new(),
        quoted(""),
        String::new(),
        String::new(),
        quoted(&chart.unwrap_or_default()),
        String::new(),
        String::new(),
        quoted(""),
        quoted(""),
    ];
    fields.join(";")
}

/// A debit against a credit.
struct Pair<'a> {
    debit: &'a str,
    credit: &'a str,
    amount: crate::money::Money,
}

/// Each debit against the credits that are left, in their order.
fn pairs(entry: &CodedEntry) -> Result<Vec<Pair<'_>>, MoneyError> {
    let mut credits: Vec<(&str, crate::money::Money)> = entry
        .lines
        .iter()
        .filter(|line| line.amount.is_negative())
        .map(|line| (line.code.as_str(), line.amount.negated()))
        .collect();
    let mut pairs = Vec::with_capacity(entry.lines.len());
    for line in entry.lines.iter().filter(|line| line.amount.is_positive()) {
        let mut left = line.amount;
        for (credit, rest) in &mut credits {
            let part = left.min(*rest)?;
            if part.is_zero() {
                continue;
            }
            left = left.checked_sub(part)?;
            *rest = rest.checked_sub(part)?;
            // What moves within one account of the bookkeeper's moves nothing.
            if line.code != *credit {
                pairs.push(Pair {
                    debit: &line.code,
                    credit,
                    amount: part,
                });
            }
        }
    }
    Ok(pairs)
}

fn booking(entry: &CodedEntry, pair: &Pair<'_>, columns: usize) -> String {
    let document: String = entry
        .document
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "$&%*+-/".contains(*c))
        .take(DOCUMENT_CHARACTERS)
        .collect();
    let words = match entry.client.is_empty() {
        true => entry.words(),
        false => format!("{} {}", entry.words(), entry.client),
    };
    let words: String = words.chars().take(TEXT_CHARACTERS).collect();
    let mut fields = vec![
        pair.amount.amount_text().replace('.', ","),
        quoted("S"),
        quoted(pair.amount.currency().code()),
        String::new(),
        String::new(),
        quoted(""),
        pair.debit.to_owned(),
        pair.credit.to_owned(),
        quoted(""),
        entry.booked_on.strftime("%d%m").to_string(),
        quoted(&document),
        quoted(entry.mark(12)),
        String::new(),
        quoted(&words),
    ];
    fields.resize(columns, String::new());
    fields.join(";")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
