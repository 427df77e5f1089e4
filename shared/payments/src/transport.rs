//! How a request reaches a provider.
//!
//! One question matters after a failure: can the provider have seen the request? If not, it may
//! be made again; if perhaps, one must look first. So a transport answers with exactly these two.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};

use crate::outward::{Outward, PublicNames};

/// Time for a whole call, answer included. A call within a request of the gateway (30 s) must
/// leave time for the commits before and after it.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// Time to reach the provider.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Largest answer that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The request certainly did not leave: no connection, or it could not be built.
    #[error("not sent: {reason}")]
    NotSent {
        /// For the log.
        reason: String,
    },
    /// The request may have arrived and taken effect: a time-out or a broken connection.
    #[error("sent, outcome unknown: {reason}")]
    Unknown {
        /// For the log.
        reason: String,
    },
}

/// Sends one HTTP request, once.
///
/// An implementation never repeats a request by itself and never follows a redirect.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// The answer, whatever its status.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;
}

/// The transport of production.
///
/// Built at the first call, so that functions which never call a provider do not load
/// certificates. Connections are not kept: Lambda freezes between calls, a kept connection would
/// often be dead, and a request lost on it would be an unknown outcome.
#[derive(Debug)]
pub struct HttpsTransport {
    outward: Outward,
    client: OnceLock<reqwest::Client>,
}

impl HttpsTransport {
    /// A transport that has not opened anything yet, to where may be asked.
    pub fn to(outward: Outward) -> Self {
        Self {
            outward,
            client: OnceLock::new(),
        }
    }

    fn client(&self) -> Result<reqwest::Client, TransportError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let built = reqwest::Client::builder()
            .timeout(CALL_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(PublicNames))
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent(concat!("Remit/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| TransportError::NotSent {
                reason: describe(error),
            })?;
        Ok(self.client.get_or_init(|| built).clone())
    }
}

#[async_trait]
impl Transport for HttpsTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let allowed = self.outward.check(request.uri());
        allowed.map_err(|forbidden| TransportError::NotSent {
            reason: forbidden.to_string(),
        })?;
        let request = reqwest::Request::try_from(request).map_err(classify)?;
        let mut answer = self.client()?.execute(request).await.map_err(classify)?;

        let mut body = BytesMut::new();
        // A failure from here on comes after the provider has acted: never `NotSent`.
        while let Some(chunk) = answer.chunk().await.map_err(unknown)? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(TransportError::Unknown {
                    reason: "the answer is too large".to_owned(),
                });
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

fn classify(error: reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() {
        TransportError::NotSent {
            reason: describe(error),
        }
    } else {
        unknown(error)
    }
}

fn unknown(error: reqwest::Error) -> TransportError {
    TransportError::Unknown {
        reason: describe(error),
    }
}

/// The error and its causes, without the URL: a session id in it opens a client's page.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
