//! Calls of Stripe's API, and what their answers mean.
//!
//! See <https://docs.stripe.com/error-low-level>. A 5xx is an unknown outcome and is stored under
//! the idempotency key for 24 h; a 429 and a lock time-out have had no effect.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use super::{API_VERSION, StripeProvider};
use crate::provider::CheckoutError;
use crate::wire::{Call, for_the_log, json, retry_after, send};

impl StripeProvider {
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        idempotency_key: Option<&str>,
    ) -> Result<Response<Bytes>, CheckoutError> {
        let mut headers = vec![("stripe-version", API_VERSION.to_owned())];
        headers.extend(idempotency_key.map(|key| ("idempotency-key", key.to_owned())));
        let call = Call {
            method,
            url: format!("{}{path}", self.base_url),
            authorization: &format!("Bearer {}", self.secret_key.expose()),
            headers,
            body: body.map(|body| ("application/x-www-form-urlencoded", Bytes::from(body))),
        };
        send(self.transport.as_ref(), call).await
    }
}

/// The answer, or what its status means; a 404 is `None`.
pub(super) fn found(answer: Response<Bytes>) -> Result<Option<Value>, CheckoutError> {
    if answer.status() == StatusCode::NOT_FOUND && refusal_of(&answer).code == "resource_missing" {
        return Ok(None);
    }
    accepted(answer).map(Some)
}

/// The JSON of a success.
pub(super) fn accepted(answer: Response<Bytes>) -> Result<Value, CheckoutError> {
    if !answer.status().is_success() {
        return Err(refusal(&answer));
    }
    json(&answer)
}

/// What an answer that is no success says: the bank's word where there is one, else Stripe's, and the
/// parameter that it speaks of.
pub(super) struct Declined {
    pub(super) code: String,
    pub(super) param: String,
}

/// What an answer other than a success says.
pub(super) fn declined(answer: &Response<Bytes>) -> Option<Declined> {
    if answer.status().is_success() {
        return None;
    }
    let Refusal {
        code,
        decline_code,
        param,
        ..
    } = refusal_of(answer);
    // The general word where the bank's is the same, or says less.
    let code = match code.as_str() {
        "card_declined" if !decline_code.is_empty() => decline_code,
        _ => code,
    };
    Some(Declined { code, param })
}

struct Refusal {
    error_type: String,
    code: String,
    decline_code: String,
    param: String,
    message: String,
}

/// `{"error": {"type", "code", "decline_code", "message"}}`, as far as it is there.
fn refusal_of(answer: &Response<Bytes>) -> Refusal {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let text = |name: &str| {
        let text = body
            .get("error")
            .and_then(|error| error.get(name))
            .and_then(Value::as_str);
        text.map(for_the_log)
    };
    let error_type = text("type").unwrap_or_default();
    let code = text("code")
        .or_else(|| Some(error_type.clone()).filter(|name| !name.is_empty()))
        .unwrap_or_else(|| format!("http_{}", answer.status().as_u16()));
    Refusal {
        error_type,
        code,
        decline_code: text("decline_code").unwrap_or_default(),
        param: text("param").unwrap_or_default(),
        message: text("message").unwrap_or_default(),
    }
}

/// What a status other than success means for the attempt.
fn refusal(answer: &Response<Bytes>) -> CheckoutError {
    let Refusal {
        error_type,
        code,
        param,
        message,
        ..
    } = refusal_of(answer);
    let reason = format!("status {}: {code}", answer.status().as_u16());
    match answer.status().as_u16() {
        401 | 403 => CheckoutError::BadCredentials { code },
        402 => CheckoutError::Declined { code, message },
        // The key was used before with other parameters: whatever that made, it is there.
        400 if error_type == "idempotency_error" => CheckoutError::Unknown { reason },
        // A request with the same key is under way.
        409 if code == "idempotency_key_in_use" => CheckoutError::Unknown { reason },
        409 | 429 => CheckoutError::NotMade {
            reason,
            retry_after: retry_after(answer.headers()),
        },
        400 if refuses_money(&code, &param) => CheckoutError::Declined { code, message },
        500..=599 => CheckoutError::Unknown { reason },
        _ => CheckoutError::Misconfigured { code, message },
    }
}

/// Whether a 400 speaks of this money, not of the request's form. A refund of more than what is left
/// comes without a code of its own: it names the amount.
/// Source: <https://docs.stripe.com/error-codes>.
fn refuses_money(code: &str, param: &str) -> bool {
    let of_payment = matches!(
        code,
        "amount_too_small"
            | "amount_too_large"
            | "email_invalid"
            | "currency_not_supported"
            | "invalid_charge_amount"
            | "invalid_charge_amount_no_decimal_compatible"
            | "country_unsupported"
    );
    let of_refund = matches!(
        code,
        "charge_already_refunded"
            | "charge_disputed"
            | "charge_not_refundable"
            | "refund_disputed_payment"
            | "balance_insufficient"
            | "insufficient_funds"
            | "payment_intent_unexpected_state"
    );
    of_payment || of_refund || (param == "amount" && !code.starts_with("parameter_"))
}
