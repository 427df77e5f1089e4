//! Stripe's objects and events, in the shapes of `shared/payments/fixtures`.

use serde_json::{Value, json};

use super::{Method, Session, State};

macro_rules! fixture {
    ($path:literal) => {
        include_str!(concat!(
            "../../../../shared/payments/fixtures/stripe/",
            $path
        ))
    };
}

const SESSION: &str = fixture!("answers/session.open.json");
const SESSION_COMPLETED: &str = fixture!("events/checkout.session.completed.json");
const INTENT_SUCCEEDED: &str = fixture!("events/payment_intent.succeeded.json");
const INTENT_FAILED: &str = fixture!("events/payment_intent.payment_failed.json");
const CHARGE_REFUNDED: &str = fixture!("events/charge.refunded.json");
const REFUND_CREATED: &str = fixture!("events/refund.created.json");
const PAYOUT_PAID: &str = fixture!("events/payout.paid.json");
const DISPUTE_CREATED: &str = fixture!("events/charge.dispute.created.json");

/// What an event needs beyond its session.
pub struct Stamp {
    /// The event's id.
    pub id: String,
    /// Seconds of the epoch.
    pub now_s: i64,
}

fn read(fixture: &str) -> Value {
    // They are part of the sources: a fault in one is found by the tests.
    serde_json::from_str(fixture).unwrap_or_default()
}

/// A session as the API answers it.
pub fn session(session: &Session, page_url: &str) -> Value {
    let mut object = read(SESSION);
    let is_open = session.state == State::Open;
    let changes = json!({
        "id": session.id,
        "amount_subtotal": session.amount,
        "amount_total": session.amount,
        "currency": session.currency,
        "cancel_url": session.cancel_url,
        "success_url": session.success_url,
        "client_reference_id": session.client_reference_id,
        "created": session.created,
        "expires_at": session.expires_at,
        "customer_email": session.customer_email,
        "customer_details": customer(session),
        "locale": session.locale,
        "metadata": session.metadata,
        "payment_intent": session.payment_intent,
        "customer": session.customer,
        "payment_status": if session.state == State::Paid { "paid" } else { "unpaid" },
        "status": match session.state {
            State::Open => "open",
            State::Pending | State::Paid | State::Failed => "complete",
            State::Expired => "expired",
        },
        "url": is_open.then_some(page_url),
    });
    overwrite(&mut object, changes);
    object
}

fn customer(session: &Session) -> Value {
    match session.state {
        State::Open | State::Expired => Value::Null,
        State::Pending | State::Paid | State::Failed => json!({
            "address": {
                "city": null, "country": null, "line1": null, "line2": null,
                "postal_code": null, "state": null,
            },
            "email": session.customer_email,
            "name": null,
            "phone": null,
            "tax_exempt": "none",
            "tax_ids": [],
        }),
    }
}

fn overwrite(object: &mut Value, changes: Value) {
    if let (Some(object), Value::Object(changes)) = (object.as_object_mut(), changes) {
        object.extend(changes);
    }
}

/// An event of this type about an object.
fn event(fixture: &str, kind: &str, stamp: &Stamp, session: &Session, changes: Value) -> Value {
    let mut event = read(fixture);
    event["id"] = stamp.id.as_str().into();
    event["type"] = kind.into();
    event["created"] = stamp.now_s.into();
    event["request"]["idempotency_key"] = session.idempotency_key.clone().into();
    overwrite(&mut event["data"]["object"], changes);
    event
}

/// `checkout.session.*`.
pub fn session_event(kind: &str, stamp: &Stamp, about: &Session) -> Value {
    event(SESSION_COMPLETED, kind, stamp, about, session(about, ""))
}

fn intent_id(session: &Session) -> &str {
    session.payment_intent.as_deref().unwrap_or_default()
}

/// The charge of a session: there is one.
fn charge_id(session: &Session) -> String {
    intent_id(session).replacen("pi_", "ch_", 1)
}

/// `payment_intent.succeeded`, `.processing` and `.payment_failed`.
pub fn intent_event(kind: &str, stamp: &Stamp, session: &Session) -> Value {
    let succeeded = kind == "payment_intent.succeeded";
    let fixture = match kind {
        "payment_intent.payment_failed" => INTENT_FAILED,
        _ => INTENT_SUCCEEDED,
    };
    let mut changes = json!({
        "id": intent_id(session),
        "amount": session.amount,
        "amount_received": if succeeded { session.amount } else { 0 },
        "created": session.created,
        "currency": session.currency,
        "latest_charge": charge_id(session),
        "metadata": session.intent_metadata,
    });
    if kind == "payment_intent.processing" {
        changes["status"] = "processing".into();
    }
    if let Some(code) = &session.refused {
        changes["last_payment_error"] = refusal(code);
    }
    event(fixture, kind, stamp, session, changes)
}

/// A PaymentIntent as the API answers it.
pub fn intent(session: &Session, method: Value) -> Value {
    let mut object = read(INTENT_SUCCEEDED)["data"]["object"].take();
    let (status, received) = match session.state {
        State::Paid => ("succeeded", session.amount),
        State::Pending => ("processing", 0),
        State::Open | State::Failed | State::Expired => ("requires_payment_method", 0),
    };
    let changes = json!({
        "id": intent_id(session),
        "amount": session.amount,
        "amount_received": received,
        "created": session.created,
        "currency": session.currency,
        "customer": session.customer,
        "description": session.description,
        "last_payment_error": session.refused.as_deref().map(refusal),
        "latest_charge": charge_id(session),
        "metadata": session.intent_metadata,
        "payment_method": method,
        "status": status,
    });
    overwrite(&mut object, changes);
    object
}

/// What a bank says where it refuses.
pub fn refusal(code: &str) -> Value {
    let general = match code {
        "authentication_required" => code,
        _ => "card_declined",
    };
    json!({
        "code": general, "decline_code": code, "message": "Your card was declined.",
        "type": "card_error",
    })
}

/// A method as the API answers it.
pub fn method(method: &Method) -> Value {
    let mut object = json!({
        "id": method.id, "object": "payment_method", "customer": method.customer,
        "livemode": false, "metadata": {}, "type": method.kind,
        "billing_details": {"address": null, "email": null, "name": "Ada Marsh", "phone": null},
    });
    object[method.kind.as_str()] = match method.kind.as_str() {
        "card" => json!({
            "brand": "visa", "country": "GB", "exp_month": 4, "exp_year": 2044, "funding": "credit",
            "last4": "4242", "fingerprint": "Xt5EWLLDS7FJjR1c",
        }),
        _ => json!({
            "bank_code": "37040044", "branch_code": "", "country": "DE", "last4": "3000",
            "fingerprint": "rFJxCcb3tGmeKyTh",
        }),
    };
    object
}

/// `charge.refunded`: all that was given back so far.
pub fn charge_refunded(stamp: &Stamp, session: &Session, before: i64) -> Value {
    let changes = json!({
        "id": charge_id(session),
        "amount": session.amount,
        "amount_captured": session.amount,
        "amount_refunded": session.refunded,
        "created": session.created,
        "currency": session.currency,
        "metadata": session.intent_metadata,
        "payment_intent": intent_id(session),
        "refunded": session.refunded == session.amount,
    });
    let mut event = event(CHARGE_REFUNDED, "charge.refunded", stamp, session, changes);
    event["data"]["previous_attributes"] = json!({ "amount_refunded": before });
    event
}

/// 1.5 % and a quarter of a unit, as of a card of the European Economic Area.
fn fee(session: &Session) -> i64 {
    session.amount * 15 / 1_000 + 25
}

/// `payout.paid`, of what is left of one payment: the same one, however often it is told.
pub fn payout_event(stamp: &Stamp, session: &Session) -> Value {
    let changes = json!({
        "id": intent_id(session).replacen("pi_", "po_", 1),
        "amount": session.amount - session.refunded - fee(session),
        "currency": session.currency,
        "arrival_date": stamp.now_s,
        "created": stamp.now_s,
        "statement_descriptor": "STRIPE",
    });
    event(PAYOUT_PAID, "payout.paid", stamp, session, changes)
}

/// A payment intent with its charge and the charge's balance transaction.
pub fn intent_with_fee(session: &Session) -> Value {
    let paid = matches!(session.state, State::Paid);
    let fee = fee(session);
    let balance = json!({
        "object": "balance_transaction", "amount": session.amount, "currency": session.currency,
        "fee": fee, "net": session.amount - fee, "type": "charge",
    });
    json!({
        "id": intent_id(session), "object": "payment_intent", "amount": session.amount,
        "currency": session.currency, "metadata": session.intent_metadata,
        "latest_charge": paid.then(|| json!({
            "id": charge_id(session), "object": "charge", "balance_transaction": balance,
        })),
    })
}

/// A refund as the API answers it.
pub fn refund(id: &str, amount: i64, status: &str, created: i64, session: &Session) -> Value {
    let mut object = read(REFUND_CREATED)["data"]["object"].take();
    let changes = json!({
        "id": id,
        "amount": amount,
        "charge": charge_id(session),
        "created": created,
        "currency": session.currency,
        "payment_intent": intent_id(session),
        "status": status,
    });
    overwrite(&mut object, changes);
    object
}

/// `refund.created` and `refund.updated`.
pub fn refund_event(kind: &str, stamp: &Stamp, session: &Session, refund: Value) -> Value {
    event(REFUND_CREATED, kind, stamp, session, refund)
}

/// `charge.dispute.*`.
pub fn dispute_event(kind: &str, stamp: &Stamp, session: &Session) -> Value {
    let (id, status) = session.dispute.clone().unwrap_or_default();
    let changes = json!({
        "id": id,
        "amount": session.amount,
        "charge": charge_id(session),
        "created": stamp.now_s,
        "currency": session.currency,
        "payment_intent": intent_id(session),
        "status": status,
    });
    event(DISPUTE_CREATED, kind, stamp, session, changes)
}
