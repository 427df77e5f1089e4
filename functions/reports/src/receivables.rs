//! What clients owe now, by how long it is due.

use std::collections::BTreeMap;

use remit_billing::client::Client;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::report::{Age, AgedReceivables};
use remit_billing::standing::Standing;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{from_item, keys};
use serde_json::{Map, Value, json};

use crate::App;
use crate::documents::each_of_status;
use crate::sheet::{self, Cell, Format, Sheet};

/// Keys of one read.
const AT_ONCE: usize = 100;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let format = Format::read(&mut parameters);
    parameters.finish()?;
    let account = principal.account_id;
    let now = app.ports.now();
    let mut owed = AgedReceivables::default();
    let open = keys::invoices_of_status(account, "open");
    each_of_status::<Standing>(app, open, |standing| owed.add(&standing, now)).await?;
    let names = names(app, account, &owed).await?;
    let name = |client: &ClientId| names.get(client).cloned().unwrap_or_default();
    let data = owed.0.iter().map(|((client, currency), of)| {
        let ages: Map<String, Value> = of
            .by_age
            .iter()
            .map(|(age, amount)| (age.as_str().to_owned(), json!(amount.amount_text())))
            .collect();
        json!({
            "client_id": client,
            "name": name(client),
            "currency": currency,
            "invoices": of.invoices,
            "ages": ages,
            "disputed": of.disputed.amount_text(),
            "total": of.total.amount_text(),
        })
    });
    let rows = owed.0.iter().map(|((client, currency), of)| {
        let mut row = vec![
            Cell::plain(client),
            Cell::Written(name(client)),
            Cell::plain(currency),
            Cell::plain(of.invoices),
        ];
        row.extend(
            of.by_age
                .values()
                .map(|amount| Cell::plain(amount.amount_text())),
        );
        row.push(Cell::plain(of.disputed.amount_text()));
        row.push(Cell::plain(of.total.amount_text()));
        row
    });
    let mut columns = vec!["client", "name", "currency", "invoices"];
    columns.extend(Age::ALL.map(Age::as_str));
    columns.extend(["disputed", "total"]);
    let sheet = Sheet {
        name: format!("receivables-{}", now.strftime("%Y-%m-%d")),
        columns,
        rows: rows.collect(),
    };
    let view = json!({"at": now, "data": data.collect::<Value>()});
    sheet::answer(format, &view, &sheet)
}

/// What the clients are called.
async fn names(
    app: &App,
    account: AccountId,
    owed: &AgedReceivables,
) -> Result<BTreeMap<ClientId, String>, Problem> {
    let mut clients: Vec<ClientId> = owed.0.keys().map(|(client, _)| *client).collect();
    clients.dedup();
    let mut names = BTreeMap::new();
    for some in clients.chunks(AT_ONCE) {
        let wanted: Vec<_> = some.iter().map(|id| keys::client(account, *id)).collect();
        let items = app.ports.store.get_many_items(&wanted).await;
        for item in items
            .map_err(|error| Problem::store(&error))?
            .into_iter()
            .flatten()
        {
            let client = from_item::<Client>(item).map_err(|error| Problem::store(&error))?;
            names.insert(client.value.id, client.value.name.to_string());
        }
    }
    Ok(names)
}
