//! Stripe's API behind the transport: what it does, and what becomes of its answer.

use std::collections::BTreeMap;

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Method, Request, Response};
use remit_payments::{Transport, TransportError};
use serde_json::{Value, json};

use super::{LISTED_S, Session, State, Stripe, object};
use crate::hazard::{Effect, Fault};

type Form = BTreeMap<String, String>;

/// Fewer than are asked for, so that histories read more than one page.
const EVENTS_OF_A_PAGE: usize = 40;

fn form(bytes: &[u8]) -> Form {
    form_urlencoded::parse(bytes).into_owned().collect()
}

fn answer(status: u16, body: &Value) -> Response<Bytes> {
    let bytes = Bytes::from(body.to_string());
    Response::builder().status(status).body(bytes).unwrap()
}

fn lost(reason: &str) -> TransportError {
    TransportError::Unknown {
        reason: reason.to_owned(),
    }
}

#[async_trait]
impl Transport for Stripe {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let path = request.uri().path().to_owned();
        let what = || format!("{} {path}", request.method());
        let fault = self.hazards.arrive(Effect::Provider, what).await;
        match fault {
            Some(Fault::Throttled) => {
                return Err(TransportError::NotSent {
                    reason: "no connection".to_owned(),
                });
            }
            Some(Fault::TimedOut) => return Err(lost("timed out")),
            _ => {}
        }
        self.let_time_pass();
        let (status, body) = self.act(&request, fault == Some(Fault::ServerError));
        match fault {
            Some(Fault::CrashAfter) => self.hazards.crash().await,
            Some(Fault::AnswerLost) => return Err(lost("no answer")),
            _ => {}
        }
        Ok(answer(status, &body))
    }
}

impl Stripe {
    fn act(&self, request: &Request<Bytes>, fails: bool) -> (u16, Value) {
        let key = request.headers().get("idempotency-key");
        let key = key.map(|key| key.to_str().unwrap().to_owned());
        if let Some(key) = &key
            && let Some(known) = self.books().answers.get(key)
        {
            return known.clone();
        }
        let acted = self.route(request);
        let told = if fails {
            (
                500,
                json!({"error": {"type": "api_error", "message": "sorry"}}),
            )
        } else {
            acted
        };
        if let Some(key) = key {
            self.books().answers.insert(key, told.clone());
        }
        told
    }

    fn route(&self, request: &Request<Bytes>) -> (u16, Value) {
        if request.uri().path() == "/v1/events" {
            return self.list_events(request.uri().query().unwrap_or(""));
        }
        if request.uri().path() == "/v1/payment_intents" {
            return match *request.method() {
                Method::POST => self.charge(&form(request.body())),
                _ => self.charges(&form(request.uri().query().unwrap_or("").as_bytes())),
            };
        }
        if let Some(id) = request.uri().path().strip_prefix("/v1/payment_intents/") {
            let books = self.books();
            let mut sessions = books.sessions.iter();
            return match sessions.find(|session| session.intent == id) {
                Some(session) => (200, object::intent(session)),
                None => missing(),
            };
        }
        let path = request
            .uri()
            .path()
            .trim_start_matches("/v1/checkout/sessions");
        let path = path.trim_start_matches('/');
        match (request.method(), path) {
            (&Method::POST, "") => self.create(&form(request.body())),
            (&Method::GET, "") => self.list(&form(request.uri().query().unwrap_or("").as_bytes())),
            (&Method::GET, id) => match self.find(id) {
                Some(place) => (200, object::session(&self.books().sessions[place])),
                None => missing(),
            },
            (_, path) => {
                let id = path.trim_end_matches("/expire");
                let Some(place) = self.find(id) else {
                    return missing();
                };
                if self.books().sessions[place].state != State::Open {
                    let error = json!({"type": "invalid_request_error", "message": "not open"});
                    return (400, json!({ "error": error }));
                }
                self.expire(place);
                (200, object::session(&self.books().sessions[place]))
            }
        }
    }

    fn find(&self, id: &str) -> Option<usize> {
        let books = self.books();
        books.sessions.iter().position(|session| session.id == id)
    }

    fn create(&self, form: &Form) -> (u16, Value) {
        let text = |name: &str| form.get(name).cloned().unwrap_or_default();
        let number = |name: &str| text(name).parse::<i64>().unwrap();
        let session = Session {
            id: self.new_id("cs"),
            intent: self.new_id("pi"),
            amount: number("line_items[0][price_data][unit_amount]"),
            currency: text("line_items[0][price_data][currency]"),
            metadata: metadata(form),
            state: State::Open,
            created: self.now_s(),
            expires_at: number("expires_at"),
            refunds: Vec::new(),
            dispute: None,
            paid_out: false,
            customer: self.customer(form),
            is_charge: false,
        };
        let told = object::session(&session);
        self.books().sessions.push(session);
        (200, told)
    }

    /// Who pays, where what they pay with is kept: as before, or somebody new.
    fn customer(&self, form: &Form) -> Option<String> {
        form.get("payment_intent_data[setup_future_usage]")?;
        let known = form.get("customer").cloned();
        Some(known.unwrap_or_else(|| self.new_id("cus")))
    }

    /// Charges what was kept, without a page. Every third amount the bank declines.
    fn charge(&self, form: &Form) -> (u16, Value) {
        let text = |name: &str| form.get(name).cloned().unwrap_or_default();
        let amount: i64 = text("amount").parse().unwrap();
        let is_declined = amount % 3 == 0;
        let session = Session {
            id: self.new_id("ch"),
            intent: self.new_id("pi"),
            amount,
            currency: text("currency"),
            metadata: metadata(form),
            state: match is_declined {
                true => State::Failed,
                false => State::Paid,
            },
            created: self.now_s(),
            expires_at: self.now_s(),
            refunds: Vec::new(),
            dispute: None,
            paid_out: false,
            customer: Some(text("customer")),
            is_charge: true,
        };
        self.books().sessions.push(session.clone());
        let kind = match is_declined {
            true => "payment_intent.payment_failed",
            false => "payment_intent.succeeded",
        };
        self.state_events(&[kind], &session);
        let intent = object::intent(&session);
        match is_declined {
            true => (
                402,
                json!({"error": {
                    "type": "card_error", "code": "card_declined",
                    "decline_code": object::DECLINED, "message": "no", "payment_intent": intent,
                }}),
            ),
            false => (200, intent),
        }
    }

    /// A customer's payments since a moment, the newest first.
    fn charges(&self, form: &Form) -> (u16, Value) {
        let customer = form.get("customer");
        let from = form.get("created[gte]").and_then(|text| text.parse().ok());
        let from: i64 = from.unwrap_or(i64::MIN);
        let books = self.books();
        let of_it = |session: &&Session| {
            session.customer.as_ref() == customer
                && session.created >= from
                && (session.is_charge || session.state != State::Open)
        };
        let found = books.sessions.iter().rev().filter(of_it);
        let data: Vec<Value> = found.map(object::intent).collect();
        let list = json!({"object": "list", "data": data, "has_more": false});
        (200, list)
    }

    /// What was stated in a stretch of the last thirty days, the newest first, page by page.
    fn list_events(&self, query: &str) -> (u16, Value) {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let text = |wanted: &str| {
            let mut named = pairs.iter().filter(|(name, _)| name == wanted);
            named.next().map(|(_, value)| value.as_str())
        };
        let number = |name: &str| text(name).map(|text| text.parse::<i64>().unwrap());
        let kinds: Vec<&str> = pairs
            .iter()
            .filter_map(|(name, value)| (name == "types[]").then_some(value.as_str()))
            .collect();
        let from = number("created[gte]").unwrap_or(i64::MIN);
        let from = from.max(self.now_s() - LISTED_S);
        let until = number("created[lt]").unwrap_or(i64::MAX);
        let books = self.books();
        let mut found: Vec<&super::Stated> = books
            .events
            .iter()
            .rev()
            .filter(|stated| (from..until).contains(&stated.created))
            .filter(|stated| kinds.contains(&stated.event.kind.as_str()))
            .collect();
        if let Some(after) = text("starting_after") {
            let at = found.iter().position(|stated| stated.event.id == after);
            found.drain(..=at.unwrap());
        }
        let has_more = found.len() > EVENTS_OF_A_PAGE;
        found.truncate(EVENTS_OF_A_PAGE);
        let data: Vec<Value> = found
            .iter()
            .map(|stated| serde_json::from_str(&stated.event.body).unwrap())
            .collect();
        (
            200,
            json!({"object": "list", "data": data, "has_more": has_more}),
        )
    }

    /// The newest first, a hundred of them: no history makes more.
    fn list(&self, form: &Form) -> (u16, Value) {
        let bound = |name: &str| form.get(name).and_then(|text| text.parse::<i64>().ok());
        let from = bound("created[gte]").unwrap_or(i64::MIN);
        let to = bound("created[lte]").unwrap_or(i64::MAX);
        let books = self.books();
        let within =
            |session: &&Session| !session.is_charge && (from..=to).contains(&session.created);
        let found = books.sessions.iter().rev().filter(within);
        let data: Vec<Value> = found.map(object::session).collect();
        (
            200,
            json!({"object": "list", "data": data, "has_more": false}),
        )
    }
}

fn metadata(form: &Form) -> BTreeMap<String, String> {
    let named = form.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((name.to_owned(), value.clone()))
    });
    named.collect()
}

fn missing() -> (u16, Value) {
    let error = json!({"type": "invalid_request_error", "code": "resource_missing"});
    (404, json!({ "error": error }))
}
