//! What a provider states, taken in: by a call to the webhook, and from the provider's own list where no call told.

use remit_billing::ids::AccountId;
use remit_payments::{HistoryCursor, HistoryRequest, NotificationKind, ProviderKind, Statement};
use remit_runtime::problem::Problem;

use crate::checkouts::Checkouts;
use crate::completing;
use crate::ports::Ports;
use crate::settle::{Settled, Signed, keep_unreadable, settle};

/// What statements came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// What was stated.
    pub stated: usize,
    /// What took effect now.
    pub applied: usize,
    /// What waits for what it names.
    pub waiting: usize,
    /// What could not be read, and is kept.
    pub unreadable: usize,
}

/// Takes statements in that were verified, one after the other: what a provider bundles, it also repeats as a bundle.
///
/// # Errors
/// 409 after too many lost races, 503: what comes again is taken in then.
pub async fn take_in(
    ports: &Ports,
    checkouts: &Checkouts,
    account_id: AccountId,
    provider: ProviderKind,
    statements: &[Statement],
) -> Result<TakenIn, Problem> {
    let mut taken = TakenIn::default();
    for statement in statements {
        taken.stated += 1;
        let notification = match statement.read() {
            Ok(notification) => notification,
            Err(fault) => {
                tracing::error!(%account_id, %fault, "a verified notification cannot be read");
                keep_unreadable(ports, account_id, provider, statement.body()).await?;
                taken.unreadable += 1;
                continue;
            }
        };
        if let NotificationKind::CheckoutApproved {
            session,
            references,
            ..
        } = &notification.kind
        {
            completing::approved(ports, checkouts, account_id, provider, session, *references)
                .await?;
        }
        let signed = Signed {
            account_id,
            provider,
            notification,
            body: statement.body(),
        };
        match settle(ports, &signed).await? {
            Settled::Applied => taken.applied += 1,
            Settled::Waiting => taken.waiting += 1,
            Settled::Known | Settled::Kept => {}
        }
    }
    Ok(taken)
}

/// A page of a provider's list that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// What it came to.
    pub taken: TakenIn,
    /// Where the next page begins; none after the last.
    pub next: Option<HistoryCursor>,
}

/// Asks a provider what it stated, and takes in what no call to the webhook told; none where it keeps no list.
///
/// # Errors
/// 404 for a provider that is not set up; 409, 503, also where the provider does not answer.
pub async fn reconcile(
    ports: &Ports,
    checkouts: &Checkouts,
    account_id: AccountId,
    kind: ProviderKind,
    wanted: &HistoryRequest,
) -> Result<Option<Reconciled>, Problem> {
    let provider = checkouts.provider(account_id, kind, ports.now()).await?;
    let provider = provider.ok_or_else(Problem::not_found)?;
    let history = provider.history(wanted).await;
    let Some(history) = history.map_err(Problem::provider_unavailable)? else {
        return Ok(None);
    };
    // Lists begin with the newest; the oldest first waits the least.
    let mut statements = history.statements;
    statements.reverse();
    let taken = take_in(ports, checkouts, account_id, kind, &statements).await?;
    Ok(Some(Reconciled {
        taken,
        next: history.next,
    }))
}
