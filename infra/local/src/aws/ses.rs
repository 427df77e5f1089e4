//! SES v2: `SendEmail`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_billing::canonical::ContentHash;
use serde_json::{Map, Value, json};

use super::Answer;
use crate::cloud::Cloud;
use crate::mailbox::{Mail, fate};
use crate::shelf::ShelfError;

const RECIPIENTS_MAX: usize = 50;

pub(super) fn send_email(cloud: &Cloud, body: &[u8]) -> Result<Answer, ShelfError> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let bad = |message: &str| Ok(Answer::error(400, "BadRequestException", message));
    let Some(from) = request["FromEmailAddress"]
        .as_str()
        .filter(|from| from.contains('@'))
    else {
        return bad("Missing final '@domain'");
    };
    let addresses = |name: &str| texts(&request["Destination"][name]);
    let (to, mut cc) = (addresses("ToAddresses"), addresses("CcAddresses"));
    cc.extend(addresses("BccAddresses"));
    let recipients = to.len() + cc.len();
    if recipients == 0 || recipients > RECIPIENTS_MAX {
        return bad("1 to 50 recipients are taken");
    }
    let now = cloud.now();
    let mut mail = Mail {
        id: format!("{:016x}-{}", now.as_millisecond(), cloud.random_id()),
        at: now,
        from: from.to_owned(),
        to,
        cc,
        reply_to: texts(&request["ReplyToAddresses"]),
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        headers: Map::new(),
        attachments: Vec::new(),
        attachments_sha256: Vec::new(),
        pictures: Map::new(),
        tags: pairs(&request["EmailTags"]),
        configuration_set: request["ConfigurationSetName"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        fate: String::new(),
    };
    let content = &request["Content"];
    if let Some(raw) = content["Raw"]["Data"].as_str() {
        let Ok(source) = STANDARD.decode(raw) else {
            return bad("Raw is not base64");
        };
        read_raw(&mut mail, &String::from_utf8_lossy(&source));
    } else if let Some(simple) = content.get("Simple") {
        let text = |pointer: &str| {
            simple
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        mail.subject = text("/Subject/Data");
        mail.text = text("/Body/Text/Data");
        mail.html = text("/Body/Html/Data");
        mail.headers = pairs(&simple["Headers"]);
        for file in simple["Attachments"].as_array().into_iter().flatten() {
            let content = file["RawContent"].as_str().unwrap_or_default();
            let (Some(name), Ok(content)) = (file["FileName"].as_str(), STANDARD.decode(content))
            else {
                return bad("an attachment has no FileName, or its RawContent is not base64");
            };
            if file["ContentDisposition"] == "INLINE" {
                let Some(id) = file["ContentId"].as_str().filter(|id| !id.is_empty()) else {
                    return bad("an attachment is inline and has no ContentId");
                };
                let media_type = file["ContentType"].as_str().unwrap_or_default();
                let address = format!("data:{media_type};base64,{}", STANDARD.encode(&content));
                mail.pictures.insert(id.to_owned(), address.into());
                continue;
            }
            mail.attachments.push(name.to_owned());
            let hash = ContentHash::of(&content).to_string();
            mail.attachments_sha256.push(hash);
        }
    } else {
        return bad("the local cloud takes Simple and Raw content");
    }
    mail.fate = fate(&mail.destination()).to_owned();
    let id = mail.id.clone();
    cloud.take_mail(mail)?;
    Ok(Answer::ok(&json!({ "MessageId": id })))
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn pairs(list: &Value) -> Map<String, Value> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|pair| Some((pair["Name"].as_str()?.to_owned(), pair["Value"].clone())))
        .collect()
}

/// A raw mail is shown as its headers and its source; its parts are not taken apart.
fn read_raw(mail: &mut Mail, source: &str) {
    let source = source.replace("\r\n", "\n");
    let (head, body) = source.split_once("\n\n").unwrap_or((&source, ""));
    for line in head.replace("\n ", " ").replace("\n\t", " ").lines() {
        if let Some((name, value)) = line.split_once(':') {
            mail.headers
                .insert(name.trim().to_owned(), value.trim().into());
        }
    }
    let subject = mail
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("subject"));
    if let Some(subject) = subject.and_then(|(_, value)| value.as_str()) {
        mail.subject = subject.to_owned();
    }
    mail.text = body.to_owned();
}
