//! Payment pages that are still open although they should not be: closed at the provider.
//!
//! A page lives for hours. Once its invoice is paid or void, or another amount is due, money that
//! came through it would only be kept or sent back. That is never lost, but it is a surprise.

use remit_billing::attempt::{Attempt, AttemptState};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_payments::Provider;
use remit_runtime::problem::Problem;
use remit_store::Store;
use remit_store::keys::{self, ATTEMPT_PREFIX};
use remit_store::query::{Query, Range};

use crate::checkouts::Checkouts;
use crate::ports::Ports;
use crate::unanswered;

/// Attempts of one invoice that are looked at, the newest first; older ones have expired.
const LOOKED_AT: u32 = 20;

/// The newest attempts of an invoice.
async fn attempts(
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
    let open = || attempts.iter().filter(|attempt| is_open(attempt));
    if open().next().is_none() {
        return Ok(());
    }
    let Some(provider) = checkouts.stripe(account).await? else {
        return Ok(());
    };
    for attempt in open() {
        expire(ports, provider.as_ref(), attempt).await?;
    }
    Ok(())
}

fn is_open(attempt: &Attempt) -> bool {
    matches!(attempt.state, AttemptState::Ready { .. })
}

/// Closes one page. Where the payer was faster, that is taken in.
///
/// # Errors
/// 503 where the provider does not answer.
pub(crate) async fn expire(
    ports: &Ports,
    provider: &dyn Provider,
    attempt: &Attempt,
) -> Result<(), Problem> {
    let AttemptState::Ready { session, .. } = &attempt.state else {
        return Ok(());
    };
    let session = session.parse().map_err(Problem::internal)?;
    let state = provider.expire_checkout(&session).await;
    let state = state.map_err(Problem::provider_unavailable)?;
    unanswered::take_in(ports, attempt, state.as_ref()).await
}
