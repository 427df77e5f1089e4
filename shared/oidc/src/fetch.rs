//! How an issuer is asked.

use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};

/// Time for one document, answer included. Two are fetched one after the other, and the gateway
/// waits ten seconds for the authorizer.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(3);
/// Time to reach the issuer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Largest document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

const FORM: &str = "application/x-www-form-urlencoded";

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What it says.
    pub body: Bytes,
    /// How long it may be kept, in seconds, where the issuer says so.
    pub max_age_s: Option<u64>,
}

/// A document could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FetchError(String);

impl FetchError {
    /// A failure, in words for the log.
    pub fn new(detail: impl Into<String>) -> Self {
        Self(detail.into())
    }
}

/// What was answered to a form, whatever it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// What it says.
    pub body: Bytes,
}

/// Asks an issuer, once: nothing is repeated, no redirect followed.
#[async_trait]
pub trait Fetch: Send + Sync + 'static {
    /// The document at an address.
    ///
    /// # Errors
    /// [`FetchError`]: no answer in time, one that is too large, or one that is not 200.
    async fn get(&self, url: &str) -> Result<Fetched, FetchError>;

    /// What an address answers to a form, which is in its body already.
    ///
    /// # Errors
    /// [`FetchError`]: no answer in time, or one that is too large.
    async fn post_form(&self, url: &str, form: &str) -> Result<Answered, FetchError>;
}

/// The one of production. Built at the first call, so that who only sees API keys does not load
/// certificates; connections are not kept, as Lambda freezes between calls.
#[derive(Debug, Default)]
pub struct HttpsFetch {
    client: OnceLock<reqwest::Client>,
}

impl HttpsFetch {
    /// One that has not opened anything yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self) -> Result<reqwest::Client, FetchError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let built = reqwest::Client::builder()
            .timeout(FETCH_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent(concat!("Remit/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(describe)?;
        Ok(self.client.get_or_init(|| built).clone())
    }
}

#[async_trait]
impl Fetch for HttpsFetch {
    async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        let answer = self.client()?.get(url).send().await;
        let mut answer = answer.map_err(describe)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(FetchError::new(format!("{url}: {}", answer.status())));
        }
        let cache_control = answer.headers().get(CACHE_CONTROL);
        let max_age_s = cache_control.and_then(|value| max_age_s(value.to_str().ok()?));
        Ok(Fetched {
            body: whole(url, &mut answer).await?,
            max_age_s,
        })
    }

    async fn post_form(&self, url: &str, form: &str) -> Result<Answered, FetchError> {
        let request = self.client()?.post(url).header(CONTENT_TYPE, FORM);
        let request = request.header(ACCEPT, "application/json");
        let answer = request.body(form.to_owned()).send().await;
        let mut answer = answer.map_err(describe)?;
        Ok(Answered {
            status: answer.status().as_u16(),
            body: whole(url, &mut answer).await?,
        })
    }
}

/// The answer's body, within the limit.
async fn whole(url: &str, answer: &mut reqwest::Response) -> Result<Bytes, FetchError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(describe)? {
        if body.len() + chunk.len() > MAX_DOCUMENT_BYTES {
            return Err(FetchError::new(format!("{url}: the answer is too large")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn max_age_s(cache_control: &str) -> Option<u64> {
    let mut directives = cache_control.split(',').map(str::trim);
    directives.find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("max-age");
        named.then(|| value.trim().parse().ok()).flatten()
    })
}

/// The error and its causes.
fn describe(error: reqwest::Error) -> FetchError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    FetchError(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_is_read_from_the_header() {
        assert_eq!(
            max_age_s("public, Max-Age=86400, must-revalidate"),
            Some(86_400)
        );
        assert_eq!(max_age_s("max-age=0"), Some(0));
        for none in ["", "no-store", "max-age", "max-age=x", "s-maxage=5"] {
            assert_eq!(max_age_s(none), None, "{none}");
        }
    }
}
