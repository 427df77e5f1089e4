//! Imports a bank's file: reads it, keeps each entry once, applies what is certain.
//!
//! Its event makes it early; the janitor asks again for one that did not end. It may end at any
//! point and begin anew: an entry is known by what the bank says, and each batch of entries is
//! kept together with how far the file is.

mod matching;
mod reading;
mod run;

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::event::Event;
use remit_billing::ids::BankStatementId;
use remit_operations::Ports;
use remit_runtime::{BoxError, Function, Objects, Platform, S3Objects};
use serde::Deserialize;
use serde_json::Value;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The bucket.
    pub objects: Arc<dyn Objects>,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        objects: Arc::new(S3Objects::of(platform)),
    }))
}

#[derive(Deserialize)]
struct FromTheBus {
    detail: Event,
}

#[derive(Deserialize)]
struct Received {
    statement_id: BankStatementId,
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let FromTheBus { detail: event } = serde_json::from_value(payload)?;
        let Received { statement_id } = serde_json::from_value(event.data)?;
        run::import(self, event.account_id, statement_id).await?;
        Ok(Value::Null)
    }
}
