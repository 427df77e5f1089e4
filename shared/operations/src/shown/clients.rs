//! A client as the contract shows it.

use remit_billing::client::{Client, ClientBalance};
use remit_billing::follow_up::ClientFollowUps;
use remit_billing::ways_to_pay::ClientPartPayments;
use remit_runtime::shown;
use serde_json::{Value, json};

/// A client.
pub fn client(client: &Client) -> Value {
    json!({
        "id": client.id,
        "name": client.name,
        "legal_name": client.legal_name,
        "contacts": client.contacts,
        "currency": client.currency,
        "language": client.language,
        "time_zone": client.time_zone,
        "payment_terms": client.terms,
        "address": client.address,
        "tax_ids": client.tax_ids,
        "electronic_address": client.electronic_address,
        "e_invoice_profile": client.e_invoice_profile,
        "purchase_order_required": client.purchase_order_required,
        "reminders": client.reminders,
        "invoice_grouping": client.grouping,
        "apply_balance_at_issue": client.apply_balance_at_issue,
        "late_fee_agreement": client.late_fee_agreement,
        "part_payments": client.part_payments.as_ref().map(part_payments),
        "reminder_ladder": client.follow_ups.ladder,
        "follow_ups": {
            "send_at": client.follow_ups.send_at,
            "business_days_only": client.follow_ups.business_days_only,
            "holidays_of": client.follow_ups.holidays_of,
        },
        "notices": {
            "project_thanks": client.notices.project_thanks,
            "estimate_expiry": client.notices.estimate_expiry,
            "subscription_notices": client.notices.subscription_notices,
            "statements": client.notices.statements,
            "stopped_at": client.notices.stopped_at,
        },
        "follow_ups_pause": pause(&client.follow_ups),
        "bounced_contacts": bounced(&client.follow_ups),
        "archived_at": client.archived_at,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    })
}

/// Whether it chooses how much it pays, where that is not as the agency has it.
fn part_payments(own: &ClientPartPayments) -> Value {
    match own {
        ClientPartPayments::Allowed(bounds) => {
            let mut view = shown::part_payments(bounds);
            view["kind"] = json!("allowed");
            view
        }
        ClientPartPayments::Never => json!({"kind": "never"}),
    }
}

/// The pause of its follow-ups; null where they are not paused.
fn pause(own: &ClientFollowUps) -> Value {
    let pause = own
        .pause
        .as_ref()
        .filter(|pause| pause.resumed_at.is_none());
    json!(pause.map(|pause| json!({"since": pause.since, "until": pause.until, "by": pause.by})))
}

/// The addresses from which mail came back for good.
fn bounced(own: &ClientFollowUps) -> Value {
    let bounced = own.bounced.iter();
    bounced
        .map(|of| json!({"email": of.email, "at": of.at}))
        .collect()
}

/// A client with its money that is not yet applied, by currency.
pub fn client_with_balances(of: &Client, balances: &[ClientBalance]) -> Value {
    let mut view = client(of);
    let balances = balances.iter().map(|balance| {
        json!({
            "currency": balance.amount.currency(),
            "amount": balance.amount.amount_text(),
        })
    });
    view["balances"] = balances.collect();
    view
}
