//! Secrets in SSM Parameter Store, read rarely and never shown.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::ParameterType;
use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;

const KEPT: SignedDuration = SignedDuration::from_mins(5);
/// A miss, or a doubt, is looked at again after a minute: Parameter Store gives 40 reads a second.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
const ENTRIES_MAX: usize = 1_000;

/// A secret; it never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The store of secrets does not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store of secrets: {0}")]
pub struct SecretError(String);

impl SecretError {
    /// A failure, in words for the log.
    pub fn new(detail: impl Into<String>) -> Self {
        Self(detail.into())
    }
}

/// Keeps secrets.
#[async_trait]
pub trait Secrets: Send + Sync + 'static {
    /// The secret of this name, if there is one; `fresh` where a cached one was found wrong.
    async fn get(&self, name: &str, fresh: bool) -> Result<Option<Secret>, SecretError>;
    /// Sets a secret.
    async fn put(&self, name: &str, secret: &Secret) -> Result<(), SecretError>;
    /// Removes a secret; that there is none is fine.
    async fn delete(&self, name: &str) -> Result<(), SecretError>;
}

#[derive(Clone)]
struct Known {
    secret: Option<Secret>,
    read_at: Timestamp,
}

/// Secrets in SSM Parameter Store (SecureString), cached.
pub struct SsmSecrets {
    client: Client,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<String, Known>>,
}

impl SsmSecrets {
    /// Secrets through this client.
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            clock,
            known: Mutex::new(HashMap::new()),
        }
    }

    fn known(&self, name: &str, fresh: bool) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(name)?.clone();
        let kept = if fresh || found.secret.is_none() {
            LOOK_AGAIN
        } else {
            KEPT
        };
        (self.clock.now().duration_since(found.read_at) < kept).then_some(found)
    }

    fn learn(&self, name: &str, secret: Option<Secret>) {
        let read_at = self.clock.now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ENTRIES_MAX {
            known.clear();
        }
        known.insert(name.to_owned(), Known { secret, read_at });
    }
}

#[async_trait]
impl Secrets for SsmSecrets {
    async fn get(&self, name: &str, fresh: bool) -> Result<Option<Secret>, SecretError> {
        if let Some(known) = self.known(name, fresh) {
            return Ok(known.secret);
        }
        let read = self
            .client
            .get_parameter()
            .name(name)
            .with_decryption(true)
            .send()
            .await;
        let secret = match read {
            Ok(output) => output
                .parameter
                .and_then(|parameter| parameter.value)
                .map(Secret::new),
            Err(error) => match error.as_service_error() {
                Some(known) if known.is_parameter_not_found() => None,
                _ => return Err(failure(name, &error)),
            },
        };
        self.learn(name, secret.clone());
        Ok(secret)
    }

    async fn put(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        self.client
            .put_parameter()
            .name(name)
            .value(secret.reveal())
            .r#type(ParameterType::SecureString)
            .overwrite(true)
            .send()
            .await
            .map_err(|error| failure(name, &error))?;
        self.learn(name, Some(secret.clone()));
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        match self.client.delete_parameter().name(name).send().await {
            Ok(_) => {}
            Err(error) => match error.as_service_error() {
                Some(known) if known.is_parameter_not_found() => {}
                _ => return Err(failure(name, &error)),
            },
        }
        self.learn(name, None);
        Ok(())
    }
}

/// Names the secret: a denial of IAM's does not always say of what.
fn failure(name: &str, error: &(impl std::error::Error + 'static)) -> SecretError {
    use std::fmt::Write as _;
    let mut text = format!("{name}: {error}");
    let mut source = error.source();
    while let Some(inner) = source {
        // Writing to a String cannot fail.
        let _written = write!(text, ": {inner}");
        source = inner.source();
    }
    SecretError(text)
}
