//! The team as it is stored.

use remit_billing::account::Account;
use remit_billing::ids::{AccountId, MemberId};
use remit_billing::member::{Member, Roster};
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_store::{Commit, Store, Versioned, keys};

/// The team of an account, and what of it is stored.
pub(crate) struct Team {
    pub roster: Roster,
    stored: Option<Versioned<Roster>>,
}

impl Team {
    /// Reads it. An account of the time before teams has nobody yet.
    pub(crate) async fn load(store: &Store, account: AccountId) -> Result<Self, Problem> {
        let stored = store.get::<Roster>(&keys::roster(account)).await;
        let stored = stored.map_err(|error| Problem::store(&error))?;
        Ok(Self::of(account, stored))
    }

    /// Reads it together with its account.
    pub(crate) async fn load_with_account(
        store: &Store,
        id: AccountId,
    ) -> Result<(Self, Account), Problem> {
        let mut batch = Batch::read(store, &[keys::roster(id), keys::account(id)]).await?;
        let team = Self::of(id, batch.take::<Roster>()?);
        Ok((team, batch.need::<Account>()?.value))
    }

    fn of(account: AccountId, stored: Option<Versioned<Roster>>) -> Self {
        let roster = match &stored {
            Some(stored) => stored.value.clone(),
            None => Roster::empty(account),
        };
        Self { roster, stored }
    }

    /// What makes it another, as it was read; nothing where it is the same.
    pub(crate) fn becomes(&self, after: &Roster) -> Commit {
        match &self.stored {
            _ if *after == self.roster => Commit::new(),
            Some(before) => Commit::new().replace(before, after, Vec::new()),
            None => Commit::new().create(after, Vec::new()),
        }
    }
}

/// A member, who has to be there.
///
/// # Errors
/// 404.
pub(crate) fn member(roster: &Roster, id: MemberId) -> Result<&Member, Problem> {
    roster.member(id).ok_or_else(Problem::not_found)
}

/// The version of a member that was seen, where one is named, is the present one.
///
/// # Errors
/// 404, 412.
pub(crate) fn check_version(
    roster: &Roster,
    id: MemberId,
    seen: Option<u64>,
) -> Result<(), Problem> {
    let present = member(roster, id)?.version;
    match seen {
        Some(seen) if seen != present => Err(Problem::stale_version()),
        _ => Ok(()),
    }
}
