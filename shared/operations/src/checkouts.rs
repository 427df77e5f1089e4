//! An agency's payment providers, with its credentials.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::ids::AccountId;
use remit_payments::gocardless::{self, GoCardlessProvider};
use remit_payments::paypal::{self, PayPalProvider, PayPalShared};
use remit_payments::stripe::{self, StripeProvider};
use remit_payments::toss::{self, TossProvider};
use remit_payments::{
    Credentials, HttpsTransport, Outward, Provider, ProviderKind, Transport, TrustedRoots,
    secret_name,
};
use remit_runtime::platform::Platform;
use remit_runtime::problem::Problem;
use remit_runtime::secrets::{Secret, Secrets};

/// Where the providers answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiBases {
    /// Stripe's API.
    pub stripe: String,
    /// PayPal's; empty for that of the credentials' mode.
    pub paypal: String,
    /// GoCardless'; empty for that of the credentials' mode.
    pub gocardless: String,
    /// Toss Payments' API.
    pub toss: String,
}

impl Default for ApiBases {
    fn default() -> Self {
        Self {
            stripe: stripe::API_BASE.to_owned(),
            paypal: String::new(),
            gocardless: String::new(),
            toss: toss::API_BASE.to_owned(),
        }
    }
}

impl ApiBases {
    fn all(&self) -> [&str; 4] {
        [&self.stripe, &self.paypal, &self.gocardless, &self.toss]
    }

    /// The base that stands in for a provider's own, if one does.
    fn stand_in(&self, kind: ProviderKind) -> Option<&str> {
        let (base, own) = match kind {
            ProviderKind::Stripe => (&self.stripe, stripe::API_BASE),
            ProviderKind::PayPal => (&self.paypal, ""),
            ProviderKind::GoCardless => (&self.gocardless, ""),
            ProviderKind::Toss => (&self.toss, toss::API_BASE),
        };
        (base != own).then_some(base)
    }
}

/// Opens checkouts with an agency's own credentials.
#[derive(Clone)]
pub struct Checkouts {
    /// Where the credentials are.
    secrets: Arc<dyn Secrets>,
    /// What their names start with.
    secrets_prefix: String,
    /// How providers are reached.
    transport: Arc<dyn Transport>,
    bases: ApiBases,
    /// PayPal's tokens and certificates, for as long as the process lives.
    paypal: Arc<PayPalShared>,
}

impl Checkouts {
    /// Over these ports.
    pub fn new(
        secrets: Arc<dyn Secrets>,
        secrets_prefix: String,
        transport: Arc<dyn Transport>,
        bases: ApiBases,
    ) -> Self {
        Self {
            secrets,
            secrets_prefix,
            transport,
            bases,
            paypal: Arc::new(PayPalShared::new(TrustedRoots::of_the_system())),
        }
    }

    /// Those of a platform.
    pub fn of(platform: &Platform, secrets: Arc<dyn Secrets>) -> Self {
        let config = &platform.config;
        let bases = ApiBases {
            stripe: config.stripe_api_base.clone(),
            paypal: config.paypal_api_base.clone(),
            gocardless: config.gocardless_api_base.clone(),
            toss: config.toss_api_base.clone(),
        };
        let outward = Outward::with(&bases.all());
        let transport = Arc::new(HttpsTransport::to(outward));
        Self::new(secrets, config.secrets_prefix.clone(), transport, bases)
    }

    /// The origins that the button of a provider may lead to: browsers hold a form's redirect to
    /// its page's policy. The provider's own pages, or those of the stand-in that its API base
    /// names.
    pub fn page_origins(&self, kind: ProviderKind) -> Vec<String> {
        let Some(base) = self.bases.stand_in(kind) else {
            let own = kind.page_origins().iter();
            return own.map(|origin| (*origin).to_owned()).collect();
        };
        let scheme = base.find("://").map_or(0, |at| at + 3);
        let path = base.get(scheme..).and_then(|rest| rest.find('/'));
        let end = path.map_or(base.len(), |at| scheme + at);
        vec![base.get(..end).unwrap_or(base).to_owned()]
    }

    /// A provider of an account, if it is set up; `now` is the moment of its calls.
    ///
    /// # Errors
    /// 503; 500 for credentials that cannot be read.
    pub async fn provider(
        &self,
        account: AccountId,
        kind: ProviderKind,
        now: Timestamp,
    ) -> Result<Option<Arc<dyn Provider>>, Problem> {
        let credentials = self.credentials(account, kind, false).await?;
        Ok(credentials.map(|credentials| self.with(&credentials, now)))
    }

    /// The same, where the credentials that are cached were found wrong.
    ///
    /// # Errors
    /// As [`Checkouts::provider`].
    pub async fn provider_afresh(
        &self,
        account: AccountId,
        kind: ProviderKind,
        now: Timestamp,
    ) -> Result<Option<Arc<dyn Provider>>, Problem> {
        let credentials = self.credentials(account, kind, true).await?;
        Ok(credentials.map(|credentials| self.with(&credentials, now)))
    }

    async fn credentials(
        &self,
        account: AccountId,
        kind: ProviderKind,
        fresh: bool,
    ) -> Result<Option<Credentials>, Problem> {
        let name = secret_name(&self.secrets_prefix, account, kind.name());
        let secret = self.secrets.get(&name, fresh).await;
        let secret: Option<Secret> = secret.map_err(Problem::secrets_unavailable)?;
        secret
            .map(|secret| Credentials::read(kind, secret.reveal()))
            .transpose()
            .map_err(|_| Problem::internal("stored credentials cannot be read"))
    }

    fn with(&self, credentials: &Credentials, now: Timestamp) -> Arc<dyn Provider> {
        let transport = Arc::clone(&self.transport);
        match credentials {
            Credentials::Stripe(held) => {
                Arc::new(StripeProvider::new(transport, &self.bases.stripe, held))
            }
            Credentials::PayPal(held) => {
                let own = paypal::api_base(held.mode());
                let base = self.bases.stand_in(ProviderKind::PayPal).unwrap_or(own);
                let shared = Arc::clone(&self.paypal);
                Arc::new(PayPalProvider::new(transport, base, held, shared, now))
            }
            Credentials::GoCardless(held) => {
                let own = gocardless::api_base(held.mode());
                let base = self.bases.stand_in(ProviderKind::GoCardless).unwrap_or(own);
                Arc::new(GoCardlessProvider::new(transport, base, held))
            }
            Credentials::Toss(held) => {
                Arc::new(TossProvider::new(transport, &self.bases.toss, held))
            }
        }
    }
}

/// The provider that opened the page of an attempt.
pub(crate) fn kind_of(provider: &str) -> Result<ProviderKind, Problem> {
    ProviderKind::parse(provider)
        .ok_or_else(|| Problem::internal("an attempt of an unknown provider"))
}
