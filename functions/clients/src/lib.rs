//! Whom the agency bills: `POST` and `GET /v1/clients`, `POST /v1/clients/import`, `GET` and `PATCH
//! /v1/clients/{client_id}`, `POST /v1/clients/{client_id}/archive`, its billing days and the pause of its follow-ups.

mod billing_cycle;
mod change;
mod create;
mod erasure;
mod fields;
mod follow_ups;
mod import;
mod read;

use std::sync::Arc;

use async_trait::async_trait;
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

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "POST /v1/clients" => create::create(self, request).await,
            "POST /v1/clients/import" => import::import(self, request).await,
            "GET /v1/clients" => read::list(self, request).await,
            "GET /v1/clients/{client_id}" => read::get(self, request).await,
            "PATCH /v1/clients/{client_id}" => change::change(self, request).await,
            "GET /v1/clients/{client_id}/billing-cycle" => billing_cycle::get(self, request).await,
            "PUT /v1/clients/{client_id}/billing-cycle" => billing_cycle::put(self, request).await,
            "POST /v1/clients/{client_id}/archive" => change::archive(self, request).await,
            "POST /v1/clients/{client_id}/follow-ups/pause" => {
                follow_ups::pause(self, request).await
            }
            "POST /v1/clients/{client_id}/follow-ups/resume" => {
                follow_ups::resume(self, request).await
            }
            "POST /v1/clients/{client_id}/erasures" => erasure::erase(self, request).await,
            "GET /v1/clients/{client_id}/erasures/{contact_id}" => {
                erasure::get(self, request).await
            }
            _ => Err(Problem::not_found()),
        }
    }
}
