//! What an operator does to a deployment with the rights of an operator: looks at dead letters, sends them back to
//! where they failed, and discards them.
//!
//! - [`letter`]: what a message in a dead letter queue is, and where it goes back to;
//! - [`dead_letters`]: the queues of a stage, and what is done with what lies in them.

pub mod dead_letters;
pub mod letter;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

/// The deployment of the environment: region, credentials and endpoints as the AWS CLI takes them.
pub async fn deployed() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

/// The local host at an address, such as `http://127.0.0.1:3000`.
pub fn local(url: &str) -> SdkConfig {
    // Who reaches the local host may do everything there: it checks no signature.
    let credentials = Credentials::new("administrator", "local", None, None, "local");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(format!("{}/_local/aws", url.trim_end_matches('/')))
        .build()
}
