//! Bank statements: a sample of each format, what is refused and where, and whatever else comes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod camt053;
mod csv;
mod csv_values;
mod detection;
mod identity;
mod mt940;
mod ofx;
mod properties;

use std::fmt::Debug;
use std::str::FromStr;

use remit_payments::statement::{
    AccountIdentifier, Direction, Entry, Refused, Source, Statement, read,
};

const CAMT053: &[u8] = include_bytes!("samples/camt053.xml");
const MT940_GERMAN: &[u8] = include_bytes!("samples/mt940_german.sta");
const MT940_DUTCH: &[u8] = include_bytes!("samples/mt940_dutch.sta");
const OFX_BANK: &[u8] = include_bytes!("samples/bank.ofx");
const OFX_CARD: &[u8] = include_bytes!("samples/card.ofx");
const TABLE: &[u8] = include_bytes!("samples/table.csv");

/// The value that a text stands for.
fn of<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn account() -> AccountIdentifier {
    AccountIdentifier::parse("DE89370400440532013000").unwrap()
}

/// An entry as one line: day, amount with its sign, and what it says of itself.
fn line(entry: &Entry) -> String {
    let sign = match entry.direction {
        Direction::Credit => '+',
        Direction::Debit => '-',
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    format!(
        "{} {sign}{}{} | {} | {} | {} | {} | {}",
        entry.booked_on,
        entry.amount,
        if entry.reversal { " reversal" } else { "" },
        text(&entry.payer_name),
        text(&entry.payer_account),
        text(&entry.end_to_end_id),
        text(&entry.structured_reference),
        entry.text,
    )
}

fn lines(statement: &Statement) -> Vec<String> {
    statement.entries.iter().map(line).collect()
}

/// The faults of a file, one a line: place and code.
fn faults(refused: &Refused) -> Vec<String> {
    let faults = refused.faults().iter();
    faults
        .map(|fault| format!("{}: {}", fault.place, fault.kind.code()))
        .collect()
}

fn refused(bytes: &[u8], source: Source<'_>) -> Vec<String> {
    match read(bytes, source) {
        Ok(statements) => panic!("read: {statements:?}"),
        Err(refused) => faults(&refused),
    }
}

/// A sample with one part of it changed.
fn changed(sample: &[u8], from: &str, to: &str) -> Vec<u8> {
    let place = sample
        .windows(from.len())
        .position(|window| window == from.as_bytes());
    let place = place.unwrap_or_else(|| panic!("{from} is not in the sample"));
    let mut bytes = sample.to_vec();
    bytes.splice(place..place + from.len(), to.bytes());
    bytes
}
