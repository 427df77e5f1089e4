//! Payments, with where their money is.

use remit_billing::fault::Fault;
use remit_billing::ids::{ClientId, PaymentId};
use remit_billing::payment::{MatchState, Payment};
use remit_operations::refunds;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, list, shown};
use remit_store::{Index, Query, Range, keys};

use crate::App;

const MATCH_STATES: &[&str] = &["matched", "unmatched"];

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: PaymentId = request.path_id("payment_id")?;
    let found = refunds::payment(&app.ports, principal.account_id, id).await?;
    Ok(Response::json(200, &shown::payment(&found.value)))
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let client: Option<ClientId> = parameters.optional("client_id", str::parse);
    let state = parameters.optional("match_state", |text| {
        let known = MATCH_STATES.iter().find(|state| **state == text);
        known.copied().ok_or(Fault::UnknownValue {
            allowed: MATCH_STATES,
        })
    });
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;

    let account = principal.account_id;
    let query = match (client, state) {
        (Some(client), _) => {
            let partition = keys::client_partition(account, client);
            let prefix = Range::Prefix(keys::CLIENT_PAYMENT_PREFIX.to_owned());
            Query::on(Index::ByClient, partition).range(prefix)
        }
        (None, Some("unmatched")) => Query::on(Index::ByStatus, keys::payments_unmatched(account)),
        (None, _) => Query::on(Index::ByDate, keys::payments(account)),
    }
    .backward()
    .limit(limit);
    let takes = |payment: &Payment| state.is_none_or(|state| state == match_state(payment));
    let store = &app.ports.store;
    list::records(store, account, &query, from.as_deref(), |found| {
        takes(found).then(|| shown::payment(found))
    })
    .await
}

fn match_state(payment: &Payment) -> &'static str {
    match payment.match_state {
        MatchState::Matched => "matched",
        MatchState::Unmatched { .. } => "unmatched",
    }
}
