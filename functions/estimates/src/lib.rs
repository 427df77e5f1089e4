//! What is offered: `POST` and `GET /v1/estimates`, `GET`, `PATCH` and `DELETE
//! /v1/estimates/{estimate_id}`, and what is done with one below it.

mod content;
mod draft;
mod list;
mod offer;
mod review;
mod stored;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::ports::Ports;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

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
            "POST /v1/estimates" => draft::create(self, request).await,
            "GET /v1/estimates" => list::list(self, request).await,
            "GET /v1/estimates/{estimate_id}" => stored::get(self, request).await,
            "PATCH /v1/estimates/{estimate_id}" => draft::change(self, request).await,
            "DELETE /v1/estimates/{estimate_id}" => draft::delete(self, request).await,
            "POST /v1/estimates/{estimate_id}/submit" => review::submit(self, request).await,
            "POST /v1/estimates/{estimate_id}/approve" => review::approve(self, request).await,
            "POST /v1/estimates/{estimate_id}/reject" => review::reject(self, request).await,
            "POST /v1/estimates/{estimate_id}/send" => offer::send(self, request).await,
            "POST /v1/estimates/{estimate_id}/accept" => offer::accept(self, request).await,
            "POST /v1/estimates/{estimate_id}/withdraw" => offer::withdraw(self, request).await,
            "POST /v1/estimates/{estimate_id}/revise" => offer::revise(self, request).await,
            "POST /v1/estimates/{estimate_id}/links/revoke" => {
                offer::revoke_links(self, request).await
            }
            "POST /v1/estimates/{estimate_id}/verify" => offer::verify(self, request).await,
            "GET /v1/estimates/{estimate_id}/versions/{version}" => {
                offer::version(self, request).await
            }
            _ => Err(Problem::not_found()),
        }
    }
}
