//! Who asks: the API key of a request, or the token of the deployment's issuer, becomes account,
//! member and role, for the gateway (Lambda authorizer, payload 2.0, simple answers).
//!
//! Strongly consistent reads, of the key or the identity and, where there is a member, of the team:
//! revoking a key, unlinking an identity and disabling a member take effect at once. What proves
//! nobody is answered with no; a store or an issuer that does not answer is an error, so that the
//! gateway says 500 and nobody takes it for a refusal.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::ids::AccountId;
use remit_billing::member::Roster;
use remit_oidc::{HttpsFetch, Verifier, VerifyError, is_token};
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::{BoxError, Clock, Function, Platform, Principal, SystemClock};
use remit_store::records::{ApiKeyLookup, IdentityLookup};
use remit_store::{Store, keys};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// The time, which tokens end by.
    pub clock: Arc<dyn Clock>,
    /// Says whose a token is; its keys stay with the warm function.
    pub tokens: Arc<Verifier>,
}

/// The function on a platform.
///
/// # Errors
/// An issuer in the environment that cannot be one.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    let (issuer, audiences) = (
        &platform.config.oidc_issuer,
        &platform.config.oidc_audiences,
    );
    let tokens = Verifier::new(issuer, audiences, Arc::new(HttpsFetch::new()))?;
    Ok(Arc::new(App {
        store: platform.store(),
        clock: Arc::clone(&platform.clock),
        tokens: Arc::new(tokens),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let principal = match bearer(&payload) {
            Some(text) if is_token(text) => self.by_token(text).await?,
            Some(text) => self.by_key(text).await?,
            None => None,
        };
        Ok(match principal {
            Some(principal) => json!({
                "isAuthorized": true,
                "context": principal.to_context(),
            }),
            None => json!({ "isAuthorized": false, "context": {} }),
        })
    }
}

impl App {
    /// One that takes API keys and no tokens, as a deployment without an issuer does.
    pub fn without_issuer(store: Store) -> Self {
        Self {
            store,
            clock: Arc::new(SystemClock),
            tokens: Arc::default(),
        }
    }

    /// The principal of an API key, where it works.
    async fn by_key(&self, text: &str) -> Result<Option<Principal>, BoxError> {
        let Ok(key) = ApiKeyText::parse(text) else {
            return Ok(None);
        };
        let hash = key.hash();
        let lookup = keys::api_key_lookup(&hash);
        let found = self.store.get::<ApiKeyLookup>(&lookup).await?;
        let Some(found) = found.map(|found| found.value) else {
            return Ok(None);
        };
        let same: bool = found.hash.as_bytes().ct_eq(hash.as_bytes()).into();
        if !same || found.revoked_at.is_some() {
            tracing::info!(api_key_id = %found.id, "a revoked key was used");
            return Ok(None);
        }
        let role = match found.member_id {
            None => Some(found.role),
            // A key never gives more than the member may now.
            Some(member) => {
                let team = self.team(found.account_id).await?;
                let role = team.and_then(|team| team.role_of(member));
                role.map(|role| role.min(found.role))
            }
        };
        let Some(role) = role else {
            tracing::info!(api_key_id = %found.id, "a key of a member who is out was used");
            return Ok(None);
        };
        let (account, key) = (found.account_id, Some(found.id));
        let projects = found.project_ids;
        Ok(Principal::new(
            account,
            key,
            found.member_id,
            role,
            projects,
        ))
    }

    /// The principal of a token, where it is good and its identity is an active member's own.
    async fn by_token(&self, text: &str) -> Result<Option<Principal>, BoxError> {
        let identity = match self.tokens.verify(text, self.clock.now()).await {
            Ok(identity) => identity,
            Err(VerifyError::Refused(refusal)) => {
                tracing::info!(%refusal, "a token was refused");
                return Ok(None);
            }
            Err(error @ VerifyError::Silent(_)) => return Err(error.into()),
        };
        let hash = identity.hash();
        let lookup = keys::identity(&hash);
        let found = self.store.get::<IdentityLookup>(&lookup).await?;
        let found = found.map(|found| found.value);
        let Some(found) = found.filter(|found| found.unlinked_at.is_none()) else {
            tracing::info!("a token of nobody's was used");
            return Ok(None);
        };
        let (account, member) = (found.account_id, found.member_id);
        let team = self.team(account).await?;
        let role = team.and_then(|team| team.role_by_identity(member, &hash));
        let Some(role) = role else {
            tracing::info!(member_id = %member, "a token of a member who is out was used");
            return Ok(None);
        };
        Ok(Principal::new(account, None, Some(member), role, None))
    }

    async fn team(&self, account: AccountId) -> Result<Option<Roster>, BoxError> {
        let roster = self.store.get::<Roster>(&keys::roster(account)).await?;
        Ok(roster.map(|roster| roster.value))
    }
}

/// What stands behind `Authorization: Bearer`.
fn bearer(payload: &Value) -> Option<&str> {
    let (scheme, text) = authorization(payload)?.trim().split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then_some(text.trim_start())
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
