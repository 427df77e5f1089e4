//! Checkout Sessions: `POST /v1/checkout/sessions`, `GET` of one and of a list, `/expire`.
//!
//! What an answer means is decided in one place, [`refusal`]: see
//! <https://docs.stripe.com/error-low-level>. A 5xx is an unknown outcome and is stored under the
//! idempotency key for 24 h; a 429 and a lock time-out have had no effect.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::AttemptId;
use serde_json::Value;

use super::amount::{from_stripe, instant};
use super::{API_VERSION, StripeProvider, event, form};
use crate::object::{FieldFault, Object};
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, SessionPayment, SessionState, SessionStatus,
};
use crate::reference::SessionId;
use crate::transport::TransportError;

/// Around the instant of an attempt, where its session is looked for: Stripe's clock and ours
/// may differ, and a request may be under way.
const LOOK_UP_BEFORE: SignedDuration = SignedDuration::from_mins(5);
const LOOK_UP_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Most list pages of one look-up: 1,000 sessions within twenty minutes.
const MAX_LOOK_UP_PAGES: usize = 10;

/// Longest message that is kept for the log, in characters.
const MAX_MESSAGE_CHARS: usize = 300;

impl StripeProvider {
    pub(super) async fn create_session(
        &self,
        request: &CheckoutRequest,
    ) -> Result<Checkout, CheckoutError> {
        let body = form::checkout(request)?;
        let key = request.attempt_id.to_string();
        let answer = self
            .call(
                Method::POST,
                "/v1/checkout/sessions",
                Some(body),
                Some(&key),
            )
            .await?;
        let answer = accepted(answer)?;
        read_checkout(&answer).map_err(|fault| CheckoutError::Unknown {
            reason: format!("the answer was accepted but cannot be read: {fault}"),
        })
    }

    pub(super) async fn retrieve_session(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let path = format!("/v1/checkout/sessions/{session}");
        let answer = self.call(Method::GET, &path, None, None).await?;
        match found(answer)? {
            None => Ok(None),
            Some(answer) => read_answer(&answer).map(Some),
        }
    }

    pub(super) async fn expire_session(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let path = format!("/v1/checkout/sessions/{session}/expire");
        let answer = self
            .call(Method::POST, &path, Some(String::new()), None)
            .await?;
        // 400: it is not open any more. What it is then says the session itself.
        if answer.status() == StatusCode::BAD_REQUEST {
            return self.retrieve_session(session).await;
        }
        match found(answer)? {
            None => Ok(None),
            Some(answer) => read_answer(&answer).map(Some),
        }
    }

    /// Stripe cannot search by metadata, so the sessions of those minutes are walked.
    pub(super) async fn find_session(
        &self,
        attempt_id: AttemptId,
        sent_at: Timestamp,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let from = sent_at
            .saturating_sub(LOOK_UP_BEFORE)
            .unwrap_or(Timestamp::MIN);
        let to = sent_at
            .saturating_add(LOOK_UP_AFTER)
            .unwrap_or(Timestamp::MAX);
        let mut after: Option<String> = None;
        for _ in 0..MAX_LOOK_UP_PAGES {
            let query = form::list(from, to, after.as_deref());
            let path = format!("/v1/checkout/sessions?{query}");
            let answer = accepted(self.call(Method::GET, &path, None, None).await?)?;
            match search_page(&answer, attempt_id).map_err(unreadable)? {
                Searched::Found(state) => return Ok(Some(*state)),
                Searched::NotHere { next: Some(next) } => after = Some(next),
                Searched::NotHere { next: None } => return Ok(None),
            }
        }
        Err(CheckoutError::Unknown {
            reason: format!("not among the first {MAX_LOOK_UP_PAGES} pages of sessions"),
        })
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        idempotency_key: Option<&str>,
    ) -> Result<Response<Bytes>, CheckoutError> {
        let request = self
            .request(method, path, body, idempotency_key)
            .map_err(|error| CheckoutError::Misconfigured {
                code: "request_not_built".to_owned(),
                message: error.to_string(),
            })?;
        self.transport
            .send(request)
            .await
            .map_err(|error| match error {
                TransportError::NotSent { reason } => CheckoutError::NotMade {
                    reason,
                    retry_after: None,
                },
                TransportError::Unknown { reason } => CheckoutError::Unknown { reason },
            })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        idempotency_key: Option<&str>,
    ) -> Result<Request<Bytes>, http::Error> {
        let bearer = format!("Bearer {}", self.secret_key.expose());
        let mut bearer = HeaderValue::try_from(bearer)?;
        bearer.set_sensitive(true);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url))
            .header(header::AUTHORIZATION, bearer)
            .header("stripe-version", API_VERSION);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        request.body(Bytes::from(body.unwrap_or_default()))
    }
}

/// The answer, or what its status means; a 404 is `None`.
fn found(answer: Response<Bytes>) -> Result<Option<Value>, CheckoutError> {
    if answer.status() == StatusCode::NOT_FOUND && refusal_of(&answer).code == "resource_missing" {
        return Ok(None);
    }
    accepted(answer).map(Some)
}

/// The JSON of a success.
fn accepted(answer: Response<Bytes>) -> Result<Value, CheckoutError> {
    if !answer.status().is_success() {
        return Err(refusal(&answer));
    }
    serde_json::from_slice(answer.body()).map_err(|error| CheckoutError::Unknown {
        reason: format!("accepted, but the answer is not JSON: {error}"),
    })
}

struct Refusal {
    error_type: String,
    code: String,
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
        text.map(|text| text.chars().take(MAX_MESSAGE_CHARS).collect::<String>())
    };
    let error_type = text("type").unwrap_or_default();
    let code = text("code")
        .or_else(|| Some(error_type.clone()).filter(|name| !name.is_empty()))
        .unwrap_or_else(|| format!("http_{}", answer.status().as_u16()));
    Refusal {
        error_type,
        code,
        message: text("message").unwrap_or_default(),
    }
}

/// What a status other than success means for the attempt.
fn refusal(answer: &Response<Bytes>) -> CheckoutError {
    let Refusal {
        error_type,
        code,
        message,
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
        400 if refuses_payment(&code) => CheckoutError::Declined { code, message },
        500..=599 => CheckoutError::Unknown { reason },
        _ => CheckoutError::Misconfigured { code, message },
    }
}

/// Codes of a 400 that speak of this payment, not of the request's form.
/// Source: <https://docs.stripe.com/error-codes>.
fn refuses_payment(code: &str) -> bool {
    matches!(
        code,
        "amount_too_small"
            | "amount_too_large"
            | "email_invalid"
            | "currency_not_supported"
            | "invalid_charge_amount"
            | "invalid_charge_amount_no_decimal_compatible"
            | "country_unsupported"
    )
}

/// Whole seconds only; the form with a date is not one of Stripe's.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

fn unreadable(error: impl std::fmt::Display) -> CheckoutError {
    CheckoutError::Unknown {
        reason: format!("the answer cannot be read: {error}"),
    }
}

fn read_answer(answer: &Value) -> Result<SessionState, CheckoutError> {
    let session = Object::root(answer).map_err(unreadable)?;
    read_state(&session).map_err(unreadable)
}

fn read_checkout(answer: &Value) -> Result<Checkout, FieldFault> {
    let session = Object::root(answer)?;
    let (url, expires_at) = read_open(&session)?;
    Ok(Checkout {
        session_id: session.parsed("id", "an id")?,
        url,
        expires_at,
    })
}

fn read_open(session: &Object<'_>) -> Result<(String, Timestamp), FieldFault> {
    let url = session.text("url")?;
    let has_scheme = url.starts_with("https://") || url.starts_with("http://");
    if !has_scheme
        || url
            .chars()
            .any(|character| character.is_control() || character == ' ')
    {
        return Err(session.unexpected("url", "an absolute URL"));
    }
    let expires_at = instant(session.integer("expires_at")?)
        .ok_or_else(|| session.unexpected("expires_at", "an instant in seconds"))?;
    Ok((url.to_owned(), expires_at))
}

#[derive(Debug, thiserror::Error)]
enum StateFault {
    #[error(transparent)]
    Field(#[from] FieldFault),
    #[error(transparent)]
    Amount(#[from] super::amount::AmountFault),
}

fn read_state(session: &Object<'_>) -> Result<SessionState, StateFault> {
    let status = match session.text("status")? {
        "open" => {
            let (url, expires_at) = read_open(session)?;
            SessionStatus::Open { url, expires_at }
        }
        "complete" => SessionStatus::Complete,
        "expired" => SessionStatus::Expired,
        _ => Err(session.unexpected("status", "open, complete or expired"))?,
    };
    let payment = match session.text("payment_status")? {
        "paid" => SessionPayment::Paid,
        "unpaid" => SessionPayment::Unpaid,
        "no_payment_required" => SessionPayment::NotRequired,
        _ => Err(session.unexpected("payment_status", "paid, unpaid or no_payment_required"))?,
    };
    Ok(SessionState {
        session_id: session.parsed("id", "an id")?,
        status,
        payment,
        payment_intent: session.optional_parsed("payment_intent", "an id")?,
        amount: from_stripe(session.integer("amount_total")?, session.text("currency")?)?,
        references: event::references(session)?,
    })
}

enum Searched {
    Found(Box<SessionState>),
    NotHere { next: Option<String> },
}

fn search_page(answer: &Value, attempt_id: AttemptId) -> Result<Searched, StateFault> {
    let page = Object::root(answer)?;
    let sessions = page.objects("data")?;
    for session in &sessions {
        // Others' sessions are none of our business, whatever is in them.
        let references = event::references(session)?;
        if references.and_then(|references| references.attempt) == Some(attempt_id) {
            return Ok(Searched::Found(Box::new(read_state(session)?)));
        }
    }
    let next = match (page.boolean("has_more")?, sessions.last()) {
        (true, Some(last)) => Some(last.parsed::<SessionId>("id", "an id")?.to_string()),
        _ => None,
    };
    Ok(Searched::NotHere { next })
}
