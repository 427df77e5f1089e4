//! What every provider's calls have in common: one request, one answer, what no answer means.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use serde_json::Value;

use crate::provider::CheckoutError;
use crate::transport::{Transport, TransportError};

/// Longest message of a provider's that is kept for the log, in characters.
pub(crate) const MAX_MESSAGE_CHARS: usize = 300;

/// A request before it is built.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) url: String,
    /// The whole value of `Authorization`: never shown.
    pub(crate) authorization: &'a str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<(&'static str, Bytes)>,
}

/// Sends a request, once.
pub(crate) async fn send(
    transport: &dyn Transport,
    call: Call<'_>,
) -> Result<Response<Bytes>, CheckoutError> {
    let request = request(call).map_err(|error| CheckoutError::Misconfigured {
        code: "request_not_built".to_owned(),
        message: error.to_string(),
    })?;
    transport.send(request).await.map_err(|error| match error {
        TransportError::NotSent { reason } => CheckoutError::NotMade {
            reason,
            retry_after: None,
        },
        TransportError::Unknown { reason } => CheckoutError::Unknown { reason },
    })
}

fn request(call: Call<'_>) -> Result<Request<Bytes>, http::Error> {
    let mut authorization = HeaderValue::try_from(call.authorization)?;
    authorization.set_sensitive(true);
    let mut request = Request::builder()
        .method(call.method)
        .uri(call.url)
        .header(header::AUTHORIZATION, authorization);
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let Some((content_type, body)) = call.body else {
        return request.body(Bytes::new());
    };
    request
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
}

/// A base URL without the slash at its end.
pub(crate) fn base(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

/// Whole seconds only; no provider here uses the form with a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

/// The JSON of a success.
pub(crate) fn json(answer: &Response<Bytes>) -> Result<Value, CheckoutError> {
    serde_json::from_slice(answer.body()).map_err(|error| CheckoutError::Unknown {
        reason: format!("accepted, but the answer is not JSON: {error}"),
    })
}

/// Accepted, so it happened; but what it is cannot be read.
pub(crate) fn unreadable(error: impl std::fmt::Display) -> CheckoutError {
    CheckoutError::Unknown {
        reason: format!("the answer cannot be read: {error}"),
    }
}

/// An absolute URL that a browser can be sent to.
pub(crate) fn is_page_url(url: &str) -> bool {
    let has_scheme = url.starts_with("https://") || url.starts_with("http://");
    has_scheme
        && !url
            .chars()
            .any(|character| character.is_control() || character == ' ')
}

/// Cut to what is kept for the log.
pub(crate) fn for_the_log(text: &str) -> String {
    text.chars().take(MAX_MESSAGE_CHARS).collect()
}
