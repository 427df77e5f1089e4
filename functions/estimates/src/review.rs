//! The second pair of eyes: submitted, approved, sent back.

use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, review};

use crate::{App, stored};

pub(crate) async fn submit(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.ports.now();
    stored::replace(app, request, seen, |before| async move {
        Ok(before.submit(by, now)?)
    })
    .await
}

pub(crate) async fn approve(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let seen = request.if_match_optional()?;
    let read_hash = review::approved(request)?;
    let now = app.ports.now();
    stored::replace(app, request, seen, |before| async move {
        Ok(before.approve(by, read_hash, now)?)
    })
    .await
}

pub(crate) async fn reject(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let seen = request.if_match_optional()?;
    let (read_hash, reason) = review::rejected(request)?;
    let reason = &reason;
    let now = app.ports.now();
    stored::replace(app, request, seen, |before| async move {
        Ok(before.reject(by, read_hash, reason.clone(), now)?)
    })
    .await
}
