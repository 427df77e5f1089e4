//! A mail that came in: what SES says of it when it calls a function, after the mail itself was
//! put into the bucket.
//!
//! Source: <https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html>
//! for the fields, under `Records[0].ses` in the event of a Lambda action.

use remit_billing::party::EmailAddress;
use serde::Deserialize;
use serde_json::Value;

/// What SES says of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// SES's name of it, under which it lies in the bucket: letters, digits, `-` and `_`.
    pub message_id: String,
    /// The addresses of ours that it came to (the envelope's).
    pub recipients: Vec<String>,
    /// Whether it is spam, or carries a virus.
    pub is_bad: bool,
    /// Who delivered it, from the envelope; none for what answers by itself.
    envelope_from: Option<EmailAddress>,
    spf_passed: bool,
    dmarc_passed: bool,
}

/// An event that is not as documented.
#[derive(Debug, thiserror::Error)]
pub enum IncomingFault {
    /// A field is missing, or of another type.
    #[error("not an event of a mail that came in: {0}")]
    Shape(#[from] serde_json::Error),
    /// Not one record.
    #[error("{0} records, where SES sends one")]
    Records(usize),
    /// The name could stand for another object.
    #[error("the name of the mail is none of SES's")]
    MessageId,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    ses: Ses,
}

#[derive(Deserialize)]
struct Ses {
    mail: Mail,
    receipt: Receipt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    #[serde(default)]
    source: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    recipients: Vec<String>,
    spam_verdict: Verdict,
    virus_verdict: Verdict,
    spf_verdict: Verdict,
    dmarc_verdict: Verdict,
}

#[derive(Deserialize)]
struct Verdict {
    status: Status,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Pass,
    Fail,
    /// No finding: no policy to go by, say.
    #[serde(other)]
    Other,
}

impl Incoming {
    /// Reads the event of a Lambda action.
    ///
    /// # Errors
    /// [`IncomingFault`].
    pub fn parse(event: Value) -> Result<Self, IncomingFault> {
        let mut records = serde_json::from_value::<Event>(event)?.records;
        let (Some(record), true) = (records.pop(), records.is_empty()) else {
            return Err(IncomingFault::Records(records.len()));
        };
        let Ses { mail, receipt } = record.ses;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if mail.message_id.is_empty() || !mail.message_id.bytes().all(plain) {
            return Err(IncomingFault::MessageId);
        }
        Ok(Self {
            message_id: mail.message_id,
            recipients: receipt.recipients,
            is_bad: receipt.spam_verdict.status == Status::Fail
                || receipt.virus_verdict.status == Status::Fail,
            envelope_from: EmailAddress::parse(&mail.source).ok(),
            spf_passed: receipt.spf_verdict.status == Status::Pass,
            dmarc_passed: receipt.dmarc_verdict.status == Status::Pass,
        })
    }

    /// Whether the mail is from who it says, as far as the address's domain answers for it: by
    /// DMARC (RFC 7489), or, where the domain has no such policy, by SPF for the very domain.
    pub fn is_from(&self, author: &EmailAddress) -> bool {
        let same_domain = |envelope: &EmailAddress| envelope.domain() == author.domain();
        self.dmarc_passed
            || (self.spf_passed && self.envelope_from.as_ref().is_some_and(same_domain))
    }

    /// Whether nobody gets what is answered to it: a notice of a mail server's, or an answer that a
    /// machine gave (RFC 3834).
    pub fn has_no_return_path(&self) -> bool {
        self.envelope_from.is_none()
    }
}
