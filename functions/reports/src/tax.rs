//! Tax by name, rate and kind, on an accrual or a cash basis.

use remit_billing::account::Account;
use remit_billing::fault::Fault;
use remit_billing::ledger::LedgerTransaction;
use remit_billing::report::{BaseAndTax, TaxEvent, TaxReport};
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::keys;
use serde_json::{Map, Value, json};

use crate::App;
use crate::documents::{Documents, TaxedBy};
use crate::period::{self, MAX_DAYS};
use crate::sheet::{self, Cell, Format, Sheet};

const BASES: &[&str] = &["accrual", "cash"];

/// When a tax counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// When a document is issued.
    Accrual,
    /// When it is paid.
    Cash,
}

impl Basis {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "accrual" => Ok(Self::Accrual),
            "cash" => Ok(Self::Cash),
            _ => Err(Fault::UnknownValue { allowed: BASES }),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Accrual => "accrual",
            Self::Cash => "cash",
        }
    }

    fn events(self) -> &'static [TaxEvent] {
        match self {
            Self::Accrual => &TaxEvent::ACCRUAL,
            Self::Cash => &TaxEvent::CASH,
        }
    }
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account_id = request.principal()?.account_id;
    let mut parameters = request.query();
    let period = period::read(&mut parameters, MAX_DAYS);
    let basis = parameters.optional("basis", Basis::parse);
    let format = Format::read(&mut parameters);
    parameters.finish()?;
    let period = period::known(period)?;
    let basis = basis.unwrap_or(Basis::Accrual);
    let mut batch = Batch::read(&app.ports.store, &[keys::account(account_id)]).await?;
    let account = batch.need::<Account>()?.value;
    let entries = period.entries(app, account_id).await?;
    let mut report = TaxReport::new(account.currency);
    match basis {
        Basis::Accrual => {
            let documents = Documents::issued(app, account_id, &entries).await?;
            for entry in &entries {
                accrue(&mut report, entry, &documents)?;
            }
        }
        Basis::Cash => {
            let documents = Documents::settled(app, account_id, &entries).await?;
            for entry in &entries {
                if let Some((invoice, notes)) = documents.settled_by(entry)? {
                    let settled = report.settled(entry, invoice, notes);
                    settled.map_err(Problem::internal)?;
                }
            }
        }
    }
    let books = account.currency.code();
    let (from, to) = (period.from, period.to);
    let mut view = json!({
        "from": from,
        "to": to,
        "basis": basis.as_str(),
        "books_currency": books,
        "data": view(&report, basis),
    });
    if basis == Basis::Accrual {
        let payable = report.tax_payable.iter();
        let payable = payable.map(|(code, sum)| ((*code).to_owned(), json!(sum.amount_text())));
        view["tax_payable"] = Value::Object(payable.collect());
    }
    let mut columns = vec!["currency", "kind", "name", "rate"];
    columns.extend(match basis {
        Basis::Accrual => [
            "invoiced_base",
            "invoiced_tax",
            "credited_base",
            "credited_tax",
            "voided_base",
            "voided_tax",
        ]
        .as_slice(),
        Basis::Cash => [
            "received_base",
            "received_tax",
            "given_back_base",
            "given_back_tax",
        ]
        .as_slice(),
    });
    columns.extend(["base", "tax", "books_currency", "books_base", "books_tax"]);
    let sheet = Sheet {
        name: format!("tax-{}-{from}-{to}", basis.as_str()),
        columns,
        rows: rows(&report, basis, books),
    };
    sheet::answer(format, &view, &sheet)
}

fn accrue(
    report: &mut TaxReport,
    entry: &LedgerTransaction,
    documents: &Documents,
) -> Result<(), Problem> {
    let taken = match documents.taxed_by(entry)? {
        Some(TaxedBy::Issued(invoice)) => report.invoiced(entry, invoice),
        Some(TaxedBy::Voided(invoice)) => report.voided(entry, invoice),
        Some(TaxedBy::Credited(note)) => report.credited(entry, note),
        None => Ok(()),
    };
    taken.map_err(Problem::internal)
}

fn amounts(of: &BaseAndTax) -> Value {
    json!({"base": of.base.amount_text(), "tax": of.tax.amount_text()})
}

fn view(report: &TaxReport, basis: Basis) -> Value {
    let rows = report.rows.iter().map(|(key, row)| {
        let mut view = json!({
            "currency": key.currency,
            "kind": key.kind,
            "name": key.name,
            "rate": key.rate.to_string(),
            "base": row.total.base.amount_text(),
            "tax": row.total.tax.amount_text(),
            "books": row.books.as_ref().map(amounts),
        });
        let none = BaseAndTax::none(row.total.base.currency());
        let events: Map<String, Value> = basis
            .events()
            .iter()
            .map(|event| {
                let of_event = row.by_event.get(event).unwrap_or(&none);
                (event.as_str().to_owned(), amounts(of_event))
            })
            .collect();
        if let Value::Object(fields) = &mut view {
            fields.extend(events);
        }
        view
    });
    rows.collect()
}

fn rows(report: &TaxReport, basis: Basis, books: &str) -> Vec<Vec<Cell>> {
    let rows = report.rows.iter().map(|(key, row)| {
        let mut cells = vec![
            Cell::plain(key.currency),
            Cell::plain(key.kind.as_str()),
            Cell::Written(key.name.clone()),
            Cell::plain(key.rate),
        ];
        let none = BaseAndTax::none(row.total.base.currency());
        let events = basis.events().iter();
        let of_events = events.map(|event| row.by_event.get(event).unwrap_or(&none));
        for of in of_events.chain([&row.total]) {
            cells.push(Cell::plain(of.base.amount_text()));
            cells.push(Cell::plain(of.tax.amount_text()));
        }
        let in_books = row.books.as_ref();
        let text = |amount: Option<String>| Cell::Plain(amount.unwrap_or_default());
        cells.push(Cell::plain(books));
        cells.push(text(in_books.map(|of| of.base.amount_text())));
        cells.push(text(in_books.map(|of| of.tax.amount_text())));
        cells
    });
    rows.collect()
}
