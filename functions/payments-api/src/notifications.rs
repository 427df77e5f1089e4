//! `GET /v1/payment-notifications`: what providers said that did not become a payment of its own,
//! for people to look at.

use remit_billing::fault::Fault;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list};
use remit_store::records::{Notification, NotificationState};
use remit_store::{Index, Query, keys};
use serde_json::{Value, json};

use crate::App;

fn state(text: &str) -> Result<&'static str, Fault> {
    let allowed = NotificationState::WORDS;
    let known = allowed.iter().find(|word| **word == text);
    known.copied().ok_or(Fault::UnknownValue { allowed })
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let state = parameters.required("state", state);
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;

    let account = principal.account_id;
    let partition = keys::notifications_of_state(account, state.unwrap_or_default());
    let query = Query::on(Index::ByStatus, partition)
        .backward()
        .limit(limit);
    let store = &app.ports.store;
    list::records(store, account, &query, from.as_deref(), |found| {
        Some(view(found))
    })
    .await
}

fn view(notification: &Notification) -> Value {
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
