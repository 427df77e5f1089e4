//! The euro reference rates of the European Central Bank as it publishes them: `eurofxref-daily.xml`,
//! `-hist-90d.xml` and `-hist.xml`, and the same as CSV.
//!
//! The XML is a `Cube` of days, each a `Cube` with the attribute `time` around one `Cube` for each currency, with
//! `currency` and `rate`. The CSV has a column for each currency; a quote that is missing is `N/A`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use remit_billing::exchange::{EuroRates, read_rate};
use remit_billing::money::Currency;

/// Days of one file: more than there are since the euro began.
const MAX_DAYS: usize = 20_000;

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EuroFile {
    /// Its days, in the order of the file; each once.
    pub days: Vec<EuroRates>,
    /// Codes that are no currency any more: their rates are left out.
    pub unknown: BTreeSet<String>,
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no text.
    #[error("it is not in UTF-8")]
    NoText,
    /// It is not well-formed.
    #[error("it is no XML that can be read, at byte {at}")]
    BadXml {
        /// Where, in bytes.
        at: u64,
    },
    /// It is no table.
    #[error("it is no CSV that can be read, in line {line}")]
    BadCsv {
        /// Where.
        line: u64,
    },
    /// Nothing is quoted.
    #[error("it has no rates")]
    NoRates,
    /// A rate stands outside of a day.
    #[error("a rate of {currency} is of no day")]
    NoDay {
        /// The currency's code.
        currency: String,
    },
    /// A day that is none.
    #[error("\"{text}\" is no day")]
    BadDay {
        /// What stands there.
        text: String,
    },
    /// A day stands twice.
    #[error("{on} stands there twice")]
    DayTwice {
        /// The day.
        on: Date,
    },
    /// A rate that is none.
    #[error("\"{text}\" is no rate of {currency}")]
    BadRate {
        /// The currency's code.
        currency: String,
        /// What stands there.
        text: String,
    },
    /// More days than there are.
    #[error("it has more than {MAX_DAYS} days")]
    TooManyDays,
}

/// Reads a file, as XML where it begins so, else as CSV.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<EuroFile, Unreadable> {
    let text = str::from_utf8(bytes).map_err(|_| Unreadable::NoText)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut file = Collected::default();
    match text.starts_with('<') {
        true => xml(text, &mut file)?,
        false => csv(text, &mut file)?,
    }
    let quoted = file.days.into_iter().filter(|day| !day.per_euro.is_empty());
    let days: Vec<EuroRates> = quoted.collect();
    match days.is_empty() {
        true => Err(Unreadable::NoRates),
        false => Ok(EuroFile {
            days,
            unknown: file.unknown,
        }),
    }
}

#[derive(Default)]
struct Collected {
    days: Vec<EuroRates>,
    seen: BTreeSet<Date>,
    unknown: BTreeSet<String>,
}

impl Collected {
    fn begin(&mut self, on: Date) -> Result<(), Unreadable> {
        if !self.seen.insert(on) {
            return Err(Unreadable::DayTwice { on });
        }
        if self.seen.len() > MAX_DAYS {
            return Err(Unreadable::TooManyDays);
        }
        let per_euro = BTreeMap::new();
        self.days.push(EuroRates { on, per_euro });
        Ok(())
    }

    fn quote(&mut self, code: &str, text: &str) -> Result<(), Unreadable> {
        let shown = |text: &str| text.chars().take(40).collect::<String>();
        let Some(day) = self.days.last_mut() else {
            let currency = shown(code);
            return Err(Unreadable::NoDay { currency });
        };
        let Ok(rate) = read_rate(text) else {
            let (currency, text) = (shown(code), shown(text));
            return Err(Unreadable::BadRate { currency, text });
        };
        match Currency::parse(code) {
            Ok(currency) if currency != Currency::EUR => {
                day.per_euro.insert(currency, rate);
            }
            Ok(_) => {}
            // A currency that was given up, such as those that became the euro.
            Err(_) if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                self.unknown.insert(code.to_owned());
            }
            Err(_) => {
                let (currency, text) = (shown(code), shown(text));
                return Err(Unreadable::BadRate { currency, text });
            }
        }
        Ok(())
    }
}

fn xml(text: &str, file: &mut Collected) -> Result<(), Unreadable> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    // How deep the element of the present day is.
    let mut day: Option<usize> = None;
    loop {
        let bad = Unreadable::BadXml {
            at: reader.buffer_position(),
        };
        match reader.read_event().map_err(|_| bad.clone())? {
            Event::Start(element) => {
                depth += 1;
                if cube(&element, file, day.is_some()).map_err(|fault| fault.unwrap_or(bad))? {
                    day = Some(depth);
                }
            }
            Event::Empty(element) => {
                cube(&element, file, day.is_some()).map_err(|fault| fault.unwrap_or(bad))?;
            }
            Event::End(_) => {
                if day == Some(depth) {
                    day = None;
                }
                depth = depth.checked_sub(1).ok_or(bad)?;
            }
            Event::Eof if depth == 0 => return Ok(()),
            // A document type may declare entities; the bank's files have none.
            Event::Eof | Event::DocType(_) => return Err(bad),
            _ => {}
        }
    }
}

/// Takes a `Cube` in; whether it begins a day. `None` is an attribute that cannot be read.
fn cube(
    element: &BytesStart<'_>,
    file: &mut Collected,
    in_day: bool,
) -> Result<bool, Option<Unreadable>> {
    if element.local_name().as_ref() != "Cube" {
        return Ok(false);
    }
    let attribute = |name: &str| -> Result<Option<String>, Option<Unreadable>> {
        let found = element.try_get_attribute(name).map_err(|_| None)?;
        Ok(found.map(|found| found.value.into_owned()))
    };
    if let Some(text) = attribute("time")? {
        file.begin(on(&text)?)?;
        return Ok(true);
    }
    match (attribute("currency")?, attribute("rate")?) {
        (Some(currency), Some(_)) if !in_day => Err(Some(Unreadable::NoDay { currency })),
        (Some(currency), Some(rate)) => {
            file.quote(&currency, &rate)?;
            Ok(false)
        }
        _ => Ok(false),
    }
}

fn csv(text: &str, file: &mut Collected) -> Result<(), Unreadable> {
    // A row of more cells than the head has is refused: a comma in a rate would be taken for a column.
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let head = reader
        .headers()
        .map_err(|_| Unreadable::BadCsv { line: 1 })?;
    let head = head.clone();
    if !head
        .get(0)
        .is_some_and(|name| name.eq_ignore_ascii_case("date"))
    {
        return Err(Unreadable::BadCsv { line: 1 });
    }
    for (row, line) in reader.records().zip(2_u64..) {
        let row = row.map_err(|_| Unreadable::BadCsv { line })?;
        let mut cells = row.iter();
        file.begin(on(cells.next().unwrap_or_default())?)?;
        // The rows end with a comma.
        let quotes = head
            .iter()
            .skip(1)
            .zip(cells)
            .filter(|(code, _)| !code.is_empty());
        for (code, quote) in quotes.filter(|(_, quote)| !matches!(*quote, "" | "N/A")) {
            file.quote(code, quote)?;
        }
    }
    Ok(())
}

/// A day, as the histories write it or as the daily CSV does (`27 November 2026`).
fn on(text: &str) -> Result<Date, Unreadable> {
    let plain = remit_runtime::body::date(text).ok();
    let day = plain.or_else(|| Date::strptime("%d %B %Y", text).ok());
    day.ok_or_else(|| Unreadable::BadDay {
        text: text.chars().take(40).collect(),
    })
}
