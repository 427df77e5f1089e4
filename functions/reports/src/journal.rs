//! The ledger's entries of a period, posting by posting, for whoever keeps the books elsewhere.

use remit_billing::fault::Fault;
use remit_billing::ledger::LedgerTransaction;
use remit_operations::shown::ledger::entry;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::{Value, json};

use crate::App;
use crate::export::{self, Program};
use crate::period::{self, MAX_DAYS};
use crate::sheet::{self, Cell, Format, Sheet};

const FORMS: &[&str] = &["json", "csv", "xero", "quickbooks", "datev"];

/// The form of the answer.
enum Form {
    /// Remit's own.
    Own(Format),
    /// Another program's.
    Of(Program),
}

impl Form {
    fn parse(text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "json" => Self::Own(Format::Json),
            "csv" => Self::Own(Format::Csv),
            "xero" => Self::Of(Program::Xero),
            "quickbooks" => Self::Of(Program::QuickBooks),
            "datev" => Self::Of(Program::Datev),
            _ => return Err(Fault::UnknownValue { allowed: FORMS }),
        })
    }
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let period = period::read(&mut parameters, MAX_DAYS);
    let form = parameters.optional("format", Form::parse);
    parameters.finish()?;
    let period = period::known(period)?;
    let format = match form.unwrap_or(Form::Own(Format::Json)) {
        Form::Own(format) => format,
        Form::Of(program) => {
            return export::answer(app, principal.account_id, period, program).await;
        }
    };
    let entries = period.entries(app, principal.account_id).await?;
    let (from, to) = (period.from, period.to);
    let data: Value = entries.iter().map(entry).collect();
    let sheet = Sheet {
        name: format!("journal-{from}-{to}"),
        columns: vec![
            "date",
            "entry",
            "cause",
            "document",
            "client",
            "account",
            "currency",
            "debit",
            "credit",
            "books_currency",
            "books_debit",
            "books_credit",
        ],
        rows: entries.iter().flat_map(rows).collect(),
    };
    let view = json!({"from": from, "to": to, "data": data});
    sheet::answer(format, &view, &sheet)
}

fn rows(entry: &LedgerTransaction) -> Vec<Vec<Cell>> {
    let sides = |amount: remit_billing::money::Money| match amount.is_negative() {
        true => (String::new(), amount.negated().amount_text()),
        false => (amount.amount_text(), String::new()),
    };
    let postings = entry.postings.iter().map(|posting| {
        let (debit, credit) = sides(posting.amount);
        let (books, (books_debit, books_credit)) = match posting.books {
            Some(books) => (books.currency().code(), sides(books)),
            None => ("", (String::new(), String::new())),
        };
        vec![
            Cell::plain(entry.booked_on),
            Cell::plain(entry.id),
            sheet::word(entry.cause),
            Cell::plain(&entry.document),
            Cell::plain(entry.client_id.map(|id| id.to_string()).unwrap_or_default()),
            sheet::word(posting.account),
            Cell::plain(posting.amount.currency().code()),
            Cell::Plain(debit),
            Cell::Plain(credit),
            Cell::plain(books),
            Cell::Plain(books_debit),
            Cell::Plain(books_credit),
        ]
    });
    postings.collect()
}
