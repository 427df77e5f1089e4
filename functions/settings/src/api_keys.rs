//! `GET` and `POST /v1/api-keys`, `DELETE /v1/api-keys/{api_key_id}`.
//!
//! A key's text is in the answer that makes it and nowhere else; stored is its hash. A manager
//! hands out keys up to a manager's; an owner any.

use remit_billing::account::Role;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ApiKeyId};
use remit_billing::party::Name;
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, list};
use remit_store::records::{ApiKey, ApiKeyLookup};
use remit_store::{Commit, Query, Versioned, from_item, keys};
use serde_json::{Value, json};

use crate::refusal::SettingsRefusal;
use crate::{App, view};

/// Keys of an account that are in use.
const MAX_KEYS_IN_USE: usize = 100;
/// Keys of an account that are looked at, revoked ones included.
const MAX_KEYS_READ: usize = 5_000;

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = of_account(account).limit(limit);
    list::records(&app.store, account, &query, from.as_deref(), |found| {
        Some(view::api_key(found))
    })
    .await
}

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (name, role) = fields(&request.json()?).map_err(Problem::invalid_body)?;
    principal.require(role)?;
    let now = app.clock.now();
    let text = ApiKeyText::of_secret(app.ids.secret().map_err(Problem::no_randomness)?);
    let key = &ApiKey {
        account_id: principal.account_id,
        id: app.ids.make(now).map_err(Problem::no_randomness)?,
        name,
        role,
        ends_with: text.ends_with().to_owned(),
        hash: text.hash(),
        created_at: now,
        revoked_at: None,
    };
    let keyed = request.keyed(principal)?;
    let mut response = perform(&app.store, keyed, now, || async move {
        let known = all(app, principal.account_id).await?;
        let in_use = known.iter().filter(|key| key.value.revoked_at.is_none());
        if in_use.count() >= MAX_KEYS_IN_USE {
            let max = MAX_KEYS_IN_USE;
            return Err(SettingsRefusal::TooManyApiKeys { max }.into());
        }
        // The receipt keeps this answer, so it is without the text.
        let response = Response::json(201, &with_text(key, None))
            .header("location", format!("/v1/api-keys/{}", key.id));
        let commit = Commit::new()
            .create(key, Vec::new())
            .create(&look_up(key), Vec::new());
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
        let known = all(app, principal.account_id).await?;
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
        let mut commit = Commit::new();
        if key.value.role == Role::Owner {
            let other = known.iter().find(|other| {
                let other = &other.value;
                other.id != id && other.role == Role::Owner && other.revoked_at.is_none()
            });
            // Two owners that revoke each other's key at once: one of them conflicts here.
            commit = commit.check(other.ok_or(SettingsRefusal::LastOwnerKey)?);
        }
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
                &look_up(&revoked),
                Vec::new(),
            ),
            response,
        })
    })
    .await
}

fn fields(body: &Value) -> Result<(Name, Role), Vec<PointedFault>> {
    read(body, |r| {
        let name = r.text("name", Name::parse);
        let role = r.text("role", |text| {
            let allowed = Role::WORDS;
            Role::parse(text).ok_or(Fault::UnknownValue { allowed })
        });
        Some((name?, role?))
    })
}

fn of_account(account: AccountId) -> Query {
    Query::of(keys::api_keys(account)).consistent()
}

async fn all(app: &App, account: AccountId) -> Result<Vec<Versioned<ApiKey>>, Problem> {
    let items = app
        .store
        .query_all_items(&of_account(account), MAX_KEYS_READ)
        .await;
    let keys = items.map_err(|error| Problem::store(&error))?.into_iter();
    keys.map(|item| from_item(item).map_err(|error| Problem::store(&error)))
        .collect()
}

fn look_up(key: &ApiKey) -> ApiKeyLookup {
    ApiKeyLookup {
        hash: key.hash.clone(),
        account_id: key.account_id,
        id: key.id,
        role: key.role,
        revoked_at: key.revoked_at,
    }
}

fn with_text(key: &ApiKey, text: Option<&ApiKeyText>) -> Value {
    let mut view = view::api_key(key);
    view["key"] = json!(text.map(ApiKeyText::reveal));
    view
}
