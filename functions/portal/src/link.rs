//! From a token to what it opens.

use remit_billing::link::{
    ClientLink, Link, LinkSecret, OfferLink, UnprovedClientLink, UnprovedLink, UnprovedOfferLink,
};
use remit_billing::thread::Thread;
use remit_billing::work_entry::Timesheet;
use remit_operations::links::Links;
use remit_operations::load::{self, IssuedView, ToPay};
use remit_operations::signing::OfferView;
use remit_runtime::Problem;
use remit_runtime::http::Request;

use crate::App;

/// A proved link and what it opens.
pub(crate) struct Opened {
    pub link: Link,
    pub secret: LinkSecret,
    pub view: IssuedView,
    /// `/p/` and the token.
    pub path: String,
}

/// Opens a link.
///
/// # Errors
/// 404 for whatever is wrong with it, 410 where it has ended, 503.
pub(crate) async fn open(app: &App, request: &Request) -> Result<Opened, Problem> {
    let (unproved, secret) = unproved(app, request).await?;
    let (account, invoice) = unproved.claimed();
    let view = load::issued(&app.ports.store, account, invoice).await;
    Opened::proved(app, request, (unproved, secret), view.map_err(unknown)?)
}

/// Opens a link, with what was asked about the invoice.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_page(
    app: &App,
    request: &Request,
) -> Result<(Opened, Option<Thread>), Problem> {
    let (unproved, secret) = unproved(app, request).await?;
    let (account, invoice) = unproved.claimed();
    let found = load::issued_with_thread(&app.ports.store, account, invoice).await;
    let (view, thread) = found.map_err(unknown)?;
    let opened = Opened::proved(app, request, (unproved, secret), view)?;
    Ok((opened, thread.map(|found| found.value)))
}

/// Opens a link, with the work behind the invoice.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_timesheet(
    app: &App,
    request: &Request,
) -> Result<(Opened, Option<Timesheet>), Problem> {
    let (unproved, secret) = unproved(app, request).await?;
    let (account, invoice) = unproved.claimed();
    let found = load::issued_with_timesheet(&app.ports.store, account, invoice).await;
    let (view, sheet) = found.map_err(unknown)?;
    let opened = Opened::proved(app, request, (unproved, secret), view)?;
    Ok((opened, sheet))
}

/// Opens a link to pay what it opens.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_to_pay(app: &App, request: &Request) -> Result<(Opened, ToPay), Problem> {
    let (unproved, secret) = unproved(app, request).await?;
    let (account, invoice) = unproved.claimed();
    let to_pay = load::to_pay(&app.ports.store, account, invoice).await;
    let to_pay = to_pay.map_err(unknown)?;
    let view = to_pay.view.clone();
    let opened = Opened::proved(app, request, (unproved, secret), view)?;
    Ok((opened, to_pay))
}

/// Whether the link is one to an offer, if it is one at all.
pub(crate) fn is_offer(request: &Request) -> bool {
    let token = request.path_text("token").unwrap_or_default();
    UnprovedOfferLink::parse(token).is_some()
}

/// Whether the link is a client's own, if it is one at all.
pub(crate) fn is_clients(request: &Request) -> bool {
    let token = request.path_text("token").unwrap_or_default();
    UnprovedClientLink::parse(token).is_some()
}

/// A client's own link.
///
/// # Errors
/// 404 for whatever is wrong with it, 503.
pub(crate) async fn clients(app: &App, request: &Request) -> Result<ClientLink, Problem> {
    let token = request.path_text("token").ok_or_else(Problem::not_found)?;
    let unproved = UnprovedClientLink::parse(token).ok_or_else(Problem::not_found)?;
    let secret = app.links.secret().await?;
    unproved.prove(&secret).ok_or_else(Problem::not_found)
}

/// A proved link to an offer and what it opens.
pub(crate) struct OpenedOffer {
    pub link: OfferLink,
    pub secret: LinkSecret,
    pub view: OfferView,
    /// `/p/` and the token.
    pub path: String,
}

/// Opens a link to an offer.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_offer(app: &App, request: &Request) -> Result<OpenedOffer, Problem> {
    offer(app, request, false).await
}

/// Opens a link to an offer, with what was asked about it.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_offer_page(app: &App, request: &Request) -> Result<OpenedOffer, Problem> {
    offer(app, request, true).await
}

async fn offer(app: &App, request: &Request, with_thread: bool) -> Result<OpenedOffer, Problem> {
    let token = request.path_text("token").ok_or_else(Problem::not_found)?;
    let unproved = UnprovedOfferLink::parse(token).ok_or_else(Problem::not_found)?;
    let secret = app.links.secret().await?;
    let (account, offer) = unproved.claimed();
    let view = OfferView::load(&app.ports.store, account, offer, with_thread).await?;
    let link = unproved
        .prove(
            &secret,
            view.estimate.value.link_generation,
            app.ports.now(),
        )
        .map_err(Links::refused)?;
    Ok(OpenedOffer {
        link,
        secret,
        view,
        path: format!("/p/{token}"),
    })
}

async fn unproved(app: &App, request: &Request) -> Result<(UnprovedLink, LinkSecret), Problem> {
    let token = request.path_text("token").ok_or_else(Problem::not_found)?;
    let unproved = UnprovedLink::parse(token).ok_or_else(Problem::not_found)?;
    Ok((unproved, app.links.secret().await?))
}

/// A draft has no link: whoever has one has made it up.
fn unknown(problem: Problem) -> Problem {
    if problem.status() == 409 {
        return Problem::not_found();
    }
    problem
}

impl Opened {
    fn proved(
        app: &App,
        request: &Request,
        (unproved, secret): (UnprovedLink, LinkSecret),
        view: IssuedView,
    ) -> Result<Self, Problem> {
        let generation = view.standing.value.link_generation;
        let link = unproved
            .prove(&secret, generation, app.ports.now())
            .map_err(Links::refused)?;
        let token = request.path_text("token").unwrap_or_default();
        Ok(Self {
            link,
            secret,
            view,
            path: format!("/p/{token}"),
        })
    }
}
