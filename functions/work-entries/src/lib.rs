//! Work that members note on projects, and what is agreed about it: `/v1/work-entries...` and
//! `/v1/work-settings`.
//!
//! Everybody of the team notes own work; for others it takes who bills. Somebody else approves it. How
//! it comes onto invoices, `invoices` knows.

mod note;
mod read;
mod review;
mod settings;
mod written;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
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
            "POST /v1/work-entries" => note::create(self, request).await,
            "GET /v1/work-entries" => read::list(self, request).await,
            "GET /v1/work-entries/{work_id}" => read::get(self, request).await,
            "PATCH /v1/work-entries/{work_id}" => note::change(self, request).await,
            "DELETE /v1/work-entries/{work_id}" => note::delete(self, request).await,
            "POST /v1/work-entries/submit" => review::submit(self, request).await,
            "POST /v1/work-entries/approve" => review::approve(self, request).await,
            "POST /v1/work-entries/reject" => review::reject(self, request).await,
            "GET /v1/work-settings" => settings::get(self, request).await,
            "PUT /v1/work-settings" => settings::put(self, request).await,
            "GET /v1/projects/{project_id}/work-settings" => settings::get(self, request).await,
            "PUT /v1/projects/{project_id}/work-settings" => settings::put(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}
