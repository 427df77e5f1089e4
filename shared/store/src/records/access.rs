//! API keys: stored hashed, found by their hash.

use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::ids::{AccountId, ApiKeyId};
use remit_billing::party::Name;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::record::Record;
use crate::table::Key;

/// An API key as its account lists it. The secret itself is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: Name,
    /// What it may do.
    pub role: Role,
    /// The last characters of the secret, to tell keys apart.
    pub ends_with: String,
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// Since when it is out of use (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Record for ApiKey {
    const TYPE: &'static str = "api_key";
    fn key(&self) -> Key {
        keys::api_key(self.account_id, self.id)
    }
}

/// The look-up of an API key by its hash: what the authorizer reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyLookup {
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: ApiKeyId,
    /// What it may do.
    pub role: Role,
    /// Since when it is out of use (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Record for ApiKeyLookup {
    const TYPE: &'static str = "api_key_lookup";
    fn key(&self) -> Key {
        keys::api_key_lookup(&self.hash)
    }
}
