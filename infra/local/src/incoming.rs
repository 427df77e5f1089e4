//! Mail that comes in: an answer to a mail of the mailbox, written as a mail program would, and
//! taken as SES's receipt rule takes it: into the bucket, and to the function.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use remit_runtime::BoxError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::aws::s3;
use crate::cloud::Cloud;
use crate::mailbox::Mail;
use crate::template::ReceiptRuleSpec;

/// What somebody answers to a mail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The words.
    pub text: String,
    /// Who writes; the first recipient of the mail if left out.
    #[serde(default)]
    pub from: String,
    /// Files, their bytes in base64.
    #[serde(default)]
    pub files: Vec<AnswerFile>,
    /// What the mail's `Message-ID` is; a new one if left out.
    #[serde(default)]
    pub message_id: String,
    /// Whether somebody else sends it in this name: SPF and DMARC fail.
    #[serde(default)]
    pub forged: bool,
    /// Whether a machine answers (`Auto-Submitted`).
    #[serde(default)]
    pub automatic: bool,
}

/// A file of an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerFile {
    /// What it is called.
    pub name: String,
    /// In base64.
    pub content: String,
}

/// Takes in an answer to a mail; gives where it went to.
///
/// # Errors
/// A file that is not in base64; the shelf's.
pub fn answer(cloud: &Cloud, mail: &Mail, mut answer: Answer) -> Result<Value, BoxError> {
    let now = cloud.now();
    let first = mail.to.first().cloned().unwrap_or_default();
    if answer.from.trim().is_empty() {
        answer.from = first;
    }
    let id = cloud.random_id();
    if answer.message_id.is_empty() {
        answer.message_id = format!("{id}@answers.example");
    }
    let to = mail.reply_to.first().unwrap_or(&mail.from).clone();
    let raw = written(mail, &answer, &to, now)?;
    let domain = to.rsplit_once('@').map_or("", |(_, domain)| domain);
    let takes = |rule: &&ReceiptRuleSpec| rule.domains.iter().any(|known| known == domain);
    match cloud.template.receipt_rules.iter().find(takes) {
        Some(rule) => {
            let key = format!("{}{id}", rule.object_prefix);
            s3::keep(cloud, &key, "message/rfc822", &raw)?;
            cloud.call_later(&rule.function, event(&answer, &to, &id, now), None)?;
        }
        // An ordinary mailbox: nobody of ours reads it but a person.
        None => cloud.mailbox.keep(Mail {
            id: id.clone(),
            at: now,
            from: answer.from.clone(),
            to: vec![to.clone()],
            cc: Vec::new(),
            reply_to: Vec::new(),
            subject: subject(mail),
            text: answer.text.clone(),
            html: String::new(),
            headers: Map::new(),
            attachments: answer.files.iter().map(|file| file.name.clone()).collect(),
            attachments_sha256: Vec::new(),
            pictures: Map::new(),
            tags: Map::new(),
            configuration_set: String::new(),
            fate: "Delivery".to_owned(),
        })?,
    }
    Ok(json!({"id": id, "from": answer.from, "to": to}))
}

fn subject(mail: &Mail) -> String {
    format!("Re: {}", mail.subject)
}

/// The mail, as programs write it: the words above the quoted mail.
fn written(mail: &Mail, answer: &Answer, to: &str, now: Timestamp) -> Result<Vec<u8>, BoxError> {
    let quoted: String = mail
        .text
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let on = mail.at.strftime("%a, %d %b %Y at %H:%M");
    let text = format!("{}\n\nOn {on} {} wrote:\n{quoted}", answer.text, mail.from);
    let mut message = MessageBuilder::new()
        .from(answer.from.as_str())
        .to(to)
        .subject(subject(mail))
        .message_id(answer.message_id.as_str())
        .date(now.as_second())
        .text_body(text);
    if answer.automatic {
        let by_itself = mail_builder::headers::raw::Raw::new("auto-replied");
        message = message.header("Auto-Submitted", by_itself);
    }
    for file in &answer.files {
        let content = STANDARD.decode(&file.content)?;
        message = message.attachment("application/octet-stream", file.name.as_str(), content);
    }
    Ok(message.write_to_vec()?)
}

/// What SES says when it calls a function.
fn event(answer: &Answer, to: &str, id: &str, now: Timestamp) -> Value {
    let pass = json!({"status": "PASS"});
    let authentic = match answer.forged {
        true => json!({"status": "FAIL"}),
        false => pass.clone(),
    };
    json!({"Records": [{
        "eventSource": "aws:ses",
        "eventVersion": "1.0",
        "ses": {
            "mail": {
                "timestamp": now,
                "source": answer.from,
                "messageId": id,
                "destination": [to],
                "headersTruncated": false,
                "headers": [],
                "commonHeaders": {
                    "from": [answer.from], "to": [to], "messageId": answer.message_id,
                },
            },
            "receipt": {
                "timestamp": now,
                "processingTimeMillis": 7,
                "recipients": [to],
                "spamVerdict": pass,
                "virusVerdict": pass,
                "spfVerdict": authentic,
                "dkimVerdict": authentic,
                "dmarcVerdict": authentic,
                "action": {"type": "Lambda", "invocationType": "Event"},
            },
        },
    }]})
}
