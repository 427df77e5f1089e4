//! `GET /p/{token}/pdf` and that of its credit notes: the file, for who has the link.

use remit_billing::link::UnprovedLink;
use remit_billing::party::Language;
use remit_documents::page::{self, Message, MessagePage};
use remit_operations::links::Links;
use remit_operations::load::{self, IssuedView};
use remit_operations::portal;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::Value;

use crate::App;
use crate::api::{address, note_of};
use crate::render::Of;

pub(crate) async fn invoice(app: &App, request: &Request) -> Result<Response, Problem> {
    let view = open(app, request).await?;
    let number = view.invoice.number.to_string();
    on_to(&address(app, &view, Of::Invoice, &number).await?.1)
}

pub(crate) async fn credit_note(app: &App, request: &Request) -> Result<Response, Problem> {
    let view = open(app, request).await?;
    let note = note_of(app, request, &view).await?;
    let number = note.number.to_string();
    on_to(&address(app, &view, Of::CreditNote(&note), &number).await?.1)
}

/// What a proved link opens: 404 for whatever is wrong with it, a draft too; 410 where it has ended.
async fn open(app: &App, request: &Request) -> Result<IssuedView, Problem> {
    let token = request.path_text("token").ok_or_else(Problem::not_found)?;
    let unproved = UnprovedLink::parse(token).ok_or_else(Problem::not_found)?;
    let secret = app.links.secret().await?;
    let (account, invoice) = unproved.claimed();
    let view = load::issued(&app.ports.store, account, invoice).await;
    let view = view.map_err(|problem| match problem.status() {
        409 => Problem::not_found(),
        _ => problem,
    })?;
    let generation = view.standing.value.link_generation;
    let proved = unproved.prove(&secret, generation, app.ports.now());
    proved.map_err(Links::refused)?;
    Ok(view)
}

/// Where the file is; its address is a key for some minutes, so it is kept nowhere.
pub(crate) fn on_to(download: &Value) -> Result<Response, Problem> {
    let url = download.get("url").and_then(Value::as_str);
    let url = url.ok_or_else(|| Problem::internal("a download without an address"))?;
    Ok(Response::see_other(url)
        .header("cache-control", "private, no-store")
        .header("referrer-policy", "no-referrer"))
}

/// What went wrong, as a page; nothing of the inside.
pub(crate) fn explain(request: &Request, problem: &Problem) -> Response {
    let status = problem.status();
    let message = match status {
        404 => Message::LinkUnknown,
        410 => Message::LinkEnded,
        409 | 429 => Message::Busy,
        _ => Message::Problem,
    };
    let way_in = request.path_text("token").and_then(portal::way_in);
    let action = way_in.filter(|_| message == Message::LinkEnded);
    // Without words there is still the status.
    say(status, message, action, request.language()).unwrap_or_else(|_| Response::empty(status))
}

/// A page that says one thing.
pub(crate) fn say(
    status: u16,
    message: Message,
    action: Option<String>,
    language: Language,
) -> Result<Response, Problem> {
    let page = MessagePage {
        message,
        agency: None,
        action,
    };
    let page = page::message(&page, language).map_err(Problem::internal)?;
    let headers = page.headers().map(|(name, value)| (name, value.to_owned()));
    let response = Response::html(status, page.html);
    let answered = headers
        .into_iter()
        .fold(response, |response, (name, value)| {
            response.header(name, value)
        });
    Ok(answered)
}
