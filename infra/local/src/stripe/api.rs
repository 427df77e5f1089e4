//! The part of Stripe's REST API that Remit calls, and what its checks would say.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use remit_payments::ProviderKind;
use remit_payments::stripe::amount::units;
use remit_payments::stripe::{MAX_SESSION_S, MIN_SESSION_S};
use serde_json::{Map, Value, json};

use super::{KEY, Session, State, Used, objects};
use crate::agenda::{Task, Work};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// Stripe forgets idempotency keys after a day.
const KEY_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Between two clocks there may be a little.
const SLACK_S: i64 = 5 * 60;
const LIST_MAX: usize = 100;

/// What a request to make a session may carry.
const SESSION_PARAMETERS: &[&str] = &[
    "mode",
    "line_items",
    "client_reference_id",
    "success_url",
    "cancel_url",
    "expires_at",
    "locale",
    "adaptive_pricing",
    "metadata",
    "payment_intent_data",
    "customer_email",
    "payment_method_types",
    "submit_type",
    "customer_creation",
    "customer",
];

pub(super) type Form = BTreeMap<String, String>;

pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) error: Value,
}

pub(super) fn invalid(code: &str, param: &str, message: &str) -> Fault {
    let error = json!({
        "code": code, "message": message, "param": param, "type": "invalid_request_error",
    });
    Fault { status: 400, error }
}

impl Cloud {
    /// Answers one call of the API; `path` starts at `/v1`.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn stripe_api(
        &self,
        method: &Method,
        path: &str,
        query: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Bytes>, ShelfError> {
        if self.silence.holds(ProviderKind::Stripe) {
            return Ok(answer(503, &Value::Null));
        }
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let key = bearer
            .and_then(|value| value.strip_prefix("Bearer "))
            .unwrap_or_default();
        if self.stripe_credentials(key).is_none() {
            let error = json!({
                "message": "Invalid API Key provided: no account of this machine has it",
                "type": "invalid_request_error",
            });
            return Ok(answer(401, &json!({ "error": error })));
        }
        let repeated = headers
            .get("idempotency-key")
            .and_then(|value| value.to_str().ok());
        let Some(repeated) = repeated.filter(|_| method == Method::POST) else {
            let (status, body) = self
                .stripe_call(key, None, method, path, query, body)
                .await?;
            return Ok(answer(status, &body));
        };
        let id = format!("{key}/{repeated}");
        let parameters = format!("{path}?{}", String::from_utf8_lossy(body));
        let now = self.now();
        if let Some(used) = self.stripe.shelf.get::<Used>(KEY, &id)?
            && now.duration_since(used.at) < KEY_KEPT
        {
            if used.parameters == parameters {
                let mut response = answer(used.status, &used.body);
                let replayed = http::HeaderValue::from_static("true");
                response
                    .headers_mut()
                    .insert("idempotent-replayed", replayed);
                return Ok(response);
            }
            let error = json!({
                "message": "Keys for idempotent requests can only be used with the same \
                            parameters they were first used with.",
                "type": "idempotency_error",
            });
            return Ok(answer(400, &json!({ "error": error })));
        }
        let (status, body) = self
            .stripe_call(key, Some(repeated), method, path, query, body)
            .await?;
        let used = Used {
            parameters,
            status,
            body: body.clone(),
            at: now,
        };
        self.stripe.shelf.put(KEY, &id, &used)?;
        Ok(answer(status, &body))
    }

    async fn stripe_call(
        &self,
        key: &str,
        idempotency_key: Option<&str>,
        method: &Method,
        path: &str,
        query: &str,
        body: &Bytes,
    ) -> Result<(u16, Value), ShelfError> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let form: Form = form_urlencoded::parse(body).into_owned().collect();
        let done = match (method.as_str(), parts.as_slice()) {
            ("POST", ["v1", "checkout", "sessions"]) => {
                self.create_session(key, idempotency_key, &form)?
            }
            ("GET", ["v1", "checkout", "sessions"]) => self.list_sessions(key, query),
            ("GET", ["v1", "checkout", "sessions", id]) => {
                self.owned(key, id).map(|session| self.shown(&session))
            }
            ("POST", ["v1", "checkout", "sessions", id, "expire"]) => match self.owned(key, id) {
                Err(fault) => Err(fault),
                Ok(_) => match self.expire_session(id)? {
                    Some(session) => Ok(self.shown(&session)),
                    None => {
                        let message = "Only Checkout Sessions with a status in [\"open\"] can be \
                                       expired.";
                        let error = json!({"message": message, "type": "invalid_request_error"});
                        Err(Fault { status: 400, error })
                    }
                },
            },
            ("POST", ["v1", "payment_intents"]) => {
                self.create_intent(key, idempotency_key, &form)?
            }
            ("GET", ["v1", "payment_intents"]) => Ok(self.list_intents(key, query)),
            ("GET", ["v1", "payment_intents", id]) if query.ends_with("=payment_method") => {
                self.intent_with_method(key, id)
            }
            ("GET", ["v1", "payment_intents", id]) => self.paid_intent(key, id),
            ("GET", ["v1", "payment_methods", id]) => self.shown_method(key, id),
            ("POST", ["v1", "payment_methods", id, "detach"]) => self.detach(key, id)?,
            ("GET", ["v1", "events"]) => Ok(self.list_events(key, query)),
            ("POST", ["v1", "refunds"]) => self.create_refund(key, &form).await?,
            _ => {
                let message = format!("Unrecognized request URL ({method}: {path}).");
                let error = json!({"message": message, "type": "invalid_request_error"});
                Err(Fault { status: 404, error })
            }
        };
        Ok(match done {
            Ok(body) => (200, body),
            Err(Fault { status, error }) => (status, json!({ "error": error })),
        })
    }

    /// The session, if it was made with this key.
    fn owned(&self, key: &str, id: &str) -> Result<Session, Fault> {
        let session = self.stripe.session(id);
        let session = session.filter(|session| session.key == key && !session.off_session);
        session.ok_or_else(|| {
            let message = format!("No such checkout.session: {id}");
            let mut fault = invalid("resource_missing", "session", &message);
            fault.status = 404;
            fault
        })
    }

    fn shown(&self, session: &Session) -> Value {
        let page = format!(
            "{}/_local/stripe/checkout/{}",
            self.stripe.base_url, session.id
        );
        objects::session(session, &page)
    }

    fn create_session(
        &self,
        key: &str,
        idempotency_key: Option<&str>,
        form: &Form,
    ) -> Result<Result<Value, Fault>, ShelfError> {
        let now = self.now();
        let read = read_session(form, now).map(|mut session| {
            session.id = format!("cs_test_{}{}", self.random_id(), self.random_id());
            key.clone_into(&mut session.key);
            session.idempotency_key = idempotency_key.map(str::to_owned);
            session
        });
        let mut session = match read {
            Ok(session) => session,
            Err(fault) => return Ok(Err(fault)),
        };
        match &session.customer {
            Some(known) if known.is_empty() => {
                session.customer = Some(format!("cus_{}", self.random_id()));
            }
            Some(known) if !self.stripe.knows_customer(key, known) => {
                let message = format!("No such customer: '{known}'");
                return Ok(Err(invalid("resource_missing", "customer", &message)));
            }
            _ => {}
        }
        self.stripe.keep_session(&session)?;
        let work = Work::ExpireSession {
            session_id: session.id.clone(),
        };
        let expires_at = Timestamp::from_second(session.expires_at).unwrap_or(Timestamp::MAX);
        self.agenda.add(expires_at, Task { tries: 0, work })?;
        Ok(Ok(self.shown(&session)))
    }

    /// What was stated, the newest first, whoever was told.
    fn list_events(&self, key: &str, query: &str) -> Value {
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let one = |name: &str| {
            let mut found = query.iter().filter(|(known, _)| known == name);
            found.next().map(|(_, value)| value.as_str())
        };
        let number = |name: &str| one(name).and_then(|text| text.parse::<i64>().ok());
        let (from, to) = (number("created[gte]"), number("created[lt]"));
        let kinds = query.iter().filter(|(name, _)| name == "types[]");
        let kinds: Vec<&str> = kinds.map(|(_, kind)| kind.as_str()).collect();
        let own = self.stripe.webhooks().into_iter();
        let own = own.filter(|event| {
            event.key == key && (kinds.is_empty() || kinds.contains(&event.kind.as_str()))
        });
        let events = own.filter_map(|event| serde_json::from_str::<Value>(&event.body).ok());
        let created = |event: &Value| event["created"].as_i64().unwrap_or_default();
        let mut all: Vec<Value> = events
            .filter(|event| {
                let at = created(event);
                from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to)
            })
            .collect();
        all.sort_by_key(|event| std::cmp::Reverse((created(event), event["id"].to_string())));
        if let Some(after) = one("starting_after") {
            let known = all.iter().position(|event| event["id"] == after);
            all.drain(..known.map_or(0, |at| at + 1));
        }
        let limit = number("limit").and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.unwrap_or(10).clamp(1, LIST_MAX);
        let has_more = all.len() > limit;
        all.truncate(limit);
        json!({"object": "list", "url": "/v1/events", "data": all, "has_more": has_more})
    }

    fn list_sessions(&self, key: &str, query: &str) -> Result<Value, Fault> {
        let query: Form = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
        let (from, to) = (number("created[gte]"), number("created[lte]"));
        let fits = |session: &Session| {
            session.key == key
                && !session.off_session
                && from.is_none_or(|from| session.created >= from)
                && to.is_none_or(|to| session.created <= to)
        };
        let mut all = self.stripe.sessions();
        all.retain(fits);
        if let Some(after) = query.get("starting_after") {
            let known = all.iter().position(|session| &session.id == after);
            all.drain(..known.map_or(0, |at| at + 1));
        }
        let limit = number("limit")
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(10);
        let limit = limit.clamp(1, LIST_MAX);
        let data: Vec<Value> = all
            .iter()
            .take(limit)
            .map(|session| self.shown(session))
            .collect();
        Ok(json!({
            "object": "list",
            "data": data,
            "has_more": all.len() > limit,
            "url": "/v1/checkout/sessions",
        }))
    }

    /// A payment intent with its charge and what was kept of it, as if all of that was asked for.
    fn paid_intent(&self, key: &str, id: &str) -> Result<Value, Fault> {
        let mut sessions = self.stripe.sessions().into_iter();
        let session = sessions
            .find(|session| session.key == key && session.payment_intent.as_deref() == Some(id));
        session
            .map(|session| objects::intent_with_fee(&session))
            .ok_or_else(|| {
                let message = format!("No such payment_intent: '{id}'");
                let mut fault = invalid("resource_missing", "intent", &message);
                fault.status = 404;
                fault
            })
    }

    async fn create_refund(
        &self,
        key: &str,
        form: &Form,
    ) -> Result<Result<Value, Fault>, ShelfError> {
        let intent = form.get("payment_intent");
        let session = self.stripe.sessions().into_iter().find(|session| {
            session.key == key && intent.is_some() && session.payment_intent.as_ref() == intent
        });
        let Some(session) = session else {
            let message = "No such payment_intent";
            return Ok(Err(invalid("resource_missing", "payment_intent", message)));
        };
        let left = session.amount - session.refunded;
        let amount = match form.get("amount") {
            None => Some(left),
            Some(text) => text.parse().ok(),
        };
        let refund = match amount {
            Some(amount) => self.refund(&session.id, amount).await?,
            None => None,
        };
        Ok(match refund {
            Some((_, refund)) => Ok(refund),
            None => {
                let message = "Refund amount is greater than what is left of the charge.";
                Err(invalid("charge_already_refunded", "amount", message))
            }
        })
    }
}

fn read_session(form: &Form, now: Timestamp) -> Result<Session, Fault> {
    let unknown = form.keys().find(|name| {
        let root = name.split('[').next().unwrap_or_default();
        !SESSION_PARAMETERS.contains(&root)
    });
    if let Some(name) = unknown {
        let message = format!("Received unknown parameter: {name}");
        return Err(invalid("parameter_unknown", name, &message));
    }
    let needed = |name: &str| {
        let missing = || {
            let message = format!("Missing required param: {name}.");
            invalid("parameter_missing", name, &message)
        };
        form.get(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(missing)
    };
    if needed("mode")? != "payment" {
        return Err(invalid(
            "parameter_invalid",
            "mode",
            "the stand-in knows payments only",
        ));
    }
    let price = "line_items[0][price_data]";
    let currency = needed(&format!("{price}[currency]"))?.to_ascii_lowercase();
    if units(&currency.to_ascii_uppercase()).is_none() {
        let message = format!("Invalid currency: {currency}.");
        return Err(invalid("currency_not_supported", "currency", &message));
    }
    let quantity = form
        .get("line_items[0][quantity]")
        .map_or(Some(1), |text| text.parse().ok());
    let unit_amount = needed(&format!("{price}[unit_amount]"))?
        .parse::<i64>()
        .ok();
    let amount = unit_amount
        .zip(quantity)
        .and_then(|(amount, quantity): (i64, i64)| amount.checked_mul(quantity))
        .filter(|amount| (1..=99_999_999_999).contains(amount))
        .ok_or_else(|| {
            invalid(
                "parameter_invalid_integer",
                "unit_amount",
                "Invalid integer",
            )
        })?;
    let created = now.as_second();
    let expires_at = match form.get("expires_at") {
        None => created + MAX_SESSION_S,
        Some(text) => text.parse::<i64>().unwrap_or_default(),
    };
    let allowed = created + MIN_SESSION_S - SLACK_S..=created + MAX_SESSION_S + SLACK_S;
    if !allowed.contains(&expires_at) {
        let message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from \
                       Checkout Session creation.";
        return Err(invalid("parameter_invalid", "expires_at", message));
    }
    let optional = |name: &str| form.get(name).cloned();
    let keeps = optional("payment_intent_data[setup_future_usage]");
    if keeps.as_ref().is_some_and(|usage| usage != "off_session") {
        let message = "the stand-in keeps methods for charges without the payer only";
        return Err(invalid("parameter_invalid", "setup_future_usage", message));
    }
    let customer = match (optional("customer"), optional("customer_creation")) {
        (Some(_), _) if form.contains_key("customer_email") => {
            let message = "You may only specify one of these parameters: customer, customer_email.";
            return Err(invalid("parameter_invalid", "customer_email", message));
        }
        (Some(known), None) => Some(known),
        (None, Some(made)) if made == "always" => Some(String::new()),
        (None, None) => None,
        _ => {
            return Err(invalid(
                "parameter_invalid",
                "customer_creation",
                "One or the other.",
            ));
        }
    };
    Ok(Session {
        id: String::new(),
        key: String::new(),
        idempotency_key: None,
        amount,
        currency,
        description: needed(&format!("{price}[product_data][name]"))?.clone(),
        metadata: nested(form, "metadata"),
        intent_metadata: nested(form, "payment_intent_data[metadata]"),
        client_reference_id: optional("client_reference_id"),
        customer_email: optional("customer_email"),
        locale: optional("locale").unwrap_or_else(|| "auto".to_owned()),
        success_url: needed("success_url")?.clone(),
        cancel_url: optional("cancel_url").unwrap_or_default(),
        created,
        expires_at,
        state: State::Open,
        payment_intent: None,
        refunded: 0,
        dispute: None,
        // Attached only where the page says so.
        customer: customer.filter(|_| keeps.is_some()),
        method: None,
        off_session: false,
        refused: None,
    })
}

pub(super) fn nested(form: &Form, holder: &str) -> Map<String, Value> {
    let fields = form.iter().filter_map(|(name, value)| {
        let key = name
            .strip_prefix(holder)?
            .strip_prefix('[')?
            .strip_suffix(']')?;
        Some((key.to_owned(), Value::from(value.as_str())))
    });
    fields.collect()
}

fn answer(status: u16, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
