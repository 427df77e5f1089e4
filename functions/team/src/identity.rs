//! `PUT` and `DELETE /v1/members/{member_id}/identity`: whose tokens are a member's own.
//!
//! The identity is proved by its token, the member by the key, or the token, that the request
//! comes with. So nobody can be made to sign in as somebody else, and no address has to be trusted.

use remit_billing::account::Role;
use remit_billing::fault::PointedFault;
use remit_billing::identity::IdentityRefusal;
use remit_billing::ids::{AccountId, MemberId};
use remit_billing::member::Roster;
use remit_oidc::VerifyError;
use remit_operations::shown::members as view;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::owner_key::{self, WayIn};
use remit_runtime::{Principal, Problem};
use remit_store::records::IdentityLookup;
use remit_store::{Commit, Store, Versioned, keys};
use serde_json::Value;

use crate::App;
use crate::team::{self, Team};

pub(crate) async fn link(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: MemberId = request.path_id("member_id")?;
    let seen = request.if_match_optional()?;
    let token = fields(&request.json()?).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let (account, now) = (principal.account_id, app.ports.now());
    let token = token.as_str();
    perform(&app.ports.store, keyed, now, || async move {
        let team = Team::load(&app.ports.store, account).await?;
        team::check_version(&team.roster, id, seen)?;
        let before = team::member(&team.roster, id)?;
        if principal.member_id != Some(id) {
            return Err(IdentityRefusal::NotOwn.into());
        }
        // Tokens open all that the member may: a key that opens less must not become them.
        principal.require(before.role)?;
        let hash = &proved(app, token).await?;
        let after = team.roster.clone().link(id, hash, now)?;
        let member = team::member(&after, id)?;
        let commit = team.becomes(&after);
        let commit = taken_up(&app.ports.store, commit, account, id, hash).await?;
        let commit = match &before.identity {
            Some(old) if old.hash != *hash => let_go(app, commit, &old.hash).await?,
            _ => commit,
        };
        Ok(Effect {
            response: Response::json(200, &view::member(member)).etag(member.version),
            commit,
        })
    })
    .await
}

pub(crate) async fn unlink(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: MemberId = request.path_id("member_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let team = Team::load(&app.ports.store, principal.account_id).await?;
        team::check_version(&team.roster, id, seen)?;
        let before = team::member(&team.roster, id)?;
        if principal.member_id != Some(id) {
            principal.require(Role::Owner)?;
        }
        let after = team.roster.clone().unlink(id, now)?;
        let mut commit = team.becomes(&after);
        if let Some(old) = &before.identity {
            commit = let_go(app, commit, &old.hash).await?;
            if before.is_active() && before.role == Role::Owner {
                commit = owner_gets_in(app, commit, principal, &after).await?;
            }
        }
        Ok(Effect {
            response: Response::empty(204),
            commit,
        })
    })
    .await
}

fn fields(body: &Value) -> Result<String, Vec<PointedFault>> {
    read(body, |r| r.text("token", |text| Ok(text.to_owned())))
}

/// The hash of the identity that a token proves. Asked within a plan, so that a repetition is
/// answered even when the token's time is over.
///
/// # Errors
/// 422 `identity_token_refused`; 503 where the issuer's keys cannot be had.
pub(crate) async fn proved(app: &App, token: &str) -> Result<String, Problem> {
    match app.tokens.verify(token, app.ports.now()).await {
        Ok(identity) => Ok(identity.hash()),
        Err(VerifyError::Refused(refusal)) => Err(refusal.into()),
        Err(VerifyError::Silent(silent)) => Err(Problem::issuer_unavailable(silent)),
    }
}

/// With an identity as this member's own: it is nobody's, or it is already.
///
/// # Errors
/// 409 `identity_taken`; 503.
pub(crate) async fn taken_up(
    store: &Store,
    commit: Commit,
    account: AccountId,
    member: MemberId,
    hash: &str,
) -> Result<Commit, Problem> {
    let wanted = IdentityLookup {
        hash: hash.to_owned(),
        account_id: account,
        member_id: member,
        unlinked_at: None,
    };
    Ok(match lookup(store, hash).await? {
        None => commit.create(&wanted, Vec::new()),
        Some(found) if found.value == wanted => commit,
        Some(found) if found.value.unlinked_at.is_some() => {
            commit.replace(&found, &wanted, Vec::new())
        }
        Some(_) => return Err(IdentityRefusal::Taken.into()),
    })
}

/// With an identity as nobody's.
async fn let_go(app: &App, commit: Commit, hash: &str) -> Result<Commit, Problem> {
    let found = lookup(&app.ports.store, hash).await?;
    let found = found.ok_or_else(|| Problem::internal("an identity has no look-up"))?;
    let free = IdentityLookup {
        unlinked_at: Some(app.ports.now()),
        ..found.value.clone()
    };
    Ok(commit.replace(&found, &free, Vec::new()))
}

async fn lookup(store: &Store, hash: &str) -> Result<Option<Versioned<IdentityLookup>>, Problem> {
    let found = store.get::<IdentityLookup>(&keys::identity(hash)).await;
    found.map_err(|error| Problem::store(&error))
}

/// With what has to stay so that somebody who may do everything gets in, under the roster that the
/// commit stores.
///
/// # Errors
/// 409 `last_owner_key`; 503.
pub(crate) async fn owner_gets_in(
    app: &App,
    commit: Commit,
    principal: &Principal,
    after: &Roster,
) -> Result<Commit, Problem> {
    let known = owner_key::all(&app.ports.store, principal.account_id).await?;
    Ok(match owner_key::that_stays(&known, Some(after), None)? {
        WayIn::Key(key) => commit.check(key),
        WayIn::Identity => commit,
    })
}
