//! What belongs to payments, as the contract shows it: methods, notifications, charges.

use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::saved_method::{MethodState, RemovedBy, SavedMethod};
use remit_store::records::{Notification, NotificationState};
use serde_json::{Value, json};

/// A method as the contract shows it: never what its provider calls it.
pub fn method(method: &SavedMethod) -> Value {
    let (state, reason, removed_at, removed_by) = match &method.state {
        MethodState::Active => ("active", Value::Null, Value::Null, Value::Null),
        MethodState::Failed { code, .. } => ("failed", json!(code), Value::Null, Value::Null),
        MethodState::Removed {
            removed_at,
            removed_by,
            ..
        } => {
            let by = match removed_by {
                RemovedBy::Client => json!("client"),
                RemovedBy::Agency(by) => json!(by),
            };
            ("removed", Value::Null, json!(removed_at), by)
        }
    };
    let consent = &method.consent;
    json!({
        "id": method.id,
        "client_id": method.client_id,
        "provider": method.provider,
        "kind": method.label.kind,
        "issuer": method.label.issuer,
        "last_digits": method.label.last_digits,
        "expires": method.label.expires,
        "state": state,
        "reason": reason,
        "consent": {
            "given_at": consent.given_at,
            "wording": consent.wording,
            "language": consent.language,
            "invoice_id": consent.invoice_id,
        },
        "saved_at": method.saved_at,
        "removed_at": removed_at,
        "removed_by": removed_by,
    })
}

/// A notification of a provider, with what it said.
pub fn notification(notification: &Notification) -> Value {
    let look_at = match notification.state {
        NotificationState::Waiting { look_at, .. } => Some(look_at),
        _ => None,
    };
    json!({
        "id": notification.id,
        "provider": notification.provider,
        "reference": notification.reference,
        "subject": notification.subject,
        "state": notification.state.as_str(),
        "look_at": look_at,
        "received_at": notification.received_at,
        "body": notification.body,
    })
}

/// A charge as the contract shows it.
pub fn charge(attempt: &Attempt) -> Value {
    json!({
        "id": attempt.id,
        "invoice_id": attempt.invoice_id,
        "payment_method_id": attempt.method_id,
        "provider": attempt.provider,
        "currency": attempt.amount.currency(),
        "amount": attempt.amount.amount_text(),
        "state": state(&attempt.state),
        "reason": attempt.code,
        "created_at": attempt.created_at,
    })
}

fn state(state: &AttemptState) -> &'static str {
    match state {
        AttemptState::Started | AttemptState::Ready { .. } | AttemptState::PartOf { .. } => {
            "pending"
        }
        AttemptState::Processing { .. } => "processing",
        AttemptState::Paid => "succeeded",
        AttemptState::Closed { reason } => match reason {
            ClosedReason::AuthenticationRequired => "authentication_required",
            ClosedReason::Declined => "declined",
            ClosedReason::Failed => "failed",
            ClosedReason::Refused | ClosedReason::Expired | ClosedReason::Superseded => "not_made",
        },
    }
}
