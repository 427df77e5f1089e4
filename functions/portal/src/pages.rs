//! Pages as answers: what every one of them says to the browser.

use remit_billing::party::Language;
use remit_documents::page::{self, Message, MessagePage, RenderedPage};
use remit_operations::portal;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

/// A page as an answer, with the headers that keep it to its reader.
pub(crate) fn answer(status: u16, page: RenderedPage) -> Response {
    let headers = page.headers().map(|(name, value)| (name, value.to_owned()));
    let response = Response::html(status, page.html);
    headers
        .into_iter()
        .fold(response, |response, (name, value)| {
            response.header(name, value)
        })
}

/// On to another address, by GET.
pub(crate) fn see_other(address: &str) -> Response {
    Response::empty(303)
        .header("location", address)
        .header("cache-control", "private, no-store")
        .header("referrer-policy", "no-referrer")
}

/// A page that says one thing.
pub(crate) fn message(
    status: u16,
    message: &MessagePage,
    language: Language,
) -> Result<Response, Problem> {
    let page = page::message(message, language).map_err(Problem::internal)?;
    Ok(answer(status, page))
}

/// What went wrong, for a person; nothing of the inside.
pub(crate) fn explain(request: &Request, problem: &Problem) -> Response {
    let said = match problem.status() {
        404 => Message::LinkUnknown,
        410 => Message::LinkEnded,
        409 | 429 => Message::Busy,
        400..=499 => Message::FormExpired,
        _ => Message::Problem,
    };
    let way_in = request.path_text("token").and_then(portal::way_in);
    let page = MessagePage {
        message: said,
        agency: None,
        action: way_in.filter(|_| said == Message::LinkEnded),
    };
    let language = request.language();
    // Without words there is still the status.
    message(problem.status(), &page, language).unwrap_or_else(|_| Response::empty(problem.status()))
}
