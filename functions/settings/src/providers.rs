//! `PUT` and `DELETE /v1/settings/payment-providers/{provider}`: secrets go in and never come out.

use remit_billing::account::{Account, ProviderSetup};
use remit_billing::fault::{Fault, PointedFault};
use remit_payments::stripe::credentials::{
    CredentialsFault, MAX_WEBHOOK_SECRETS, StripeCredentials,
};
use remit_payments::{Secret as ProviderSecret, secret_name};
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::secrets::Secret;
use remit_store::Commit;
use serde_json::Value;

use crate::{App, view};

const STRIPE: &str = "stripe";
/// The providers that can be set up.
pub(crate) const PROVIDERS: &[&str] = &[STRIPE];

const SECRET_KEY: Fault = Fault::BadCredential {
    expected: "a secret key (sk_...) or a restricted key (rk_...) of Stripe's",
};
const WEBHOOK_SECRET: Fault = Fault::BadCredential {
    expected: "the signing secret (whsec_...) of a webhook endpoint",
};

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let provider = named(request)?;
    let credentials = stripe_credentials(&request.json()?).map_err(Problem::invalid_body)?;
    let secret = serde_json::to_string(&credentials).map_err(Problem::internal)?;
    app.account(principal.account_id).await?;
    // The secret first: an account that names a provider can always use it.
    let name = secret_name(&app.secrets_prefix, principal.account_id, provider);
    let put = app.secrets.put(&name, &Secret::new(secret)).await;
    put.map_err(Problem::secrets_unavailable)?;
    let now = app.clock.now();
    perform(&app.store, None, now, || async move {
        let account = app.account(principal.account_id).await?;
        let mut after = Account {
            updated_at: now,
            ..account.value.clone()
        };
        let setup = ProviderSetup { configured_at: now };
        after.payment_providers.insert(provider.to_owned(), setup);
        Ok(Effect {
            response: Response::json(200, &view::provider(app, &after, provider)),
            commit: Commit::new().replace(&account, &after, Vec::new()),
        })
    })
    .await
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
        let known = after.payment_providers.remove(provider).is_some();
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
    let name = secret_name(&app.secrets_prefix, principal.account_id, provider);
    let deleted = app.secrets.delete(&name).await;
    deleted.map_err(Problem::secrets_unavailable)?;
    Ok(response)
}

/// The provider that the path names.
fn named(request: &Request) -> Result<&'static str, Problem> {
    let named = request.path_text("provider");
    let known = PROVIDERS.iter().find(|known| Some(**known) == named);
    known.copied().ok_or_else(Problem::not_found)
}

fn stripe_credentials(body: &Value) -> Result<StripeCredentials, Vec<PointedFault>> {
    read(body, |r| {
        let key = r.text("secret_key", |text| {
            text.parse::<ProviderSecret>().map_err(|_| SECRET_KEY)
        });
        if !r.has("webhook_secrets") {
            r.fault("webhook_secrets", Fault::Required);
        }
        let hooks = r.values("webhook_secrets", MAX_WEBHOOK_SECRETS, |value| {
            let expected = "a text";
            let text = value.as_str().ok_or(Fault::WrongType { expected })?;
            let secret = text.parse::<ProviderSecret>().ok();
            // The prefix is looked at here too, so that each foreign one is told.
            secret
                .filter(|secret| secret.expose().starts_with("whsec_"))
                .ok_or(WEBHOOK_SECRET)
        });
        match StripeCredentials::new(key?, hooks?) {
            Ok(credentials) => Some(credentials),
            Err(fault) => {
                let (pointer, fault) = pointed(fault);
                r.fault_within(&pointer, fault);
                None
            }
        }
    })
}

fn pointed(fault: CredentialsFault) -> (String, Fault) {
    let hooks = "/webhook_secrets".to_owned();
    match fault {
        CredentialsFault::NotASecretKey => ("/secret_key".to_owned(), SECRET_KEY),
        CredentialsFault::NoWebhookSecret => (hooks, Fault::Empty),
        CredentialsFault::TooManyWebhookSecrets => {
            let max = MAX_WEBHOOK_SECRETS;
            (hooks, Fault::TooLong { max })
        }
        CredentialsFault::NotAWebhookSecret { index } => {
            (format!("{hooks}/{index}"), WEBHOOK_SECRET)
        }
    }
}
