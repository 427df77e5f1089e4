//! A subscription as the contract shows it.

use remit_billing::line::Line;
use remit_billing::subscription::{
    Allowance, BilledPeriod, BillingPeriod, Drawn, PriceChange, RetainerState, Subscription,
    SubscriptionStatus, SubscriptionTerms,
};
use remit_runtime::{Problem, shown};
use serde_json::{Map, Value, json};

use crate::invoice_body;

/// Fields of an invoice that no subscription has: its bills make their own.
pub const NOT_OF_IT: [&str; 5] = [
    "deposit_of",
    "deduct_deposits",
    "supply_date",
    "supply_period",
    "reminder_ladder",
];

/// A subscription in full.
pub fn subscription(found: &Subscription) -> Result<Value, Problem> {
    let mut view = Value::Object(fields(&found.terms));
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
pub fn balance(state: &RetainerState) -> Value {
    json!({"available": state.available, "carried": state.carried})
}

/// What a bill drew from a retainer, or would.
pub fn drawn(drawn: &Drawn) -> Value {
    json!({
        "available": drawn.available,
        "used": drawn.used,
        "expired": drawn.expired,
        "carried": drawn.after.carried,
    })
}

/// A period that was billed.
pub fn billed(period: &BilledPeriod) -> Value {
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
pub fn upcoming(
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

/// The fields of a body that says the same: what is shown can be sent back.
pub fn fields(terms: &SubscriptionTerms) -> Map<String, Value> {
    let mut fields = invoice_body::fields(&terms.content);
    for name in NOT_OF_IT {
        fields.remove(name);
    }
    let schedule = &terms.schedule;
    let mut shown = json!(schedule.cadence);
    shown["starts_on"] = json!(schedule.starts_on);
    shown["anchor_on"] = json!(schedule.anchor_on);
    shown["ends_on"] = json!(schedule.ends_on);
    shown["periods"] = json!(schedule.periods);
    shown["bills"] = json!(schedule.bills);
    shown["proration"] = json!(schedule.proration);
    let retainer = terms.retainer.as_ref().map(|retainer| {
        let (hours, amount) = match retainer.allowance {
            Allowance::Hours(hours) => (json!(hours), Value::Null),
            Allowance::Amount(amount) => (Value::Null, json!(amount)),
        };
        json!({
            "project_id": retainer.project_id,
            "hours": hours,
            "amount": amount,
            "carry_over": retainer.carry_over,
            "description": retainer.description,
        })
    });
    fields.insert("name".to_owned(), json!(terms.name));
    fields.insert("schedule".to_owned(), shown);
    fields.insert("automation".to_owned(), json!(terms.automation));
    fields.insert("retainer".to_owned(), json!(retainer));
    fields
}
