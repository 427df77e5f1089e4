//! What was accepted on projects, as a document bills it.

use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::{InvoiceContent, IssuedInvoice};
use remit_billing::line::Line;
use remit_billing::scope::{DepositRefusal, Scope, Unbillable};
use remit_billing::standing::{Standing, Status};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, from_item, keys};

/// Why a document is not priced, as it is answered.
pub fn unbillable(why: Unbillable) -> Problem {
    match why {
        Unbillable::Faults(faults) => Problem::invalid_body(faults),
        Unbillable::Refused(refusal) => refusal.into(),
        Unbillable::Deposit(refusal) => refusal.into(),
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

/// Which of these deposits are paid in full, by the standings of their invoices.
///
/// # Errors
/// 503.
pub async fn paid(
    store: &Store,
    account: AccountId,
    deposits: &[InvoiceId],
) -> Result<Vec<Versioned<Standing>>, Problem> {
    if deposits.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = deposits.iter();
    let wanted: Vec<_> = wanted
        .map(|id| keys::invoice_standing(account, *id))
        .collect();
    let items = store.get_many_items(&wanted).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let standings = items.into_iter().flatten().map(from_item::<Standing>);
    let standings: Vec<Versioned<Standing>> = standings
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::store(&error))?;
    let paid = standings.into_iter();
    Ok(paid
        .filter(|standing| matches!(standing.value.status, Status::Paid { .. }))
        .collect())
}

/// Takes off the deposits that are due with this bill, and paid; the document with their lines.
///
/// # Errors
/// 409 `deposit_unsettled`, 503.
pub async fn with_deposits(
    store: &Store,
    account: AccountId,
    content: InvoiceContent,
    scopes: &[Scope],
    after: &[Scope],
    all: bool,
) -> Result<InvoiceContent, Problem> {
    let mut due = Vec::new();
    for scope in scopes {
        let after = after
            .iter()
            .find(|after| after.project_id == scope.project_id);
        if let Some(after) = after {
            let offers = scope.deposits_to_deduct(&content, after, all);
            due.extend(offers.into_iter().map(|offer| (scope.project_id, offer)));
        }
    }
    let open = due.iter().filter_map(|(_, offer)| offer.open_deposit());
    let ids: Vec<InvoiceId> = open.map(|deposit| deposit.invoice_id).collect();
    let paid = paid(store, account, &ids).await?;
    let mut content = content;
    for (project_id, offer) in due {
        let Some(deposit) = offer.open_deposit() else {
            continue;
        };
        let is_paid = paid
            .iter()
            .any(|standing| standing.value.invoice_id == deposit.invoice_id);
        if !is_paid {
            let number = deposit.number.clone();
            return Err(DepositRefusal::Unsettled { number }.into());
        }
        let lines = offer.deduction().map_err(Problem::internal)?;
        content.lines.extend(lines.into_iter().map(|line| Line {
            project_id: Some(project_id).filter(|id| content.project_id != Some(*id)),
            ..line
        }));
    }
    Ok(content)
}

/// What a document billed goes back to its scopes.
///
/// # Errors
/// 503.
pub(crate) async fn give_back(
    store: &Store,
    account: AccountId,
    invoice: &IssuedInvoice,
    commit: Commit,
) -> Result<Commit, Problem> {
    let content = &invoice.content;
    if invoice.scope.is_empty() && content.deposit_of.is_none() {
        return Ok(commit);
    }
    let before = of(store, account, content).await?;
    let after: Vec<Scope> = before
        .iter()
        .map(|scope| {
            let scope = scope.value.clone().deposits_given_back(invoice);
            scope.give_back(&invoice.scope)
        })
        .collect::<Result<_, _>>()
        .map_err(Problem::internal)?;
    Ok(changed(commit, &before, &after))
}
