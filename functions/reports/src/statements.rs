//! A client's statement of account: `GET /v1/clients/{client_id}/statements` shows it, `POST` sends it.
//!
//! It is read from the client's own invoices, and so costs what that client has, and nothing of the account's
//! ledger. What the client has that is not applied is as it is now.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::fault::PointedFault;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::money::Currency;
use remit_billing::party::Period;
use remit_billing::statement::{Statement, asked_days};
use remit_operations::load::Batch;
use remit_operations::statements::{self, Read, Wanted};
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, shown};
use remit_store::keys;
use serde_json::{Value, json};

use crate::App;
use crate::sheet::{self, Cell, Format, Sheet};

/// What is asked for, as far as it can be read without the account's zone.
#[derive(Debug, Clone, Copy)]
struct Asked {
    from: Option<Date>,
    to: Option<Date>,
    currency: Option<Currency>,
}

/// A statement, and all that it is of.
struct Stated {
    account: Account,
    client: Client,
    wanted: Wanted,
    read: Read,
    at: Timestamp,
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account_id = request.principal()?.account_id;
    let client_id: ClientId = request.path_id("client_id")?;
    let mut parameters = request.query();
    let asked = Asked {
        from: parameters.optional("from", date),
        to: parameters.optional("to", date),
        currency: parameters.optional("currency", Currency::parse),
    };
    let format = Format::read(&mut parameters);
    parameters.finish()?;
    let stated = stated(app, account_id, client_id, asked, &|name, fault| {
        Problem::invalid_query(vec![PointedFault::new(name, fault)])
    })
    .await?;
    let days = stated.wanted.days;
    let sheet = Sheet {
        name: format!("statement-{client_id}-{}-{}", days.from(), days.to()),
        columns: vec![
            "currency", "date", "what", "invoice", "number", "amount", "balance",
        ],
        rows: rows(&stated.read.statements, days),
    };
    sheet::answer(format, &stated.view()?, &sheet)
}

pub(crate) async fn send(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let client_id: ClientId = request.path_id("client_id")?;
    let asked = read(&request.json()?, |r| {
        Some(Asked {
            from: r.optional_text("from", date),
            to: r.optional_text("to", date),
            currency: r.optional_text("currency", Currency::parse),
        })
    })
    .map_err(Problem::invalid_body)?;
    let account_id = principal.account_id;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let stated = stated(app, account_id, client_id, asked, &|name, fault| {
            Problem::fault(&format!("/{name}"), fault)
        })
        .await?;
        let Stated {
            account,
            client,
            wanted,
            read,
            ..
        } = &stated;
        let (commit, delivery) = statements::plan(&app.ports, account, client, read, *wanted)?;
        let mut view = stated.view()?;
        view["delivery_id"] = json!(delivery.id);
        let response = Response::json(202, &view);
        Ok(Effect { commit, response })
    })
    .await
}

type Fault<'a> = &'a (dyn Fn(&'static str, remit_billing::fault::Fault) -> Problem + Sync);

async fn stated(
    app: &App,
    account_id: AccountId,
    client_id: ClientId,
    asked: Asked,
    wrong: Fault<'_>,
) -> Result<Stated, Problem> {
    let (store, at) = (&app.ports.store, app.ports.now());
    let wanted = [
        keys::account(account_id),
        keys::client(account_id, client_id),
    ];
    let mut batch = Batch::read(store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let client = batch.need::<Client>()?.value;
    let days = asked_days(asked.from, asked.to, account.today(at));
    let wanted = Wanted {
        days: days.map_err(|(name, fault)| wrong(name, fault))?,
        currency: asked.currency,
    };
    let balances: Vec<ClientBalance> = statements::balances(store, account_id, client_id).await?;
    let read = statements::read(store, &account, client_id, &balances, wanted).await?;
    Ok(Stated {
        account,
        client,
        wanted,
        read,
        at,
    })
}

impl Stated {
    fn view(&self) -> Result<Value, Problem> {
        let statements = self.read.statements.iter().map(shown::statement);
        let data = statements.collect::<Result<Value, _>>();
        Ok(json!({
            "client_id": self.client.id,
            "name": self.client.name,
            "from": self.wanted.days.from(),
            "to": self.wanted.days.to(),
            "at": self.at,
            "data": data.map_err(Problem::internal)?,
        }))
    }
}

fn rows(statements: &[Statement], days: Period) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for of in statements {
        let code = of.currency.code();
        let end = |day: Date, what: &str, amount: String| {
            let mut row = vec![Cell::plain(code), Cell::plain(day), Cell::plain(what)];
            row.extend((0..3).map(|_| Cell::plain("")));
            row.push(Cell::Plain(amount));
            row
        };
        rows.push(end(days.from(), "opening", of.opening.amount_text()));
        for stated in &of.movements {
            let movement = &stated.movement;
            rows.push(vec![
                Cell::plain(code),
                Cell::plain(movement.on),
                Cell::plain(movement.kind.as_str()),
                Cell::plain(movement.invoice_id),
                Cell::Written(movement.number.to_string()),
                Cell::plain(movement.amount.amount_text()),
                Cell::plain(stated.balance.amount_text()),
            ]);
        }
        rows.push(end(days.to(), "closing", of.closing.amount_text()));
    }
    rows
}
