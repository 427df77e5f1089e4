//! Amounts, directions and days of camt.

use jiff::civil::Date;
use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};

use super::super::clean;
use super::super::fault::{FaultKind, StatementFault};
use super::super::model::Direction;
use super::super::xml::Element;

/// A fault of a value, at an element.
pub(super) fn value(at: &Element, field: &'static str, fault: Fault) -> StatementFault {
    at.fault(FaultKind::Value { field, fault })
}

/// The amount in the element's `Amt`; it is never below zero, the direction stands beside it.
pub(super) fn amount_of(element: &Element) -> Result<Money, StatementFault> {
    let missing = || element.fault(FaultKind::Missing { field: "Amt" });
    let amount = element.child("Amt").ok_or_else(missing)?;
    let code = amount.currency.as_deref().unwrap_or_default();
    let currency = Currency::parse(code).map_err(|fault| value(amount, "Amt/@Ccy", fault))?;
    let read =
        clean::amount(&amount.text, currency).map_err(|fault| value(amount, "Amt", fault))?;
    if read.is_negative() {
        return Err(value(amount, "Amt", Fault::Negative));
    }
    Ok(read)
}

pub(super) fn direction(element: &Element) -> Result<Direction, StatementFault> {
    match element.text_at(&["CdtDbtInd"]) {
        Some("CRDT") => Ok(Direction::Credit),
        Some("DBIT") => Ok(Direction::Debit),
        Some(_) => Err(element.fault(FaultKind::UnknownWord { field: "CdtDbtInd" })),
        None => Err(element.fault(FaultKind::Missing { field: "CdtDbtInd" })),
    }
}

/// A day of a booking, stated as a day or as an instant, whose day is then the bank's.
pub(super) fn day(entry: &Element, field: &'static str) -> Result<Option<Date>, StatementFault> {
    let Some(stated) = entry.child(field) else {
        return Ok(None);
    };
    let text = stated
        .text_at(&["Dt"])
        .or_else(|| stated.text_at(&["DtTm"]));
    let Some(text) = text else {
        return Ok(None);
    };
    let bad = || value(stated, field, Fault::BadDate);
    civil(text).map(Some).ok_or_else(bad)
}

/// A day that only describes: left out where it cannot be read.
pub(super) fn day_at(element: &Element, path: &[&str]) -> Option<Date> {
    element.text_at(path).and_then(civil)
}

fn civil(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    // Behind the day stands nothing, an hour or a zone.
    let rest = text.get(10..)?;
    let ends = rest.is_empty() || rest.starts_with(['T', 'Z', '+', '-']);
    clean::date(year, month, day).ok().filter(|_| ends)
}
