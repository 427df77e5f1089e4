//! What SES says became of a mail, from its events on the default bus of EventBridge.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html> and
//! <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>: the
//! `detail` is the record of event publishing. Delivery is best effort: a missing event proves
//! nothing, and an event may come twice or out of order.

use jiff::Timestamp;
use remit_billing::delivery::DocumentId;
use remit_billing::ids::{AccountId, DeliveryId};
use remit_billing::party::EmailAddress;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mail::MessageId;
use crate::ses::{ACCOUNT_TAG, DELIVERY_TAG, DOCUMENT_TAG};

/// Longest word of SES's that is kept, in characters.
const MAX_WORD_CHARS: usize = 100;

/// One statement of SES's about a mail of Remit's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Whose mail.
    pub account_id: AccountId,
    /// About which document.
    pub document: DocumentId,
    /// Which delivery.
    pub delivery_id: DeliveryId,
    /// SES's name of the mail.
    pub message_id: MessageId,
    /// What became of it.
    pub kind: FeedbackKind,
    /// When (UTC).
    pub at: Timestamp,
}

/// What became of a mail. A mail to several addresses can have several fates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FeedbackKind {
    /// SES took it: it left.
    Sent,
    /// The recipients' server took it.
    Delivered {
        /// Whose.
        recipients: Vec<EmailAddress>,
    },
    /// It has not arrived yet; SES keeps trying.
    Delayed {
        /// SES's word, such as `MailboxFull`.
        delay_type: String,
    },
    /// It came back.
    Bounced {
        /// Whether writing there again is in vain.
        permanent: bool,
        /// SES's word, such as `General`, `NoEmail` or `OnAccountSuppressionList`.
        subtype: String,
        /// Whose.
        recipients: Vec<EmailAddress>,
    },
    /// A reader called it spam: do not write there again.
    Complained {
        /// Whose.
        recipients: Vec<EmailAddress>,
    },
    /// SES found a virus and did not send it.
    Rejected {
        /// SES's word.
        reason: String,
    },
}

/// An event that is not as documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{pointer} is missing or not as documented")]
pub struct FeedbackFault {
    /// JSON pointer of RFC 6901.
    pub pointer: &'static str,
}

/// Reads an event of EventBridge. `None`: not a mail of Remit's (its tags are missing), or a kind
/// that is not used (opens, clicks, subscriptions).
///
/// # Errors
/// The first field that is not as documented. Nothing of its value, which may be an address.
pub fn parse(event: &Value) -> Result<Option<Feedback>, FeedbackFault> {
    let Some(event_type) = event_type(event)? else {
        return Ok(None);
    };
    let account_id = tag(event, ACCOUNT_TAG).and_then(|id| id.parse().ok());
    let document = tag(event, DOCUMENT_TAG).and_then(|id| id.parse().ok());
    let delivery_id = tag(event, DELIVERY_TAG).and_then(|id| id.parse().ok());
    let (Some(account_id), Some(document), Some(delivery_id)) = (account_id, document, delivery_id)
    else {
        return Ok(None);
    };
    let (kind, time) = match event_type {
        EventType::Send => (FeedbackKind::Sent, "/detail/mail/timestamp"),
        EventType::Delivery => {
            let recipients = addresses(event, "/detail/delivery/recipients")?;
            (
                FeedbackKind::Delivered { recipients },
                "/detail/delivery/timestamp",
            )
        }
        EventType::DeliveryDelay => {
            let delay_type = word(event, "/detail/deliveryDelay/delayType")?;
            (
                FeedbackKind::Delayed { delay_type },
                "/detail/deliveryDelay/timestamp",
            )
        }
        EventType::Bounce => (bounced(event)?, "/detail/bounce/timestamp"),
        EventType::Complaint => {
            let recipients = addresses(event, "/detail/complaint/complainedRecipients")?;
            (
                FeedbackKind::Complained { recipients },
                "/detail/complaint/timestamp",
            )
        }
        EventType::Reject => {
            let reason = word(event, "/detail/reject/reason")?;
            (FeedbackKind::Rejected { reason }, "/time")
        }
    };
    Ok(Some(Feedback {
        account_id,
        document,
        delivery_id,
        message_id: MessageId::new(text(event, "/detail/mail/messageId")?),
        kind,
        at: instant(event, time).or_else(|_| instant(event, "/time"))?,
    }))
}

enum EventType {
    Send,
    Delivery,
    DeliveryDelay,
    Bounce,
    Complaint,
    Reject,
}

/// The record's own word, else the bus's.
fn event_type(event: &Value) -> Result<Option<EventType>, FeedbackFault> {
    let own = event.pointer("/detail/eventType").and_then(Value::as_str);
    let name = match own {
        Some(name) => name,
        None => text(event, "/detail-type")?,
    };
    Ok(match name {
        "Send" | "Email Sent" => Some(EventType::Send),
        "Delivery" | "Email Delivered" => Some(EventType::Delivery),
        "DeliveryDelay" | "Email Delivery Delayed" => Some(EventType::DeliveryDelay),
        "Bounce" | "Email Bounced" => Some(EventType::Bounce),
        "Complaint" | "Email Complaint Received" => Some(EventType::Complaint),
        "Reject" | "Email Rejected" => Some(EventType::Reject),
        _ => None,
    })
}

fn bounced(event: &Value) -> Result<FeedbackKind, FeedbackFault> {
    let pointer = "/detail/bounce/bounceType";
    let permanent = match text(event, pointer)? {
        "Permanent" => true,
        "Transient" | "Undetermined" => false,
        _ => return Err(FeedbackFault { pointer }),
    };
    Ok(FeedbackKind::Bounced {
        permanent,
        subtype: word(event, "/detail/bounce/bounceSubType")?,
        recipients: addresses(event, "/detail/bounce/bouncedRecipients")?,
    })
}

fn text<'a>(event: &'a Value, pointer: &'static str) -> Result<&'a str, FeedbackFault> {
    event
        .pointer(pointer)
        .and_then(Value::as_str)
        .ok_or(FeedbackFault { pointer })
}

fn word(event: &Value, pointer: &'static str) -> Result<String, FeedbackFault> {
    Ok(text(event, pointer)?.chars().take(MAX_WORD_CHARS).collect())
}

fn instant(event: &Value, pointer: &'static str) -> Result<Timestamp, FeedbackFault> {
    text(event, pointer)?
        .parse()
        .map_err(|_| FeedbackFault { pointer })
}

/// A tag has a list of values; Remit sets one.
fn tag<'a>(event: &'a Value, name: &str) -> Option<&'a str> {
    event
        .pointer("/detail/mail/tags")?
        .get(name)?
        .get(0)?
        .as_str()
}

/// Addresses, or objects with an `emailAddress`. One that Remit would not write to itself is left
/// out: SES may report the address that a server rewrote it to.
fn addresses(event: &Value, pointer: &'static str) -> Result<Vec<EmailAddress>, FeedbackFault> {
    let list = event
        .pointer(pointer)
        .and_then(Value::as_array)
        .ok_or(FeedbackFault { pointer })?;
    let address = |item: &Value| {
        let text = item
            .as_str()
            .or_else(|| item.get("emailAddress")?.as_str())?;
        text.parse().ok()
    };
    Ok(list.iter().filter_map(address).collect())
}
