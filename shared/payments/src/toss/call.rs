//! Calls of Toss Payments' API, and what their answers mean.
//!
//! Errors are `{"code", "message"}`; the code decides more than the status, as a 403 may speak of
//! the key or of this payment. Source: <https://docs.tosspayments.com/reference/error-codes>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use super::TossProvider;
use crate::provider::CheckoutError;
use crate::reference::Secret;
use crate::wire::{Call, for_the_log, json, retry_after, send};

/// The `Authorization` of all calls: the key is the name, and there is no password.
pub(super) fn basic(secret_key: &Secret) -> String {
    let pair = format!("{}:", secret_key.expose());
    format!("Basic {}", STANDARD.encode(pair))
}

impl TossProvider {
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        idempotency_key: Option<&str>,
    ) -> Result<Response<Bytes>, CheckoutError> {
        let headers = idempotency_key.map(|key| ("idempotency-key", key.to_owned()));
        let call = Call {
            method,
            url: format!("{}{path}", self.base_url),
            authorization: &self.basic,
            headers: headers.into_iter().collect(),
            body: body.map(|body| ("application/json", Bytes::from(body.to_string()))),
        };
        send(self.transport.as_ref(), call).await
    }
}

/// The answer, or what its status means; an unknown payment is `None`.
pub(super) fn found(answer: &Response<Bytes>) -> Result<Option<Value>, CheckoutError> {
    if answer.status() == StatusCode::NOT_FOUND
        && matches!(
            code_of(answer).as_str(),
            "NOT_FOUND_PAYMENT" | "NOT_FOUND_PAYMENT_SESSION"
        )
    {
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
    code: Option<String>,
    message: String,
}

fn refusal_of(answer: &Response<Bytes>) -> Refusal {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    // The second version of the API wraps what the first says plainly.
    let text = |name: &str| {
        let plain = body.get(name).or_else(|| body.get("error")?.get(name));
        plain.and_then(Value::as_str).map(for_the_log)
    };
    Refusal {
        code: text("code"),
        message: text("message").unwrap_or_default(),
    }
}

/// The code of a refusal, or its status.
pub(super) fn code_of(answer: &Response<Bytes>) -> String {
    let code = refusal_of(answer).code;
    code.unwrap_or_else(|| format!("http_{}", answer.status().as_u16()))
}

/// What a status other than success means.
fn refusal(answer: &Response<Bytes>) -> CheckoutError {
    let Refusal { code, message } = refusal_of(answer);
    let status = answer.status().as_u16();
    let reason = format!("status {status}: {}", code_of(answer));
    let not_made = || CheckoutError::NotMade {
        reason: reason.clone(),
        retry_after: retry_after(answer.headers()),
    };
    let Some(code) = code else {
        return match status {
            401 | 403 => CheckoutError::BadCredentials { code: reason },
            429 => not_made(),
            409 | 500..=599 => CheckoutError::Unknown { reason },
            _ => CheckoutError::Misconfigured {
                code: format!("http_{status}"),
                message,
            },
        };
    };
    match (status, code.as_str()) {
        (401, _)
        | (
            _,
            "UNAUTHORIZED_KEY"
            | "INVALID_API_KEY"
            | "INCORRECT_BASIC_AUTH_FORMAT"
            | "INVALID_AUTHORIZE_AUTH"
            | "FORBIDDEN_REQUEST",
        ) => CheckoutError::BadCredentials { code },
        (429, _) | (_, "FORBIDDEN_CONSECUTIVE_REQUEST") => not_made(),
        // The same key is under way, or the order was made before: it is there.
        (409 | 500..=599, _)
        | (
            _,
            "IDEMPOTENT_REQUEST_PROCESSING"
            | "DUPLICATED_ORDER_ID"
            | "ALREADY_PROCESSED_PAYMENT"
            // Of the bank or the card company: it may have taken effect there.
            | "PROVIDER_ERROR",
        ) => CheckoutError::Unknown { reason },
        (400 | 403 | 404, _) if speaks_of_the_form(&code) => {
            CheckoutError::Misconfigured { code, message }
        }
        (400 | 403, _) | (404, "NOT_FOUND_PAYMENT" | "NOT_FOUND_PAYMENT_SESSION") => {
            CheckoutError::Declined { code, message }
        }
        _ => CheckoutError::Misconfigured { code, message },
    }
}

/// Codes that speak of the request's form, not of this payment.
fn speaks_of_the_form(code: &str) -> bool {
    matches!(
        code,
        "INVALID_REQUEST"
            | "INVALID_ORDER_ID"
            | "INVALID_ORDER_NAME"
            | "INVALID_PAYMENT_KEY"
            | "INVALID_IDEMPOTENCY_KEY"
            | "INVALID_SUCCESS_URL"
            | "INVALID_FAIL_URL"
            | "INVALID_URL"
            | "NOT_REGISTERED_BUSINESS"
            | "NOT_SUPPORTED_METHOD"
    )
}
