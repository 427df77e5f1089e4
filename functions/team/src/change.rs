//! `PATCH /v1/members/{member_id}`, and disabling and enabling.

use remit_billing::account::Role;
use remit_billing::fault::Fault;
use remit_billing::ids::MemberId;
use remit_billing::member::{MemberRefusal, Roster};
use remit_billing::party::Name;
use remit_operations::shown::members as view;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};

use crate::App;
use crate::identity;
use crate::team::{self, Team};

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: MemberId = request.path_id("member_id")?;
    let body = &request.json()?;
    let seen = Some(request.if_match()?);
    let now = app.ports.now();
    replace(app, request, id, seen, |roster| {
        let present = team::member(&roster, id)?.clone();
        let (name, role) = read(body, |r| {
            let name = r.change_text("name", Name::parse);
            let role = r.change_text("role", |text| {
                let allowed = Role::WORDS;
                Role::parse(text).ok_or(Fault::UnknownValue { allowed })
            });
            let name = name.apply_required(r, "name", present.name.clone());
            Some((name, role.apply_required(r, "role", present.role)))
        })
        .map_err(Problem::invalid_body)?;
        Ok(roster.change(principal.role, id, name, role, now)?)
    })
    .await
}

pub(crate) async fn disable(app: &App, request: &Request) -> Result<Response, Problem> {
    let (by, now) = (request.principal()?.role, app.ports.now());
    turn(app, request, |roster, id| roster.disable(by, id, now)).await
}

pub(crate) async fn enable(app: &App, request: &Request) -> Result<Response, Problem> {
    let (by, now) = (request.principal()?.role, app.ports.now());
    turn(app, request, |roster, id| roster.enable(by, id, now)).await
}

async fn turn(
    app: &App,
    request: &Request,
    turned: impl Fn(Roster, MemberId) -> Result<Roster, MemberRefusal> + Sync,
) -> Result<Response, Problem> {
    let id: MemberId = request.path_id("member_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    replace(app, request, id, seen, |roster| Ok(turned(roster, id)?)).await
}

/// Stores what is changed.
async fn replace(
    app: &App,
    request: &Request,
    id: MemberId,
    seen: Option<u64>,
    change: impl Fn(Roster) -> Result<Roster, Problem> + Sync,
) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let keyed = request.keyed(principal)?;
    let change = &change;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let team = Team::load(&app.ports.store, principal.account_id).await?;
        team::check_version(&team.roster, id, seen)?;
        let after = change(team.roster.clone())?;
        let member = team::member(&after, id)?;
        let mut commit = team.becomes(&after);
        let owns = |roster: &Roster| roster.role_of(id) == Some(Role::Owner);
        if owns(&team.roster) && !owns(&after) {
            // Another owner may have no way in: then nobody could do everything.
            commit = identity::owner_gets_in(app, commit, principal, &after).await?;
        }
        Ok(Effect {
            response: Response::json(200, &view::member(member)).etag(member.version),
            commit,
        })
    })
    .await
}
