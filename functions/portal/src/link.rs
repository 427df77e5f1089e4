//! From a token to what it opens.

use remit_billing::link::{Link, LinkSecret, UnprovedLink};
use remit_operations::load::{self, IssuedView};
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
/// 404 for whatever is wrong with it, 503.
pub(crate) async fn open(app: &App, request: &Request) -> Result<Opened, Problem> {
    let token = request.path_text("token").ok_or_else(Problem::not_found)?;
    let unproved = UnprovedLink::parse(token).ok_or_else(Problem::not_found)?;
    let secret = app.links.secret().await?;
    let (account, invoice) = unproved.claimed();
    let view = match load::issued(&app.ports.store, account, invoice).await {
        Ok(view) => view,
        // A draft has no link: whoever has one has made it up.
        Err(problem) if problem.status() == 409 => return Err(Problem::not_found()),
        Err(problem) => return Err(problem),
    };
    let generation = view.standing.value.link_generation;
    let link = unproved
        .prove(&secret, generation)
        .ok_or_else(Problem::not_found)?;
    Ok(Opened {
        link,
        secret,
        view,
        path: format!("/p/{token}"),
    })
}
