//! What is ready to bill of a client's projects: `GET /v1/ready-to-bill`, and `POST
//! /v1/invoices/gather`, which makes the drafts, one over all projects or one for each as the client
//! wishes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::{Client, InvoiceGrouping};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ClientId, ProjectId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::money::{Currency, Money};
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Index, Query, Range, from_item, keys};
use serde_json::{Value, json};

use crate::{App, draft, view};

/// Projects of one client that are looked through.
const MAX_PROJECTS: u32 = 100;
/// Drafts that one request makes: a transaction writes 100 items, and one is its receipt.
const MAX_DRAFTS: usize = 50;

/// What is ready of one project.
struct Ready {
    project: Project,
    /// Lines of a draft's body.
    lines: Vec<Value>,
    net: Money,
    /// The deposit that can be asked for, by estimate.
    deposits: Vec<Value>,
}

async fn client_of(
    app: &App,
    account: AccountId,
    id: ClientId,
) -> Result<(Client, Account), Problem> {
    let wanted = [keys::client(account, id), keys::account(account)];
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let client = items.next().flatten().ok_or_else(Problem::not_found)?;
    let client = from_item::<Client>(client).map_err(|error| Problem::store(&error))?;
    let account = items.next().flatten().ok_or_else(Problem::not_found)?;
    let account = from_item::<Account>(account).map_err(|error| Problem::store(&error))?;
    Ok((client.value, account.value))
}

/// What is ready of the client's open projects, those that the caller may see, in their order.
async fn ready(
    app: &App,
    principal: &Principal,
    client: ClientId,
    today: Date,
) -> Result<Vec<Ready>, Problem> {
    let account = principal.account_id;
    let query = Query::on(Index::ByClient, keys::client_partition(account, client))
        .range(Range::Prefix(keys::CLIENT_PROJECT_PREFIX.to_owned()))
        .limit(MAX_PROJECTS);
    let page = app.ports.store.query::<Project>(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let projects = page.records.into_iter().map(|found| found.value);
    let projects: Vec<Project> = projects
        .filter(|project| project.check_open().is_ok() && principal.reaches(project.id))
        .collect();
    let scopes = projects
        .iter()
        .map(|project| keys::scope(account, project.id));
    let scopes: Vec<_> = scopes.collect();
    let scopes = match scopes.is_empty() {
        true => Vec::new(),
        false => {
            let items = app.ports.store.get_many_items(&scopes).await;
            items.map_err(|error| Problem::store(&error))?
        }
    };
    let mut all = Vec::new();
    for (project, scope) in projects.into_iter().zip(scopes) {
        let Some(scope) = scope else {
            continue;
        };
        let scope = from_item::<Scope>(scope).map_err(|error| Problem::store(&error))?;
        let found = of_scope(project, &scope.value, today).map_err(Problem::internal)?;
        if !found.lines.is_empty() || !found.deposits.is_empty() {
            all.push(found);
        }
    }
    Ok(all)
}

fn of_scope(
    project: Project,
    scope: &Scope,
    today: Date,
) -> Result<Ready, remit_billing::money::MoneyError> {
    let mut lines = Vec::new();
    let mut net = Money::zero(scope.currency);
    for (id, amount) in scope.ready(today)? {
        net = net.checked_add(amount)?;
        lines.push(json!({
            "scope_line_id": id,
            "amount": amount.amount_text(),
            "project_id": project.id,
        }));
    }
    let deposits = scope.offers.iter().filter(|offer| offer.asked.is_none());
    let deposits = deposits.filter_map(|offer| {
        let amount = offer.deposit?;
        // Once all is billed there is nothing left to ask it for.
        scope.deposit_lines(offer.estimate_id).ok()?;
        Some(json!({
            "estimate_id": offer.estimate_id,
            "number": offer.number,
            "amount": amount.amount_text(),
        }))
    });
    Ok(Ready {
        deposits: deposits.collect(),
        project,
        lines,
        net,
    })
}

/// `GET /v1/ready-to-bill`.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let client: Option<ClientId> = parameters.optional("client_id", str::parse);
    parameters.finish()?;
    let Some(client) = client else {
        let missing = PointedFault::new("client_id", Fault::Required);
        return Err(Problem::invalid_query(vec![missing]));
    };
    let (client, account) = client_of(app, principal.account_id, client).await?;
    let today = account.today(app.ports.now());
    let ready = ready(app, principal, client.id, today).await?;
    let data = ready.iter().map(|found| {
        json!({
            "project_id": found.project.id,
            "name": found.project.name,
            "team": found.project.team,
            "currency": found.project.currency,
            "net": found.net.amount_text(),
            "lines": found.lines.iter().map(|line| json!({
                "scope_line_id": line["scope_line_id"], "amount": line["amount"],
            })).collect::<Vec<_>>(),
            "deposits": found.deposits,
        })
    });
    let answer = json!({
        "client_id": client.id,
        "invoice_grouping": client.grouping,
        "data": data.collect::<Value>(),
    });
    Ok(Response::json(200, &answer))
}

/// `POST /v1/invoices/gather`.
pub(crate) async fn gather(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (client_id, only) = &read(&request.json()?, |r| {
        let client_id = r.text("client_id", str::parse::<ClientId>);
        let only = r.values("project_ids", MAX_DRAFTS, |value| {
            let expected = "a text";
            let text = value.as_str().ok_or(Fault::WrongType { expected })?;
            text.parse::<ProjectId>()
        });
        Some((client_id?, only))
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let found = client_of(app, principal.account_id, *client_id).await;
        let (client, account) = found.map_err(|problem| match problem.status() {
            404 => Problem::fault("/client_id", Fault::UnknownReference),
            _ => problem,
        })?;
        let ready = ready(app, principal, client.id, account.today(now)).await?;
        let of = only
            .as_ref()
            .map(|only| only.iter().collect::<BTreeSet<_>>());
        let wanted = ready.into_iter().filter(|found| {
            let named = of.as_ref().is_none_or(|of| of.contains(&found.project.id));
            named && !found.lines.is_empty()
        });
        let mut drafts = Vec::new();
        let mut commit = Commit::new();
        for body in bodies(&client, wanted) {
            let made = draft::made(app, principal, &body, now).await?;
            drafts.push(view::draft(&made)?);
            commit = commit.create(&InvoiceDocument::Draft(made), Vec::new());
        }
        Ok(Effect {
            commit,
            response: Response::json(200, &json!({ "data": drafts })),
        })
    })
    .await
}

/// The bodies of the drafts: one for each project or, of each currency, one over all.
fn bodies(client: &Client, ready: impl Iterator<Item = Ready>) -> Vec<Value> {
    let body = |project: Option<ProjectId>, currency: Currency, lines: Vec<Value>| {
        json!({
            "client_id": client.id,
            "project_id": project,
            "currency": currency,
            "lines": lines,
        })
    };
    match client.grouping {
        InvoiceGrouping::OnePerProject => ready
            .take(MAX_DRAFTS)
            .map(|found| body(Some(found.project.id), found.project.currency, found.lines))
            .collect(),
        InvoiceGrouping::OneAMonth => {
            let mut by_currency: BTreeMap<&str, (Currency, Vec<Value>)> = BTreeMap::new();
            let found: Vec<Ready> = ready.collect();
            for found in &found {
                let currency = found.project.currency;
                let (_, lines) = by_currency
                    .entry(currency.code())
                    .or_insert_with(|| (currency, Vec::new()));
                lines.extend(found.lines.iter().cloned());
            }
            let all = by_currency.into_values();
            all.map(|(currency, lines)| body(None, currency, lines))
                .collect()
        }
    }
}
