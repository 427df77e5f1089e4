//! Receipts of requests with an `Idempotency-Key`.
//!
//! The receipt is part of the commit that the request makes. The same request again is answered
//! from it; the same key with another body or route is refused; the loser of a race conflicts on
//! the receipt, looks again, and replays the winner's answer.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use remit_billing::canonical::sha256_hex;
use remit_billing::ids::AccountId;
use serde::{Deserialize, Serialize};

use crate::commit::Commit;
use crate::record::{Record, Versioned};
use crate::store::Store;
use crate::table::{Key, TableError};

/// How long a receipt counts: twice the day that providers give.
pub const RECEIPT_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// The answer that a request got, to be given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// The HTTP status.
    pub status: u16,
    /// Headers that belong to the answer, such as `etag` and `location`; names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as it was sent.
    pub body: String,
}

/// What one request with an `Idempotency-Key` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestReceipt {
    /// Whose request it was.
    pub account_id: AccountId,
    /// SHA-256 of the key in hex; the key itself is not stored.
    pub key_digest: String,
    /// Method and path, with ids.
    pub route: String,
    /// SHA-256 of the body in hex.
    pub body_digest: String,
    /// What it was answered.
    #[serde(with = "crate::packed")]
    pub response: StoredResponse,
    /// When it took effect.
    pub created_at: Timestamp,
    /// When the receipt stops counting.
    pub counts_until: Timestamp,
}

/// One request with a key, before it is known whether it was made already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRequest {
    account_id: AccountId,
    key_digest: String,
    route: String,
    body_digest: String,
}

/// What the store knows about a keyed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing: it may take effect.
    None,
    /// A receipt that counts no more: it may take effect, and replaces the receipt.
    Expired(Versioned<RequestReceipt>),
    /// The same request took effect: its answer is the answer.
    Same(Versioned<RequestReceipt>),
    /// The key was used for another request: refuse.
    Different(Versioned<RequestReceipt>),
}

impl Record for RequestReceipt {
    const TYPE: &'static str = "request_receipt";

    fn key(&self) -> Key {
        receipt_key(self.account_id, &self.key_digest)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.counts_until)
    }
}

impl KeyedRequest {
    /// A request of an account: its `Idempotency-Key`, its method and path, its body as received.
    pub fn new(
        account_id: AccountId,
        idempotency_key: &str,
        route: impl Into<String>,
        body: &[u8],
    ) -> Self {
        Self {
            account_id,
            key_digest: sha256_hex(idempotency_key.as_bytes()),
            route: route.into(),
            body_digest: sha256_hex(body),
        }
    }

    /// Where its receipt is stored.
    pub fn receipt_key(&self) -> Key {
        receipt_key(self.account_id, &self.key_digest)
    }

    /// Looks whether it was made already.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn earlier(&self, store: &Store, now: Timestamp) -> Result<Earlier, TableError> {
        let Some(found) = store.get::<RequestReceipt>(&self.receipt_key()).await? else {
            return Ok(Earlier::None);
        };
        let receipt = &found.value;
        Ok(if receipt.counts_until <= now {
            Earlier::Expired(found)
        } else if receipt.route == self.route && receipt.body_digest == self.body_digest {
            Earlier::Same(found)
        } else {
            Earlier::Different(found)
        })
    }

    /// The receipt of this request, answered now.
    pub fn receipt(&self, response: StoredResponse, now: Timestamp) -> RequestReceipt {
        RequestReceipt {
            account_id: self.account_id,
            key_digest: self.key_digest.clone(),
            route: self.route.clone(),
            body_digest: self.body_digest.clone(),
            response,
            created_at: now,
            // Past the end of time it counts for ever.
            counts_until: now.checked_add(RECEIPT_LIFE).unwrap_or(Timestamp::MAX),
        }
    }
}

impl Earlier {
    /// Adds a receipt to the commit of the request. Where the request was made already, the
    /// commit conflicts on the receipt.
    pub fn with_receipt(&self, commit: Commit, receipt: &RequestReceipt) -> Commit {
        match self {
            Earlier::Expired(old) => commit.replace(old, receipt, Vec::new()),
            Earlier::None | Earlier::Same(_) | Earlier::Different(_) => {
                commit.create(receipt, Vec::new())
            }
        }
    }
}

fn receipt_key(account_id: AccountId, key_digest: &str) -> Key {
    Key::new(format!("{account_id}#request#{key_digest}"), "receipt")
}
