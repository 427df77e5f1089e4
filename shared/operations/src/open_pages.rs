//! Payment pages that are still open although they should not be: closed at the provider.
//!
//! A page lives for hours. Once its invoice is paid or void, or another amount is due, money that
//! came through it would only be kept or sent back. That is never lost, but it is a surprise.

use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_payments::SessionStatus;
use remit_runtime::problem::Problem;
use remit_store::Store;
use remit_store::keys::{self, ATTEMPT_PREFIX};
use remit_store::query::{Query, Range};

use crate::checkouts::{Checkouts, kind_of};
use crate::ports::Ports;
use crate::{saved_methods, unanswered};

/// Attempts of one invoice that are looked at, the newest first; older ones have expired.
const LOOKED_AT: u32 = 20;

/// The newest attempts of an invoice.
pub(crate) async fn attempts(
    store: &Store,
    account: AccountId,
    invoice: InvoiceId,
) -> Result<Vec<Attempt>, Problem> {
    let query = Query::of(keys::invoice_partition(account, invoice))
        .range(Range::Prefix(ATTEMPT_PREFIX.to_owned()))
        .backward()
        .limit(LOOKED_AT)
        .consistent();
    let page = store.query::<Attempt>(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    Ok(page.records.into_iter().map(|found| found.value).collect())
}

/// Closes every page of an invoice that is still open.
///
/// # Errors
/// 503 where the provider does not answer.
pub async fn close(
    ports: &Ports,
    checkouts: &Checkouts,
    account: AccountId,
    invoice: InvoiceId,
) -> Result<(), Problem> {
    let attempts = attempts(&ports.store, account, invoice).await?;
    expire_all(ports, checkouts, &attempts).await
}

/// The same, and finds out what the payer let the agency keep, before the janitor comes to it.
///
/// # Errors
/// As [`close`]. What a provider does not say of what it kept is left to the janitor.
pub async fn close_and_keep(
    ports: &Ports,
    checkouts: &Checkouts,
    account: AccountId,
    invoice: InvoiceId,
) -> Result<(), Problem> {
    let attempts = attempts(&ports.store, account, invoice).await?;
    for attempt in attempts
        .iter()
        .filter(|attempt| attempt.to_keep().is_some())
    {
        if let Err(problem) = saved_methods::keep(ports, checkouts, attempt).await {
            tracing::warn!(attempt = %attempt.id, %problem, "what was kept is found out later");
        }
    }
    expire_all(ports, checkouts, &attempts).await
}

async fn expire_all(
    ports: &Ports,
    checkouts: &Checkouts,
    attempts: &[Attempt],
) -> Result<(), Problem> {
    for attempt in attempts.iter().filter(|attempt| is_open(attempt)) {
        expire(ports, checkouts, attempt).await?;
    }
    Ok(())
}

/// Whether a page of it may be open: its own, or one for several invoices, of which it is one.
pub(crate) fn is_open(attempt: &Attempt) -> bool {
    matches!(
        attempt.state,
        AttemptState::Ready { .. } | AttemptState::PartOf { .. }
    )
}

/// The attempt itself, where this is what stands of it with one of its other invoices.
///
/// # Errors
/// 503.
async fn lead(ports: &Ports, attempt: &Attempt) -> Result<Option<Attempt>, Problem> {
    let AttemptState::PartOf { lead_invoice_id } = attempt.state else {
        return Ok(Some(attempt.clone()));
    };
    let key = keys::attempt(attempt.account_id, lead_invoice_id, attempt.id);
    let lead = ports.store.get::<Attempt>(&key).await;
    let lead = lead.map_err(|error| Problem::store(&error))?;
    Ok(lead.map(|found| found.value))
}

/// Closes one page at the provider that opened it. Where the payer was faster, that is taken in; what
/// they only agreed to is not completed any more.
///
/// # Errors
/// 503 where the provider does not answer.
pub(crate) async fn expire(
    ports: &Ports,
    checkouts: &Checkouts,
    attempt: &Attempt,
) -> Result<(), Problem> {
    let Some(attempt) = &lead(ports, attempt).await? else {
        return Ok(());
    };
    let AttemptState::Ready { session, .. } = &attempt.state else {
        return Ok(());
    };
    let kind = kind_of(&attempt.provider)?;
    let provider = checkouts.provider(attempt.account_id, kind, ports.now());
    let Some(provider) = provider.await? else {
        return Ok(());
    };
    let session = session.parse().map_err(Problem::internal)?;
    let state = provider.expire_checkout(&session).await;
    let state = state.map_err(Problem::provider_unavailable)?;
    if matches!(&state, Some(state) if state.status == SessionStatus::Approved) {
        return unanswered::close(ports, attempt, ClosedReason::Superseded, None).await;
    }
    unanswered::take_in(ports, attempt, state.as_ref()).await
}
