//! The journal in the bookkeeper's codes, as a file that another program reads.
//!
//! A period is a month at most, and complete: whatever of it could not be told right is refused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, Unit};
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::journal::{
    CodedEntry, Coding, JournalRefusal, OwedTax, Rows, TableCell, datev, quickbooks, xero,
};
use remit_billing::ledger::{LedgerAccount, LedgerTransaction};
use remit_billing::ledger_codes::LedgerCodes;
use remit_billing::money::MoneyError;
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::Response;
use remit_store::{from_item, keys};

use crate::App;
use crate::documents::{Documents, TaxedBy};
use crate::period::Period;
use crate::sheet::{self, Cell, Sheet};

/// The program that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Xero,
    QuickBooks,
    Datev,
}

/// Days of one file: a month.
const MAX_DAYS: i32 = 31;

pub(crate) async fn answer(
    app: &App,
    account_id: AccountId,
    period: Period,
    program: Program,
) -> Result<Response, Problem> {
    check(period)?;
    let wanted = [keys::account(account_id), keys::ledger_codes(account_id)];
    let mut batch = Batch::read(&app.ports.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let codes = batch.take::<LedgerCodes>()?.map(|found| found.value);
    let codes = codes.unwrap_or_else(|| LedgerCodes::none(account_id, app.ports.now()));
    let entries = period.entries(app, account_id).await?;
    let coded = coded(app, account_id, &entries, &codes).await?;
    let (from, to) = (period.from, period.to);
    match program {
        Program::Xero => {
            let rate = codes.xero_tax_rate.as_ref();
            let rate = rate.map_or(LedgerCodes::XERO_TAX_RATE, |rate| rate.as_str());
            let rows = xero::rows(&coded, rate);
            let name = format!("xero-{from}-{to}");
            sheet::csv(&table(name, xero::COLUMNS, rows))
        }
        Program::QuickBooks => {
            let rows = quickbooks::rows(&coded);
            let name = format!("quickbooks-{from}-{to}");
            sheet::csv(&table(name, quickbooks::COLUMNS, rows))
        }
        Program::Datev => {
            let datev = codes.datev.ok_or(JournalRefusal::DatevMissing)?;
            let batch = datev::Batch {
                datev,
                from,
                to,
                currency: account.currency,
                is_closed: account.books_locked_until.is_some_and(|until| to <= until),
                now: app.ports.now(),
                zone: &account.time_zone,
            };
            let file = datev::file(&batch, &coded).map_err(|why| match why {
                datev::NoFile::Refused(refusal) => refusal.into(),
                datev::NoFile::Money(error) => Problem::internal(error),
            })?;
            // DATEV's programs read Windows-1252; what it does not have is a question mark.
            let bytes: Vec<u8> = file.chars().flat_map(windows_1252).collect();
            let name = format!("EXTF_Buchungsstapel_{from}_{to}");
            sheet::file(
                &name,
                "text/csv; charset=windows-1252; header=present",
                &bytes,
            )
        }
    }
}

fn check(period: Period) -> Result<(), Problem> {
    let Period { from, to } = period;
    let days = from
        .until((Unit::Day, to))
        .map_or(0, |span| span.get_days());
    if days < MAX_DAYS {
        return Ok(());
    }
    let latest = from.checked_add((MAX_DAYS - 1).days()).unwrap_or(from);
    let fault = remit_billing::fault::PointedFault::new("to", Fault::TooLate { latest });
    Err(Problem::invalid_query(vec![fault]))
}

fn windows_1252(character: char) -> Vec<u8> {
    let mut buffer = [0; 4];
    let (bytes, _, is_lost) = encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
    match is_lost {
        true => vec![b'?'],
        false => bytes.into_owned(),
    }
}

/// The entries in the bookkeeper's codes.
async fn coded(
    app: &App,
    account: AccountId,
    entries: &[LedgerTransaction],
    codes: &LedgerCodes,
) -> Result<Vec<CodedEntry>, Problem> {
    let is_taxed = |entry: &&LedgerTransaction| {
        let mut postings = entry.postings.iter();
        postings.any(|of| of.account == LedgerAccount::TaxPayable)
    };
    let documents = match codes.taxes.is_empty() {
        true => Documents::default(),
        false => {
            let taxed: Vec<_> = entries.iter().filter(is_taxed).cloned().collect();
            Documents::issued(app, account, &taxed).await?
        }
    };
    let names = names(app, account, entries).await?;
    let mut coding = Coding::new(codes);
    for entry in entries {
        let taxes = match codes.taxes.is_empty() || !is_taxed(&entry) {
            true => Vec::new(),
            false => owed(&documents, entry)?,
        };
        let client = entry.client_id.and_then(|id| names.get(&id).cloned());
        let added = coding.add(entry, &taxes, client.unwrap_or_default());
        added.map_err(Problem::internal)?;
    }
    Ok(coding.finish()?)
}

/// The taxes of the document that an entry is about, as far as they are owed.
fn owed(documents: &Documents, entry: &LedgerTransaction) -> Result<Vec<OwedTax>, Problem> {
    let of_note = |note: &remit_billing::credit_note::CreditNote| -> Result<_, MoneyError> {
        let taxes = note.credited.taxes()?.into_iter();
        Ok(taxes.map(|part| part.stated()).collect::<Vec<_>>())
    };
    let taxes = match documents.taxed_by(entry)? {
        Some(TaxedBy::Issued(invoice) | TaxedBy::Voided(invoice)) => invoice.totals.taxes.clone(),
        Some(TaxedBy::Credited(note)) => of_note(note).map_err(Problem::internal)?,
        None => Vec::new(),
    };
    let taxes = taxes.into_iter().filter(|of| !of.kind.is_withholding());
    Ok(taxes
        .map(|of| OwedTax {
            name: of.name.to_string(),
            rate: of.rate,
            kind: of.kind,
            amount: of.amount,
        })
        .collect())
}

/// What the clients of entries are called.
async fn names(
    app: &App,
    account: AccountId,
    entries: &[LedgerTransaction],
) -> Result<BTreeMap<ClientId, String>, Problem> {
    let ids: BTreeSet<ClientId> = entries.iter().filter_map(|entry| entry.client_id).collect();
    let wanted: Vec<_> = ids.iter().map(|id| keys::client(account, *id)).collect();
    let found = app.ports.store.get_many_items(&wanted).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let mut names = BTreeMap::new();
    for item in found.into_iter().flatten() {
        let client = from_item::<Client>(item).map_err(|error| Problem::store(&error))?;
        names.insert(client.value.id, client.value.name.to_string());
    }
    Ok(names)
}

fn table(name: String, columns: &[&'static str], rows: Rows) -> Sheet {
    let cell = |cell: TableCell| match cell {
        TableCell::Plain(text) => Cell::Plain(text),
        TableCell::Written(text) => Cell::Written(text),
    };
    let rows = rows.into_iter();
    Sheet {
        name,
        columns: columns.to_vec(),
        rows: rows
            .map(|row| row.into_iter().map(cell).collect())
            .collect(),
    }
}
