//! The agency's logo, for pages: no secret, as everybody who gets a mail of the agency's sees it.

use remit_billing::account::Account;
use remit_billing::brand::Logo;
use remit_billing::canonical::ContentHash;
use remit_billing::ids::AccountId;
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::keys;

use crate::App;

/// The picture under its name, while it is the account's: an address that another one takes the place of.
pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let id: AccountId = request.path_id("account_id")?;
    let picture: ContentHash = request.path_id("picture")?;
    let wanted = [keys::account(id), keys::logo(id, picture)];
    let mut batch = Batch::read(&app.ports.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let logo = batch.need::<Logo>()?.value;
    if account.brand.logo.is_none_or(|of| of.sha256 != picture) {
        return Err(Problem::not_found());
    }
    Ok(Response::bytes(200, "image/png", &logo.png)
        // It never changes under this name; a day is how long one is seen that was taken away.
        .header("cache-control", "public, max-age=86400, immutable"))
}
