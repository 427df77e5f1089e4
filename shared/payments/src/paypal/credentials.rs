//! What an agency enters to be paid through PayPal; one SecureString per account.

use serde::{Deserialize, Serialize};

use crate::mode::Mode;
use crate::reference::Secret;

/// Longest webhook id that is taken, in bytes; PayPal's have 17.
const MAX_WEBHOOK_ID_BYTES: usize = 64;

/// How a call to the webhook is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookCheck {
    /// By PayPal's certificate, here: no call for most deliveries, so that nobody who sends
    /// nonsense makes Remit call PayPal. A certificate that cannot be judged here is left to
    /// PayPal.
    #[default]
    Certificate,
    /// By asking PayPal each time.
    #[serde(rename = "ask_paypal")]
    AskPayPal,
}

/// An agency's PayPal application and the id of its webhook.
///
/// Stored as JSON: `{"mode": "live", "client_id": "...", "client_secret": "...", "webhook_id":
/// "...", "webhook_check": "certificate"}`. `Debug` shows nothing of the secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct PayPalCredentials {
    mode: Mode,
    client_id: Secret,
    client_secret: Secret,
    webhook_id: String,
    webhook_check: WebhookCheck,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    mode: Mode,
    client_id: Secret,
    client_secret: Secret,
    webhook_id: String,
    #[serde(default)]
    webhook_check: WebhookCheck,
}

/// What is wrong with entered credentials. Says nothing of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsFault {
    /// A client id cannot hold a colon: it would end there.
    #[error("must be the client id of a PayPal application")]
    NotAClientId,
    /// Not the id of a webhook.
    #[error("must be the id of the webhook: letters and digits")]
    NotAWebhookId,
}

impl PayPalCredentials {
    /// Credentials, if they can be PayPal's.
    pub fn new(
        mode: Mode,
        client_id: Secret,
        client_secret: Secret,
        webhook_id: String,
        webhook_check: WebhookCheck,
    ) -> Result<Self, CredentialsFault> {
        if client_id.expose().contains(':') {
            return Err(CredentialsFault::NotAClientId);
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        if webhook_id.is_empty()
            || webhook_id.len() > MAX_WEBHOOK_ID_BYTES
            || !webhook_id.bytes().all(plain)
        {
            return Err(CredentialsFault::NotAWebhookId);
        }
        Ok(Self {
            mode,
            client_id,
            client_secret,
            webhook_id,
            webhook_check,
        })
    }

    /// Whether real money moves.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The application.
    pub fn client_id(&self) -> &Secret {
        &self.client_id
    }

    /// Its secret.
    pub fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    /// The webhook's id, which is part of what PayPal signs.
    pub fn webhook_id(&self) -> &str {
        &self.webhook_id
    }

    /// How deliveries are proved.
    pub fn webhook_check(&self) -> WebhookCheck {
        self.webhook_check
    }
}

impl TryFrom<Stored> for PayPalCredentials {
    type Error = CredentialsFault;
    fn try_from(stored: Stored) -> Result<Self, CredentialsFault> {
        Self::new(
            stored.mode,
            stored.client_id,
            stored.client_secret,
            stored.webhook_id,
            stored.webhook_check,
        )
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn what_is_stored_reads_back_and_nothing_of_it_is_shown() {
        let stored = r#"{"mode":"test","client_id":"client_private","client_secret":"very_private","webhook_id":"1JE4291016473214C"}"#;
        let read: PayPalCredentials = serde_json::from_str(stored).unwrap();
        assert_eq!(read.webhook_check(), WebhookCheck::Certificate);
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(
            serde_json::from_str::<PayPalCredentials>(&again).unwrap(),
            read
        );
        assert!(!format!("{read:?}").contains("private"));
        for (field, bad) in [
            ("1JE4291016473214C", "not an id"),
            ("1JE4291016473214C", ""),
            ("client_private", "a:b"),
            ("\"test\"", "\"sandbox\""),
        ] {
            let refused = stored.replace(field, bad);
            assert!(
                serde_json::from_str::<PayPalCredentials>(&refused).is_err(),
                "{bad}"
            );
        }
    }
}
