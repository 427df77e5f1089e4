//! A subscription as the contract shows it.

use remit_billing::line::Line;
use remit_billing::subscription::{
    BilledPeriod, BillingPeriod, Drawn, PriceChange, RetainerState, Subscription,
    SubscriptionStatus,
};
use remit_runtime::{Problem, shown};
use serde_json::{Value, json};

use crate::body;

/// A subscription in full.
pub(crate) fn subscription(found: &Subscription) -> Result<Value, Problem> {
    let mut view = Value::Object(body::fields(&found.terms));
    let totals = found.terms.content.totals();
    view["totals"] = shown::totals(&totals.map_err(Problem::invalid_body)?);
    view["id"] = json!(found.id);
    view["status"] = json!(found.status.as_str());
    let (since, until) = match &found.status {
        SubscriptionStatus::Draft => (Value::Null, Value::Null),
        SubscriptionStatus::Active { since } => (json!(since), Value::Null),
        SubscriptionStatus::Paused { since, until } => (json!(since), json!(until)),
        SubscriptionStatus::Ended { at } => (json!(at), Value::Null),
    };
    view["status_since"] = since;
    view["paused_until"] = until;
    view["time_zone"] = json!(found.time_zone);
    view["next"] = match found.next {
        None => Value::Null,
        Some(next) => {
            let period = found.next_period();
            json!({
                "number": next.number,
                "period": period.map(|period| period.days),
                "bills_at": next.at,
            })
        }
    };
    view["trouble"] = json!(found.trouble);
    view["skipped"] = json!(found.skipped);
    view["change"] = match &found.change {
        Some(change) => change_of(change),
        None => Value::Null,
    };
    view["retainer_balance"] = found.retainer_state.as_ref().map_or(Value::Null, balance);
    view["content_hash"] = json!(found.content_hash);
    for (name, value) in shown::review(&found.review) {
        view[name] = value;
    }
    view["created_at"] = json!(found.created_at);
    view["updated_at"] = json!(found.updated_at);
    Ok(view)
}

fn change_of(change: &PriceChange) -> Value {
    let lines: &[Line] = &change.lines;
    let mut view = json!({
        "from": change.from,
        "lines": lines,
        "content_hash": change.content_hash,
    });
    for (name, value) in shown::review(&change.review) {
        view[name] = value;
    }
    view
}

/// What of a retainer is there.
pub(crate) fn balance(state: &RetainerState) -> Value {
    json!({"available": state.available, "carried": state.carried})
}

/// What a bill drew from a retainer, or would.
pub(crate) fn drawn(drawn: &Drawn) -> Value {
    json!({
        "available": drawn.available,
        "used": drawn.used,
        "expired": drawn.expired,
        "carried": drawn.after.carried,
    })
}

/// A period that was billed.
pub(crate) fn billed(period: &BilledPeriod) -> Value {
    let charge = period.charge.as_ref().map(|charge| {
        json!({
            "attempts": charge.attempt_ids.len(),
            "is_over": charge.look_at.is_none(),
            "refused": charge.refused,
        })
    });
    json!({
        "number": period.number,
        "period": period.days,
        "invoice_id": period.invoice_id,
        "retainer": period.retainer.as_ref().map(drawn),
        "charge": charge,
        "billed_at": period.billed_at,
    })
}

/// A period to come.
pub(crate) fn upcoming(
    period: &BillingPeriod,
    bills_on: jiff::civil::Date,
    totals: &remit_billing::totals::Totals,
) -> Value {
    json!({
        "number": period.number,
        "period": period.days,
        "bills_on": bills_on,
        "totals": shown::totals(totals),
    })
}
