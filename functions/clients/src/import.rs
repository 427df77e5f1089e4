//! `POST /v1/clients/import`: clients of another program, as a list or as CSV.

use remit_billing::account::Account;
use remit_billing::client::{Client, ForeignReference};
use remit_billing::fault::Fault;
use remit_operations::{portal, statements};
use remit_runtime::Problem;
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::table_body::Kinds;
use remit_store::{Commit, keys};
use serde_json::{Value, json};

use crate::App;
use crate::fields;

/// Clients that one request takes: each is two items of one transaction, itself and its audit entry.
const MAX_CLIENTS: usize = 40;

const KINDS: Kinds = Kinds {
    integers: &["payment_terms.days"],
    booleans: &[
        "contacts.0.copy",
        "contacts.1.copy",
        "purchase_order_required",
        "reminders",
        "apply_balance_at_issue",
    ],
};

/// A client as the other program has it.
struct Stated {
    reference: ForeignReference,
    client: Client,
}

pub(crate) async fn import(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let body = &request.json()?;
    let now = app.clock.now();
    // Of what has no reference nothing is made, and its faults are told all the same.
    let nobody = app.ids.make(now).map_err(Problem::no_randomness)?;
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let account = app
            .store
            .get::<Account>(&keys::account(principal.account_id))
            .await
            .map_err(|error| Problem::store(&error))?
            .ok_or_else(Problem::not_found)?
            .value;
        let stated = read(body, |r| {
            all(r, |r| {
                let reference = r.text("reference", ForeignReference::parse);
                let id = reference.as_ref().map(|own| own.client_id(account.id));
                let client = fields::new_within(r, &account, id.unwrap_or(nobody), now);
                Some(Stated {
                    reference: reference?,
                    client: client?,
                })
            })
        })
        .map_err(Problem::invalid_body)?;
        let wanted: Vec<_> = stated
            .iter()
            .map(|of| keys::client(account.id, of.client.id))
            .collect();
        let known = app.store.get_many::<Client>(&wanted).await;
        let known = known.map_err(|error| Problem::store(&error))?;
        let new = stated
            .iter()
            .zip(&known)
            .filter(|(_, known)| known.is_none());
        let new: Vec<_> = new.map(|(of, _)| &of.client).collect();
        portal::note_ahead(&app.store, &new).await?;
        let mut commit = Commit::new();
        let mut wants = None;
        let mut data = Vec::with_capacity(stated.len());
        for (stated, known) in stated.iter().zip(known) {
            if known.is_none() {
                if stated.client.notices.statements == Some(true) {
                    wants = Some(&stated.client);
                }
                commit = commit.create(&stated.client, Vec::new());
            }
            data.push(json!({
                "reference": stated.reference.as_str(),
                "client_id": stated.client.id,
                "known": known.is_some(),
            }));
        }
        if let Some(client) = wants {
            commit = commit.and(statements::wanted_by(&app.store, None, client, now).await?);
        }
        let response = Response::json(201, &json!({ "data": Value::Array(data) }));
        Ok(Effect { commit, response })
    })
    .await
}

/// The clients of the list or of the table: one of the two, and none of them twice.
fn all(
    r: &mut Reader<'_>,
    mut one: impl FnMut(&mut Reader<'_>) -> Option<Stated>,
) -> Option<Vec<Stated>> {
    if r.has("clients") && r.has("csv") {
        r.fault(
            "csv",
            Fault::Exclusive {
                fields: "clients and csv",
            },
        );
    }
    let listed = r.list("clients", MAX_CLIENTS, &mut one);
    let listed = listed.map(|all| {
        let placed = all.into_iter().enumerate();
        placed
            .map(|(at, of)| (format!("/clients/{at}"), of))
            .collect::<Vec<_>>()
    });
    let rows = r.table("csv", MAX_CLIENTS, KINDS, &mut one);
    if !r.has("clients") && !r.has("csv") {
        r.fault("clients", Fault::Required);
    }
    let stated = listed.or(rows)?;
    for (at, (place, of)) in stated.iter().enumerate() {
        let mut earlier = stated.iter().take(at);
        if earlier.any(|(_, before)| before.reference == of.reference) {
            r.fault_within(&format!("{place}/reference"), Fault::Duplicate);
        }
    }
    Some(stated.into_iter().map(|(_, of)| of).collect())
}
