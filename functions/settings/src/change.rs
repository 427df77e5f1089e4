//! `GET` and `PATCH /v1/settings`.

use remit_billing::account::{Account, Role};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::Commit;

use crate::numbers::{self, Numbers};
use crate::refusal::SettingsRefusal;
use crate::{App, fields, view};

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let account = app.account(principal.account_id).await?;
    let today = account.value.today(app.clock.now());
    let numbers = Numbers::load(&app.store, &account.value, today).await?;
    let view = view::settings(app, &account.value, &numbers, today);
    Ok(Response::json(200, &view).etag(account.version))
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let seen = request.if_match()?;
    let body = &request.json()?;
    let now = app.clock.now();
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let account = app.account(principal.account_id).await?;
        if account.version != seen {
            return Err(Problem::stale_version());
        }
        let before = &account.value;
        let wanted = fields::changed(body, before).map_err(Problem::invalid_body)?;
        if wanted
            .currency
            .is_some_and(|currency| currency != before.currency)
        {
            let books = before.currency;
            return Err(SettingsRefusal::BooksCurrencyFixed { books }.into());
        }
        if wanted.account.held != before.held {
            principal.require(Role::Owner)?;
        }
        let today = wanted.account.today(now);
        let (numbers, commit) = numbers::plan(
            &app.store,
            before,
            &wanted.account,
            today,
            wanted.next_number,
        )
        .await?;
        if commit.is_empty() && wanted.account == *before {
            let view = view::settings(app, before, &numbers, today);
            return Ok(Effect {
                commit: Commit::new(),
                response: Response::json(200, &view).etag(account.version),
            });
        }
        let after = Account {
            updated_at: now,
            ..wanted.account
        };
        let view = view::settings(app, &after, &numbers, today);
        Ok(Effect {
            commit: Commit::new()
                .replace(&account, &after, Vec::new())
                .and(commit),
            response: Response::json(200, &view).etag(account.version + 1),
        })
    })
    .await
}
