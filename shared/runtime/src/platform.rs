//! What a function is made from.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use remit_store::{DynamoTable, Store};

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::function::BoxError;
use crate::ids::Ids;
use crate::random::{Random, SystemRandom};
use crate::secrets::{Secrets, SsmSecrets};
use crate::tls;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(12);
/// Starts a `PUBLIC_BASE_URL` that names the parameter with the address. An API cannot name
/// itself to the functions that it calls, so the template keeps its address there.
const IN_PARAMETER_STORE: &str = "ssm:";

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
    /// [`crate::config::ConfigError`] if the environment lacks something; a public address that
    /// cannot be read.
    pub async fn from_env() -> Result<Self, BoxError> {
        let config = Config::from_env()?;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard())
            .http_client(tls::http_client()?)
            .load()
            .await;
        let mut platform = Self {
            config,
            sdk,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        };
        if let Some(name) = platform
            .config
            .public_base_url
            .strip_prefix(IN_PARAMETER_STORE)
        {
            let address = platform.secrets().get(name, false).await?;
            let address = address.ok_or_else(|| format!("there is no parameter {name}"))?;
            platform.config.public_base_url = address.reveal().trim_end_matches('/').to_owned();
        }
        Ok(platform)
    }

    /// The store of this deployment.
    pub fn store(&self) -> Store {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk);
        Store::new(Arc::new(DynamoTable::new(
            client,
            self.config.table_name.clone(),
        )))
    }

    /// S3.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let mut config = aws_sdk_s3::config::Builder::from(&self.sdk);
        let endpoint = &self.config.documents_endpoint;
        if !endpoint.is_empty() {
            // The SDK joins the path of an endpoint and a bucket without a slash.
            let endpoint = format!("{endpoint}/");
            config = config.endpoint_url(endpoint).force_path_style(true);
        }
        aws_sdk_s3::Client::from_conf(config.build())
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
