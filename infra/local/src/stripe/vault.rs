//! What pages keep, and payments without the payer: PaymentIntents that are confirmed `off_session`,
//! and methods that are detached.

use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::{Fault, Form, invalid, nested};
use super::objects;
use super::{METHOD, Session, State, Stripe};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// What a request to charge a kept method may carry.
const CHARGE_PARAMETERS: &[&str] = &[
    "amount",
    "currency",
    "customer",
    "payment_method",
    "payment_method_types",
    "off_session",
    "confirm",
    "description",
    "metadata",
];

/// A method that is attached to a customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Method {
    /// Its id.
    pub id: String,
    /// The secret key of its account.
    pub key: String,
    /// The customer; none once it is detached.
    pub customer: Option<String>,
    /// Stripe's word for what it is.
    pub kind: String,
    /// What its bank says to the next charge.
    pub mood: Mood,
}

/// What the bank of a method says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Yes.
    Agrees,
    /// Only with the payer.
    WantsPayer,
    /// No, this time.
    Declines,
    /// Never again.
    Blocks,
}

impl Mood {
    /// The bank's word; none where it agrees.
    fn code(self) -> Option<&'static str> {
        match self {
            Mood::Agrees => None,
            Mood::WantsPayer => Some("authentication_required"),
            Mood::Declines => Some("insufficient_funds"),
            Mood::Blocks => Some("stolen_card"),
        }
    }
}

impl Stripe {
    fn lock_methods(&self) -> MutexGuard<'_, std::collections::BTreeMap<String, Method>> {
        self.methods.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One method.
    pub fn method(&self, id: &str) -> Option<Method> {
        self.lock_methods().get(id).cloned()
    }

    pub(super) fn keep_method(&self, method: &Method) -> Result<(), ShelfError> {
        self.shelf.put(METHOD, &method.id, method)?;
        self.lock_methods()
            .insert(method.id.clone(), method.clone());
        Ok(())
    }

    /// Whether an account has this customer.
    pub(super) fn knows_customer(&self, key: &str, customer: &str) -> bool {
        let sessions = self.sessions();
        let mut own = sessions.iter().filter(|session| session.key == key);
        own.any(|session| session.customer.as_deref() == Some(customer))
    }
}

impl Cloud {
    /// The bank of what was paid with on a page thinks otherwise from now on.
    pub(super) fn turn(&self, id: &str, mood: Mood) -> Result<Option<Session>, ShelfError> {
        let session = self.stripe.session(id);
        let method = session.as_ref().and_then(|session| session.method.clone());
        let Some(method) = method.and_then(|id| self.stripe.method(&id)) else {
            return Ok(None);
        };
        self.stripe.keep_method(&Method { mood, ..method })?;
        Ok(session)
    }

    /// Attaches what a page was paid with, if the page keeps it.
    pub(super) fn attach(&self, session: &Session, kind: &str) -> Result<Session, ShelfError> {
        let Some(customer) = session
            .customer
            .clone()
            .filter(|_| session.method.is_none())
        else {
            return Ok(session.clone());
        };
        let method = Method {
            id: format!("pm_{}", self.random_id()),
            key: session.key.clone(),
            customer: Some(customer),
            kind: kind.to_owned(),
            mood: Mood::Agrees,
        };
        self.stripe.keep_method(&method)?;
        let session = Session {
            method: Some(method.id),
            ..session.clone()
        };
        self.stripe.keep_session(&session)?;
        Ok(session)
    }

    pub(super) fn create_intent(
        &self,
        key: &str,
        idempotency_key: Option<&str>,
        form: &Form,
    ) -> Result<Result<Value, Fault>, ShelfError> {
        let now = self.now();
        let (mut session, method) = match self.read_charge(key, form, now) {
            Ok(read) => read,
            Err(fault) => return Ok(Err(fault)),
        };
        session.idempotency_key = idempotency_key.map(str::to_owned);
        let refused = method.mood.code();
        let (state, kind) = match (refused, method.kind.as_str()) {
            (Some(_), _) => (State::Failed, "payment_intent.payment_failed"),
            (None, "card") => (State::Paid, "payment_intent.succeeded"),
            (None, _) => (State::Pending, "payment_intent.processing"),
        };
        session.state = state;
        session.refused = refused.map(str::to_owned);
        self.stripe.keep_session(&session)?;
        let event = objects::intent_event(kind, &self.stamp(), &session);
        // Who charges does not wait for the webhook.
        let (_, place) = self.prepare(&session, &event)?;
        self.agenda.again(place, now)?;
        self.wake.notify_one();
        let intent = objects::intent(&session, Value::from(method.id.as_str()));
        Ok(match refused {
            None => Ok(intent),
            Some(code) => {
                let mut error = objects::refusal(code);
                error["payment_intent"] = intent;
                Err(Fault { status: 402, error })
            }
        })
    }

    fn read_charge(
        &self,
        key: &str,
        form: &Form,
        now: Timestamp,
    ) -> Result<(Session, Method), Fault> {
        let unknown = form.keys().find(|name| {
            let root = name.split('[').next().unwrap_or_default();
            !CHARGE_PARAMETERS.contains(&root)
        });
        if let Some(name) = unknown {
            let message = format!("Received unknown parameter: {name}");
            return Err(invalid("parameter_unknown", name, &message));
        }
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        for name in ["off_session", "confirm"] {
            if field(name) != "true" {
                let message = "the stand-in charges kept methods only";
                return Err(invalid("parameter_invalid", name, message));
            }
        }
        let amount = field("amount")
            .parse::<i64>()
            .ok()
            .filter(|amount| *amount > 0);
        let Some(amount) = amount else {
            return Err(invalid(
                "parameter_invalid_integer",
                "amount",
                "Invalid integer",
            ));
        };
        let method = self.stripe.method(field("payment_method"));
        let method = method.filter(|method| method.key == key);
        let Some(method) = method else {
            let message = format!("No such PaymentMethod: '{}'", field("payment_method"));
            return Err(invalid("resource_missing", "payment_method", &message));
        };
        if method.customer.as_deref() != Some(field("customer")) {
            let message = "The payment method must be attached to the customer.";
            return Err(invalid("", "payment_method", message));
        }
        if field("payment_method_types[0]") != method.kind {
            let message = "The payment method is of none of these types.";
            return Err(invalid("", "payment_method_types", message));
        }
        let metadata = nested(form, "metadata");
        let session = Session {
            id: format!("off_{}", self.random_id()),
            key: key.to_owned(),
            idempotency_key: None,
            amount,
            currency: field("currency").to_owned(),
            description: field("description").to_owned(),
            metadata: metadata.clone(),
            intent_metadata: metadata,
            client_reference_id: None,
            customer_email: None,
            locale: "auto".to_owned(),
            success_url: String::new(),
            cancel_url: String::new(),
            created: now.as_second(),
            expires_at: now.as_second(),
            state: State::Open,
            payment_intent: Some(format!("pi_{}", self.random_id())),
            refunded: 0,
            dispute: None,
            customer: method.customer.clone(),
            method: Some(method.id.clone()),
            off_session: true,
            refused: None,
        };
        Ok((session, method))
    }

    /// Payments of a customer, the newest first.
    pub(super) fn list_intents(&self, key: &str, query: &str) -> Value {
        let query: Form = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let from = query
            .get("created[gte]")
            .and_then(|text| text.parse::<i64>().ok());
        let sessions = self.stripe.sessions();
        let found = sessions.iter().filter(|session| {
            session.key == key
                && session.payment_intent.is_some()
                && session.customer.as_ref() == query.get("customer")
                && from.is_none_or(|from| session.created >= from)
        });
        let method = |session: &Session| Value::from(session.method.clone());
        let data = found.map(|session| objects::intent(session, method(session)));
        json!({
            "object": "list", "data": data.collect::<Value>(), "has_more": false,
            "url": "/v1/payment_intents",
        })
    }

    /// A payment with its method, expanded.
    pub(super) fn intent_with_method(&self, key: &str, id: &str) -> Result<Value, Fault> {
        let sessions = self.stripe.sessions();
        let mut own = sessions.iter().filter(|session| session.key == key);
        let Some(session) = own.find(|session| session.payment_intent.as_deref() == Some(id))
        else {
            return Err(missing("intent"));
        };
        let method = session.method.as_ref();
        let method = method.and_then(|id| self.stripe.method(id));
        let method = match method {
            Some(method) => objects::method(&method),
            // What is not kept is attached to nobody.
            None => objects::method(&Method {
                id: format!("pm_{}", self.random_id()),
                key: key.to_owned(),
                customer: None,
                kind: "card".to_owned(),
                mood: Mood::Agrees,
            }),
        };
        Ok(objects::intent(session, method))
    }

    pub(super) fn shown_method(&self, key: &str, id: &str) -> Result<Value, Fault> {
        let method = self.stripe.method(id).filter(|method| method.key == key);
        let method = method.ok_or_else(|| missing("payment_method"))?;
        Ok(objects::method(&method))
    }

    pub(super) fn detach(&self, key: &str, id: &str) -> Result<Result<Value, Fault>, ShelfError> {
        let method = self.stripe.method(id).filter(|method| method.key == key);
        let Some(method) = method else {
            return Ok(Err(missing("payment_method")));
        };
        if method.customer.is_none() {
            let message = "The payment method you provided is not attached to a customer.";
            return Ok(Err(invalid("", "", message)));
        }
        let detached = Method {
            customer: None,
            ..method
        };
        self.stripe.keep_method(&detached)?;
        Ok(Ok(objects::method(&detached)))
    }
}

fn missing(param: &str) -> Fault {
    let mut fault = invalid("resource_missing", param, "No such object");
    fault.status = 404;
    fault
}
