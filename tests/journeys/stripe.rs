//! Stripe's notifications, written by hand: signed as Stripe signs, in the shapes that it sends.

use jiff::{SignedDuration, Timestamp};
use remit_payments::Secret;
use remit_payments::stripe::signature;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::house::{House, lay_over};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(
            "../../shared/payments/fixtures/stripe/events/",
            $name,
            ".json"
        ))
    };
}

const SESSION_COMPLETED: &str = fixture!("checkout.session.completed");
const INTENT_SUCCEEDED: &str = fixture!("payment_intent.succeeded");
const CHARGE_REFUNDED: &str = fixture!("charge.refunded");
const REFUND_CREATED: &str = fixture!("refund.created");
const DISPUTE_CREATED: &str = fixture!("charge.dispute.created");

/// Money at Stripe: one payment intent. Amounts are in Stripe's units.
#[derive(Clone)]
pub struct Money {
    /// The payment intent's id, and what the ids of its events start with.
    pub intent: String,
    /// How much.
    pub amount: i64,
    /// In lower case.
    pub currency: &'static str,
    /// What names Remit's invoice; empty for what is not Remit's.
    pub metadata: Value,
}

impl Money {
    /// Money for an invoice of the house's agency.
    pub fn for_invoice(house: &House, intent: &str, invoice_id: &str, amount: i64) -> Self {
        Self {
            intent: intent.to_owned(),
            amount,
            currency: "eur",
            metadata: json!({"remit_account": house.account_id(), "remit_invoice": invoice_id}),
        }
    }

    /// `payment_intent.succeeded`.
    pub fn succeeded(&self) -> Value {
        let object = json!({
            "id": self.intent,
            "amount": self.amount,
            "amount_received": self.amount,
            "currency": self.currency,
            "metadata": self.metadata,
        });
        self.event(INTENT_SUCCEEDED, "payment_intent.succeeded", object)
    }

    /// `checkout.session.completed`, paid.
    pub fn completed(&self) -> Value {
        let object = json!({
            "amount_total": self.amount,
            "currency": self.currency,
            "metadata": self.metadata,
            "payment_intent": self.intent,
        });
        self.event(SESSION_COMPLETED, "checkout.session.completed", object)
    }

    /// `charge.refunded`: what was given back in all.
    pub fn refunded_in_all(&self, total: i64) -> Value {
        let object = json!({
            "amount": self.amount,
            "amount_captured": self.amount,
            "amount_refunded": total,
            "currency": self.currency,
            "metadata": self.metadata,
            "payment_intent": self.intent,
            "refunded": total == self.amount,
        });
        let mut event = self.event(CHARGE_REFUNDED, "charge.refunded", object);
        event["id"] = json!(format!("evt_{}_refunded_{total}", self.intent));
        event
    }

    /// `refund.*`: one refund.
    pub fn refund(&self, kind: &str, id: &str, amount: i64, status: &str) -> Value {
        let object = json!({
            "id": id,
            "amount": amount,
            "currency": self.currency,
            "payment_intent": self.intent,
            "status": status,
        });
        let mut event = self.event(REFUND_CREATED, kind, object);
        event["id"] = json!(format!("evt_{id}_{kind}_{status}").replace('.', "_"));
        event
    }

    /// `charge.dispute.*`.
    pub fn dispute(&self, kind: &str, status: &str) -> Value {
        let object = json!({
            "amount": self.amount,
            "currency": self.currency,
            "payment_intent": self.intent,
            "status": status,
        });
        self.event(DISPUTE_CREATED, kind, object)
    }

    fn event(&self, fixture: &str, kind: &str, object: Value) -> Value {
        let mut event: Value = serde_json::from_str(fixture).unwrap();
        event["id"] = json!(format!("evt_{}_{kind}", self.intent).replace('.', "_"));
        event["type"] = json!(kind);
        lay_over(&mut event["data"]["object"], object);
        event
    }
}

impl House {
    /// Sends a notification to the agency's endpoint, signed now.
    pub async fn notify(&self, event: &Value) -> Answer {
        let body = dated(event, self.now());
        let header = self.signature(&body, self.now());
        self.deliver(&body, Some(&header)).await
    }

    /// The signature of a body at an instant, with the secret that was entered first.
    pub fn signature(&self, body: &str, at: Timestamp) -> String {
        sign(body, self.webhook_secret(), at)
    }

    /// Posts a body to the agency's endpoint.
    pub async fn deliver(&self, body: &str, signature: Option<&str>) -> Answer {
        let target = format!("/webhooks/stripe/{}", self.account_id());
        let mut call = self.api.without_key().call("POST", &target);
        if let Some(signature) = signature {
            call = call.header(signature::HEADER, signature);
        }
        let call = call.header("content-type", "application/json; charset=utf-8");
        call.raw(body.to_owned()).send().await
    }
}

/// The body of an event that is made now.
pub fn dated(event: &Value, now: Timestamp) -> String {
    let mut event = event.clone();
    event["created"] = json!((now - SignedDuration::from_secs(1)).as_second());
    event.to_string()
}

/// A signature with a secret.
pub fn sign(body: &str, secret: &str, at: Timestamp) -> String {
    let secret: Secret = secret.parse().unwrap();
    signature::sign(body.as_bytes(), &secret, at)
}
