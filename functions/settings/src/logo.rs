//! `PUT` and `DELETE /v1/settings/logo`: the agency's logo.

use remit_billing::account::Account;
use remit_billing::brand::{Brand, Logo, LogoFacts};
use remit_operations::load::Batch;
use remit_operations::shown::settings::brand;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned, keys};

use crate::App;
use crate::picture::drawn;
use crate::refusal::LogoRefusal;

/// What somebody sends has these bytes at most.
const MAX_BYTES: usize = 200_000;
/// What it may be, by its own word; its bytes have to be one of them too.
const MEDIA_TYPES: [&str; 2] = ["image/png", "image/jpeg"];

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let seen = request.if_match()?;
    let bytes = request.raw_body()?;
    if bytes.len() > MAX_BYTES {
        return Err(Problem::body_too_large(MAX_BYTES));
    }
    let said = request.header("content-type").unwrap_or_default();
    let (said, _) = said.split_once(';').unwrap_or((said, ""));
    if !MEDIA_TYPES.contains(&said.trim().to_ascii_lowercase().as_str()) {
        return Err(LogoRefusal::NeitherPngNorJpeg.into());
    }
    let keyed = request.keyed(principal)?;
    let bytes = bytes.to_vec();
    let drawn = tokio::task::spawn_blocking(move || drawn(&bytes)).await;
    let drawn = &drawn.map_err(Problem::internal)??;
    let now = app.clock.now();
    perform(&app.store, keyed, now, || async move {
        let id = principal.account_id;
        let wanted = [keys::account(id), keys::logo(id, drawn.facts.sha256)];
        let mut batch = Batch::read(&app.store, &wanted).await?;
        let account = batch.need::<Account>()?;
        let commit = match batch.take::<Logo>()? {
            // It was theirs before: it is known by its content.
            Some(_) => Commit::new(),
            None => {
                let logo = Logo {
                    account_id: id,
                    facts: drawn.facts,
                    png: drawn.png.clone(),
                    created_at: now,
                };
                Commit::new().create(&logo, Vec::new())
            }
        };
        with_logo(app, (&account, seen), Some(drawn.facts), commit)
    })
    .await
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let seen = request.if_match()?;
    let now = app.clock.now();
    perform(&app.store, None, now, || async move {
        let account = app.account(principal.account_id).await?;
        with_logo(app, (&account, seen), None, Commit::new())
    })
    .await
}

/// The account with another logo, beside what else is to be written.
fn with_logo(
    app: &App,
    (account, seen): (&Versioned<Account>, u64),
    logo: Option<LogoFacts>,
    commit: Commit,
) -> Result<Effect, Problem> {
    if account.version != seen {
        return Err(Problem::stale_version());
    }
    let before = &account.value;
    if before.brand.logo == logo {
        return Ok(Effect {
            commit: Commit::new(),
            response: Response::json(200, &brand(&app.public_base_url, before))
                .etag(account.version),
        });
    }
    let after = Account {
        brand: Brand {
            logo,
            ..before.brand
        },
        updated_at: app.clock.now(),
        ..before.clone()
    };
    Ok(Effect {
        response: Response::json(200, &brand(&app.public_base_url, &after))
            .etag(account.version + 1),
        commit: commit.replace(account, &after, Vec::new()),
    })
}
