//! Checkout Sessions: `POST /v1/checkout/sessions`, `GET` of one and of a list, `/expire`.
//!
//! What an answer means is decided in one place, `call.rs`.

use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::AttemptId;
use serde_json::Value;

use super::amount::{from_stripe, instant};
use super::call::{accepted, found};
use super::{StripeProvider, event, form};
use crate::object::{FieldFault, Object};
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, SessionPayment, SessionState, SessionStatus,
};
use crate::reference::SessionId;
use crate::wire::{is_page_url, unreadable};

/// Around the instant of an attempt, where its session is looked for: Stripe's clock and ours
/// may differ, and a request may be under way.
const LOOK_UP_BEFORE: SignedDuration = SignedDuration::from_mins(5);
const LOOK_UP_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Most list pages of one look-up: 1,000 sessions within twenty minutes.
const MAX_LOOK_UP_PAGES: usize = 10;

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
    if !is_page_url(url) {
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
            SessionStatus::Open {
                url: Some(url),
                expires_at: Some(expires_at),
            }
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
