//! What a life takes of the table and of the functions, counted by the host itself, apart from what is timed.

use std::path::Path;
use std::time::Duration;

use remit_local::meter::Usage;
use serde_json::Value;

use crate::LoadError;
use crate::host::HostProcess;
use crate::lives::{Caller, Lives};

/// The host has come to rest when it took nothing for so long.
const REST: Duration = Duration::from_millis(1_500);

/// What so many lives took, with all that followed from them.
///
/// # Errors
/// [`LoadError`].
pub async fn count(program: &Path, lives: usize) -> Result<Usage, LoadError> {
    let host = HostProcess::start(program)?;
    let caller = Caller::new(&host.url, &host.api_key)?;
    caller.wait().await?;
    let begins = || async {
        caller.begin_to_count().await?;
        rest(&caller).await?;
        caller.begin_to_count().await
    };
    let client = Lives::new(caller.clone(), 0);
    client.live_so_many(lives, begins).await?;
    rest(&caller).await
}

async fn rest(caller: &Caller) -> Result<Usage, LoadError> {
    let mut before = usage(caller).await?;
    loop {
        tokio::time::sleep(REST).await;
        let now = usage(caller).await?;
        if now == before {
            return Ok(now);
        }
        before = now;
    }
}

async fn usage(caller: &Caller) -> Result<Usage, LoadError> {
    let said: Value = caller.get("/_local/usage").await?;
    serde_json::from_value(said).map_err(|error| LoadError::Answer {
        call: "/_local/usage".to_owned(),
        answer: error.to_string(),
    })
}
