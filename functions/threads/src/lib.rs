//! Questions about documents: `GET /v1/threads`, `GET /v1/threads/{document_id}`, `POST
//! /v1/threads/{document_id}/messages`.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::delivery::DocumentId;
use remit_billing::fault::Fault;
use remit_billing::party::Paragraph;
use remit_billing::thread::Thread;
use remit_operations::ports::Ports;
use remit_operations::shown::threads::thread as shown;
use remit_operations::threads;
use remit_runtime::body::read;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{BoxError, Function, Platform, Principal, Problem, list};
use remit_store::{Index, Query, keys};

const STATES: &[&str] = &["waiting", "answered"];

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// Table, time and ids.
    pub ports: Ports,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /v1/threads" => self.list(request).await,
            "GET /v1/threads/{document_id}" => self.get(request).await,
            "POST /v1/threads/{document_id}/messages" => self.write(request).await,
            _ => Err(Problem::not_found()),
        }
    }
}

/// Whether a key may see what a thread is about.
fn reaches(principal: &Principal, thread: &Thread) -> bool {
    let mut projects = thread.project_ids.iter();
    match projects.len() {
        0 => principal.projects.is_none(),
        _ => projects.all(|project| principal.reaches(*project)),
    }
}

impl App {
    async fn list(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let mut parameters = request.query();
        let state = parameters.optional("state", |text| {
            let known = STATES.iter().find(|state| **state == text);
            known
                .copied()
                .ok_or(Fault::UnknownValue { allowed: STATES })
        });
        let limit = parameters.limit();
        let from = parameters.cursor();
        parameters.finish()?;
        let account = principal.account_id;
        let partition = keys::threads(account, state.unwrap_or("waiting"));
        let query = Query::on(Index::ByStatus, partition);
        let query = query.backward().limit(limit);
        list::records(
            &self.ports.store,
            account,
            &query,
            from.as_deref(),
            |found: &Thread| reaches(principal, found).then(|| shown(found)),
        )
        .await
    }

    async fn get(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let document: DocumentId = request.path_id("document_id")?;
        let found = threads::of(&self.ports.store, principal.account_id, document).await?;
        let found = found.filter(|found| reaches(principal, &found.value));
        let found = found.ok_or_else(Problem::not_found)?;
        Ok(Response::json(200, &shown(&found.value)))
    }

    async fn write(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let document: DocumentId = request.path_id("document_id")?;
        let text = &read(&request.json()?, |r| {
            r.text("text", Paragraph::<2_000>::parse)
        })
        .map_err(Problem::invalid_body)?;
        let keyed = request.keyed(principal)?;
        let (account, by, now) = (principal.account_id, principal.actor_id(), self.ports.now());
        perform(&self.ports.store, keyed, now, || async move {
            let (commit, after) = threads::answer(&self.ports, account, document, by, text).await?;
            if !reaches(principal, &after) {
                return Err(Problem::not_found());
            }
            let response = Response::json(201, &shown(&after));
            Ok(Effect { commit, response })
        })
        .await
    }
}
