//! What a function is made from.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use remit_store::{DynamoTable, Store};

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::ids::Ids;
use crate::random::{Random, SystemRandom};
use crate::secrets::SsmSecrets;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(12);

/// Configuration, AWS, time and randomness. Clients are made by who needs them.
#[derive(Clone)]
pub struct Platform {
    /// The environment.
    pub config: Config,
    /// How to reach AWS.
    pub sdk: SdkConfig,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub random: Arc<dyn Random>,
}

impl Platform {
    /// The platform in Lambda.
    ///
    /// # Errors
    /// [`ConfigError`] if the environment lacks something.
    pub async fn from_env() -> Result<Self, ConfigError> {
        let config = Config::from_env()?;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard())
            .load()
            .await;
        Ok(Self {
            config,
            sdk,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        })
    }

    /// The store of this deployment.
    pub fn store(&self) -> Store {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk);
        Store::new(Arc::new(DynamoTable::new(
            client,
            self.config.table_name.clone(),
        )))
    }

    /// The secrets of this deployment.
    pub fn secrets(&self) -> SsmSecrets {
        SsmSecrets::new(aws_sdk_ssm::Client::new(&self.sdk), Arc::clone(&self.clock))
    }

    /// Makes ids.
    pub fn ids(&self) -> Ids {
        Ids::new(Arc::clone(&self.random))
    }
}
