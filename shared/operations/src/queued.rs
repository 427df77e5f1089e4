//! Deliveries that a queue brings. The functions that send differ in their queue and their rights,
//! and in nothing else.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::delivery::Topic;
use remit_billing::event::{Event, EventKind};
use remit_runtime::events::{failed_messages, queue_batch};
use remit_runtime::problem::Problem;
use remit_runtime::{BoxError, Function, Platform};
use serde::Deserialize;
use serde_json::Value;

use crate::deliver::{DeliveryRef, Postbox, deliver};
use crate::ports::Ports;

#[derive(Deserialize)]
struct Requested {
    delivery_id: remit_billing::ids::DeliveryId,
    #[serde(flatten)]
    topic: Topic,
    client_id: Option<remit_billing::ids::ClientId>,
}

/// A function that sends what its queue brings.
#[derive(Clone)]
pub struct Sending {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// Where mails are handed over.
    pub postbox: Postbox,
}

/// Such a function on a platform.
///
/// # Errors
/// A sender in the environment that is no address.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Sending {
        ports: Ports::of(platform),
        postbox: Postbox::of(platform, Arc::new(platform.secrets()))?,
    }))
}

#[async_trait]
impl Function for Sending {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        deliver_batch(&self.ports, &self.postbox, payload).await
    }
}

/// Sends the deliveries of a batch of `delivery.requested`; answers which messages failed, so
/// that only they come again. A message that cannot be read fails until the dead letters have it.
///
/// # Errors
/// A payload that is no batch of a queue.
async fn deliver_batch(
    ports: &Ports,
    postbox: &Postbox,
    payload: Value,
) -> Result<Value, BoxError> {
    let mut failed = Vec::new();
    for message in queue_batch(payload)? {
        let outcome = match message.event {
            Ok(event) => deliver_requested(ports, postbox, event).await,
            Err(error) => Err(Problem::internal(error)),
        };
        if let Err(problem) = outcome {
            tracing::error!(message_id = %message.message_id, %problem, "a delivery failed");
            failed.push(message.message_id);
        }
    }
    Ok(failed_messages(&failed))
}

/// Sends the delivery that a `delivery.requested` asks for.
///
/// # Errors
/// 500 for what is no such event; those of [`deliver`].
pub async fn deliver_requested(
    ports: &Ports,
    postbox: &Postbox,
    event: Event,
) -> Result<(), Problem> {
    if event.kind != EventKind::DeliveryRequested {
        return Err(Problem::internal(format!("{} is no delivery", event.kind)));
    }
    let requested: Requested = serde_json::from_value(event.data).map_err(Problem::internal)?;
    let wanted = DeliveryRef {
        account_id: event.account_id,
        client_id: requested.client_id,
        topic: requested.topic,
        id: requested.delivery_id,
    };
    deliver(ports, postbox, wanted).await
}
