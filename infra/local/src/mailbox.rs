//! The mailbox: every mail that SES would have sent, kept to be read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::shelf::{Shelf, ShelfError};

const KIND: &str = "mail";

/// One mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    /// SES's name of it.
    pub id: String,
    /// When it was taken (UTC).
    pub at: Timestamp,
    /// The sender, as written in the header.
    pub from: String,
    /// Whom it is to.
    pub to: Vec<String>,
    /// Copies.
    pub cc: Vec<String>,
    /// Who gets the answers.
    pub reply_to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// For the others.
    pub html: String,
    /// Further headers by name.
    pub headers: Map<String, Value>,
    /// The names of attached files.
    pub attachments: Vec<String>,
    /// The SHA-256 of each, in the same order.
    #[serde(default)]
    pub attachments_sha256: Vec<String>,
    /// What the HTML shows and the mail brings along: `data:` addresses by content id.
    #[serde(default)]
    pub pictures: Map<String, Value>,
    /// The tags that SES repeats in its events.
    pub tags: Map<String, Value>,
    /// The configuration set; empty for none.
    pub configuration_set: String,
    /// What became of it: `Delivery`, `Bounce` or `Complaint`.
    pub fate: String,
}

impl Mail {
    /// Every address that it goes to.
    pub fn destination(&self) -> Vec<&str> {
        self.to.iter().chain(&self.cc).map(String::as_str).collect()
    }

    /// Its HTML with the pictures that it brings along in their places.
    pub fn html_shown(&self) -> String {
        let pictures = self.pictures.iter();
        pictures.fold(self.html.clone(), |html, (id, address)| {
            html.replace(&format!("cid:{id}"), address.as_str().unwrap_or_default())
        })
    }

    /// Whether it goes to this address.
    pub fn is_to(&self, address: &str) -> bool {
        self.destination()
            .iter()
            .any(|to| to.eq_ignore_ascii_case(address))
    }
}

/// All mails, oldest first.
pub struct Mailbox {
    shelf: Shelf,
    mails: Mutex<Vec<Mail>>,
}

impl Mailbox {
    /// The mails as they were left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf) -> Result<Self, ShelfError> {
        let mails = shelf.all(KIND)?.into_iter().map(|(_, mail)| mail).collect();
        Ok(Self {
            shelf,
            mails: Mutex::new(mails),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a mail.
    ///
    /// # Errors
    /// The shelf's.
    pub fn keep(&self, mail: Mail) -> Result<(), ShelfError> {
        let mut mails = self.lock();
        self.shelf
            .put(KIND, &format!("{:012}", mails.len() + 1), &mail)?;
        mails.push(mail);
        Ok(())
    }

    /// Every mail, oldest first.
    pub fn all(&self) -> Vec<Mail> {
        self.lock().clone()
    }

    /// One mail.
    pub fn get(&self, id: &str) -> Option<Mail> {
        self.lock().iter().find(|mail| mail.id == id).cloned()
    }
}

/// The events that SES would publish about a mail: kind and detail.
pub fn events(mail: &Mail) -> Vec<(&'static str, Value)> {
    let tags: Map<String, Value> = mail
        .tags
        .iter()
        .map(|(name, value)| (name.clone(), json!([value])))
        .chain([(
            "ses:configuration-set".to_owned(),
            json!([mail.configuration_set]),
        )])
        .collect();
    let destination = mail.destination();
    let about = json!({
        "timestamp": mail.at,
        "source": mail.from,
        "sourceArn": "arn:aws:ses:us-east-1:000000000000:identity/local",
        "sendingAccountId": "000000000000",
        "messageId": mail.id,
        "destination": destination,
        "headersTruncated": false,
        "headers": [],
        "commonHeaders": {
            "from": [mail.from], "to": mail.to, "messageId": mail.id, "subject": mail.subject,
        },
        "tags": tags,
    });
    let whose: Vec<Value> = destination
        .iter()
        .map(|address| json!({ "emailAddress": address }))
        .collect();
    let event = |kind: &str, part: &str, detail: Value| json!({ "eventType": kind, "mail": about, part: detail });
    let fate = match mail.fate.as_str() {
        "Bounce" => (
            "Email Bounced",
            event(
                "Bounce",
                "bounce",
                json!({
                    "feedbackId": format!("{}-bounce", mail.id),
                    "bounceType": "Permanent",
                    "bounceSubType": "General",
                    "bouncedRecipients": whose,
                    "timestamp": mail.at,
                    "reportingMTA": "dns; localhost",
                }),
            ),
        ),
        "Complaint" => (
            "Email Complaint Received",
            event(
                "Complaint",
                "complaint",
                json!({
                    "feedbackId": format!("{}-complaint", mail.id),
                    "complaintSubType": null,
                    "complainedRecipients": whose,
                    "timestamp": mail.at,
                    "complaintFeedbackType": "abuse",
                }),
            ),
        ),
        _ => (
            "Email Delivered",
            event(
                "Delivery",
                "delivery",
                json!({
                    "timestamp": mail.at,
                    "processingTimeMillis": 7,
                    "recipients": destination,
                    "smtpResponse": "250 2.6.0 Message received",
                    "reportingMTA": "localhost",
                }),
            ),
        ),
    };
    vec![("Email Sent", event("Send", "send", json!({}))), fate]
}

/// What becomes of a mail to these addresses, after SES's mailbox simulator.
pub fn fate(destination: &[&str]) -> &'static str {
    let simulates = |name: &str| {
        destination.iter().any(|address| {
            address.split_once('@').is_some_and(|(local, domain)| {
                domain.eq_ignore_ascii_case("simulator.amazonses.com")
                    && local.split('+').next() == Some(name)
            })
        })
    };
    if simulates("bounce") || simulates("suppressionlist") {
        "Bounce"
    } else if simulates("complaint") {
        "Complaint"
    } else {
        "Delivery"
    }
}
