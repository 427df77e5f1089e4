//! What an agency enters to be paid through Toss Payments; one SecureString per account.

use serde::{Deserialize, Serialize};

use crate::reference::Secret;

/// What a payment page offers: Toss makes one page for one method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TossMethod {
    /// Cards, and the wallets beside them.
    #[default]
    Card,
    /// An account number to pay the exact amount into, for some days.
    VirtualAccount,
    /// A transfer from the payer's account, at once.
    Transfer,
}

impl TossMethod {
    /// Toss' word.
    pub fn as_str(self) -> &'static str {
        match self {
            TossMethod::Card => "CARD",
            TossMethod::VirtualAccount => "VIRTUAL_ACCOUNT",
            TossMethod::Transfer => "TRANSFER",
        }
    }
}

/// An agency's Toss Payments secret key, and the method that it offers. Webhooks have no secret of
/// the endpoint's: see [`super::event`].
///
/// Stored as JSON: `{"secret_key": "live_sk_...", "method": "card"}`. `Debug` shows nothing of the
/// key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct TossCredentials {
    secret_key: Secret,
    method: TossMethod,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    secret_key: Secret,
    #[serde(default)]
    method: TossMethod,
}

/// What is wrong with entered credentials. Says nothing of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsFault {
    /// Not a secret key.
    #[error("must be a secret key (live_sk_..., live_gsk_..., test_sk_..., test_gsk_...) of Toss'")]
    NotASecretKey,
}

impl TossCredentials {
    /// Credentials, if they look like Toss'.
    pub fn new(secret_key: Secret, method: TossMethod) -> Result<Self, CredentialsFault> {
        let key = secret_key.expose();
        let known = ["live_sk_", "live_gsk_", "test_sk_", "test_gsk_"];
        // A colon would end the key in the header.
        if !known.iter().any(|prefix| key.starts_with(prefix)) || key.contains(':') {
            return Err(CredentialsFault::NotASecretKey);
        }
        Ok(Self { secret_key, method })
    }

    /// The key for calls.
    pub fn secret_key(&self) -> &Secret {
        &self.secret_key
    }

    /// What pages offer.
    pub fn method(&self) -> TossMethod {
        self.method
    }

    /// Whether the key moves real money.
    pub fn livemode(&self) -> bool {
        self.secret_key.expose().starts_with("live_")
    }
}

impl TryFrom<Stored> for TossCredentials {
    type Error = CredentialsFault;
    fn try_from(stored: Stored) -> Result<Self, CredentialsFault> {
        Self::new(stored.secret_key, stored.method)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn what_is_stored_reads_back_and_nothing_of_it_is_shown() {
        let read: TossCredentials =
            serde_json::from_str(r#"{"secret_key":"test_sk_private"}"#).unwrap();
        assert_eq!(read.method(), TossMethod::Card);
        let stored = serde_json::to_string(&read).unwrap();
        assert_eq!(
            stored,
            r#"{"secret_key":"test_sk_private","method":"card"}"#
        );
        assert!(!format!("{read:?}").contains("private"));
        assert!(!read.livemode());
        let live = TossCredentials::new("live_gsk_1".parse().unwrap(), TossMethod::Transfer);
        assert!(live.unwrap().livemode());
        for bad in ["test_ck_public", "sk_live_stripe", "live_sk_a:b"] {
            let refused = TossCredentials::new(bad.parse().unwrap(), TossMethod::Card);
            assert_eq!(refused, Err(CredentialsFault::NotASecretKey), "{bad}");
        }
    }
}
