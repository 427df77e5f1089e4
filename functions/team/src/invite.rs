//! `POST /v1/members` and `POST /v1/members/{member_id}/invite`.
//!
//! The token of an invitation is in the answer that makes it and nowhere else; stored is its hash.

use remit_billing::account::Role;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, MemberId};
use remit_billing::member::{Invitation, Member, NewMember};
use remit_billing::party::{EmailAddress, Name};
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::invitation::InvitationToken;
use remit_store::records::InvitationLookup;
use serde_json::{Value, json};

use crate::App;
use crate::team::{self, Team};
use crate::view;

pub(crate) async fn invite(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let now = app.clock.now();
    let id: MemberId = app.ids.make(now).map_err(Problem::no_randomness)?;
    let new = &fields(&request.json()?, id).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let token = &new_token(app)?;
    let account = principal.account_id;
    let response = perform(&app.store, keyed, now, || async move {
        let team = Team::load(&app.store, account).await?;
        let invitation = Invitation::new(token.hash(), now);
        let before = team.roster.clone();
        let after = before.invite(principal.role, new.clone(), invitation, now)?;
        let member = team::member(&after, id)?;
        let lookup = lookup(account, id, token);
        Ok(Effect {
            response: without_token(201, member).header("location", format!("/v1/members/{id}")),
            commit: team.becomes(&after).create(&lookup, Vec::new()),
        })
    })
    .await?;
    with_token(response, token)
}

pub(crate) async fn again(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: MemberId = request.path_id("member_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.clock.now();
    let keyed = request.keyed(principal)?;
    let token = &new_token(app)?;
    let account = principal.account_id;
    let response = perform(&app.store, keyed, now, || async move {
        let team = Team::load(&app.store, account).await?;
        team::check_version(&team.roster, id, seen)?;
        let invitation = Invitation::new(token.hash(), now);
        let before = team.roster.clone();
        let after = before.invite_again(principal.role, id, invitation, now)?;
        let member = team::member(&after, id)?;
        let lookup = lookup(account, id, token);
        Ok(Effect {
            response: without_token(200, member),
            commit: team.becomes(&after).create(&lookup, Vec::new()),
        })
    })
    .await?;
    with_token(response, token)
}

fn fields(body: &Value, id: MemberId) -> Result<NewMember, Vec<PointedFault>> {
    read(body, |r| {
        let email = r.text("email", EmailAddress::parse);
        let name = r.text("name", Name::parse);
        let role = r.text("role", |text| {
            let allowed = Role::WORDS;
            Role::parse(text).ok_or(Fault::UnknownValue { allowed })
        });
        Some(NewMember {
            id,
            email: email?,
            name: name?,
            role: role?,
        })
    })
}

fn new_token(app: &App) -> Result<InvitationToken, Problem> {
    let secret = app.ids.secret().map_err(Problem::no_randomness)?;
    Ok(InvitationToken::of_secret(secret))
}

fn lookup(account: AccountId, member: MemberId, token: &InvitationToken) -> InvitationLookup {
    InvitationLookup {
        hash: token.hash(),
        account_id: account,
        member_id: member,
    }
}

/// What a receipt keeps: whoever reads the table must not find a way in.
fn without_token(status: u16, member: &Member) -> Response {
    Response::json(status, &view::invited(member)).etag(member.version)
}

/// The answer of the one who is to hand the token over; a repetition does not know it.
fn with_token(mut response: Response, token: &InvitationToken) -> Result<Response, Problem> {
    if response.is_replay() {
        return Ok(response);
    }
    let body: Result<Value, _> = serde_json::from_str(&response.body);
    let mut body = body.map_err(Problem::internal)?;
    body["invitation_token"] = json!(token.reveal());
    response.body = body.to_string();
    Ok(response)
}
