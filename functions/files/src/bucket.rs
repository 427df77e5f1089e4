//! The bucket: addresses that let bytes in and out, and a look at what is there.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use remit_billing::canonical::ContentHash;
use remit_billing::file::{File, StoredBytes};
use remit_runtime::{Platform, Problem};
use serde_json::{Map, Value, json};

/// How long an upload address holds.
const UPLOAD_VALID: Duration = Duration::from_secs(15 * 60);
/// How long a download address holds: it is made anew for each reader.
const DOWNLOAD_VALID: Duration = Duration::from_secs(5 * 60);

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
        Ok(shown(
            &request.map_err(Problem::internal)?,
            UPLOAD_VALID,
            now,
        ))
    }

    /// An address that gives the bytes, to be kept rather than shown.
    ///
    /// # Errors
    /// 500.
    pub async fn download(&self, file: &File, now: Timestamp) -> Result<Value, Problem> {
        let get = self.client.get_object();
        let request = get
            .bucket(&self.name)
            .key(file.object_key())
            .response_content_type(file.facts.media_type.as_str())
            .response_content_disposition(disposition(file.facts.name.as_str()))
            .presigned(valid_for(DOWNLOAD_VALID, now)?)
            .await;
        Ok(shown(
            &request.map_err(Problem::internal)?,
            DOWNLOAD_VALID,
            now,
        ))
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

fn whole_seconds(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

fn valid_for(span: Duration, now: Timestamp) -> Result<PresigningConfig, Problem> {
    let since = u64::try_from(now.as_second()).map_err(Problem::internal)?;
    PresigningConfig::builder()
        .start_time(SystemTime::UNIX_EPOCH + Duration::from_secs(since))
        .expires_in(span)
        .build()
        .map_err(Problem::internal)
}

/// A request as whoever sends it needs it.
fn shown(request: &PresignedRequest, span: Duration, now: Timestamp) -> Value {
    let headers = request.headers();
    let headers: Map<String, Value> = headers
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    json!({
        "method": request.method(),
        "url": request.uri(),
        "headers": headers,
        // To the second, as the address itself.
        "expires_at": whole_seconds(now) + span,
    })
}

/// The name under which a download is kept (RFC 6266): as UTF-8, and what is plain ASCII of it for
/// whoever knows no better.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || "-_. ".contains(c) => c,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) => {
                encoded.push(char::from(byte));
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}
