//! The bucket: addresses that let bytes in and out, and a look at what is there.

use std::fmt;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use remit_billing::canonical::ContentHash;
use remit_billing::file::{File, StoredBytes};
use remit_runtime::signed::{self, DOWNLOAD_VALID, valid_for};
use remit_runtime::{Platform, Problem};
use serde_json::Value;

/// How long an upload address holds.
const UPLOAD_VALID: Duration = Duration::from_secs(15 * 60);

/// A bucket of S3.
#[derive(Clone)]
pub struct Bucket {
    client: Client,
    name: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Bucket {
    /// The bucket of this deployment.
    pub fn of(platform: &Platform) -> Self {
        Self {
            client: platform.s3(),
            name: platform.config.documents_bucket.clone(),
        }
    }

    /// An address that takes the bytes of this file, and nothing else, once.
    ///
    /// # Errors
    /// 500.
    pub async fn upload(&self, file: &File, now: Timestamp) -> Result<Value, Problem> {
        let put = self.client.put_object();
        let bytes = i64::try_from(file.facts.bytes).map_err(Problem::internal)?;
        let request = put
            .bucket(&self.name)
            .key(file.object_key())
            .content_type(file.facts.media_type.as_str())
            .content_length(bytes)
            .checksum_sha256(STANDARD.encode(file.facts.sha256.as_bytes()))
            .if_none_match("*")
            .presigned(valid_for(UPLOAD_VALID, now)?)
            .await;
        let request = request.map_err(Problem::internal)?;
        Ok(signed::shown(&request, UPLOAD_VALID, now))
    }

    /// An address that gives the bytes, to be kept rather than shown.
    ///
    /// # Errors
    /// 500.
    pub async fn download(&self, file: &File, now: Timestamp) -> Result<Value, Problem> {
        let (key, facts) = (file.object_key(), &file.facts);
        let named = signed::Named {
            key: &key,
            media_type: facts.media_type.as_str(),
            name: facts.name.as_str(),
        };
        let request = signed::download(&self.client, &self.name, named, now).await?;
        Ok(signed::shown(&request, DOWNLOAD_VALID, now))
    }

    /// What is there.
    ///
    /// # Errors
    /// 503.
    pub async fn look(&self, file: &File) -> Result<Option<StoredBytes>, Problem> {
        let head = self.client.head_object();
        let found = head
            .bucket(&self.name)
            .key(file.object_key())
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        match found {
            Ok(found) => Ok(Some(StoredBytes {
                bytes: u64::try_from(found.content_length().unwrap_or_default()).unwrap_or(0),
                sha256: found.checksum_sha256().and_then(hash_of),
            })),
            Err(error) => match error.as_service_error() {
                Some(HeadObjectError::NotFound(_)) => Ok(None),
                _ => Err(Problem::files_unavailable(DisplayErrorContext(&error))),
            },
        }
    }
}

fn hash_of(base64: &str) -> Option<ContentHash> {
    let bytes = STANDARD.decode(base64).ok()?;
    bytes.try_into().ok().map(ContentHash::from_bytes)
}
