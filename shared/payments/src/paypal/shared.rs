//! What outlives a call: access tokens and certificates.
//!
//! One of these serves all accounts of a process. A token is known by the whole of what bought it,
//! the secret included, so that nobody is served with another's.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::trust::TrustedRoots;

/// A token is not used in its last minutes: a call must not start with one that ends under way.
const TOKEN_MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Most tokens and certificates that are kept; then all are forgotten.
const MAX_KEPT: usize = 256;

/// Tokens, certificates, and the roots that these must lead to.
pub struct PayPalShared {
    tokens: Mutex<BTreeMap<Digest, Token>>,
    certificates: Mutex<BTreeMap<String, Bytes>>,
    roots: TrustedRoots,
}

#[derive(Clone)]
struct Token {
    text: String,
    usable_until: Timestamp,
}

impl PayPalShared {
    /// Nothing yet, but whom to trust.
    pub fn new(roots: TrustedRoots) -> Self {
        Self {
            tokens: Mutex::default(),
            certificates: Mutex::default(),
            roots,
        }
    }

    pub(super) fn roots(&self) -> &TrustedRoots {
        &self.roots
    }

    /// A token that can still be used.
    pub(super) fn token(&self, key: &Digest, now: Timestamp) -> Option<String> {
        let tokens = lock(&self.tokens);
        let token = tokens.get(key).filter(|token| now < token.usable_until)?;
        Some(token.text.clone())
    }

    pub(super) fn keep_token(
        &self,
        key: Digest,
        text: &str,
        lives: SignedDuration,
        now: Timestamp,
    ) {
        let usable_until = now.saturating_add(lives).unwrap_or(now);
        let usable_until = usable_until.saturating_sub(TOKEN_MARGIN).unwrap_or(now);
        let token = Token {
            text: text.to_owned(),
            usable_until,
        };
        insert(&self.tokens, key, token);
    }

    /// A token that PayPal does not take any more.
    pub(super) fn forget_token(&self, key: &Digest) {
        lock(&self.tokens).remove(key);
    }

    pub(super) fn certificates(&self, url: &str) -> Option<Bytes> {
        lock(&self.certificates).get(url).cloned()
    }

    pub(super) fn keep_certificates(&self, url: &str, pem: Bytes) {
        insert(&self.certificates, url.to_owned(), pem);
    }
}

impl fmt::Debug for PayPalShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayPalShared")
            .field("roots", &self.roots)
            .finish_non_exhaustive()
    }
}

/// What a token is known by: where it was bought, and with what.
pub(super) fn token_key(base_url: &str, authorization: &str) -> Digest {
    let mut hash = Sha256::new();
    hash.update(base_url.as_bytes());
    hash.update(b"\n");
    hash.update(authorization.as_bytes());
    hash.finalize().into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn insert<K: Ord, V>(kept: &Mutex<BTreeMap<K, V>>, key: K, value: V) {
    let mut kept = lock(kept);
    if kept.len() >= MAX_KEPT {
        kept.clear();
    }
    kept.insert(key, value);
}
