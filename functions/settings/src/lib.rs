//! How the agency bills: `GET` and `PATCH /v1/settings`, `PUT` and `DELETE
//! /v1/settings/payment-providers/{provider}`, `PUT` and `DELETE /v1/settings/logo`, `GET` and `PUT /v1/settings/ledger-codes`, the agency's own words
//! (`/v1/settings/mail-texts`, those of a client, preview and test), `GET` and `POST /v1/api-keys`, `DELETE /v1/api-keys/{api_key_id}`.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests fail by panicking"))]

mod api_keys;
mod change;
mod credentials;
mod fields;
mod ledger_codes;
mod logo;
mod mail_texts;
mod numbers;
mod picture;
mod providers;
mod refusal;

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::account::Account;
use remit_billing::ids::AccountId;
use remit_operations::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::secrets::Secrets;
use remit_runtime::{BoxError, Clock, Function, Ids, Platform, Problem};
use remit_store::{Store, Versioned, keys};

pub use refusal::{LogoRefusal, SettingsRefusal};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids and keys.
    pub ids: Ids,
    /// Where providers' secrets are kept.
    pub secrets: Arc<dyn Secrets>,
    /// What the names of this deployment's secrets start with.
    pub secrets_prefix: String,
    /// Where providers' notifications arrive; no slash at the end.
    pub public_base_url: String,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        store: platform.store(),
        clock: Arc::clone(&platform.clock),
        ids: platform.ids(),
        secrets: Arc::new(platform.secrets()),
        secrets_prefix: platform.config.secrets_prefix.clone(),
        public_base_url: platform.config.public_base_url.clone(),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /v1/settings" => change::get(self, request).await,
            "PATCH /v1/settings" => change::change(self, request).await,
            "PUT /v1/settings/payment-providers/{provider}" => providers::put(self, request).await,
            "DELETE /v1/settings/payment-providers/{provider}" => {
                providers::delete(self, request).await
            }
            "PUT /v1/settings/logo" => logo::put(self, request).await,
            "DELETE /v1/settings/logo" => logo::delete(self, request).await,
            "GET /v1/settings/ledger-codes" => ledger_codes::get(self, request).await,
            "PUT /v1/settings/ledger-codes" => ledger_codes::put(self, request).await,
            "GET /v1/settings/mail-texts" | "GET /v1/clients/{client_id}/mail-texts" => {
                mail_texts::get(self, request).await
            }
            "PUT /v1/settings/mail-texts" | "PUT /v1/clients/{client_id}/mail-texts" => {
                mail_texts::put(self, request).await
            }
            "POST /v1/settings/mail-texts/preview" => mail_texts::preview(self, request).await,
            "POST /v1/settings/mail-texts/test" => mail_texts::test(self, request).await,
            "GET /v1/api-keys" => api_keys::list(self, request).await,
            "POST /v1/api-keys" => api_keys::create(self, request).await,
            "DELETE /v1/api-keys/{api_key_id}" => api_keys::revoke(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}

impl App {
    fn ports(&self) -> Ports {
        Ports {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            ids: self.ids.clone(),
        }
    }

    async fn account(&self, id: AccountId) -> Result<Versioned<Account>, Problem> {
        let account = self.store.get(&keys::account(id)).await;
        account
            .map_err(|error| Problem::store(&error))?
            .ok_or_else(Problem::not_found)
    }
}
