//! ISO 20022 bank-to-customer statements, camt.053.001.02 to .13.
//!
//! Only camt.053: reports of the day (camt.052) and notifications (camt.054) state the same money
//! before and beside the statement, often in another cut, and would book it twice.
//!
//! One booking of several transfers (`TxDtls`) becomes one entry for each where all state their
//! amounts, go the way of the booking, and come to its amount; else it stays one entry, without a
//! payer. Balances are held against the entries only where the statement is not one page of
//! several.

mod booking;
mod values;

use jiff::civil::Date;
use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};

use self::booking::{Read, read_entry};
use self::values::{amount_of, day_at, direction, value};
use super::fault::{FaultKind, Faults, Place, Refused, StatementFault};
use super::model::{AccountIdentifier, Direction, Skipped, Statement};
use super::xml::{self, Element};
use super::{clean, text};

const FAMILY: &str = "urn:iso:std:iso:20022:tech:xsd:";
const FIRST_VERSION: u32 = 2;
const LAST_VERSION: u32 = 13;

/// Reads the statements of a file.
///
/// # Errors
/// [`Refused`], with the faults of the file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Statement>, Refused> {
    let text = text::of_xml(bytes)?;
    let mut faults = Faults::default();
    let mut booked = Vec::new();
    let root = xml::read(&text, "Ntry", |entry| {
        let read = read_entry(&entry, &mut faults)?;
        booked.push(Some(read));
        Ok(())
    })?;
    let message = message(&root)?;
    let in_pages = is_page(
        message
            .child("GrpHdr")
            .and_then(|one| one.child("MsgPgntn")),
    );
    let mut statements = Vec::new();
    for statement in message.children_named("Stmt") {
        let places = statement
            .children_named("Ntry")
            .filter_map(|entry| entry.taken);
        let read = places
            .filter_map(|place| booked.get_mut(place)?.take())
            .collect();
        if let Some(statement) = faults.keep(assemble(statement, read, in_pages))? {
            statements.push(statement);
        }
    }
    if booked.iter().any(Option::is_some) {
        let reason = "entries stand in statements";
        faults.add(root.fault(FaultKind::NotWellFormed { reason }))?;
    }
    faults.end(statements)
}

/// What the document is, if it is a statement.
fn message(root: &Element) -> Result<&Element, StatementFault> {
    let other = |found| root.fault(FaultKind::OtherMessage { found });
    let Some(message) = root.child("BkToCstmrStmt") else {
        return Err(match root {
            _ if root.child("BkToCstmrAcctRpt").is_some() => other("camt.052, a report of the day"),
            _ if root.child("BkToCstmrDbtCdtNtfctn").is_some() => other("camt.054, a notification"),
            _ => root.fault(FaultKind::NoStatement),
        });
    };
    let namespace = root.namespace.as_deref().or(message.namespace.as_deref());
    let version = match namespace.map(|name| name.strip_prefix(FAMILY)) {
        // Some banks leave the namespace out; the elements are the same.
        None => return Ok(message),
        Some(name) => name.and_then(|name| name.strip_prefix("camt.053.001.")),
    };
    match version.and_then(|version| version.parse::<u32>().ok()) {
        Some(FIRST_VERSION..=LAST_VERSION) => Ok(message),
        _ => Err(root.fault(FaultKind::UnknownVersion)),
    }
}

/// Whether it is one page of several.
fn is_page(pagination: Option<&Element>) -> bool {
    pagination.is_some_and(|pages| {
        let number = pages.text_at(&["PgNb"]).unwrap_or("1");
        let last = pages.text_at(&["LastPgInd"]).unwrap_or("true");
        number.trim_start_matches('0') != "1" || !matches!(last, "true" | "1")
    })
}

fn assemble(
    statement: &Element,
    read: Vec<Read>,
    in_pages: bool,
) -> Result<Statement, StatementFault> {
    let missing = |field| statement.fault(FaultKind::Missing { field });
    let account = statement.child("Acct").ok_or_else(|| missing("Acct"))?;
    let number = account
        .text_at(&["Id", "IBAN"])
        .or_else(|| account.text_at(&["Id", "Othr", "Id"]))
        .or_else(|| account.text_at(&["Id", "PrtryAcct", "Id"]))
        .ok_or_else(|| missing("Acct/Id"))?;
    let balances = balances(statement)?;
    let first_entry = read.iter().find_map(Read::currency);
    let currency = match account.text_at(&["Ccy"]) {
        Some(code) => Currency::parse(code).map_err(|fault| value(account, "Acct/Ccy", fault))?,
        None => balances
            .first()
            .map(|balance| balance.amount.currency())
            .or(first_entry)
            .ok_or_else(|| missing("Acct/Ccy"))?,
    };
    let stated = |codes: &[&str]| {
        let by_code = |code: &&str| balances.iter().find(|balance| balance.code == *code);
        codes.iter().find_map(by_code)
    };
    // The closing balance of the day before is what this one opens with.
    let opening = stated(&["OPBD", "PRCD"]);
    let closing = stated(&["CLBD"]);
    let whole = !in_pages && !is_page(statement.child("StmtPgntn"));
    let mut assembled = Statement {
        account: AccountIdentifier::parse(number)
            .map_err(|fault| value(account, "Acct/Id", fault))?,
        currency,
        statement_id: statement.text_at(&["Id"]).and_then(clean::reference),
        from: day_at(statement, &["FrToDt", "FrDtTm"]).or(opening.and_then(|one| one.on)),
        to: day_at(statement, &["FrToDt", "ToDtTm"]).or(closing.and_then(|one| one.on)),
        opening: opening.filter(|_| whole).map(|balance| balance.amount),
        closing: closing.filter(|_| whole).map(|balance| balance.amount),
        entries: Vec::new(),
        skipped: Skipped::default(),
        place: Place::Line(statement.line),
    };
    let balances = [opening, closing].into_iter().flatten();
    let balances = balances.map(|balance| (balance.amount, assembled.place));
    let mut amounts = balances.chain(read.iter().filter_map(Read::amount));
    if let Some((_, place)) = amounts.find(|(amount, _)| amount.currency() != currency) {
        let expected = currency.code().to_owned();
        let kind = FaultKind::Value {
            field: "Amt",
            fault: Fault::CurrencyMismatch { expected },
        };
        return Err(StatementFault { place, kind });
    }
    for one in read {
        match one {
            Read::Booked(mut entries) => assembled.entries.append(&mut entries),
            Read::Pending => assembled.skipped.pending += 1,
            Read::Informational => assembled.skipped.informational += 1,
            Read::WithoutAmount => assembled.skipped.without_amount += 1,
            // Its fault is kept already.
            Read::Faulty => {}
        }
    }
    Ok(assembled)
}

struct Balance<'a> {
    code: &'a str,
    amount: Money,
    on: Option<Date>,
}

fn balances(statement: &Element) -> Result<Vec<Balance<'_>>, StatementFault> {
    let mut balances = Vec::new();
    for balance in statement.children_named("Bal") {
        let code = balance.text_at(&["Tp", "CdOrPrtry", "Cd"]);
        let code = code.or_else(|| balance.text_at(&["Tp", "Cd"]));
        // Others, such as what is available, say nothing of what was booked.
        let Some(code) = code.filter(|code| matches!(*code, "OPBD" | "PRCD" | "CLBD")) else {
            continue;
        };
        let amount = amount_of(balance)?;
        let on = day_at(balance, &["Dt", "Dt"]).or_else(|| day_at(balance, &["Dt", "DtTm"]));
        balances.push(Balance {
            code,
            amount: match direction(balance)? {
                Direction::Credit => amount,
                Direction::Debit => amount.negated(),
            },
            on,
        });
    }
    Ok(balances)
}
