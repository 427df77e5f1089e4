//! An agency, its client and a draft, as small as they can be, for tests to vary.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::ids::{AccountId, ClientId, InvoiceId, TypedId};
use remit_billing::invoice::{DraftInvoice, InvoiceContent};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::function::BoxError;

const MADE_AT: &str = "2026-01-01T00:00:00Z";

/// A client of this number, for tests.
pub fn client_id(number: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(number))
}

/// An invoice of this number, for tests.
pub fn invoice_id(number: u128) -> InvoiceId {
    InvoiceId::from_uuid(Uuid::from_u128(number))
}

/// An agency in Berlin that bills in euros, with the reminders that Remit starts with.
///
/// # Errors
/// None: what stands here can be read.
pub fn agency(id: AccountId) -> Result<Account, BoxError> {
    Ok(serde_json::from_value(json!({
        "id": id,
        "name": "Studio Nord",
        "email": "hello@studio.example",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "language": "en",
        "terms": {"kind": "net", "days": 14},
        "invoice_numbers": "INV-{year}-{seq:5}",
        "reminder_ladder": [-3, 0, 7, 14, 30],
        // Nobody renders documents here: what tests mails that carry something says so.
        "notices": {"attach_documents": false, "attach_calendar": false},
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }))?)
}

/// A client of an agency, with one person to write to.
///
/// # Errors
/// None: what stands here can be read.
pub fn customer(account: AccountId, id: ClientId) -> Result<Client, BoxError> {
    Ok(serde_json::from_value(json!({
        "account_id": account,
        "id": id,
        "name": "Acme",
        "contacts": [{"name": "Jo", "email": "jo@acme.example"}],
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "terms": {"kind": "net", "days": 14},
        "reminders": true,
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }))?)
}

/// A draft of 100.00 in this currency for a client.
///
/// # Errors
/// A currency that is none.
pub fn draft(client: &Client, id: InvoiceId, currency: &str) -> Result<DraftInvoice, BoxError> {
    let content: InvoiceContent = serde_json::from_value(json!({
        "client_id": client.id,
        "currency": currency,
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "100"}],
        "terms": client.terms,
    }))?;
    let totals = content.totals().map_err(|faults| format!("{faults:?}"))?;
    let stored: Value = json!({
        "account_id": client.account_id,
        "id": id,
        "content": content,
        "totals": totals,
        "created_on": "2026-11-24",
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    });
    Ok(serde_json::from_value(stored)?)
}
