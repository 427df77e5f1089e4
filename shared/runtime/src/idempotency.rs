//! A use case takes effect once: planned, committed, planned anew if somebody was faster; and a
//! request with an `Idempotency-Key` gives the same answer again.
//!
//! Nearly every request is a first one, so none begins by looking for its receipt: the commit
//! creates it, and fails where it is there. Only then, or where the plan refuses, is it read.

use std::future::Future;

use jiff::Timestamp;
use remit_store::request::{Earlier, KeyedRequest};
use remit_store::{Commit, CommitError, Store};

use crate::http::Response;
use crate::problem::Problem;

const TRIES: usize = 8;

/// What a request will have done and how it is answered.
#[derive(Debug)]
pub struct Effect {
    /// What is written; empty where nothing is.
    pub commit: Commit,
    /// The answer.
    pub response: Response,
}

/// Plans, commits and answers. A plan only reads: it may be made again, for a request that took
/// effect before too.
///
/// # Errors
/// What the plan refuses; 422 for a key used otherwise; 409 after too many lost races; 503.
pub async fn perform<F, Fut>(
    store: &Store,
    keyed: Option<KeyedRequest>,
    now: Timestamp,
    plan: F,
) -> Result<Response, Problem>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<Effect, Problem>>,
{
    let mut earlier = Earlier::None;
    for _ in 0..TRIES {
        let Effect { commit, response } = match plan().await {
            Ok(effect) => effect,
            Err(problem) => return refused(store, keyed.as_ref(), now, problem).await,
        };
        let commit = match &keyed {
            Some(keyed) => earlier.with_receipt(commit, &keyed.receipt(response.to_stored(), now)),
            None if commit.is_empty() => return Ok(response),
            None => commit,
        };
        match (store.commit(commit).await, &keyed) {
            (Ok(()), _) => return Ok(response),
            (Err(CommitError::Conflict { .. }), None) => {}
            (Err(CommitError::Conflict { .. }), Some(keyed)) => {
                match made_before(store, keyed, now).await? {
                    Made::Answered(response) => return Ok(response),
                    Made::Not(found) => earlier = found,
                }
            }
            (Err(error), _) => return Err(Problem::commit(&error)),
        }
    }
    Err(Problem::conflict())
}

/// A request that took effect is refused by what it did: an invoice is issued once. Then the
/// answer is that of the first time.
async fn refused(
    store: &Store,
    keyed: Option<&KeyedRequest>,
    now: Timestamp,
    problem: Problem,
) -> Result<Response, Problem> {
    match keyed {
        Some(keyed) if problem.status() < 500 => match made_before(store, keyed, now).await? {
            Made::Answered(response) => Ok(response),
            Made::Not(_) => Err(problem),
        },
        _ => Err(problem),
    }
}

enum Made {
    Answered(Response),
    Not(Earlier),
}

async fn made_before(store: &Store, keyed: &KeyedRequest, now: Timestamp) -> Result<Made, Problem> {
    let earlier = keyed.earlier(store, now).await;
    match earlier.map_err(|error| Problem::store(&error))? {
        Earlier::Same(receipt) => Ok(Made::Answered(Response::from_stored(
            receipt.value.response,
            receipt.value.created_at,
        ))),
        Earlier::Different(_) => Err(Problem::idempotency_key_reused()),
        not => Ok(Made::Not(not)),
    }
}
