//! `GET /v1/members` and `GET /v1/members/{member_id}`.

use remit_billing::ids::MemberId;
use remit_operations::shown::members as view;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::{Value, json};

use crate::App;
use crate::team::{self, Team};

/// All of them: a team is one item of the store, so there are no pages.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    request.query().finish()?;
    let team = Team::load(&app.ports.store, principal.account_id).await?;
    let data: Vec<Value> = team.roster.members.iter().map(view::member).collect();
    Ok(Response::json(
        200,
        &json!({"data": data, "next_cursor": null}),
    ))
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: MemberId = request.path_id("member_id")?;
    let team = Team::load(&app.ports.store, principal.account_id).await?;
    let member = team::member(&team.roster, id)?;
    Ok(Response::json(200, &view::member(member)).etag(member.version))
}
