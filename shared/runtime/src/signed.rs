//! Addresses that let bytes in and out of the bucket, past the API, for a while.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// How long a download address holds: it is made anew for each reader.
pub const DOWNLOAD_VALID: Duration = Duration::from_secs(5 * 60);

/// Bytes as whoever gets them keeps them.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Their name in the bucket.
    pub key: &'a str,
    /// What they are.
    pub media_type: &'a str,
    /// The file's name.
    pub name: &'a str,
}

/// A signed request that gives the bytes, to be kept rather than shown.
///
/// # Errors
/// 500.
pub async fn download(
    client: &Client,
    bucket: &str,
    named: Named<'_>,
    now: Timestamp,
) -> Result<PresignedRequest, Problem> {
    let get = client.get_object().bucket(bucket).key(named.key);
    get.response_content_type(named.media_type)
        .response_content_disposition(disposition(named.name))
        .presigned(valid_for(DOWNLOAD_VALID, now)?)
        .await
        .map_err(Problem::internal)
}

fn whole_seconds(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// From when and for how long a signature counts.
///
/// # Errors
/// 500.
pub fn valid_for(span: Duration, now: Timestamp) -> Result<PresigningConfig, Problem> {
    let since = u64::try_from(now.as_second()).map_err(Problem::internal)?;
    PresigningConfig::builder()
        .start_time(SystemTime::UNIX_EPOCH + Duration::from_secs(since))
        .expires_in(span)
        .build()
        .map_err(Problem::internal)
}

/// A request as whoever sends it needs it.
pub fn shown(request: &PresignedRequest, span: Duration, now: Timestamp) -> Value {
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
