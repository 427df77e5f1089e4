//! `GET` and `POST /v1/api-keys`, `DELETE /v1/api-keys/{api_key_id}`.
//!
//! A key's text is in the answer that makes it and nowhere else; stored is its hash. A manager
//! hands out keys up to a manager's; an owner any. A member's key acts as that member, so it is
//! made by the member, or by an owner.

use std::collections::BTreeSet;

use remit_billing::account::Role;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ApiKeyId, MemberId, ProjectId};
use remit_billing::member::Roster;
use remit_billing::party::Name;
use remit_operations::shown::api_keys::api_key;
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::owner_key::WayIn;
use remit_runtime::principal::MAX_KEY_PROJECTS;
use remit_runtime::{Problem, list, owner_key};
use remit_store::records::{ApiKey, ApiKeyLookup};
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::App;
use crate::refusal::SettingsRefusal;

/// Keys in use of one holder: of a member, or of nobody in particular.
const MAX_KEYS_IN_USE: usize = 100;

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = owner_key::of_account(account).limit(limit);
    list::records(&app.store, account, &query, from.as_deref(), |found| {
        Some(api_key(found))
    })
    .await
}

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = fields(&request.json()?).map_err(Problem::invalid_body)?;
    principal.require(wanted.role)?;
    if wanted.member_id.is_some() && wanted.member_id != principal.member_id {
        principal.require(Role::Owner)?;
    }
    let now = app.clock.now();
    let text = ApiKeyText::of_secret(app.ids.secret().map_err(Problem::no_randomness)?);
    let key = &ApiKey {
        account_id: principal.account_id,
        id: app.ids.make(now).map_err(Problem::no_randomness)?,
        name: wanted.name,
        role: wanted.role,
        member_id: wanted.member_id,
        project_ids: wanted.project_ids,
        ends_with: text.ends_with().to_owned(),
        hash: text.hash(),
        created_by: Some(principal.actor_id()),
        created_at: now,
        revoked_at: None,
    };
    let keyed = request.keyed(principal)?;
    let mut response = perform(&app.store, keyed, now, || async move {
        check_holder(app, key).await?;
        check_projects(app, key).await?;
        let known = owner_key::all(&app.store, principal.account_id).await?;
        let in_use = known.iter().filter(|known| {
            known.value.revoked_at.is_none() && known.value.member_id == key.member_id
        });
        if in_use.count() >= MAX_KEYS_IN_USE {
            let max = MAX_KEYS_IN_USE;
            return Err(SettingsRefusal::TooManyApiKeys { max }.into());
        }
        // The receipt keeps this answer, so it is without the text.
        let response = Response::json(201, &with_text(key, None))
            .header("location", format!("/v1/api-keys/{}", key.id));
        let commit = Commit::new()
            .create(key, Vec::new())
            .create(&key.lookup(), Vec::new());
        Ok(Effect { commit, response })
    })
    .await?;
    if !response.is_replay() {
        response.body = with_text(key, Some(&text)).to_string();
    }
    Ok(response)
}

pub(crate) async fn revoke(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ApiKeyId = request.path_id("api_key_id")?;
    let now = app.clock.now();
    perform(&app.store, None, now, || async move {
        let known = owner_key::all(&app.store, principal.account_id).await?;
        let key = known.iter().find(|key| key.value.id == id);
        let key = key.ok_or_else(Problem::not_found)?;
        principal.require(key.value.role)?;
        let response = Response::empty(204);
        if key.value.revoked_at.is_some() {
            return Ok(Effect {
                commit: Commit::new(),
                response,
            });
        }
        let commit = owner_stays(app, &key.value, &known).await?;
        let look_up_key = keys::api_key_lookup(&key.value.hash);
        let found = app.store.get::<ApiKeyLookup>(&look_up_key).await;
        let found = found.map_err(|error| Problem::store(&error))?;
        let found = found.ok_or_else(|| Problem::internal("an API key has no look-up"))?;
        let revoked = ApiKey {
            revoked_at: Some(now),
            ..key.value.clone()
        };
        Ok(Effect {
            commit: commit.replace(key, &revoked, Vec::new()).replace(
                &found,
                &revoked.lookup(),
                Vec::new(),
            ),
            response,
        })
    })
    .await
}

/// What a commit checks so that somebody who may do everything gets in, once this key is revoked. Two
/// owners that revoke each other's key at once, or one that is disabled meanwhile: one conflicts.
async fn owner_stays(
    app: &App,
    revoked: &ApiKey,
    known: &[Versioned<ApiKey>],
) -> Result<Commit, Problem> {
    if revoked.role != Role::Owner {
        return Ok(Commit::new());
    }
    let roster = roster(app, revoked.account_id).await?;
    let team = roster.as_ref().map(|roster| &roster.value);
    if !owner_key::opens_all(revoked, team) {
        return Ok(Commit::new());
    }
    let other = owner_key::that_stays(known, team, Some(revoked.id))?;
    let (commit, by_roster) = match other {
        WayIn::Key(key) => (Commit::new().check(key), key.value.member_id.is_some()),
        WayIn::Identity => (Commit::new(), true),
    };
    Ok(match &roster {
        Some(roster) if by_roster => commit.check(roster),
        _ => commit,
    })
}

/// A key that is asked for.
struct Wanted {
    name: Name,
    role: Role,
    member_id: Option<MemberId>,
    project_ids: Option<Vec<ProjectId>>,
}

fn fields(body: &Value) -> Result<Wanted, Vec<PointedFault>> {
    read(body, |r| {
        let name = r.text("name", Name::parse);
        let role = r.text("role", |text| {
            let allowed = Role::WORDS;
            Role::parse(text).ok_or(Fault::UnknownValue { allowed })
        });
        let member_id = r.optional_text("member_id", str::parse);
        let mut seen = BTreeSet::new();
        let project_ids = r.values("project_ids", MAX_KEY_PROJECTS, |value| {
            let expected = "a text";
            let text = value.as_str().ok_or(Fault::WrongType { expected })?;
            let id: ProjectId = text.parse()?;
            let is_new = seen.insert(id);
            is_new.then_some(id).ok_or(Fault::Duplicate)
        });
        // A key that is limited to nothing is a mistake, and must not become one without limits.
        if project_ids.as_ref().is_some_and(Vec::is_empty) {
            r.fault("project_ids", Fault::Empty);
        }
        Some(Wanted {
            name: name?,
            role: role?,
            member_id,
            project_ids,
        })
    })
}

/// The member that a key is to belong to is there, and active.
async fn check_holder(app: &App, key: &ApiKey) -> Result<(), Problem> {
    let Some(member) = key.member_id else {
        return Ok(());
    };
    let roster = roster(app, key.account_id).await?;
    let member = roster.as_ref().and_then(|team| team.value.member(member));
    match member {
        None => Err(Problem::fault("/member_id", Fault::UnknownReference)),
        Some(member) if !member.is_active() => {
            let state = member.state();
            Err(SettingsRefusal::MemberNotActive { state }.into())
        }
        Some(_) => Ok(()),
    }
}

/// The projects that a key is to be limited to are there.
async fn check_projects(app: &App, key: &ApiKey) -> Result<(), Problem> {
    let ids = key.project_ids.as_deref().unwrap_or_default();
    let wanted: Vec<_> = ids
        .iter()
        .map(|id| keys::project(key.account_id, *id))
        .collect();
    let found = app.store.get_many_items(&wanted).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let unknown = found.iter().enumerate().filter(|(_, item)| item.is_none());
    let faults: Vec<_> = unknown
        .map(|(at, _)| PointedFault::new(format!("/project_ids/{at}"), Fault::UnknownReference))
        .collect();
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::invalid_body(faults)),
    }
}

async fn roster(app: &App, account: AccountId) -> Result<Option<Versioned<Roster>>, Problem> {
    let roster = app.store.get::<Roster>(&keys::roster(account)).await;
    roster.map_err(|error| Problem::store(&error))
}

fn with_text(key: &ApiKey, text: Option<&ApiKeyText>) -> Value {
    let mut view = api_key(key);
    view["key"] = json!(text.map(ApiKeyText::reveal));
    view
}
