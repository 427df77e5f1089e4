//! Mails that were asked for, and what became of them.

use remit_billing::delivery::{Delivery, DeliveryState};
use serde_json::{Value, json};

/// A mail.
pub fn mail(delivery: &Delivery) -> Value {
    let (state, at) = match &delivery.state {
        DeliveryState::Pending { not_before } => ("pending", not_before),
        DeliveryState::Claimed { until, .. } => ("sending", until),
        DeliveryState::Sent { at, .. } => ("sent", at),
        DeliveryState::Unconfirmed { at } => ("unconfirmed", at),
        DeliveryState::Cancelled { at, .. } => ("cancelled", at),
        DeliveryState::Failed { at, .. } => ("failed", at),
    };
    json!({
        "id": delivery.id,
        "document_id": delivery.about.topic().document(),
        "client_id": delivery.client_id,
        "kind": delivery.about.kind(),
        "state": state,
        "at": at,
        "created_at": delivery.created_at,
    })
}
