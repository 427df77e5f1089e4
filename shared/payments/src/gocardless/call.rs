//! Calls of GoCardless' API, and what their answers mean.
//!
//! Objects are wrapped in their resource's name, errors are `{"error": {"type", "message",
//! "errors": [{"reason", "field", "links"}]}}`. A key that was used before is answered with 409 and
//! the id of what it made: that is fetched, and is the answer.
//! Source: <https://developer.gocardless.com/api-reference/#api-usage-errors>.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::{API_VERSION, GoCardlessProvider};
use crate::provider::CheckoutError;
use crate::wire::{Call, for_the_log, json as read_json, retry_after, send};

impl GoCardlessProvider {
    /// Creates a resource, or fetches what the same key created before.
    pub(super) async fn create(
        &self,
        resource: &'static str,
        key: Option<&str>,
        fields: Value,
    ) -> Result<Value, CheckoutError> {
        let body = json!({ resource: fields });
        let path = format!("/{resource}");
        let answer = self.call(Method::POST, &path, Some(&body), key).await?;
        let Some(made) = conflicting(&answer) else {
            return accepted(&answer, resource);
        };
        let path = format!("/{resource}/{made}");
        match self.get(&path, resource).await? {
            Some(resource) => Ok(resource),
            None => Err(CheckoutError::Unknown {
                reason: "what the key made before is not there".to_owned(),
            }),
        }
    }

    /// One resource, `None` if there is none.
    pub(super) async fn get(
        &self,
        path: &str,
        resource: &str,
    ) -> Result<Option<Value>, CheckoutError> {
        let answer = self.call(Method::GET, path, None, None).await?;
        if is_missing(&answer) {
            return Ok(None);
        }
        accepted(&answer, resource).map(Some)
    }

    /// Does something to a resource: `None` if it is not there, `Err(None)` if its state does not
    /// allow it.
    pub(super) async fn act(
        &self,
        path: &str,
        resource: &str,
    ) -> Result<Result<Value, ActFault>, CheckoutError> {
        let body = json!({"data": {}});
        let answer = self.call(Method::POST, path, Some(&body), None).await?;
        if is_missing(&answer) {
            return Ok(Err(ActFault::Missing));
        }
        if !answer.status().is_success() && refusal_of(&answer).error_type == "invalid_state" {
            return Ok(Err(ActFault::NotInThisState));
        }
        accepted(&answer, resource).map(Ok)
    }

    /// One page of a list: the whole answer.
    pub(super) async fn list(&self, path: &str) -> Result<Value, CheckoutError> {
        let answer = self.call(Method::GET, path, None, None).await?;
        if !answer.status().is_success() {
            return Err(refusal(&answer));
        }
        read_json(&answer)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        idempotency_key: Option<&str>,
    ) -> Result<Response<Bytes>, CheckoutError> {
        let mut headers = vec![("gocardless-version", API_VERSION.to_owned())];
        headers.extend(idempotency_key.map(|key| ("idempotency-key", key.to_owned())));
        let call = Call {
            method,
            url: format!("{}{path}", self.base_url),
            authorization: &format!("Bearer {}", self.access_token.expose()),
            headers,
            body: body.map(|body| ("application/json", Bytes::from(body.to_string()))),
        };
        send(self.transport.as_ref(), call).await
    }
}

/// Why an action was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActFault {
    Missing,
    NotInThisState,
}

/// The resource of a success.
fn accepted(answer: &Response<Bytes>, resource: &str) -> Result<Value, CheckoutError> {
    if !answer.status().is_success() {
        return Err(refusal(answer));
    }
    let mut body = read_json(answer)?;
    let found = body.get_mut(resource).map(Value::take);
    found.ok_or_else(|| CheckoutError::Unknown {
        reason: format!("accepted, but the answer has no {resource}"),
    })
}

struct Refusal {
    error_type: String,
    /// The reason of the first fault, else the type.
    code: String,
    field: String,
    message: String,
    conflicting: Option<String>,
}

fn refusal_of(answer: &Response<Bytes>) -> Refusal {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let error_type = text("/error/type").map(for_the_log).unwrap_or_default();
    let code = match text("/error/errors/0/reason").or_else(|| text("/error/type")) {
        Some(code) => for_the_log(code),
        None => format!("http_{}", answer.status().as_u16()),
    };
    Refusal {
        error_type,
        code,
        field: text("/error/errors/0/field")
            .map(for_the_log)
            .unwrap_or_default(),
        message: text("/error/message").map(for_the_log).unwrap_or_default(),
        conflicting: text("/error/errors/0/links/conflicting_resource_id").map(str::to_owned),
    }
}

/// What the key made before.
fn conflicting(answer: &Response<Bytes>) -> Option<String> {
    if answer.status() != StatusCode::CONFLICT {
        return None;
    }
    let refusal = refusal_of(answer);
    let is_id = |id: &String| id.parse::<crate::reference::SessionId>().is_ok();
    refusal
        .conflicting
        .filter(|_| refusal.code == "idempotent_creation_conflict")
        .filter(is_id)
}

fn is_missing(answer: &Response<Bytes>) -> bool {
    answer.status() == StatusCode::NOT_FOUND && refusal_of(answer).code == "resource_not_found"
}

/// What a status other than success means.
fn refusal(answer: &Response<Bytes>) -> CheckoutError {
    let Refusal {
        error_type,
        code,
        field,
        message,
        ..
    } = refusal_of(answer);
    let reason = format!("status {}: {code}", answer.status().as_u16());
    match answer.status().as_u16() {
        401 | 403 => CheckoutError::BadCredentials { code },
        429 => CheckoutError::NotMade {
            reason,
            retry_after: retry_after(answer.headers()),
        },
        // A key that was used, but nothing says for what: whatever it made, it is there.
        409 if code == "idempotent_creation_conflict" => CheckoutError::Unknown { reason },
        500..=599 => CheckoutError::Unknown { reason },
        _ if error_type == "invalid_state" => CheckoutError::Declined { code, message },
        422 if speaks_of_money(&code, &field) => CheckoutError::Declined { code, message },
        _ => CheckoutError::Misconfigured { code, message },
    }
}

/// Whether a failed validation speaks of this payment, not of the request's form.
fn speaks_of_money(code: &str, field: &str) -> bool {
    let of_refund = matches!(
        code,
        "refund_is_disallowed"
            | "refund_payment_invalid_state"
            | "total_amount_confirmation_invalid"
            | "number_of_refunds_exceeded"
            | "available_refund_amount_insufficient"
            | "insufficient_funds"
            | "mandate_is_inactive"
    );
    of_refund || matches!(field, "amount" | "currency" | "total_amount_confirmation")
}
