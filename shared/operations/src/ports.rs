//! What every use case needs of the outside.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::ids::TypedId;
use remit_runtime::clock::Clock;
use remit_runtime::ids::Ids;
use remit_runtime::platform::Platform;
use remit_runtime::problem::Problem;
use remit_store::{CommitError, Store};

use remit_store::Commit;

/// A use case that loses this many races in a row gives up: somebody else is at work.
const TRIES: usize = 8;

/// The store, the time and new ids.
#[derive(Clone)]
pub struct Ports {
    /// The table.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
}

impl Ports {
    /// Those of a platform.
    pub fn of(platform: &Platform) -> Self {
        Self {
            store: platform.store(),
            clock: Arc::clone(&platform.clock),
            ids: platform.ids(),
        }
    }

    /// Now (UTC).
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id of this moment.
    ///
    /// # Errors
    /// 500 where there is no randomness.
    pub fn id<Id: TypedId>(&self, now: Timestamp) -> Result<Id, Problem> {
        self.ids.make(now).map_err(Problem::no_randomness)
    }

    /// Plans and commits, and plans anew from what is then stored if somebody was faster. A plan
    /// without a commit has nothing to do.
    ///
    /// # Errors
    /// What the plan refuses; 409 after too many lost races; 503.
    pub async fn perform<T, F, Fut>(&self, plan: F) -> Result<T, Problem>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<(Commit, T), Problem>>,
    {
        for _ in 0..TRIES {
            let (commit, outcome) = plan().await?;
            if commit.is_empty() {
                return Ok(outcome);
            }
            match self.store.commit(commit).await {
                Ok(()) => return Ok(outcome),
                Err(CommitError::Conflict { .. }) => {}
                Err(error) => return Err(Problem::commit(&error)),
            }
        }
        Err(Problem::conflict())
    }
}
