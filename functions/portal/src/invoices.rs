//! The client's other invoices: each with its own link.

use remit_billing::client::Client;
use remit_billing::standing::Standing;
use remit_documents::page::ListNotice;
use remit_documents::{ClientInvoices, ListedStanding};
use remit_operations::links::Links;
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{Index, Query, Range, Record as _, from_item, keys, type_of};

use crate::link::Opened;
use crate::{App, link, pages};

/// Invoices on the page: years of them for nearly every client.
const LISTED: u32 = 100;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let notice = match request.query_text("checkout") {
        Some("done") => Some(ListNotice::Confirming),
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
    let mut standings = Vec::with_capacity(page.items.len());
    // Drafts stand there too, and are nobody's business but the agency's.
    for item in page.items {
        if type_of(&item) == Some(Standing::TYPE) {
            let standing = from_item::<Standing>(item);
            standings.push(standing.map_err(|error| Problem::store(&error))?.value);
        }
    }
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
                path: Some(Links::path(&opened.secret, account, standing)),
            })
            .collect(),
        more: page.next.is_some(),
        choose_path: is_online.then(|| format!("{}/invoices", opened.path)),
        back_path: Some(opened.path),
        notice,
        now: app.ports.now(),
    };
    Ok(pages::answer(200, list.page().map_err(Problem::internal)?))
}
