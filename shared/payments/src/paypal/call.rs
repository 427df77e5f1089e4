//! Calls of PayPal's API, and what their answers mean.
//!
//! Errors are `{"name", "message", "details": [{"issue"}]}`; a 422 speaks of this payment, a 400 of
//! the request's form. A call needs a token; one that cannot be bought means that the call was not
//! made. Source: <https://developer.paypal.com/api/rest/responses/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::SignedDuration;
use serde_json::Value;

use super::PayPalProvider;
use super::shared::token_key;
use crate::object::Object;
use crate::provider::CheckoutError;
use crate::reference::Secret;
use crate::wire::{Call, for_the_log, json, retry_after, send};

/// Longest token that is taken, in bytes.
const MAX_TOKEN_BYTES: usize = 4096;

/// The `Authorization` that buys a token.
pub(super) fn basic(client_id: &Secret, client_secret: &Secret) -> String {
    let pair = format!("{}:{}", client_id.expose(), client_secret.expose());
    format!("Basic {}", STANDARD.encode(pair))
}

impl PayPalProvider {
    /// Sends a call; once more with a new token where an older one is not taken any more: a 401
    /// has had no effect.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        request_id: Option<&str>,
    ) -> Result<Response<Bytes>, CheckoutError> {
        let key = token_key(&self.base_url, &self.basic);
        let kept = self.shared.token(&key, self.now);
        let was_kept = kept.is_some();
        let token = match kept {
            Some(token) => token,
            None => self.buy_token().await?,
        };
        let body = body.map(Bytes::from);
        let first = (method.clone(), body.clone());
        let answer = self.send_with(&token, first, path, request_id).await?;
        if answer.status() != StatusCode::UNAUTHORIZED || !was_kept {
            return Ok(answer);
        }
        self.shared.forget_token(&key);
        let token = self.buy_token().await?;
        self.send_with(&token, (method, body), path, request_id)
            .await
    }

    async fn send_with(
        &self,
        token: &str,
        (method, body): (Method, Option<Bytes>),
        path: &str,
        request_id: Option<&str>,
    ) -> Result<Response<Bytes>, CheckoutError> {
        let mut headers = vec![("prefer", "return=representation".to_owned())];
        headers.extend(request_id.map(|id| ("paypal-request-id", id.to_owned())));
        let call = Call {
            method,
            url: format!("{}{path}", self.base_url),
            authorization: &format!("Bearer {token}"),
            headers,
            body: body.map(|body| ("application/json", body)),
        };
        send(self.transport.as_ref(), call).await
    }

    async fn buy_token(&self) -> Result<String, CheckoutError> {
        let call = Call {
            method: Method::POST,
            url: format!("{}/v1/oauth2/token", self.base_url),
            authorization: &self.basic,
            headers: Vec::new(),
            body: Some((
                "application/x-www-form-urlencoded",
                Bytes::from_static(b"grant_type=client_credentials"),
            )),
        };
        let bought = send(self.transport.as_ref(), call).await;
        let bought = bought.and_then(|answer| read_token(&answer));
        let (token, lives) = bought.map_err(|error| match error {
            // Whatever became of the token, the call itself was not made.
            CheckoutError::Unknown { reason } => CheckoutError::NotMade {
                reason: format!("no token: {reason}"),
                retry_after: None,
            },
            other => other,
        })?;
        let key = token_key(&self.base_url, &self.basic);
        self.shared.keep_token(key, &token, lives, self.now);
        Ok(token)
    }
}

fn read_token(answer: &Response<Bytes>) -> Result<(String, SignedDuration), CheckoutError> {
    if !answer.status().is_success() {
        return Err(refusal(answer));
    }
    let body = json(answer)?;
    let unreadable = || CheckoutError::Unknown {
        reason: "the token cannot be read".to_owned(),
    };
    let token = Object::root(&body).map_err(|_| unreadable())?;
    let text = token.text("access_token").map_err(|_| unreadable())?;
    let lives = token.integer("expires_in").map_err(|_| unreadable())?;
    let visible = |byte: u8| byte.is_ascii_graphic();
    if text.is_empty() || text.len() > MAX_TOKEN_BYTES || !text.bytes().all(visible) || lives < 0 {
        return Err(unreadable());
    }
    Ok((text.to_owned(), SignedDuration::from_secs(lives)))
}

/// The answer, or what its status means; an unknown resource is `None`.
pub(super) fn found(answer: &Response<Bytes>) -> Result<Option<Value>, CheckoutError> {
    if answer.status() == StatusCode::NOT_FOUND && refusal_of(answer).name == "RESOURCE_NOT_FOUND" {
        return Ok(None);
    }
    accepted(answer).map(Some)
}

/// The JSON of a success.
pub(super) fn accepted(answer: &Response<Bytes>) -> Result<Value, CheckoutError> {
    if !answer.status().is_success() {
        return Err(refusal(answer));
    }
    json(answer)
}

struct Refusal {
    name: String,
    /// The issue of the first detail, else the name.
    code: String,
    message: String,
}

fn refusal_of(answer: &Response<Bytes>) -> Refusal {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let text = |pointer: &str| {
        body.pointer(pointer)
            .and_then(Value::as_str)
            .map(for_the_log)
    };
    // The token endpoint speaks OAuth's words.
    let name = text("/name").or_else(|| text("/error")).unwrap_or_default();
    let code = text("/details/0/issue")
        .or_else(|| Some(name.clone()).filter(|name| !name.is_empty()))
        .unwrap_or_else(|| format!("http_{}", answer.status().as_u16()));
    Refusal {
        name,
        code,
        message: text("/details/0/description")
            .or_else(|| text("/message"))
            .unwrap_or_default(),
    }
}

/// The code of a refusal.
pub(super) fn code_of(answer: &Response<Bytes>) -> String {
    refusal_of(answer).code
}

/// What a status other than success means.
pub(super) fn refusal(answer: &Response<Bytes>) -> CheckoutError {
    let Refusal { code, message, .. } = refusal_of(answer);
    let reason = format!("status {}: {code}", answer.status().as_u16());
    match answer.status().as_u16() {
        401 | 403 => CheckoutError::BadCredentials { code },
        429 => CheckoutError::NotMade {
            reason,
            retry_after: retry_after(answer.headers()),
        },
        // A request with the same id is under way, or was made with another body: something is.
        409 => CheckoutError::Unknown { reason },
        _ if is_of_another_request(&code) => CheckoutError::Unknown { reason },
        422 => CheckoutError::Declined { code, message },
        500..=599 => CheckoutError::Unknown { reason },
        _ => CheckoutError::Misconfigured { code, message },
    }
}

/// Codes that speak of something made before under the same id.
fn is_of_another_request(code: &str) -> bool {
    code.contains("REQUEST_ID")
        || code == "DUPLICATE_INVOICE_ID"
        || code == "ORDER_ALREADY_CAPTURED"
}
