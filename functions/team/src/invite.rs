//! `POST /v1/members` and `POST /v1/members/{member_id}/invite`.
//!
//! An invitation goes out by mail. Its token is in that mail and in the answer that makes it, for
//! who would rather hand it over; stored is its hash.

use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::delivery::{About, Delivery, InvitationDeliveryKind};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, MemberId};
use remit_billing::invitation::Invitation;
use remit_billing::member::{Member, NewMember};
use remit_billing::party::{EmailAddress, Name};
use remit_operations::facts::Facts;
use remit_operations::invitations;
use remit_operations::shown::members as view;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::invitation::InvitationToken;
use remit_store::Commit;
use remit_store::records::InvitationLookup;
use serde_json::{Value, json};

use crate::App;
use crate::team::{self, Team};

pub(crate) async fn invite(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let now = app.ports.now();
    let id: MemberId = app.ports.id(now)?;
    let new = &fields(&request.json()?, id).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let account = principal.account_id;
    let letter = &Letter::new(app, account, id, now).await?;
    let response = perform(&app.ports.store, keyed, now, || async move {
        let team = Team::load(&app.ports.store, account).await?;
        let before = team.roster.clone();
        let after = before.invite(principal.role, new.clone(), letter.invitation(now), now)?;
        let member = team::member(&after, id)?;
        Ok(Effect {
            response: without_token(201, member).header("location", format!("/v1/members/{id}")),
            commit: letter.send(app, team.becomes(&after))?,
        })
    })
    .await?;
    with_token(response, &letter.token)
}

pub(crate) async fn again(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: MemberId = request.path_id("member_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.ports.now();
    let keyed = request.keyed(principal)?;
    let account = principal.account_id;
    let letter = &Letter::new(app, account, id, now).await?;
    let response = perform(&app.ports.store, keyed, now, || async move {
        let team = Team::load(&app.ports.store, account).await?;
        team::check_version(&team.roster, id, seen)?;
        let before = team.roster.clone();
        let after = before.invite_again(principal.role, id, letter.invitation(now), now)?;
        let member = team::member(&after, id)?;
        Ok(Effect {
            response: without_token(200, member),
            commit: letter.send(app, team.becomes(&after))?,
        })
    })
    .await?;
    with_token(response, &letter.token)
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

/// An invitation and the mail that brings it.
struct Letter {
    token: InvitationToken,
    delivery: Delivery,
    lookup: InvitationLookup,
}

impl Letter {
    async fn new(
        app: &App,
        account: AccountId,
        member: MemberId,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let about = About::Invitation {
            member_id: member,
            kind: InvitationDeliveryKind::Invitation,
        };
        let delivery = Delivery::requested(app.ports.id(now)?, account, None, about, now);
        let secret = app.links.secret().await?;
        let token = invitations::token(&secret, account, member, delivery.id)?;
        let lookup = InvitationLookup {
            hash: token.hash(),
            account_id: account,
            member_id: member,
        };
        Ok(Self {
            token,
            delivery,
            lookup,
        })
    }

    fn invitation(&self, now: Timestamp) -> Invitation {
        Invitation::new(self.token.hash(), now).mailed(self.delivery.id)
    }

    /// With the way in, and the mail that tells of it.
    fn send(&self, app: &App, commit: Commit) -> Result<Commit, Problem> {
        let facts = Facts::new(
            &app.ports,
            self.delivery.account_id,
            self.delivery.created_at,
        );
        let requested = facts.delivery_requested(&self.delivery)?;
        Ok(commit
            .create(&self.lookup, Vec::new())
            .create(&self.delivery, vec![requested]))
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
