//! What was accepted on projects, as a document bills it.

use remit_billing::ids::AccountId;
use remit_billing::invoice::InvoiceContent;
use remit_billing::scope::{Scope, ScopeStatement, Unbillable};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, from_item, keys};

/// Why a document is not priced, as it is answered.
pub fn unbillable(why: Unbillable) -> Problem {
    match why {
        Unbillable::Faults(faults) => Problem::invalid_body(faults),
        Unbillable::Refused(refusal) => refusal.into(),
        Unbillable::Money(error) => Problem::internal(error),
    }
}

/// The scopes of the projects that a document names, those that have one.
///
/// # Errors
/// 503.
pub async fn of(
    store: &Store,
    account: AccountId,
    content: &InvoiceContent,
) -> Result<Vec<Versioned<Scope>>, Problem> {
    let ids = content.project_ids();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = ids.iter().map(|id| keys::scope(account, *id)).collect();
    let items = store.get_many_items(&wanted).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let scopes = items.into_iter().flatten().map(from_item::<Scope>);
    let scopes = scopes.collect::<Result<_, _>>();
    scopes.map_err(|error| Problem::store(&error))
}

/// Each scope that a document has changed, in its commit.
pub(crate) fn changed(commit: Commit, before: &[Versioned<Scope>], after: &[Scope]) -> Commit {
    after.iter().fold(commit, |commit, after| {
        let before = before
            .iter()
            .find(|before| before.value.project_id == after.project_id);
        match before {
            Some(before) => commit.replace(before, after, Vec::new()),
            None => commit,
        }
    })
}

/// What a document billed goes back to its scopes.
///
/// # Errors
/// 503.
pub(crate) async fn give_back(
    store: &Store,
    account: AccountId,
    content: &InvoiceContent,
    statements: &[ScopeStatement],
    commit: Commit,
) -> Result<Commit, Problem> {
    if statements.is_empty() {
        return Ok(commit);
    }
    let before = of(store, account, content).await?;
    let after: Vec<Scope> = before
        .iter()
        .map(|scope| scope.value.clone().give_back(statements))
        .collect::<Result<_, _>>()
        .map_err(Problem::internal)?;
    Ok(changed(commit, &before, &after))
}
