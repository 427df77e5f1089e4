//! The client's other invoices: each with its own link.

use remit_billing::client::Client;
use remit_billing::ids::{EventId, PaymentMethodId};
use remit_billing::saved_method::RemovedBy;
use remit_billing::standing::Standing;
use remit_documents::page::{ListNotice, ListedMethod};
use remit_documents::{ClientInvoices, ListedStanding};
use remit_operations::links::Links;
use remit_operations::{load, portal, saved_methods, statements};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{Index, Query, Range, keys};

use crate::link::Opened;
use crate::{App, invoice, link, pages};

/// Ends what a form that removes a method is proved with, so that it is none for anything else.
const REMOVES: &str = "remove-method";

/// Invoices on the page: years of them for nearly every client.
const LISTED: u32 = 100;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let notice = match request.query_text("checkout") {
        Some("done") => Some(ListNotice::Confirming),
        _ if request.query_text("method") == Some("removed") => Some(ListNotice::MethodRemoved),
        _ => None,
    };
    list(app, opened, notice).await
}

/// The list, with what became of a choice from it.
pub(crate) async fn list(
    app: &App,
    opened: Opened,
    notice: Option<ListNotice>,
) -> Result<Response, Problem> {
    let view = &opened.view;
    let (account, client_id) = (view.account.id, view.standing.value.client_id);
    let client: Client = load::client(&app.ports.store, account, client_id)
        .await?
        .value;
    let query = Query::on(Index::ByClient, keys::client_partition(account, client_id))
        .range(Range::Prefix(keys::CLIENT_INVOICE_PREFIX.to_owned()))
        .backward()
        .limit(LISTED);
    let page = app.ports.store.query_items(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let standings: Vec<Standing> = load::of_type(page.items)?;
    let balances = statements::balances(&app.ports.store, account, client_id).await?;
    let is_online = !view.account.payment_providers.is_empty();
    let list = ClientInvoices {
        account: &view.account,
        client_name: client.name.as_str(),
        language: client.language,
        time_zone: &client.time_zone,
        invoices: standings
            .iter()
            .map(|standing| ListedStanding {
                standing,
                path: Some(Links::path(
                    &opened.secret,
                    account,
                    standing,
                    opened.link.end(),
                )),
            })
            .collect(),
        more: page.next.is_some(),
        choose_path: is_online.then(|| format!("{}/invoices", opened.path)),
        methods: methods(app, &opened, &client).await?,
        methods_action: format!("{}/payment-methods", opened.path),
        balances: balances.iter().map(|balance| balance.amount).collect(),
        statement_path: Some(format!("{}/statement", opened.path)),
        portal_path: Some(portal::path(account)),
        back_path: Some(opened.path),
        notice,
        now: app.ports.now(),
    };
    Ok(pages::answer(200, list.page().map_err(Problem::internal)?))
}

/// What the client lets the agency charge, each with the proof of the form that ends it.
async fn methods(
    app: &App,
    opened: &Opened,
    client: &Client,
) -> Result<Vec<ListedMethod>, Problem> {
    let ports = &app.ports;
    let account = opened.view.account.id;
    let methods = saved_methods::of_client(&ports.store, account, client.id).await?;
    let nonce: EventId = ports.id(ports.now())?;
    let methods = methods.into_iter().map(|method| method.value);
    let listed = methods.filter(|method| !method.is_removed()).map(|method| {
        let what = format!("{nonce}.{}.{REMOVES}", method.id);
        ListedMethod {
            saved_on: client.time_zone.date_of(method.saved_at),
            with: format!("{what} {}", opened.link.form_proof(&opened.secret, &what)),
            label: method.label,
        }
    });
    Ok(listed.collect())
}

/// The client takes a method away: at once here, and at the provider as soon as it answers.
pub(crate) async fn remove_method(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, form) = invoice::written(app, request, REMOVES).await?;
    let with = form.get("with").map(String::as_str).unwrap_or_default();
    let named = with.split('.').nth(1).unwrap_or_default();
    let id: PaymentMethodId = named.parse().map_err(|_| Problem::not_found())?;
    let view = &opened.view;
    let (account, client) = (view.account.id, view.standing.value.client_id);
    let ports = &app.ports;
    let by = RemovedBy::Client;
    let removed = ports
        .perform(async || saved_methods::plan_removal(ports, account, client, id, by).await)
        .await?;
    saved_methods::forget_early(ports, &app.checkouts, &removed).await;
    let back = format!("{}/invoices?method=removed", opened.path);
    Ok(pages::see_other(&back))
}
