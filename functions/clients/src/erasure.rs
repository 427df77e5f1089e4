//! `POST /v1/clients/{client_id}/erasures` and `GET /v1/clients/{client_id}/erasures/{contact_id}`: what is personal
//! of a contact is taken out.
//!
//! The client itself is seen to at once, so nothing more is sent to the contact; its documents are gone through by
//! the janitor.

use remit_billing::client::Client;
use remit_billing::erasure::{Erasure, ErasureCounts, ErasureState};
use remit_billing::ids::{ClientId, ContactId};
use remit_billing::party::EmailAddress;
use remit_operations::erasing;
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::keys;
use serde_json::{Value, json};

use crate::App;

/// `POST /v1/clients/{client_id}/erasures`.
pub(crate) async fn erase(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let email = read(&request.json()?, |r| r.text("email", EmailAddress::parse));
    let email = email.map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let (account, by, now) = (principal.account_id, principal.actor_id(), app.clock.now());
    let contact = ContactId::of(account, &email);
    perform(&app.store, keyed, now, || async move {
        let wanted = [
            keys::client(account, id),
            keys::erasure(account, id, contact),
        ];
        let mut batch = Batch::read(&app.store, &wanted).await?;
        let client = batch.need::<Client>()?;
        let stored = batch.take::<Erasure>()?;
        let erasure = Erasure::requested(&client.value, contact, Some(by), now);
        let (commit, erasure) =
            erasing::begin(&app.store, &client, erasure, stored.as_ref()).await?;
        Ok(Effect {
            commit,
            response: answer(202, &erasure),
        })
    })
    .await
}

/// `GET /v1/clients/{client_id}/erasures/{contact_id}`.
pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account = request.principal()?.account_id;
    let id: ClientId = request.path_id("client_id")?;
    let contact: ContactId = request.path_id("contact_id")?;
    let found = app
        .store
        .get::<Erasure>(&keys::erasure(account, id, contact))
        .await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(answer(200, &found.value))
}

fn answer(status: u16, erasure: &Erasure) -> Response {
    let (client, contact) = (erasure.client_id, erasure.contact_id);
    let response = Response::json(status, &shown(erasure));
    match status {
        202 => response.header(
            "location",
            format!("/v1/clients/{client}/erasures/{contact}"),
        ),
        _ => response,
    }
}

/// What stays, and why, with the last day for which it does.
fn kept(counts: &ErasureCounts) -> Value {
    let kinds = [
        (
            "invoices",
            counts.invoices,
            "bookkeeping",
            counts.invoices_until,
        ),
        (
            "acceptances",
            counts.acceptances,
            "evidence",
            counts.acceptances_until,
        ),
        (
            "open_estimates",
            counts.open_estimates,
            "awaits_signature",
            None,
        ),
    ];
    let kinds = kinds.into_iter().filter(|(_, count, ..)| *count > 0);
    kinds
        .map(|(kind, count, reason, until)| {
            json!({"kind": kind, "count": count, "reason": reason, "until": until})
        })
        .collect()
}

/// An erasure as the contract shows it.
fn shown(erasure: &Erasure) -> Value {
    let (state, ended_at) = match &erasure.state {
        ErasureState::Running { .. } => ("running", None),
        ErasureState::Done { at } => ("done", Some(at)),
    };
    let counts = &erasure.counts;
    json!({
        "client_id": erasure.client_id,
        "contact_id": erasure.contact_id,
        "state": state,
        "requested_by": erasure.requested_by,
        "requested_at": erasure.requested_at,
        "ended_at": ended_at,
        "erased": {
            "contacts": counts.contacts,
            "messages": counts.messages,
            "mails": counts.mails,
            "signers": counts.signers,
            "origins": counts.origins,
        },
        "kept": kept(counts),
    })
}
