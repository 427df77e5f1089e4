//! `POST /v1/invitations/accept`: who has the token of an invitation joins the team.
//!
//! The route is public, for whoever comes has nothing else yet; the token is the proof. Who also
//! proves an identity signs in with that from then on; who does not gets an API key of their own,
//! which is told once.

use jiff::Timestamp;
use remit_billing::actor::ActorId;
use remit_billing::fault::PointedFault;
use remit_billing::ids::AccountId;
use remit_billing::member::Member;
use remit_billing::party::Name;
use remit_operations::shown::members as view;
use remit_runtime::Problem;
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::invitation::InvitationToken;
use remit_store::keys;
use remit_store::records::{ApiKey, InvitationLookup};
use serde_json::{Value, json};

use crate::App;
use crate::identity;
use crate::team::{self, Team};

const KEY_NAME: &str = "First key";

pub(crate) async fn accept(app: &App, request: &Request) -> Result<Response, Problem> {
    let Wanted {
        token,
        identity_token,
    } = fields(&request.json()?).map_err(Problem::invalid_body)?;
    // What cannot be a token is as unknown as any other.
    let token = InvitationToken::parse(&token).ok_or_else(Problem::not_found)?;
    let invitation = &invitation(app, &token).await?;
    let account_id = invitation.account_id;
    let keyed = request.keyed_of(account_id)?;
    let identity_token = identity_token.as_deref();
    let now = app.ports.now();
    let secret = app.ports.ids.secret().map_err(Problem::no_randomness)?;
    let key = &ApiKeyText::of_secret(secret);
    let mut response = perform(&app.ports.store, keyed, now, || async move {
        let team = Team::load(&app.ports.store, account_id).await?;
        let id = invitation.member_id;
        let mut after = team.roster.clone().accept(id, &invitation.hash, now)?;
        let identity = match identity_token {
            Some(token) => Some(identity::proved(app, token).await?),
            None => None,
        };
        if let Some(hash) = &identity {
            after = after.link(id, hash, now)?;
        }
        let member = team::member(&after, id)?;
        let commit = team.becomes(&after);
        // The receipt keeps this answer, so it is without the text of the key.
        let mut body = json!({"member": view::member(member), "api_key": null});
        let commit = match &identity {
            Some(hash) => {
                identity::taken_up(&app.ports.store, commit, account_id, id, hash).await?
            }
            None => {
                let first = first_key(app, account_id, member, key, now)?;
                body["api_key"] =
                    json!({"id": first.id, "name": first.name, "role": first.role, "key": null});
                commit
                    .create(&first, Vec::new())
                    .create(&first.lookup(), Vec::new())
            }
        };
        Ok(Effect {
            response: Response::json(200, &body),
            commit,
        })
    })
    .await?;
    if !response.is_replay() && identity_token.is_none() {
        let body: Result<Value, _> = serde_json::from_str(&response.body);
        let mut body = body.map_err(Problem::internal)?;
        body["api_key"]["key"] = json!(key.reveal());
        response.body = body.to_string();
    }
    Ok(response)
}

/// Whom a token invites; whether it still does, the roster says.
pub(crate) async fn invitation(
    app: &App,
    token: &InvitationToken,
) -> Result<InvitationLookup, Problem> {
    let lookup = keys::invitation(&token.hash());
    let found = app.ports.store.get::<InvitationLookup>(&lookup).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    Ok(found.ok_or_else(Problem::not_found)?.value)
}

/// The key of a member who comes without an identity.
pub(crate) fn first_key(
    app: &App,
    account_id: AccountId,
    member: &Member,
    text: &ApiKeyText,
    now: Timestamp,
) -> Result<ApiKey, Problem> {
    Ok(ApiKey {
        account_id,
        id: app.ports.id(now)?,
        name: Name::parse(KEY_NAME).map_err(Problem::internal)?,
        role: member.role,
        member_id: Some(member.id),
        project_ids: None,
        ends_with: text.ends_with().to_owned(),
        hash: text.hash(),
        created_by: Some(ActorId::Member(member.id)),
        created_at: now,
        revoked_at: None,
    })
}

/// What somebody comes with.
struct Wanted {
    token: String,
    identity_token: Option<String>,
}

fn fields(body: &Value) -> Result<Wanted, Vec<PointedFault>> {
    read(body, |r| {
        let token = r.text("token", |text| Ok(text.to_owned()));
        let identity_token = r.optional_text("identity_token", |text| Ok(text.to_owned()));
        Some(Wanted {
            token: token?,
            identity_token,
        })
    })
}
