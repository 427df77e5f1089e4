//! `PUT` and `DELETE /v1/settings/payment-providers/{provider}`: secrets go in and never come out.

use jiff::Timestamp;
use remit_billing::account::{Account, ProviderSetup};
use remit_billing::ids::AccountId;
use remit_billing::reconciliation::Reconciliation;
use remit_operations::shown::settings::provider as shown;
use remit_payments::{ProviderKind, secret_name};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::secrets::Secret;
use remit_store::{Commit, keys};

use crate::{App, credentials};

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let provider = named(request)?;
    let credentials = credentials::read(provider, &request.json()?);
    let credentials = &credentials.map_err(Problem::invalid_body)?;
    let secret = credentials.to_text().map_err(Problem::internal)?;
    app.account(principal.account_id).await?;
    // The secret first: an account that names a provider can always use it.
    let name = secret_name(&app.secrets_prefix, principal.account_id, provider.name());
    let put = app.secrets.put(&name, &Secret::new(secret)).await;
    put.map_err(Problem::secrets_unavailable)?;
    let now = app.clock.now();
    perform(&app.store, None, now, || async move {
        let account = app.account(principal.account_id).await?;
        let mut after = Account {
            updated_at: now,
            ..account.value.clone()
        };
        let setup = ProviderSetup {
            configured_at: now,
            livemode: Some(credentials.livemode()),
            method: credentials.method().map(str::to_owned),
        };
        let name = provider.name().to_owned();
        after.payment_providers.insert(name, setup);
        let commit = Commit::new().replace(&account, &after, Vec::new());
        Ok(Effect {
            response: Response::json(200, &shown(&app.public_base_url, &after, provider)),
            commit: commit.and(list_read(app, account.value.id, provider, now).await?),
        })
    })
    .await
}

/// From now on the provider's own list is read: what no notification tells is found in it.
async fn list_read(
    app: &App,
    account: AccountId,
    provider: ProviderKind,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let key = keys::reconciliation(account, provider.name());
    let stored = app.store.get::<Reconciliation>(&key).await;
    Ok(match stored.map_err(|error| Problem::store(&error))? {
        None => {
            let begun = Reconciliation::begun(account, provider.name(), now);
            Commit::new().create(&begun, Vec::new())
        }
        Some(stored) => match stored.value.resumed(now) {
            Some(resumed) => Commit::new().replace(&stored, &resumed, Vec::new()),
            None => Commit::new(),
        },
    })
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let provider = named(request)?;
    let now = app.clock.now();
    let response = perform(&app.store, None, now, || async move {
        let account = app.account(principal.account_id).await?;
        let mut after = Account {
            updated_at: now,
            ..account.value.clone()
        };
        let known = after.payment_providers.remove(provider.name()).is_some();
        let commit = if known {
            Commit::new().replace(&account, &after, Vec::new())
        } else {
            Commit::new()
        };
        Ok(Effect {
            response: Response::empty(204),
            commit,
        })
    })
    .await?;
    let name = secret_name(&app.secrets_prefix, principal.account_id, provider.name());
    let deleted = app.secrets.delete(&name).await;
    deleted.map_err(Problem::secrets_unavailable)?;
    Ok(response)
}

/// The provider that the path names.
fn named(request: &Request) -> Result<ProviderKind, Problem> {
    let named = request.path_text("provider");
    named
        .and_then(ProviderKind::parse)
        .ok_or_else(Problem::not_found)
}
