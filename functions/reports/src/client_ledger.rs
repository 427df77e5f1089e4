//! What one client owed and had: opening balance, each entry, closing balance, by currency.
//!
//! The ledger has no index by client, as a place there would cost every commit a unit; so the months
//! of the account are read and filtered. The opening balance is the sum of all of the client's entries
//! before the period, from where the books begin: no sum is kept that could be wrong.

use std::collections::BTreeMap;

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::ids::{AccountId, ClientId, PaymentId};
use remit_billing::payment::Payment;
use remit_billing::report::{ClientAccount, ClientLedger};
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{Index, Query, Range, from_item, keys};
use serde_json::{Value, json};

use crate::App;
use crate::period::{self, MAX_DAYS, MAX_ENTRIES, Period};
use crate::sheet::{self, Cell, Format, Sheet};

/// Entries of the account that are read for the opening balance.
const MAX_BEFORE: usize = 100_000;

type References = BTreeMap<String, String>;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account_id = request.principal()?.account_id;
    let mut parameters = request.query();
    let client_id = parameters.required("client_id", str::parse::<ClientId>);
    let period = period::read(&mut parameters, MAX_DAYS);
    let format = Format::read(&mut parameters);
    parameters.finish()?;
    let (client_id, period) = (period::known(client_id)?, period::known(period)?);
    let wanted = [
        keys::client(account_id, client_id),
        keys::account(account_id),
    ];
    let mut batch = Batch::read(&app.ports.store, &wanted).await?;
    let client = batch.need::<Client>()?;
    let account = batch.need::<Account>()?.value;

    let is_clients = Some(client_id);
    let mut ledger = ClientLedger::default();
    let begin = account.books_begin();
    if let Some(to) = period.from.yesterday().ok().filter(|to| begin <= *to) {
        let before = Period { from: begin, to };
        before
            .each(app, account_id, MAX_BEFORE, |entry| {
                match entry.client_id == is_clients {
                    true => ledger.carry(&entry).map_err(Problem::internal),
                    false => Ok(()),
                }
            })
            .await?;
    }
    period
        .each(app, account_id, MAX_ENTRIES, |entry| {
            match entry.client_id == is_clients {
                true => ledger.add(entry).map_err(Problem::internal),
                false => Ok(()),
            }
        })
        .await?;

    let references = references(app, account_id, client_id, &ledger).await?;
    let (from, to) = (period.from, period.to);
    let currencies = ledger.0.iter();
    let currencies = currencies.map(|(code, account)| view(code, account, &references));
    let view = json!({
        "client_id": client_id,
        "name": client.value.name,
        "from": from,
        "to": to,
        "data": currencies.collect::<Value>(),
    });
    let sheet = Sheet {
        name: format!("client-ledger-{client_id}-{from}-{to}"),
        columns: vec![
            "currency",
            "date",
            "what",
            "document",
            "number",
            "reference",
            "receivable",
            "client_balance",
            "balance",
        ],
        rows: rows(&ledger, period, &references),
    };
    sheet::answer(format, &view, &sheet)
}

fn view(code: &str, account: &ClientAccount, references: &References) -> Value {
    let lines = account.lines.iter().map(|line| {
        let entry = &line.entry;
        json!({
            "date": entry.booked_on,
            "entry_id": entry.id,
            "cause": entry.cause,
            "document_id": entry.document,
            "number": entry.number,
            "reference": references.get(&entry.document),
            "receivable": line.receivable.amount_text(),
            "client_balance": line.balance.amount_text(),
            "balance": line.running.amount_text(),
        })
    });
    json!({
        "currency": code,
        "opening": account.opening.amount_text(),
        "entries": lines.collect::<Value>(),
        "closing": account.closing.amount_text(),
    })
}

fn rows(ledger: &ClientLedger, period: Period, references: &References) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (code, account) in &ledger.0 {
        let end = |day, what: &str, amount: String| {
            let mut row = vec![Cell::plain(code), Cell::plain(day), Cell::plain(what)];
            row.extend((0..5).map(|_| Cell::plain("")));
            row.push(Cell::Plain(amount));
            row
        };
        let opening = account.opening.amount_text();
        rows.push(end(period.from, "opening", opening));
        for line in &account.lines {
            let entry = &line.entry;
            let number = entry.number.as_ref().map(ToString::to_string);
            let reference = references.get(&entry.document).cloned();
            rows.push(vec![
                Cell::plain(code),
                Cell::plain(entry.booked_on),
                sheet::word(entry.cause),
                Cell::plain(&entry.document),
                Cell::Written(number.unwrap_or_default()),
                Cell::Written(reference.unwrap_or_default()),
                Cell::plain(line.receivable.amount_text()),
                Cell::plain(line.balance.amount_text()),
                Cell::plain(line.running.amount_text()),
            ]);
        }
        let closing = account.closing.amount_text();
        rows.push(end(period.to, "closing", closing));
    }
    rows
}

/// The rail's own references of the payments that the entries are about. Ids of payments grow with
/// time, so those of a period are one range of the client's.
async fn references(
    app: &App,
    account: AccountId,
    client: ClientId,
    ledger: &ClientLedger,
) -> Result<References, Problem> {
    let lines = ledger.0.values().flat_map(|account| &account.lines);
    let ids = lines.filter_map(|line| line.entry.document.parse::<PaymentId>().ok());
    let ids: Vec<PaymentId> = ids.collect();
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
        return Ok(References::new());
    };
    let range = Range::Between(keys::client_payment(*first), keys::client_payment(*last));
    let partition = keys::client_partition(account, client);
    let query = Query::on(Index::ByClient, partition).range(range);
    let items = app.ports.store.query_all_items(&query, MAX_ENTRIES).await;
    let mut references = References::new();
    for item in items.map_err(|error| Problem::store(&error))? {
        let payment = from_item::<Payment>(item).map_err(|error| Problem::store(&error))?;
        let payment = payment.value;
        let reference = payment.reference.as_str().to_owned();
        references.insert(payment.id.to_string(), reference);
    }
    Ok(references)
}
