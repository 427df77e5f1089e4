//! The second pair of eyes: submitted, approved, sent back.

use remit_billing::canonical::ContentHash;
use remit_billing::party::Paragraph;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};

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
    let read_hash = read(&request.json()?, |r| {
        r.text("content_hash", ContentHash::parse)
    })
    .map_err(Problem::invalid_body)?;
    let now = app.ports.now();
    stored::replace(app, request, seen, |before| async move {
        Ok(before.approve(by, read_hash, now)?)
    })
    .await
}

pub(crate) async fn reject(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let seen = request.if_match_optional()?;
    let (read_hash, reason) = read(&request.json()?, |r| {
        let hash = r.text("content_hash", ContentHash::parse);
        let reason = r.text("reason", Paragraph::<1_000>::parse);
        Some((hash?, reason?))
    })
    .map_err(Problem::invalid_body)?;
    let reason = &reason;
    let now = app.ports.now();
    stored::replace(app, request, seen, |before| async move {
        Ok(before.reject(by, read_hash, reason.clone(), now)?)
    })
    .await
}
