//! What SES says became of a mail: one event of the default bus, one delivery settled.
//!
//! The events are best effort, so nothing depends on them; where they come, they end doubt (it
//! left) or bring bad news (it came back). They may come twice and in any order.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, FailReason};
use remit_billing::follow_up::BouncedAddress;
use remit_billing::ids::ClientId;
use remit_notify::feedback::{self, Feedback, FeedbackKind};
use remit_operations::Ports;
use remit_operations::facts::Facts;
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::{Commit, Versioned, keys};
use serde_json::Value;

/// Words of SES's for a mail that did not arrive though its address may be right. The others, such
/// as `General`, are also said of automatic answers.
const NOT_ARRIVED: [&str; 4] = [
    "MailboxFull",
    "MessageTooLarge",
    "ContentRejected",
    "AttachmentRejected",
];

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        match feedback::parse(&payload)? {
            Some(feedback) => self.settle(&feedback).await?,
            None => tracing::info!("an event of SES's that is not about a mail of Remit's"),
        }
        Ok(Value::Null)
    }
}

impl App {
    async fn settle(&self, feedback: &Feedback) -> Result<(), Problem> {
        let delivery = feedback.delivery_id;
        self.ports
            .perform(async || {
                let key = keys::delivery(feedback.account_id, feedback.document, delivery);
                let stored = self.ports.store.get::<Delivery>(&key).await;
                let Some(stored) = stored.map_err(|error| Problem::store(&error))? else {
                    // A restored table may know less than SES.
                    tracing::warn!(%delivery, "SES knows a delivery that is not stored");
                    return Ok((Commit::new(), ()));
                };
                let mut commit = Commit::new();
                if let Some(settled) = settled(stored.value.clone(), feedback) {
                    let facts = Facts::new(&self.ports, feedback.account_id, self.ports.now());
                    let events = facts.delivery_changed(&settled)?;
                    commit = commit.replace(&stored, &settled, events);
                    // Somebody has to correct the address.
                    if let Some((client_id, about)) = returned(&settled, feedback) {
                        commit = facts.ask_for_mail(commit, client_id, about)?;
                    }
                }
                if let Some((client, marked)) = self.marked(&stored.value, feedback).await? {
                    commit = commit.replace(&client, &marked, Vec::new());
                }
                Ok((commit, ()))
            })
            .await
    }
}

impl App {
    /// The client whose addresses a mail came back from for good, or who called one spam, and how it is marked:
    /// follow-ups do not go there any more, and what is a courtesy ends. None where that is nobody, or known.
    async fn marked(
        &self,
        delivery: &Delivery,
        feedback: &Feedback,
    ) -> Result<Option<(Versioned<Client>, Client)>, Problem> {
        let (recipients, complained) = match &feedback.kind {
            FeedbackKind::Bounced {
                permanent: true,
                recipients,
                ..
            } => (recipients, false),
            FeedbackKind::Complained { recipients } => (recipients, true),
            _ => return Ok(None),
        };
        let Some(client_id) = delivery
            .client_id
            .filter(|_| !delivery.about.is_to_agency())
        else {
            return Ok(None);
        };
        let key = keys::client(feedback.account_id, client_id);
        let stored = self.ports.store.get::<Client>(&key).await;
        let Some(stored) = stored.map_err(|error| Problem::store(&error))? else {
            return Ok(None);
        };
        let mut marked = stored.value.clone();
        for email in recipients {
            let mut contacts = marked.contacts.iter();
            let is_contact = contacts.any(|contact| contact.email == *email);
            if complained {
                if is_contact && marked.notices.stopped_at.is_none() {
                    marked.notices.stopped_at = Some(feedback.at);
                }
                continue;
            }
            let known = &mut marked.follow_ups.bounced;
            if is_contact && known.iter().all(|of| of.email != *email) {
                known.push(BouncedAddress {
                    email: email.clone(),
                    at: feedback.at,
                });
            }
        }
        let changed = marked != stored.value;
        Ok(changed.then_some((stored, marked)))
    }
}

/// What the agency is told of a mail that came back for good, the first time that it is heard of.
fn returned(settled: &Delivery, feedback: &Feedback) -> Option<(ClientId, About)> {
    let FeedbackKind::Bounced {
        permanent: true, ..
    } = feedback.kind
    else {
        return None;
    };
    settled.client_id.zip(settled.about.returned(settled.id))
}

/// The delivery after this; none where it says nothing new.
fn settled(delivery: Delivery, feedback: &Feedback) -> Option<Delivery> {
    let at = feedback.at;
    match &feedback.kind {
        FeedbackKind::Sent | FeedbackKind::Delivered { .. } => {
            delivery.confirmed(feedback.message_id.to_string(), at)
        }
        FeedbackKind::Bounced {
            permanent, subtype, ..
        } if *permanent || NOT_ARRIVED.contains(&subtype.as_str()) => {
            delivery.failed(FailReason::Bounced, at)
        }
        FeedbackKind::Delayed { delay_type: word }
        | FeedbackKind::Bounced { subtype: word, .. } => {
            tracing::info!(delivery = %delivery.id, word, "a mail is late, or was answered by a machine");
            None
        }
        FeedbackKind::Complained { .. } => delivery.failed(FailReason::Complained, at),
        FeedbackKind::Rejected { .. } => delivery.failed(FailReason::Refused, at),
    }
}
