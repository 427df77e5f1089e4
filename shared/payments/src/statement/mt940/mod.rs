//! SWIFT MT940, one message or many, with or without its envelope.
//!
//! The pages of one statement (`:60M:`, `:62M:`) are put together; each has to open with what
//! the page before closed with. One whose last pages are missing reads as far as it goes. Years
//! have two digits: 80 to 99 are of the last century.
//!
//! The bank's reference behind `//` is not promised to be unique: it is one part of an entry's
//! identity, not all of it. What `:86:` holds is each country's own: see `details.rs`.

mod details;
mod fields;

use jiff::civil::Date;
use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};

use self::fields::{Field, Part};
use super::fault::{FaultKind, Faults, Place, Refused, StatementFault};
use super::model::{AccountIdentifier, BankId, Direction, Entry, Skipped, Statement};
use super::{clean, text};

/// Reads the statements of a file.
///
/// # Errors
/// [`Refused`], with the faults of the file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Statement>, Refused> {
    let text = text::of_any(bytes);
    let mut faults = Faults::default();
    let mut pages = Vec::new();
    let mut page: Option<Page> = None;
    for part in fields::of(&text)? {
        let field = match part {
            Part::Field(field) => field,
            Part::End => {
                if let Some(ended) = page.take() {
                    pages.push(ended.finished()?);
                }
                continue;
            }
        };
        // Files without an envelope do not say where a message ends: the next begins.
        let begins = match field.tag {
            "20" => true,
            "25" | "25P" | "28" | "28C" | "60F" | "60M" => {
                page.as_ref().is_some_and(|page| page.closing.is_some())
            }
            _ => false,
        };
        if begins && let Some(ended) = page.take() {
            pages.push(ended.finished()?);
        }
        let page = page.get_or_insert_with(|| Page::new(field.line));
        page.take(&field, &mut faults)?;
    }
    if let Some(ended) = page.take() {
        pages.push(ended.finished()?);
    }
    let statements = put_together(pages)?;
    faults.end(statements)
}

/// A balance, and whether another page goes on from it.
#[derive(Clone, Copy)]
struct Balance {
    amount: Money,
    on: Date,
    intermediate: bool,
}

/// One message: a statement or a page of one.
struct Page {
    line: u32,
    account: Option<AccountIdentifier>,
    number: Option<String>,
    opening: Option<Balance>,
    closing: Option<Balance>,
    entries: Vec<Entry>,
    skipped: Skipped,
    /// The field before was an entry, so that `:86:` tells of it.
    after: After,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Entry,
    Skipped,
    Other,
}

impl Page {
    fn new(line: u32) -> Self {
        Self {
            line,
            account: None,
            number: None,
            opening: None,
            closing: None,
            entries: Vec::new(),
            skipped: Skipped::default(),
            after: After::Other,
        }
    }

    fn take(&mut self, field: &Field<'_>, faults: &mut Faults) -> Result<(), Refused> {
        let after = std::mem::replace(&mut self.after, After::Other);
        match field.tag {
            "25" | "25P" => self.account = Some(account(field)?),
            "28" | "28C" => self.number = clean::reference(field.first()),
            "60F" | "60M" => self.opening = Some(balance(field)?),
            "62F" | "62M" => self.closing = Some(balance(field)?),
            "61" => {
                faults.count(Place::Line(field.line))?;
                self.after = match faults.keep(self.entry(field))? {
                    Some(Read::Booked(entry)) => {
                        self.entries.push(*entry);
                        After::Entry
                    }
                    Some(Read::Pending) => {
                        self.skipped.pending += 1;
                        After::Skipped
                    }
                    Some(Read::WithoutAmount) => {
                        self.skipped.without_amount += 1;
                        After::Skipped
                    }
                    None => After::Skipped,
                };
            }
            "86" if after == After::Entry => {
                if let Some(entry) = self.entries.last_mut() {
                    details::read(field, entry);
                }
            }
            // `:86:` of the statement as a whole, what is available, and what banks add.
            _ => {}
        }
        Ok(())
    }

    fn entry(&self, field: &Field<'_>) -> Result<Read, StatementFault> {
        let missing = |field: &'static str| FaultKind::Missing { field };
        let opening = self.opening.ok_or_else(|| field.fault(missing(":60F:")))?;
        if self.closing.is_some() {
            let reason = "entries stand before the closing balance";
            return Err(field.fault(FaultKind::NotWellFormed { reason }));
        }
        entry(field, opening.amount.currency())
    }

    fn finished(self) -> Result<FullPage, StatementFault> {
        let missing = |field| StatementFault::at(self.line, FaultKind::Missing { field });
        Ok(FullPage {
            account: self.account.ok_or_else(|| missing(":25:"))?,
            opening: self.opening.ok_or_else(|| missing(":60F:"))?,
            closing: self.closing.ok_or_else(|| missing(":62F:"))?,
            number: self.number,
            entries: self.entries,
            skipped: self.skipped,
            line: self.line,
        })
    }
}

/// A page that has all that a page must have.
struct FullPage {
    line: u32,
    account: AccountIdentifier,
    number: Option<String>,
    opening: Balance,
    closing: Balance,
    entries: Vec<Entry>,
    skipped: Skipped,
}

impl FullPage {
    fn statement(self) -> Result<Statement, StatementFault> {
        let currency = self.opening.amount.currency();
        if self.closing.amount.currency() != currency {
            let expected = currency.code().to_owned();
            let fault = Fault::CurrencyMismatch { expected };
            let field = ":62F:";
            let kind = FaultKind::Value { field, fault };
            return Err(StatementFault::at(self.line, kind));
        }
        Ok(Statement {
            account: self.account,
            currency,
            statement_id: self.number,
            from: Some(self.opening.on),
            to: Some(self.closing.on),
            opening: Some(self.opening.amount),
            closing: Some(self.closing.amount),
            entries: self.entries,
            skipped: self.skipped,
            place: Place::Line(self.line),
        })
    }
}

/// Pages in the order of the file, those of one statement as one.
fn put_together(pages: Vec<FullPage>) -> Result<Vec<Statement>, StatementFault> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut goes_on = false;
    for page in pages {
        let opens = page.opening.intermediate;
        let closes = page.closing.intermediate;
        let line = page.line;
        let page = page.statement()?;
        match statements.last_mut() {
            Some(last) if goes_on && opens && last.account == page.account => {
                if let (Some(stated), Some(reckoned)) = (page.opening, last.closing)
                    && stated != reckoned
                {
                    let kind = FaultKind::DoesNotAddUp { reckoned, stated };
                    return Err(StatementFault::at(line, kind));
                }
                last.to = page.to;
                last.closing = page.closing;
                last.entries.extend(page.entries);
                last.skipped.pending += page.skipped.pending;
                last.skipped.without_amount += page.skipped.without_amount;
            }
            _ => statements.push(page),
        }
        goes_on = closes;
    }
    Ok(statements)
}

fn value(field: &Field<'_>, name: &'static str, fault: Fault) -> StatementFault {
    field.fault(FaultKind::Value { field: name, fault })
}

/// `:25:`, an account: alone, behind the bank's code, or with its currency.
fn account(field: &Field<'_>) -> Result<AccountIdentifier, StatementFault> {
    let text = field.first().trim();
    let whole = AccountIdentifier::parse(text).map_err(|fault| value(field, ":25:", fault))?;
    if let AccountIdentifier::Iban(_) = whole {
        return Ok(whole);
    }
    let without_currency = text
        .len()
        .checked_sub(3)
        .and_then(|cut| text.split_at_checked(cut))
        .filter(|(_, code)| Currency::parse(code).is_ok())
        .map(|(number, _)| number);
    let behind_bank = without_currency.unwrap_or(text).rsplit('/').next();
    let forms = [without_currency, behind_bank];
    let iban = forms.into_iter().flatten().find_map(|form| {
        let read = AccountIdentifier::parse(form).ok();
        read.filter(|one| matches!(one, AccountIdentifier::Iban(_)))
    });
    Ok(iban.unwrap_or(whole))
}

/// `C260131EUR1234,56`.
fn balance(field: &Field<'_>) -> Result<Balance, StatementFault> {
    const NAME: &str = "balance";
    let text = field.first().trim();
    let bad = |fault| value(field, NAME, fault);
    let short = || {
        let reason = "a balance has a mark, a day, a currency and an amount";
        field.fault(FaultKind::NotWellFormed { reason })
    };
    let (mark, rest) = text.split_at_checked(1).ok_or_else(short)?;
    let (day, rest) = rest.split_at_checked(6).ok_or_else(short)?;
    let (code, amount) = rest.split_at_checked(3).ok_or_else(short)?;
    let currency = Currency::parse(code).map_err(bad)?;
    let amount = unsigned(amount, currency).map_err(bad)?;
    Ok(Balance {
        amount: match mark {
            "C" => amount,
            "D" => amount.negated(),
            _ => return Err(field.fault(FaultKind::UnknownWord { field: NAME })),
        },
        on: full_day(day).map_err(bad)?,
        intermediate: field.tag.ends_with('M'),
    })
}

/// An amount without a sign: the mark before it is its sign.
fn unsigned(text: &str, currency: Currency) -> Result<Money, Fault> {
    if text.starts_with(['+', '-']) {
        return Err(Fault::NotADecimal);
    }
    clean::amount(text, currency)
}

/// Six digits, `YYMMDD`.
fn full_day(digits: &str) -> Result<Date, Fault> {
    let (year, rest) = digits.split_at_checked(2).ok_or(Fault::BadDate)?;
    let (month, day) = rest.split_at_checked(2).ok_or(Fault::BadDate)?;
    clean::date(&clean::full_year(year)?, month, day)
}

/// Four digits, `MMDD`, in the year that is nearest to the value day: what is booked on
/// 31 December may count from 2 January.
fn near_day(digits: &str, near: Date) -> Result<Date, Fault> {
    let (month, day) = digits.split_at_checked(2).ok_or(Fault::BadDate)?;
    let years = (near.year() - 1)..=(near.year() + 1);
    years
        .filter_map(|year| clean::date(&year.to_string(), month, day).ok())
        .min_by_key(|date| near.duration_until(*date).abs())
        .ok_or(Fault::BadDate)
}

enum Read {
    Booked(Box<Entry>),
    Pending,
    WithoutAmount,
}

/// `:61:2601310131C1234,56NTRFcustomer's reference//bank's reference`.
fn entry(field: &Field<'_>, currency: Currency) -> Result<Read, StatementFault> {
    const NAME: &str = ":61:";
    let bad = |fault| value(field, NAME, fault);
    let short = || {
        let reason = "an entry has a day, a mark, an amount and a type";
        field.fault(FaultKind::NotWellFormed { reason })
    };
    let (day, rest) = field.first().trim().split_at_checked(6).ok_or_else(short)?;
    let value_on = full_day(day).map_err(bad)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (entry_day, rest) = match digits {
        0 => (None, rest),
        4 => rest
            .split_at_checked(4)
            .map(|(day, rest)| (Some(day), rest))
            .ok_or_else(short)?,
        _ => return Err(bad(Fault::BadDate)),
    };
    let booked_on = match entry_day {
        Some(day) => near_day(day, value_on).map_err(bad)?,
        None => value_on,
    };
    let marks = [
        // Taking back a credit is a debit, and the other way round.
        ("RC", Direction::Debit, true, false),
        ("RD", Direction::Credit, true, false),
        // Expected, as in interim reports.
        ("EC", Direction::Credit, false, true),
        ("ED", Direction::Debit, false, true),
        ("C", Direction::Credit, false, false),
        ("D", Direction::Debit, false, false),
    ];
    let known = marks
        .iter()
        .find_map(|mark| rest.strip_prefix(mark.0).map(|rest| (mark, rest)));
    let Some(((_, direction, reversal, pending), rest)) = known else {
        return Err(field.fault(FaultKind::UnknownWord { field: NAME }));
    };
    // The funds code: the third letter of the currency.
    let rest = rest
        .strip_prefix(|c: char| c.is_ascii_uppercase())
        .unwrap_or(rest);
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
        .unwrap_or(rest.len());
    let (amount, rest) = rest.split_at_checked(end).ok_or_else(short)?;
    let amount = unsigned(amount, currency).map_err(bad)?;
    // A letter and three of the kind of transaction.
    let (kind, references) = rest.split_at_checked(4).ok_or_else(short)?;
    let returned = kind.ends_with("RTI");
    if *pending {
        return Ok(Read::Pending);
    }
    if amount.is_zero() {
        return Ok(Read::WithoutAmount);
    }
    let (own, bank) = match references.split_once("//") {
        Some((own, bank)) => (own, clean::bank_id(bank)),
        None => (references, None),
    };
    Ok(Read::Booked(Box::new(Entry {
        bank_id: bank.map(BankId::Shared),
        booked_on,
        value_on: Some(value_on),
        amount,
        direction: *direction,
        reversal: *reversal || returned,
        payer_name: None,
        payer_account: None,
        end_to_end_id: clean::reference(own),
        structured_reference: None,
        text: clean::joined(field.lines.iter().skip(1).copied()),
        batch: None,
        collective: false,
        place: Place::Line(field.line),
    })))
}
