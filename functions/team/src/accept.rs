//! `POST /v1/invitations/accept`: who has the token of an invitation joins the team.
//!
//! The route is public, for whoever comes has nothing else yet; the token is the proof. What they
//! get is an API key of their own, which is told once.

use remit_billing::actor::ActorId;
use remit_billing::fault::PointedFault;
use remit_billing::ids::ApiKeyId;
use remit_billing::party::Name;
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
use crate::team::{self, Team};
use crate::view;

const KEY_NAME: &str = "First key";

pub(crate) async fn accept(app: &App, request: &Request) -> Result<Response, Problem> {
    let text = fields(&request.json()?).map_err(Problem::invalid_body)?;
    // What cannot be a token is as unknown as any other.
    let token = InvitationToken::parse(&text).ok_or_else(Problem::not_found)?;
    let hash = &token.hash();
    let lookup = keys::invitation(hash);
    let found = app.store.get::<InvitationLookup>(&lookup).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let InvitationLookup {
        account_id,
        member_id,
        ..
    } = found.ok_or_else(Problem::not_found)?.value;

    let now = app.clock.now();
    let keyed = request.keyed_of(account_id)?;
    let id: ApiKeyId = app.ids.make(now).map_err(Problem::no_randomness)?;
    let secret = app.ids.secret().map_err(Problem::no_randomness)?;
    let key = &ApiKeyText::of_secret(secret);
    let name = &Name::parse(KEY_NAME).map_err(Problem::internal)?;
    let mut response = perform(&app.store, keyed, now, || async move {
        let team = Team::load(&app.store, account_id).await?;
        let after = team.roster.clone().accept(member_id, hash, now)?;
        let member = team::member(&after, member_id)?;
        let api_key = ApiKey {
            account_id,
            id,
            name: name.clone(),
            role: member.role,
            member_id: Some(member_id),
            project_ids: None,
            ends_with: key.ends_with().to_owned(),
            hash: key.hash(),
            created_by: Some(ActorId::Member(member_id)),
            created_at: now,
            revoked_at: None,
        };
        // The receipt keeps this answer, so it is without the text of the key.
        let body = json!({
            "member": view::member(member),
            "api_key": {"id": id, "name": name, "role": member.role, "key": null},
        });
        Ok(Effect {
            response: Response::json(200, &body),
            commit: team
                .becomes(&after)
                .create(&api_key, Vec::new())
                .create(&api_key.lookup(), Vec::new()),
        })
    })
    .await?;
    if !response.is_replay() {
        let body: Result<Value, _> = serde_json::from_str(&response.body);
        let mut body = body.map_err(Problem::internal)?;
        body["api_key"]["key"] = json!(key.reveal());
        response.body = body.to_string();
    }
    Ok(response)
}

fn fields(body: &Value) -> Result<String, Vec<PointedFault>> {
    read(body, |r| r.text("token", |text| Ok(text.to_owned())))
}
