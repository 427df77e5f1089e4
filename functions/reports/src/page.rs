//! `GET /overview`: the overview as a page, for a member who is signed in; for who is not, the way in.

use std::collections::BTreeMap;

use remit_billing::client::Client;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::report::{Overview, Waiting};
use remit_documents::page::{self, Message, MessagePage, RenderedPage};
use remit_documents::{Door, DoorStep, LISTED_MAX, Look};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::permissions;
use remit_store::keys;

use crate::App;
use crate::overview::{Looked, MAX_MONTHS, waiting};
use crate::sign_in::{self, PATH, SIGN_IN, SIGN_OUT, SIGNS_OUT, Visitor};

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    match sign_in::visitor(app, request).await? {
        Some(visitor) => look(app, &visitor).await,
        None => door(app, request).await,
    }
}

async fn look(app: &App, visitor: &Visitor) -> Result<Response, Problem> {
    let account = &visitor.account;
    let looked = Looked::at(app, account, MAX_MONTHS).await?;
    let clients = names(app, account.id, &looked.overview).await?;
    // What somebody else has to do is none of theirs.
    let mut theirs = Waiting::ALL.to_vec();
    theirs.retain(|what| permissions::decides_on(visitor.role, *what));
    let waiting = waiting(app, account.id, &theirs).await?;
    let proof = visitor.session.form_proof(&visitor.secret, SIGNS_OUT);
    let look = Look {
        account,
        member: &visitor.name,
        role: visitor.role,
        overview: &looked.overview,
        months: &looked.months,
        clients: &clients,
        waiting: &waiting,
        today: looked.today,
        sign_out: (SIGN_OUT, &proof),
    };
    Ok(answer(200, look.page().map_err(Problem::internal)?))
}

/// What the clients of the promises and offers that are listed are called.
async fn names(
    app: &App,
    account: AccountId,
    overview: &Overview,
) -> Result<BTreeMap<ClientId, String>, Problem> {
    let promised = overview.promised.values().map(|of| of.client_id);
    let ending = overview.ending.values().map(|of| of.client_id);
    let listed = promised.take(LISTED_MAX).chain(ending.take(LISTED_MAX));
    let mut wanted: Vec<ClientId> = listed.collect();
    wanted.sort();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let wanted: Vec<_> = wanted.iter().map(|id| keys::client(account, *id)).collect();
    let found = app.ports.store.get_many::<Client>(&wanted).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let clients = found.into_iter().flatten().map(|found| found.value);
    Ok(clients
        .map(|client| (client.id, client.name.to_string()))
        .collect())
}

/// The way in. What has just happened, the address says.
async fn door(app: &App, request: &Request) -> Result<Response, Problem> {
    let step = match request.query_text("step") {
        Some("out") => DoorStep::SignedOut,
        Some("again") => DoorStep::Again,
        Some("unknown") => DoorStep::Unknown,
        _ => DoorStep::Ask,
    };
    let origin = match &app.sign_in {
        Some(flow) => Some(flow.origin(app.ports.now()).await),
        None => None,
    };
    let origin = origin.transpose().map_err(Problem::issuer_unavailable)?;
    let door = Door {
        language: request.language(),
        button: origin.as_deref().map(|origin| (SIGN_IN, origin)),
    };
    Ok(answer(200, door.page(step).map_err(Problem::internal)?))
}

/// A page as an answer, with the headers that keep it to its reader.
fn answer(status: u16, page: RenderedPage) -> Response {
    let headers = page.headers().map(|(name, value)| (name, value.to_owned()));
    let response = Response::html(status, page.html);
    headers
        .into_iter()
        .fold(response, |response, (name, value)| {
            response.header(name, value)
        })
}

/// What went wrong, for a person; nothing of the inside.
pub(crate) fn explain(request: &Request, problem: &Problem) -> Response {
    let message = match problem.status() {
        400..=428 => Message::MemberFormExpired,
        429 => Message::Busy,
        _ => Message::MemberProblem,
    };
    let back = matches!(message, Message::MemberFormExpired).then(|| PATH.to_owned());
    let page = MessagePage {
        message,
        agency: None,
        action: back,
    };
    // Without words there is still the status.
    match page::message(&page, request.language()) {
        Ok(page) => answer(problem.status(), page),
        Err(_) => Response::empty(problem.status()),
    }
}
