//! No more of what is a courtesy: asked on a page, or by the mail program itself (RFC 8058).

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::link::ClientLink;
use remit_billing::notices::ClientNotices;
use remit_documents::agency::Agency;
use remit_documents::page::{Message, MessagePage};
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::Commit;

use crate::{App, link, pages};

pub(crate) async fn ask(app: &App, request: &Request) -> Result<Response, Problem> {
    let link = link::clients(app, request).await?;
    let token = request.path_text("token").unwrap_or_default();
    let action = format!("/p/{token}/unsubscribe");
    page(app, link, Message::StopCourtesies, Some(action)).await
}

pub(crate) async fn stop(app: &App, request: &Request) -> Result<Response, Problem> {
    let link = link::clients(app, request).await?;
    let (account, id) = (link.account_id(), link.client_id());
    app.ports
        .perform(async || {
            let client = load::client(&app.ports.store, account, id).await?;
            if client.value.notices.stopped_at.is_some() {
                return Ok((Commit::new(), ()));
            }
            let stopped = Client {
                notices: ClientNotices {
                    stopped_at: Some(app.ports.now()),
                    ..client.value.notices
                },
                updated_at: app.ports.now(),
                ..client.value.clone()
            };
            Ok((Commit::new().replace(&client, &stopped, Vec::new()), ()))
        })
        .await?;
    page(app, link, Message::CourtesiesStopped, None).await
}

async fn page(
    app: &App,
    link: ClientLink,
    message: Message,
    action: Option<String>,
) -> Result<Response, Problem> {
    let store = &app.ports.store;
    let account: Account = load::account(store, link.account_id()).await?.value;
    let client = load::client(store, link.account_id(), link.client_id()).await?;
    let language = client.value.language;
    let agency = Agency::of(&account, Some(&client.value), language).map_err(Problem::internal)?;
    let page = MessagePage {
        message,
        agency: Some(agency),
        action,
    };
    pages::message(200, &page, language)
}
