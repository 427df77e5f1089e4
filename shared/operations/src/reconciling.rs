//! Providers' lists, read by themselves: a notification that was lost for good is found in them.

use remit_billing::reconciliation::{Reading, Reconciliation};
use remit_payments::{HistoryCursor, HistoryRequest};
use remit_runtime::metrics;
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Record as _, Versioned};

use crate::checkouts::{Checkouts, kind_of};
use crate::ports::Ports;
use crate::taking_in::{Reconciled, reconcile};

/// Pages that one run reads of one list: what is behind them is read by the next, so that a long list holds nothing up.
const PAGES_MAX: usize = 5;

/// Reads on in a list that is due.
///
/// # Errors
/// 503 where the provider does not answer: it is asked again within an hour or so.
pub async fn read_on(
    ports: &Ports,
    checkouts: &Checkouts,
    due: &Reconciliation,
) -> Result<(), Problem> {
    let stored = ports.store.get::<Reconciliation>(&due.key()).await;
    let Some(mut stored) = stored.map_err(|error| Problem::store(&error))? else {
        return Ok(());
    };
    for _ in 0..PAGES_MAX {
        let now = ports.now();
        let Some(reading) = stored.value.next(now) else {
            return Ok(());
        };
        let list = stored.value.clone();
        let (after, outcome) = match page(ports, checkouts, &list, &reading).await {
            Ok(Some(page)) => {
                let next = page.next.map(|cursor| cursor.as_str().to_owned());
                (list.read(reading, next, now), Ok(()))
            }
            // It keeps none, or the agency has removed its credentials.
            Ok(None) => (list.stopped(), Ok(())),
            Err(problem) => (list.put_off(now), Err(problem)),
        };
        match ports
            .store
            .commit(Commit::new().replace(&stored, &after, Vec::new()))
            .await
        {
            Ok(()) => stored = Versioned::new(after, stored.version + 1),
            // Another run is at it: what both took in has its effect once.
            Err(CommitError::Conflict { .. }) => return outcome,
            Err(error) => return Err(Problem::commit(&error)),
        }
        outcome?;
    }
    Ok(())
}

async fn page(
    ports: &Ports,
    checkouts: &Checkouts,
    list: &Reconciliation,
    reading: &Reading,
) -> Result<Option<Reconciled>, Problem> {
    let kind = kind_of(&list.provider)?;
    let cursor = reading.cursor.as_deref().map(HistoryCursor::parse);
    let wanted = HistoryRequest {
        from: reading.stretch.from,
        until: reading.stretch.until,
        // A cursor that is none of ours begins the stretch anew.
        cursor: cursor.flatten(),
    };
    let page = match reconcile(ports, checkouts, list.account_id, kind, &wanted).await {
        Err(problem) if problem.status() == 404 => return Ok(None),
        page => page?,
    };
    if let Some(page) = page.as_ref().filter(|page| page.taken.applied > 0) {
        let (account_id, applied) = (list.account_id, page.taken.applied);
        metrics::count(
            "FoundInLists",
            u32::try_from(applied).unwrap_or(u32::MAX),
            ports.now(),
        );
        tracing::warn!(%account_id, provider = list.provider, applied, "a list told what no notification did");
    }
    Ok(page)
}
