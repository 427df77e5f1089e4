//! An agency's payment providers, with its credentials.

use std::sync::Arc;

use remit_billing::ids::AccountId;
use remit_billing::ledger::Rail;
use remit_payments::stripe::{self, StripeCredentials, StripeProvider};
use remit_payments::{HttpsTransport, Provider, Transport, secret_name};
use remit_runtime::platform::Platform;
use remit_runtime::problem::Problem;
use remit_runtime::secrets::{Secret, Secrets};

/// Providers by their name in routes and settings.
pub const PROVIDERS: &[&str] = &[stripe::NAME];

/// The rail of a provider's money.
pub fn rail_of(provider: &str) -> Option<Rail> {
    (provider == stripe::NAME).then_some(Rail::Stripe)
}

/// Opens checkouts with an agency's own credentials.
#[derive(Clone)]
pub struct Checkouts {
    /// Where the credentials are.
    pub secrets: Arc<dyn Secrets>,
    /// What their names start with.
    pub secrets_prefix: String,
    /// How providers are reached.
    pub transport: Arc<dyn Transport>,
    /// Where Stripe's API is.
    pub stripe_api_base: String,
}

impl Checkouts {
    /// Those of a platform.
    pub fn of(platform: &Platform, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            secrets,
            secrets_prefix: platform.config.secrets_prefix.clone(),
            transport: Arc::new(HttpsTransport::new()),
            stripe_api_base: platform.config.stripe_api_base.clone(),
        }
    }

    /// The origins that a pay button may lead to: browsers hold a form's redirect to its page's
    /// policy. Stripe's own pages, or those of the stand-in that its API base names.
    pub fn page_origins(&self) -> Vec<String> {
        if self.stripe_api_base == stripe::API_BASE {
            return vec!["https://checkout.stripe.com".to_owned()];
        }
        let base = &self.stripe_api_base;
        let scheme = base.find("://").map_or(0, |at| at + 3);
        let end = base[scheme..]
            .find('/')
            .map_or(base.len(), |at| scheme + at);
        vec![base[..end].to_owned()]
    }

    /// An account's Stripe credentials, if it has set them up; `fresh` where those that are
    /// cached were found wrong.
    ///
    /// # Errors
    /// 503; 500 for credentials that cannot be read.
    pub async fn stripe_credentials(
        &self,
        account: AccountId,
        fresh: bool,
    ) -> Result<Option<StripeCredentials>, Problem> {
        let name = secret_name(&self.secrets_prefix, account, stripe::NAME);
        let secret = self
            .secrets
            .get(&name, fresh)
            .await
            .map_err(Problem::secrets_unavailable)?;
        secret
            .map(|secret| serde_json::from_str(secret.reveal()))
            .transpose()
            .map_err(|_| Problem::internal("stored credentials cannot be read"))
    }

    /// Keeps an account's Stripe credentials.
    ///
    /// # Errors
    /// 503.
    pub async fn keep_stripe_credentials(
        &self,
        account: AccountId,
        credentials: &StripeCredentials,
    ) -> Result<(), Problem> {
        let name = secret_name(&self.secrets_prefix, account, stripe::NAME);
        let text = serde_json::to_string(credentials).map_err(Problem::internal)?;
        self.secrets
            .put(&name, &Secret::new(text))
            .await
            .map_err(Problem::secrets_unavailable)
    }

    /// The provider of an account, if it is set up.
    ///
    /// # Errors
    /// 503, 500.
    pub async fn stripe(&self, account: AccountId) -> Result<Option<Arc<dyn Provider>>, Problem> {
        self.stripe_with(account, false).await
    }

    /// The provider of an account, if it is set up; `fresh` where the credentials that are cached
    /// were found wrong.
    ///
    /// # Errors
    /// 503, 500.
    pub async fn stripe_with(
        &self,
        account: AccountId,
        fresh: bool,
    ) -> Result<Option<Arc<dyn Provider>>, Problem> {
        let credentials = self.stripe_credentials(account, fresh).await?;
        Ok(credentials.map(|credentials| {
            let transport = Arc::clone(&self.transport);
            let provider = StripeProvider::new(transport, &self.stripe_api_base, &credentials);
            Arc::new(provider) as Arc<dyn Provider>
        }))
    }
}
