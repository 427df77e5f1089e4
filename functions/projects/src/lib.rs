//! Pieces of work for clients: `POST` and `GET /v1/projects`, `GET` and `PATCH
//! /v1/projects/{project_id}`, what is below it, and `GET /v1/project-totals`.

mod change;
mod create;
mod fields;
mod read;
mod scope;
mod totals;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Clock, Function, Ids, Platform, Problem};
use remit_store::Store;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        store: platform.store(),
        clock: Arc::clone(&platform.clock),
        ids: platform.ids(),
    })))
}

impl App {
    fn ports(&self) -> Ports {
        Ports {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            ids: self.ids.clone(),
        }
    }
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "POST /v1/projects" => create::create(self, request).await,
            "GET /v1/projects" => read::list(self, request).await,
            "GET /v1/project-totals" => totals::list(self, request).await,
            "GET /v1/projects/{project_id}" => read::get(self, request).await,
            "PATCH /v1/projects/{project_id}" => change::change(self, request).await,
            "POST /v1/projects/{project_id}/close" => change::close(self, request).await,
            "POST /v1/projects/{project_id}/reopen" => change::reopen(self, request).await,
            "GET /v1/projects/{project_id}/scope" => scope::get(self, request).await,
            "POST /v1/projects/{project_id}/milestones/{milestone_id}/reach" => {
                scope::reach(self, request).await
            }
            _ => Err(Problem::not_found()),
        }
    }
}
