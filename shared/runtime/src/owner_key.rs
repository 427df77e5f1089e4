//! That somebody can do everything in an account: an owner who gets in stays, by a key that works
//! or by an identity, whoever's key is revoked and whichever owner leaves.

use remit_billing::account::Role;
use remit_billing::ids::{AccountId, ApiKeyId};
use remit_billing::member::Roster;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_store::records::ApiKey;
use remit_store::{Query, Store, Versioned, from_item, keys};

use crate::problem::Problem;

/// Keys of an account that are looked at, revoked ones included.
const MAX_KEYS_READ: usize = 5_000;

/// Nobody could do everything any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no owner could get in any more: make a key for an owner who stays, or let that one link an \
     identity, first"
)]
pub struct LastOwnerKey;

impl Refusal for LastOwnerKey {
    fn code(&self) -> &'static str {
        "last_owner_key"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// The keys of an account, in the order in which they were made; strongly consistent.
pub fn of_account(account: AccountId) -> Query {
    Query::of(keys::api_keys(account)).consistent()
}

/// All keys of an account.
///
/// # Errors
/// 503.
pub async fn all(store: &Store, account: AccountId) -> Result<Vec<Versioned<ApiKey>>, Problem> {
    let query = of_account(account);
    let items = store.query_all_items(&query, MAX_KEYS_READ).await;
    let keys = items.map_err(|error| Problem::store(&error))?;
    keys.into_iter()
        .map(|item| from_item(item).map_err(|error| Problem::store(&error)))
        .collect()
}

/// Whether a key opens everything to somebody under this roster.
pub fn opens_all(key: &ApiKey, roster: Option<&Roster>) -> bool {
    let whole = key.role == Role::Owner && key.project_ids.is_none();
    let held = key.member_id.is_none_or(|member| {
        let role = roster.and_then(|roster| roster.role_of(member));
        role == Some(Role::Owner)
    });
    whole && held && key.revoked_at.is_none()
}

/// How somebody who may do everything gets in.
#[derive(Debug, Clone, Copy)]
pub enum WayIn<'a> {
    /// By this key. The commit of whoever relies on it checks it.
    Key(&'a Versioned<ApiKey>),
    /// By the tokens of an owner's identity. The commit of whoever relies on it checks the roster,
    /// or replaces it.
    Identity,
}

/// A way in that opens everything under this roster, another than the key that is revoked.
///
/// # Errors
/// [`LastOwnerKey`].
pub fn that_stays<'a>(
    known: &'a [Versioned<ApiKey>],
    roster: Option<&Roster>,
    revoked: Option<ApiKeyId>,
) -> Result<WayIn<'a>, LastOwnerKey> {
    let mut known = known.iter();
    let key = known.find(|key| Some(key.value.id) != revoked && opens_all(&key.value, roster));
    match key {
        Some(key) => Ok(WayIn::Key(key)),
        None if roster.is_some_and(Roster::has_owner_with_identity) => Ok(WayIn::Identity),
        None => Err(LastOwnerKey),
    }
}
