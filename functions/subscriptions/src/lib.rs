//! Retainers and repeating work: `/v1/subscriptions` and what is done with one below it. What they
//! bill, `subscription-billing` makes.

mod act;
mod body;
mod read;
mod review;
mod write;

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
            "POST /v1/subscriptions" => write::create(self, request).await,
            "GET /v1/subscriptions" => read::list(self, request).await,
            "GET /v1/subscriptions/{subscription_id}" => read::get(self, request).await,
            "PATCH /v1/subscriptions/{subscription_id}" => write::change(self, request).await,
            "DELETE /v1/subscriptions/{subscription_id}" => write::delete(self, request).await,
            "POST /v1/subscriptions/{subscription_id}/submit" => {
                review::submit(self, request).await
            }
            "POST /v1/subscriptions/{subscription_id}/approve" => {
                review::approve(self, request).await
            }
            "POST /v1/subscriptions/{subscription_id}/reject" => {
                review::reject(self, request).await
            }
            "POST /v1/subscriptions/{subscription_id}/activate" => {
                act::activate(self, request).await
            }
            "POST /v1/subscriptions/{subscription_id}/pause" => act::pause(self, request).await,
            "POST /v1/subscriptions/{subscription_id}/resume" => act::resume(self, request).await,
            "POST /v1/subscriptions/{subscription_id}/skip" => act::skip(self, request).await,
            "POST /v1/subscriptions/{subscription_id}/end" => act::end(self, request).await,
            "POST /v1/subscriptions/{subscription_id}/retry" => act::retry(self, request).await,
            "PUT /v1/subscriptions/{subscription_id}/change" => {
                write::set_change(self, request).await
            }
            "DELETE /v1/subscriptions/{subscription_id}/change" => {
                act::drop_change(self, request).await
            }
            "GET /v1/subscriptions/{subscription_id}/periods" => read::periods(self, request).await,
            "GET /v1/subscriptions/{subscription_id}/upcoming" => {
                read::upcoming(self, request).await
            }
            "GET /v1/subscriptions/{subscription_id}/retainer" => {
                read::retainer(self, request).await
            }
            _ => Err(Problem::not_found()),
        }
    }
}
