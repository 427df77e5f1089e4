//! Stripe's objects, with the fields that Remit reads and those that it must not trip over.

use serde_json::{Value, json};

use super::{Session, State};

pub fn session(session: &Session) -> Value {
    let (status, payment) = match session.state {
        State::Open => ("open", "unpaid"),
        State::Pending | State::Failed => ("complete", "unpaid"),
        State::Paid => ("complete", "paid"),
        State::Expired => ("expired", "unpaid"),
    };
    let open = session.state == State::Open;
    let gone_through = status == "complete";
    json!({
        "id": session.id, "object": "checkout.session", "mode": "payment",
        "amount_total": session.amount, "currency": session.currency,
        "created": session.created, "expires_at": session.expires_at,
        "metadata": session.metadata, "customer": null, "invoice": null,
        "payment_intent": gone_through.then_some(&session.intent),
        "status": status, "payment_status": payment,
        "url": open.then(|| format!("https://checkout.stripe.com/c/pay/{}", session.id)),
    })
}

/// The word of a bank that has no money today.
pub const DECLINED: &str = "insufficient_funds";

/// What is kept of a payment.
pub fn fee(amount: i64) -> i64 {
    amount * 15 / 1_000 + 25
}

pub fn intent(session: &Session) -> Value {
    let paid = session.state == State::Paid;
    let declined = session.is_charge && !paid;
    json!({
        "id": session.intent, "object": "payment_intent",
        "amount": session.amount, "amount_received": if paid { session.amount } else { 0 },
        "currency": session.currency, "metadata": session.metadata,
        "latest_charge": paid.then(|| json!({"balance_transaction": {
            "fee": fee(session.amount), "currency": session.currency,
        }})),
        "last_payment_error": declined.then(|| json!({
            "code": "card_declined", "decline_code": DECLINED,
        })),
        "payment_method": session.customer.as_ref().filter(|_| paid).map(|customer| json!({
            "id": format!("pm_{}", session.intent), "customer": customer, "type": "card",
            "card": {"brand": "visa", "last4": "4242", "exp_year": 2031, "exp_month": 4},
        })),
        "status": match session.state {
            State::Paid => "succeeded",
            _ if declined => "requires_payment_method",
            _ => "processing",
        },
    })
}

pub fn charge(session: &Session) -> Value {
    json!({
        "id": format!("ch_{}", session.intent), "object": "charge",
        "amount": session.amount, "amount_refunded": session.refunded(),
        "currency": session.currency, "metadata": session.metadata,
        "payment_intent": session.intent, "refunded": session.refunded() == session.amount,
    })
}

pub fn refund(session: &Session, id: &str, amount: i64, status: &str) -> Value {
    json!({
        "id": id, "object": "refund", "amount": amount, "currency": session.currency,
        "payment_intent": session.intent, "metadata": {}, "status": status,
    })
}

pub fn dispute(session: &Session) -> Value {
    let dispute = session.dispute.as_ref();
    json!({
        "id": dispute.map(|dispute| &dispute.id), "object": "dispute",
        "amount": dispute.map(|dispute| dispute.amount), "currency": session.currency,
        "payment_intent": session.intent, "metadata": {},
        "status": dispute.map(|dispute| dispute.status),
    })
}

pub fn payout(id: &str, amount: i64, words: &str, arrives_at: i64) -> Value {
    json!({
        "id": id, "object": "payout", "amount": amount, "currency": "eur",
        "arrival_date": arrives_at, "automatic": true, "created": arrives_at,
        "description": "STRIPE PAYOUT", "livemode": true, "metadata": {}, "method": "standard",
        "statement_descriptor": words, "status": "paid", "type": "bank_account",
    })
}
