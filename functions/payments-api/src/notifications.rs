//! `GET /v1/payment-notifications`: what providers said that did not become a payment of its own,
//! for people to look at.

use remit_billing::fault::Fault;
use remit_operations::shown::payments::notification;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list};
use remit_store::records::NotificationState;
use remit_store::{Index, Query, keys};

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
        Some(notification(found))
    })
    .await
}
