//! The bucket: what is larger than an item, by its key.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata as _};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use jiff::Timestamp;
use serde_json::Value;

use crate::platform::Platform;
use crate::problem::Problem;
use crate::signed::{self, DOWNLOAD_VALID, Named};

/// How often who waits for an object looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often at most.
const LOOKS: u32 = 12;

/// Where objects are kept.
#[async_trait]
pub trait Objects: Send + Sync + 'static {
    /// The bytes under a key; none where there is nothing.
    ///
    /// # Errors
    /// 503.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Problem>;

    /// Whether there is something under a key.
    ///
    /// # Errors
    /// 503.
    async fn has(&self, key: &str) -> Result<bool, Problem>;

    /// The bytes under a key that somebody else is about to keep there: it is waited for a moment.
    ///
    /// # Errors
    /// 503.
    async fn awaited(&self, key: &str) -> Result<Option<Vec<u8>>, Problem>;

    /// An address that gives the bytes for a few minutes, as the contract shows it.
    ///
    /// # Errors
    /// 500.
    async fn address(&self, named: Named<'_>, now: Timestamp) -> Result<Value, Problem>;

    /// Keeps bytes under a key that nothing lies under yet; what lies there stays.
    ///
    /// # Errors
    /// 503.
    async fn keep(&self, key: &str, media_type: &str, bytes: &[u8]) -> Result<(), Problem>;

    /// Takes away what lies under a key; nothing where nothing does.
    ///
    /// # Errors
    /// 503.
    async fn remove(&self, key: &str) -> Result<(), Problem>;
}

/// S3.
#[derive(Clone)]
pub struct S3Objects {
    client: Client,
    bucket: String,
}

impl S3Objects {
    /// The bucket of this deployment.
    pub fn of(platform: &Platform) -> Self {
        Self {
            client: platform.s3(),
            bucket: platform.config.documents_bucket.clone(),
        }
    }
}

impl fmt::Debug for S3Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bucket)
    }
}

#[async_trait]
impl Objects for S3Objects {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        let get = self.client.get_object().bucket(&self.bucket).key(key);
        match get.send().await {
            Ok(found) => {
                let bytes = found.body.collect().await;
                let bytes = bytes.map_err(Problem::files_unavailable)?;
                Ok(Some(bytes.to_vec()))
            }
            Err(error) => match error.as_service_error() {
                Some(GetObjectError::NoSuchKey(_)) => Ok(None),
                _ => Err(Problem::files_unavailable(DisplayErrorContext(&error))),
            },
        }
    }

    async fn has(&self, key: &str) -> Result<bool, Problem> {
        let head = self.client.head_object().bucket(&self.bucket).key(key);
        match head.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(HeadObjectError::NotFound(_)) => Ok(false),
                _ => Err(Problem::files_unavailable(DisplayErrorContext(&error))),
            },
        }
    }

    async fn awaited(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        for _ in 0..LOOKS {
            if let Some(bytes) = self.get(key).await? {
                return Ok(Some(bytes));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.get(key).await
    }

    async fn address(&self, named: Named<'_>, now: Timestamp) -> Result<Value, Problem> {
        let request = signed::download(&self.client, &self.bucket, named, now).await?;
        Ok(signed::shown(&request, DOWNLOAD_VALID, now))
    }

    async fn keep(&self, key: &str, media_type: &str, bytes: &[u8]) -> Result<(), Problem> {
        let put = self.client.put_object().bucket(&self.bucket).key(key);
        let put = put
            .content_type(media_type)
            .if_none_match("*")
            .body(bytes.to_vec().into());
        match put.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("PreconditionFailed") => Ok(()),
            Err(error) => Err(Problem::files_unavailable(DisplayErrorContext(&error))),
        }
    }

    async fn remove(&self, key: &str) -> Result<(), Problem> {
        let delete = self.client.delete_object().bucket(&self.bucket).key(key);
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(Problem::files_unavailable(DisplayErrorContext(&error))),
        }
    }
}
