//! The people of the agency: `POST` and `GET /v1/members`, `GET` and `PATCH
//! /v1/members/{member_id}`, `/invite`, `/disable`, `/enable` and `/identity` below it, and `POST
//! /v1/invitations/accept`. For people: `GET` and `POST /join/{token}`, where an invitation is accepted
//! with a button.

mod accept;
mod change;
mod identity;
mod invite;
mod join;
mod read;
mod team;

use std::sync::Arc;

use async_trait::async_trait;
use remit_oidc::{HttpsFetch, Verifier};
use remit_operations::Ports;
use remit_operations::links::Links;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids, tokens and keys.
    pub ports: Ports,
    /// The links, which invitations are made with.
    pub links: Links,
    /// Says whose a token of the deployment's issuer is.
    pub tokens: Arc<Verifier>,
}

/// The function on a platform.
///
/// # Errors
/// An issuer in the environment that cannot be one.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    let (issuer, audiences) = (
        &platform.config.oidc_issuer,
        &platform.config.oidc_audiences,
    );
    let tokens = Verifier::new(issuer, audiences, Arc::new(HttpsFetch::new()))?;
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
        links: Links::of(platform, Arc::new(platform.secrets())),
        tokens: Arc::new(tokens),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "POST /v1/members" => invite::invite(self, request).await,
            "GET /v1/members" => read::list(self, request).await,
            "GET /v1/members/{member_id}" => read::get(self, request).await,
            "PATCH /v1/members/{member_id}" => change::change(self, request).await,
            "POST /v1/members/{member_id}/invite" => invite::again(self, request).await,
            "POST /v1/members/{member_id}/disable" => change::disable(self, request).await,
            "POST /v1/members/{member_id}/enable" => change::enable(self, request).await,
            "PUT /v1/members/{member_id}/identity" => identity::link(self, request).await,
            "DELETE /v1/members/{member_id}/identity" => identity::unlink(self, request).await,
            "GET /join/{token}" => join::show(self, request).await,
            "POST /join/{token}" => join::accept(self, request).await,
            "POST /v1/invitations/accept" => accept::accept(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }

    fn explain(&self, request: &Request, problem: &Problem) -> Response {
        match request.route.ends_with(" /join/{token}") {
            true => join::explain(request, problem),
            false => Response::problem(problem),
        }
    }
}
