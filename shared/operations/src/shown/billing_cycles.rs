//! Billing days as the contract shows them.

use remit_billing::billing_cycle::BillingCycle;
use serde_json::{Value, json};

/// A client's billing days.
pub fn billing_cycle(cycle: &BillingCycle) -> Value {
    json!({
        "client_id": cycle.client_id,
        "day": cycle.day,
        "automation": cycle.automation,
        "next": cycle.next.map(|next| json!({"on": next.on, "at": next.at})),
        "billed_on": cycle.billed_on,
        "invoice_ids": cycle.invoice_ids,
        "trouble": cycle.trouble,
        "time_zone": cycle.time_zone,
        "country": cycle.country,
    })
}
