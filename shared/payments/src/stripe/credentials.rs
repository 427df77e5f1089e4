//! What an agency enters to be paid through Stripe; one SecureString per account.

use serde::{Deserialize, Serialize};

use crate::reference::Secret;

/// Most webhook secrets at a time: the one in use, and others while they are rotated.
pub const MAX_WEBHOOK_SECRETS: usize = 4;

/// An agency's Stripe key and the signing secrets of its webhook endpoint.
///
/// Stored as JSON: `{"secret_key": "sk_...", "webhook_secrets": ["whsec_..."]}`. `Debug` shows
/// nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct StripeCredentials {
    secret_key: Secret,
    webhook_secrets: Vec<Secret>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    secret_key: Secret,
    webhook_secrets: Vec<Secret>,
}

/// What is wrong with entered credentials. Says nothing of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsFault {
    /// Not a secret or restricted key.
    #[error("must be a secret key (sk_...) or a restricted key (rk_...) of Stripe's")]
    NotASecretKey,
    /// No signing secret at all.
    #[error("at least one webhook signing secret is needed")]
    NoWebhookSecret,
    /// More than [`MAX_WEBHOOK_SECRETS`].
    #[error("at most {MAX_WEBHOOK_SECRETS} webhook signing secrets")]
    TooManyWebhookSecrets,
    /// Not a signing secret.
    #[error("must be the signing secret (whsec_...) of a webhook endpoint")]
    NotAWebhookSecret {
        /// Place in the list, from 0.
        index: usize,
    },
}

impl StripeCredentials {
    /// Credentials, if they look like Stripe's.
    pub fn new(secret_key: Secret, webhook_secrets: Vec<Secret>) -> Result<Self, CredentialsFault> {
        let key = secret_key.expose();
        if !key.starts_with("sk_") && !key.starts_with("rk_") {
            return Err(CredentialsFault::NotASecretKey);
        }
        if webhook_secrets.is_empty() {
            return Err(CredentialsFault::NoWebhookSecret);
        }
        if webhook_secrets.len() > MAX_WEBHOOK_SECRETS {
            return Err(CredentialsFault::TooManyWebhookSecrets);
        }
        let foreign = |secret: &Secret| !secret.expose().starts_with("whsec_");
        if let Some(index) = webhook_secrets.iter().position(foreign) {
            return Err(CredentialsFault::NotAWebhookSecret { index });
        }
        Ok(Self {
            secret_key,
            webhook_secrets,
        })
    }

    /// The key for calls.
    pub fn secret_key(&self) -> &Secret {
        &self.secret_key
    }

    /// The secrets that a notification may be signed with.
    pub fn webhook_secrets(&self) -> &[Secret] {
        &self.webhook_secrets
    }

    /// Whether the key moves real money.
    pub fn livemode(&self) -> bool {
        self.secret_key
            .expose()
            .get(2..)
            .is_some_and(|rest| rest.starts_with("_live_"))
    }
}

impl TryFrom<Stored> for StripeCredentials {
    type Error = CredentialsFault;
    fn try_from(stored: Stored) -> Result<Self, CredentialsFault> {
        Self::new(stored.secret_key, stored.webhook_secrets)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn secret(text: &str) -> Secret {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_stored_reads_back_and_nothing_of_it_is_shown() {
        let made = StripeCredentials::new(
            secret("sk_test_abc"),
            vec![secret("whsec_1"), secret("whsec_2")],
        )
        .unwrap();
        let stored = serde_json::to_string(&made).unwrap();
        assert_eq!(
            stored,
            r#"{"secret_key":"sk_test_abc","webhook_secrets":["whsec_1","whsec_2"]}"#
        );
        assert_eq!(
            serde_json::from_str::<StripeCredentials>(&stored).unwrap(),
            made
        );
        let shown = format!("{made:?}");
        assert!(
            !shown.contains("abc") && !shown.contains("whsec"),
            "{shown}"
        );
        assert!(!made.livemode());
        let live = StripeCredentials::new(secret("rk_live_x"), vec![secret("whsec_1")]).unwrap();
        assert!(live.livemode());
    }

    #[test]
    fn what_is_not_stripes_is_refused() {
        let hook = || vec![secret("whsec_1")];
        assert_eq!(
            StripeCredentials::new(secret("pk_test_public"), hook()),
            Err(CredentialsFault::NotASecretKey)
        );
        assert_eq!(
            StripeCredentials::new(secret("sk_test_1"), vec![]),
            Err(CredentialsFault::NoWebhookSecret)
        );
        assert_eq!(
            StripeCredentials::new(secret("sk_test_1"), vec![secret("whsec_1"), secret("sk_1")]),
            Err(CredentialsFault::NotAWebhookSecret { index: 1 })
        );
        assert_eq!(
            StripeCredentials::new(secret("sk_test_1"), vec![secret("whsec_1"); 5]),
            Err(CredentialsFault::TooManyWebhookSecrets)
        );
        for stored in [
            r#"{"secret_key":"sk_1"}"#,
            r#"{"secret_key":"sk_1","webhook_secrets":[]}"#,
        ] {
            assert!(serde_json::from_str::<StripeCredentials>(stored).is_err());
        }
    }
}
