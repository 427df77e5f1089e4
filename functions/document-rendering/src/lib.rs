//! Documents as PDF: sets what was issued, keeps it in the bucket, and gives addresses of it.
//!
//! The one function that carries the typesetter and its fonts. A file follows from what was issued, so nothing
//! of it is in the table: that it is in the bucket is all there is to know, and to make one again writes
//! nothing. An event makes it early; who asks for one that is not there gets it made.
//!
//! It makes exports too, as they hold all documents: see `exports`.

mod api;
mod client;
mod events;
mod exports;
mod portal;
mod render;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_operations::links::Links;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Objects, Platform, Problem, S3Objects};
use serde_json::Value;

pub use render::read_fonts;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store and the time.
    pub ports: Ports,
    /// The clients' links.
    pub links: Links,
    /// The bucket.
    pub objects: Arc<dyn Objects>,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        links: Links::of(platform, Arc::new(platform.secrets())),
        objects: Arc::new(S3Objects::of(platform)),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        match payload.get("detail-type") {
            Some(_) => events::take(self, payload).await,
            None => Http(self.clone()).invoke(payload).await,
        }
    }
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /v1/invoices/{invoice_id}/pdf" => api::invoice(self, request).await,
            "GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/pdf" => {
                api::credit_note(self, request).await
            }
            "POST /v1/exports" => exports::of_account(self, request).await,
            "POST /v1/clients/{client_id}/exports" => exports::of_client(self, request).await,
            "GET /v1/exports/{export_id}" => exports::get(self, request).await,
            "GET /p/{token}/pdf" => client::invoice(self, request).await,
            "GET /p/{token}/credit-notes/{credit_note_id}/pdf" => {
                client::credit_note(self, request).await
            }
            "GET /portal/{account_id}/receipts/{payment_id}" => {
                portal::receipt(self, request).await
            }
            "GET /portal/{account_id}/files" => portal::files(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }

    fn explain(&self, request: &Request, problem: &Problem) -> Response {
        match request.route.contains(" /p") {
            true => client::explain(request, problem),
            false => Response::problem(problem),
        }
    }
}
