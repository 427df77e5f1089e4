//! A client as the contract shows it.

use remit_billing::client::{Client, ClientBalance};
use remit_billing::follow_up::ClientFollowUps;
use serde_json::{Value, json};

/// A client.
pub(crate) fn client(client: &Client) -> Value {
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
        "purchase_order_required": client.purchase_order_required,
        "reminders": client.reminders,
        "invoice_grouping": client.grouping,
        "apply_balance_at_issue": client.apply_balance_at_issue,
        "reminder_ladder": client.follow_ups.ladder,
        "follow_ups": follow_ups(&client.follow_ups),
        "archived_at": client.archived_at,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    })
}

/// What of its follow-ups is not as the agency has it; null where it is.
fn follow_ups(own: &ClientFollowUps) -> Value {
    let pause = own
        .pause
        .as_ref()
        .filter(|pause| pause.resumed_at.is_none());
    let bounced = own.bounced.iter();
    json!({
        "send_at": own.send_at,
        "business_days_only": own.business_days_only,
        "holidays_of": own.holidays_of,
        "pause": pause.map(|pause| json!({"since": pause.since, "until": pause.until, "by": pause.by})),
        "bounced": bounced.map(|of| json!({"email": of.email, "at": of.at})).collect::<Value>(),
    })
}

/// A client with its money that is not yet applied, by currency.
pub(crate) fn client_with_balances(of: &Client, balances: &[ClientBalance]) -> Value {
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
