//! A period of a provider's own list, taken in once more: by the function that reads lists by itself, and as it does.

use aws_config::SdkConfig;
use aws_sdk_lambda::primitives::Blob;
use jiff::Timestamp;
use remit_billing::ids::AccountId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{OperateError, failed};

/// What a period of a list came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Replayed {
    /// What the provider stated.
    pub stated: u64,
    /// What took effect now.
    pub applied: u64,
    /// What waits for what it names.
    pub waiting: u64,
    /// What could not be read, and is kept.
    pub unreadable: u64,
}

/// A period of a provider's list.
#[derive(Debug, Clone)]
pub struct Period {
    /// Whose.
    pub account: AccountId,
    /// The provider, by its name.
    pub provider: String,
    /// Its first moment (UTC).
    pub from: Timestamp,
    /// The first moment behind it (UTC).
    pub until: Timestamp,
}

/// Takes in all that a provider stated in a period; `told` hears of each page.
///
/// # Errors
/// [`OperateError`]; the pages before it were taken in.
pub async fn replay(
    config: &SdkConfig,
    stage: &str,
    period: &Period,
    mut told: impl FnMut(&Replayed),
) -> Result<Replayed, OperateError> {
    let lambda = aws_sdk_lambda::Client::new(config);
    let mut sum = Replayed::default();
    let mut cursor = Value::Null;
    loop {
        let mut wanted = json!({
            "account_id": period.account, "provider": period.provider,
            "from": period.from, "until": period.until,
        });
        if !cursor.is_null() {
            wanted["cursor"] = cursor;
        }
        let payload = Blob::new(json!({ "reconcile": wanted }).to_string());
        let invoked = lambda
            .invoke()
            .function_name(format!("remit-{stage}-janitor"));
        let invoked = invoked.payload(payload).send().await;
        let invoked = invoked.map_err(failed("Invoke"))?;
        let answer = invoked.payload.map(Blob::into_inner).unwrap_or_default();
        let answer: Value = serde_json::from_slice(&answer)
            .map_err(|error| OperateError::Failed(error.to_string()))?;
        if invoked.function_error.is_some() {
            return Err(OperateError::Failed(answer["errorMessage"].to_string()));
        }
        if let Some(problem) = answer.get("refused") {
            return Err(OperateError::Refused(problem.to_string()));
        }
        let page: Replayed = serde_json::from_value(answer.clone())
            .map_err(|error| OperateError::Failed(error.to_string()))?;
        sum.stated += page.stated;
        sum.applied += page.applied;
        sum.waiting += page.waiting;
        sum.unreadable += page.unreadable;
        told(&sum);
        cursor = answer["next_cursor"].clone();
        if cursor.is_null() {
            return Ok(sum);
        }
    }
}
