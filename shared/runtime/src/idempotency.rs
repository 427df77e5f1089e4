//! A use case takes effect once: planned, committed, planned anew if somebody was faster; and a
//! request with an `Idempotency-Key` gives the same answer again.

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

/// Plans, commits and answers.
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
    for _ in 0..TRIES {
        let mut earlier = None;
        if let Some(keyed) = &keyed {
            match keyed
                .earlier(store, now)
                .await
                .map_err(|e| Problem::store(&e))?
            {
                Earlier::Same(receipt) => {
                    return Ok(Response::from_stored(receipt.value.response));
                }
                Earlier::Different(_) => return Err(Problem::idempotency_key_reused()),
                none => earlier = Some((keyed, none)),
            }
        }
        let Effect { commit, response } = plan().await?;
        let commit = match earlier {
            Some((keyed, earlier)) => {
                earlier.with_receipt(commit, &keyed.receipt(response.to_stored(), now))
            }
            None if commit.is_empty() => return Ok(response),
            None => commit,
        };
        match store.commit(commit).await {
            Ok(()) => return Ok(response),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
    Err(Problem::conflict())
}
