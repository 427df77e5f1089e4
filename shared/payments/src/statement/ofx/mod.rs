//! OFX, and QFX, which is OFX: 1.x in SGML, 2.x in XML; bank accounts and credit cards.
//!
//! `FITID` is promised to be of one transaction alone. A day is the one that is written: the hour
//! and the offset behind it (`[-5:EST]`) say when it was there, not which day the bank booked.
//! There is no opening balance, so that the sum cannot be checked. Corrections of earlier
//! transactions (`CORRECTFITID`) are counted as informational: what was booked, a person undoes.

mod markup;

use jiff::civil::Date;
use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};

use self::markup::Node;
use super::fault::{FaultKind, Faults, Place, Refused, StatementFault};
use super::model::{AccountIdentifier, BankId, Direction, Entry, Skipped, Statement};
use super::{clean, text};

/// Digits of a card's number that are kept.
const CARD_DIGITS: usize = 4;

/// Reads the statements of a file.
///
/// # Errors
/// [`Refused`], with the faults of the file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Statement>, Refused> {
    let text = text::of_any(bytes);
    // What stands before it is the header.
    let header = text.find("<OFX>").unwrap_or_default();
    if text
        .get(..header)
        .is_some_and(|header| header.contains("<!"))
    {
        return Err(StatementFault::of_file(FaultKind::EntityRefused).into());
    }
    let body = text.get(header..).unwrap_or_default();
    if body.trim().is_empty() {
        return Err(StatementFault::of_file(FaultKind::NoStatement).into());
    }
    let above = text.get(..header).unwrap_or_default();
    let above = above.bytes().filter(|byte| *byte == b'\n').count();
    let lines_above = u32::try_from(above).unwrap_or(u32::MAX);
    let root = markup::read(body, lines_above)?;
    let mut faults = Faults::default();
    let mut statements = Vec::new();
    let kinds = [
        ("BANKMSGSRSV1", "STMTTRNRS", "STMTRS"),
        ("CREDITCARDMSGSRSV1", "CCSTMTTRNRS", "CCSTMTRS"),
    ];
    for (set, answer, statement) in kinds {
        let answers = root
            .children_named(set)
            .flat_map(|set| set.children_named(answer));
        for answer in answers {
            refuse_errors(answer)?;
            for statement in answer.children_named(statement) {
                statements.extend(read_statement(statement, &mut faults)?);
            }
        }
    }
    faults.end(statements)
}

fn refuse_errors(answer: &Node<'_>) -> Result<(), StatementFault> {
    match answer.value_at(&["STATUS", "SEVERITY"]) {
        Some(severity) if severity.eq_ignore_ascii_case("ERROR") => {
            Err(answer.fault(FaultKind::BankError))
        }
        _ => Ok(()),
    }
}

fn missing(node: &Node<'_>, field: &'static str) -> StatementFault {
    node.fault(FaultKind::Missing { field })
}

fn value(node: &Node<'_>, field: &'static str, fault: Fault) -> StatementFault {
    node.fault(FaultKind::Value { field, fault })
}

fn read_statement(statement: &Node<'_>, faults: &mut Faults) -> Result<Option<Statement>, Refused> {
    let code = statement.value_at(&["CURDEF"]);
    let code = code.ok_or_else(|| missing(statement, "CURDEF"))?;
    let currency = Currency::parse(&code.to_ascii_uppercase())
        .map_err(|fault| value(statement, "CURDEF", fault))?;
    let account = account(statement)?;
    let closing = match statement.child("LEDGERBAL") {
        Some(balance) => {
            let stated = balance.value_at(&["BALAMT"]);
            let stated = stated.ok_or_else(|| missing(balance, "BALAMT"))?;
            let read = clean::amount(stated, currency);
            faults.keep(read.map_err(|fault| value(balance, "BALAMT", fault)))?
        }
        None => None,
    };
    let list = statement.child("BANKTRANLIST");
    let day_at = |name: &str| {
        let stated = list.and_then(|list| list.value_at(&[name]));
        stated.and_then(|text| day(text).ok())
    };
    let mut read = Statement {
        account,
        currency,
        statement_id: None,
        from: day_at("DTSTART"),
        to: day_at("DTEND"),
        opening: None,
        closing,
        entries: Vec::new(),
        skipped: Skipped::default(),
        place: Place::Line(statement.line),
    };
    let lists = statement.children_named("BANKTRANLIST");
    let transactions: Vec<_> = lists
        .flat_map(|list| list.children_named("STMTTRN"))
        .collect();
    if statement.count("STMTTRN") != transactions.len() {
        let reason = "transactions stand in the list of transactions";
        return Err(statement.fault(FaultKind::NotWellFormed { reason }).into());
    }
    for transaction in transactions {
        faults.count(Place::Line(transaction.line))?;
        match faults.keep(entry(transaction, currency))? {
            Some(Read::Booked(entry)) => read.entries.push(*entry),
            Some(Read::Informational) => read.skipped.informational += 1,
            Some(Read::WithoutAmount) => read.skipped.without_amount += 1,
            None => {}
        }
    }
    let pending = statement.children_named("BANKTRANLISTP");
    for transaction in pending.flat_map(|list| list.children_named("STMTTRNP")) {
        faults.count(Place::Line(transaction.line))?;
        read.skipped.pending += 1;
    }
    Ok(Some(read))
}

fn account(statement: &Node<'_>) -> Result<AccountIdentifier, StatementFault> {
    if let Some(card) = statement.child("CCACCTFROM") {
        let number = card.value_at(&["ACCTID"]);
        let number = number.ok_or_else(|| missing(card, "ACCTID"))?;
        // A card's number is nothing to keep.
        let tail = number.chars().filter(char::is_ascii_alphanumeric);
        let tail: Vec<char> = tail.collect();
        let from = tail.len().saturating_sub(CARD_DIGITS);
        let tail: String = tail.into_iter().skip(from).collect();
        return AccountIdentifier::parse(&format!("CARD-{tail}"))
            .map_err(|fault| value(card, "ACCTID", fault));
    }
    let from = statement
        .child("BANKACCTFROM")
        .ok_or_else(|| missing(statement, "BANKACCTFROM"))?;
    let number = from
        .value_at(&["ACCTID"])
        .ok_or_else(|| missing(from, "ACCTID"))?;
    let alone = AccountIdentifier::parse(number).map_err(|fault| value(from, "ACCTID", fault))?;
    match (&alone, from.value_at(&["BANKID"])) {
        (AccountIdentifier::Other(_), Some(bank)) => {
            AccountIdentifier::parse(&format!("{bank}/{number}"))
                .map_err(|fault| value(from, "ACCTID", fault))
        }
        _ => Ok(alone),
    }
}

enum Read {
    Booked(Box<Entry>),
    Informational,
    WithoutAmount,
}

fn entry(transaction: &Node<'_>, currency: Currency) -> Result<Read, StatementFault> {
    let stated = |field: &'static str| {
        let value = transaction.value_at(&[field]);
        value.ok_or_else(|| missing(transaction, field))
    };
    let bad = |field| move |fault| value(transaction, field, fault);
    let signed = clean::amount(stated("TRNAMT")?, currency).map_err(bad("TRNAMT"))?;
    let booked_on = day(stated("DTPOSTED")?).map_err(bad("DTPOSTED"))?;
    // The amount is in this currency instead, at a rate that is no bookkeeping.
    if let Some(code) = transaction.value_at(&["CURRENCY", "CURSYM"])
        && !code.eq_ignore_ascii_case(currency.code())
    {
        let expected = currency.code().to_owned();
        return Err(bad("CURRENCY")(Fault::CurrencyMismatch { expected }));
    }
    let id = clean::bank_id(stated("FITID")?);
    if transaction.value_at(&["CORRECTFITID"]).is_some() {
        return Ok(Read::Informational);
    }
    if signed.is_zero() {
        return Ok(Read::WithoutAmount);
    }
    let (direction, amount): (Direction, Money) = if signed.is_negative() {
        (Direction::Debit, signed.negated())
    } else {
        (Direction::Credit, signed)
    };
    let value_on = transaction.value_at(&["DTAVAIL"]);
    let payer = transaction
        .value_at(&["NAME"])
        .or_else(|| transaction.value_at(&["PAYEE", "NAME"]))
        .or_else(|| transaction.value_at(&["EXTDNAME"]));
    let account = transaction
        .value_at(&["BANKACCTTO", "ACCTID"])
        .or_else(|| transaction.value_at(&["BANKACCTFROM", "ACCTID"]));
    let memo = transaction.value_at(&["MEMO"]);
    Ok(Read::Booked(Box::new(Entry {
        bank_id: id.map(BankId::Own),
        booked_on,
        value_on: value_on.map(day).transpose().map_err(bad("DTAVAIL"))?,
        amount,
        direction,
        reversal: false,
        payer_name: payer.and_then(clean::name),
        payer_account: account.and_then(clean::account),
        end_to_end_id: transaction.value_at(&["REFNUM"]).and_then(clean::reference),
        structured_reference: None,
        // Banks put what does not fit into NAME into MEMO, and the other way round.
        text: clean::joined(memo),
        batch: None,
        collective: false,
        place: Place::Line(transaction.line),
    })))
}

/// `20260131`, with or without `120000.000[-5:EST]` behind it.
fn day(text: &str) -> Result<Date, Fault> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (stamp, rest) = text.split_at_checked(digits).ok_or(Fault::BadDate)?;
    let rest = match rest.strip_prefix('.') {
        Some(rest) => rest.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let rest = rest.trim();
    let zone = rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']'));
    if !zone || !matches!(stamp.len(), 8 | 10 | 12 | 14) {
        return Err(Fault::BadDate);
    }
    let (year, rest) = stamp.split_at_checked(4).ok_or(Fault::BadDate)?;
    let (month, rest) = rest.split_at_checked(2).ok_or(Fault::BadDate)?;
    clean::date(year, month, rest.get(..2).unwrap_or_default())
}
