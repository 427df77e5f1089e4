//! Who asks: the API key of a request becomes account and role, for the gateway (Lambda
//! authorizer, payload 2.0, simple answers).
//!
//! Strongly consistent reads, of the key and, where it belongs to a member, of the team: revoking a
//! key and disabling a member take effect at once. What is no key
//! is answered with no; a store that does not answer is an error, so that the gateway says 500
//! and nobody takes it for a refusal.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::account::Role;
use remit_billing::ids::{AccountId, MemberId};
use remit_billing::member::Roster;
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::{BoxError, Function, Platform, Principal};
use remit_store::records::ApiKeyLookup;
use remit_store::{Store, keys};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        store: platform.store(),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let Some(key) = key_of(&payload) else {
            return Ok(refused());
        };
        let hash = key.hash();
        let found = self
            .store
            .get::<ApiKeyLookup>(&keys::api_key_lookup(&hash))
            .await?;
        let Some(found) = found.map(|found| found.value) else {
            return Ok(refused());
        };
        let same: bool = found.hash.as_bytes().ct_eq(hash.as_bytes()).into();
        if !same || found.revoked_at.is_some() {
            tracing::info!(api_key_id = %found.id, "a revoked key was used");
            return Ok(refused());
        }
        let role = match found.member_id {
            None => Some(found.role),
            // A key never gives more than the member may now.
            Some(member) => self
                .role_now(found.account_id, member)
                .await?
                .map(|role| role.min(found.role)),
        };
        let Some(role) = role else {
            tracing::info!(api_key_id = %found.id, "a key of a member who is out was used");
            return Ok(refused());
        };
        let (account, key) = (found.account_id, Some(found.id));
        let principal = Principal::new(account, key, found.member_id, role, found.project_ids);
        Ok(match principal {
            Some(principal) => json!({
                "isAuthorized": true,
                "context": principal.to_context(),
            }),
            None => refused(),
        })
    }
}

impl App {
    /// What a member may do now; nothing where it is not active.
    async fn role_now(
        &self,
        account: AccountId,
        member: MemberId,
    ) -> Result<Option<Role>, BoxError> {
        let roster = self.store.get::<Roster>(&keys::roster(account)).await?;
        Ok(roster.and_then(|roster| roster.value.role_of(member)))
    }
}

fn refused() -> Value {
    json!({ "isAuthorized": false, "context": {} })
}

/// The key of `Authorization: Bearer <key>`.
fn key_of(payload: &Value) -> Option<ApiKeyText> {
    let (scheme, key) = authorization(payload)?.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    ApiKeyText::parse(key.trim_start()).ok()
}

/// What the gateway names as identity, or else the header itself, under any capitals.
fn authorization(payload: &Value) -> Option<&str> {
    let named = match payload.get("identitySource") {
        Some(Value::Array(sources)) => sources.first().and_then(Value::as_str),
        Some(Value::String(source)) => Some(source.as_str()),
        _ => None,
    };
    named.or_else(|| {
        let headers = payload.get("headers")?.as_object()?;
        headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .and_then(|(_, value)| value.as_str())
    })
}
