//! What an agency enters to be paid through GoCardless; one SecureString per account.

use serde::{Deserialize, Serialize};

use crate::mode::Mode;
use crate::reference::Secret;

/// Most webhook secrets at a time: the one in use, and others while they are rotated.
pub const MAX_WEBHOOK_SECRETS: usize = 4;

/// An agency's GoCardless access token and the secrets of its webhook endpoints.
///
/// Stored as JSON: `{"mode": "live", "access_token": "...", "webhook_secrets": ["..."], "instant":
/// false}`. `Debug` shows nothing of the secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct GoCardlessCredentials {
    mode: Mode,
    access_token: Secret,
    webhook_secrets: Vec<Secret>,
    instant: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    mode: Mode,
    access_token: Secret,
    webhook_secrets: Vec<Secret>,
    #[serde(default)]
    instant: bool,
}

/// What is wrong with entered credentials. Says nothing of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsFault {
    /// The token names the other mode.
    #[error("the access token is of the other mode")]
    OtherMode,
    /// No secret at all.
    #[error("at least one webhook endpoint secret is needed")]
    NoWebhookSecret,
    /// More than [`MAX_WEBHOOK_SECRETS`].
    #[error("at most {MAX_WEBHOOK_SECRETS} webhook endpoint secrets")]
    TooManyWebhookSecrets,
}

impl GoCardlessCredentials {
    /// Credentials. Tokens of the dashboard start with their mode, those of partners do not: only
    /// a contradiction is refused.
    ///
    /// `instant` asks for an instant bank payment where there is one (EUR and GBP), instead of a
    /// debit that takes days.
    pub fn new(
        mode: Mode,
        access_token: Secret,
        webhook_secrets: Vec<Secret>,
        instant: bool,
    ) -> Result<Self, CredentialsFault> {
        let other = match mode {
            Mode::Live => "sandbox_",
            Mode::Test => "live_",
        };
        if access_token.expose().starts_with(other) {
            return Err(CredentialsFault::OtherMode);
        }
        if webhook_secrets.is_empty() {
            return Err(CredentialsFault::NoWebhookSecret);
        }
        if webhook_secrets.len() > MAX_WEBHOOK_SECRETS {
            return Err(CredentialsFault::TooManyWebhookSecrets);
        }
        Ok(Self {
            mode,
            access_token,
            webhook_secrets,
            instant,
        })
    }

    /// Whether real money moves.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The token for calls.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// The secrets that a delivery may be signed with.
    pub fn webhook_secrets(&self) -> &[Secret] {
        &self.webhook_secrets
    }

    /// Whether instant bank payments are asked for where they exist.
    pub fn instant(&self) -> bool {
        self.instant
    }
}

impl TryFrom<Stored> for GoCardlessCredentials {
    type Error = CredentialsFault;
    fn try_from(stored: Stored) -> Result<Self, CredentialsFault> {
        Self::new(
            stored.mode,
            stored.access_token,
            stored.webhook_secrets,
            stored.instant,
        )
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn what_is_stored_reads_back_and_nothing_of_it_is_shown() {
        let hooks = vec!["hook_1".parse().unwrap()];
        let token = "sandbox_very_private".parse().unwrap();
        let made = GoCardlessCredentials::new(Mode::Test, token, hooks, true).unwrap();
        let stored = serde_json::to_string(&made).unwrap();
        assert_eq!(
            stored,
            r#"{"mode":"test","access_token":"sandbox_very_private","webhook_secrets":["hook_1"],"instant":true}"#
        );
        let read: GoCardlessCredentials = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, made);
        let shown = format!("{made:?}");
        assert!(!shown.contains("private") && !shown.contains("hook_1"));
        for refused in [
            r#"{"mode":"live","access_token":"sandbox_1","webhook_secrets":["h"]}"#,
            r#"{"mode":"test","access_token":"live_1","webhook_secrets":["h"]}"#,
            r#"{"mode":"live","access_token":"live_1","webhook_secrets":[]}"#,
            r#"{"mode":"live","access_token":"live_1","webhook_secrets":["a","b","c","d","e"]}"#,
            r#"{"access_token":"live_1","webhook_secrets":["h"]}"#,
        ] {
            assert!(serde_json::from_str::<GoCardlessCredentials>(refused).is_err());
        }
    }
}
