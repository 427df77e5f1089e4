//! What an operator does to a deployment with the rights of an operator: looks at dead letters and sends them back,
//! holds accounts and releases them, and reads a period of a provider's list once more. RUNBOOK.md says when, RESTORE.md
//! how a table is put back.
//!
//! - [`letter`]: what a message in a dead letter queue is, and where it goes back to;
//! - [`dead_letters`]: the queues of a stage, and what is done with what lies in them;
//! - [`accounts`]: holds, numbers that go on behind what was given, releases;
//! - [`replay`]: a period of a provider's list.

pub mod accounts;
pub mod dead_letters;
mod error;
pub mod letter;
mod local_time;
pub mod replay;

pub use error::OperateError;
pub use local_time::local_time;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

/// The deployment of the environment: region, credentials and endpoints as the AWS CLI takes them.
pub async fn deployed() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

/// The name of the local host's table.
pub const LOCAL_TABLE: &str = "remit-local-Table";

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
