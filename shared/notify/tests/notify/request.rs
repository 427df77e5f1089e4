//! The request: who, what, and nothing that anybody could smuggle into a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_notify::mail::{Attachment, Picture};
use remit_notify::{HeaderText, Mail, Mailer as _, Refusal, SendError, Unsubscribe};
use serde_json::{Value, json};

use crate::wire::{Wire, mail};

async fn request_of(mail: &Mail) -> Value {
    let wire = Wire::taking(1);
    wire.mailer().send(mail).await.unwrap();
    wire.body()
}

/// The text of a header that may hold encoded words of RFC 2047.
fn read(header: &str) -> String {
    let mut text = String::new();
    for word in header.split(' ') {
        let inside = word
            .strip_prefix("=?UTF-8?B?")
            .and_then(|word| word.strip_suffix("?="));
        match inside {
            Some(encoded) => {
                assert!(word.len() <= 75, "{word}");
                text.push_str(&String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap());
            }
            None => {
                text.push(' ');
                text.push_str(word);
            }
        }
    }
    text
}

/// Every text of a JSON value.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_mail_is_asked_for_as_ses_documents_it() {
    let wire = Wire::taking(1);
    let everything = Mail {
        cc: vec!["books@acme.example".parse().unwrap()],
        to: vec![
            "jo@acme.example".parse().unwrap(),
            "al@acme.example".parse().unwrap(),
        ],
        subject: HeaderText::new("청구서 INV-2026-00001"),
        unsubscribe: Some(Unsubscribe::one_click("https://b.example/p/t/unsubscribe").unwrap()),
        ..mail()
    };
    let id = wire.mailer().send(&everything).await.unwrap();
    assert_eq!(id.as_str(), "0107018f-0c1d-000000");
    let sent = wire.sent().remove(0);
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str()),
        ("POST", "/v2/email/outbound-emails")
    );
    let header = |name: &str, value: &str| json!({"Name": name, "Value": value});
    let tag = |name: &str, value: String| json!({"Name": name, "Value": value});
    let utf8 = |text: &str| json!({"Data": text, "Charset": "UTF-8"});
    assert_eq!(
        sent.body,
        json!({
            "FromEmailAddress": "\"Studio Nord\" <billing@agency.example>",
            "ReplyToAddresses": ["hello@studio.example"],
            "Destination": {
                "ToAddresses": ["jo@acme.example", "al@acme.example"],
                "CcAddresses": ["books@acme.example"],
            },
            "Content": {"Simple": {
                "Subject": utf8("청구서 INV-2026-00001"),
                "Body": {"Text": utf8("Dear Jo\n"), "Html": utf8("<p>Dear Jo</p>")},
                "Headers": [
                    header("List-Unsubscribe", "<https://b.example/p/t/unsubscribe>"),
                    header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ],
            }},
            "EmailTags": [
                tag("remit_account", everything.account_id.to_string()),
                tag("remit_document", everything.document.to_string()),
                tag("remit_delivery", everything.delivery_id.to_string()),
            ],
            "ConfigurationSetName": "remit-dev-Mailing",
        })
    );
}

#[tokio::test]
async fn what_a_mail_has_not_is_not_asked_for() {
    let plain = Mail {
        from_name: None,
        reply_to: None,
        ..mail()
    };
    let body = request_of(&plain).await;
    assert_eq!(body["FromEmailAddress"], "billing@agency.example");
    assert_eq!(body.get("ReplyToAddresses"), None);
    assert_eq!(body["Destination"].get("CcAddresses"), None);
    assert_eq!(body["Content"]["Simple"].get("Headers"), None);
}

#[tokio::test]
async fn a_file_goes_with_its_mail() {
    let with_file = Mail {
        attachments: vec![Attachment {
            file_name: "EST-2026-0001-v1.json".to_owned(),
            media_type: "application/json",
            content: "{\"total\":\"10 \u{20ac}\"}".as_bytes().to_vec(),
        }],
        ..mail()
    };
    let body = request_of(&with_file).await;
    let file = &body["Content"]["Simple"]["Attachments"][0];
    assert_eq!(
        *file,
        json!({
            "FileName": "EST-2026-0001-v1.json", "ContentType": "application/json",
            "ContentDisposition": "ATTACHMENT", "ContentTransferEncoding": "BASE64",
            // The SDK encodes the bytes for JSON; SES decodes them.
            "RawContent": "eyJ0b3RhbCI6IjEwIOKCrCJ9",
        })
    );
    let none = request_of(&mail()).await;
    assert_eq!(none["Content"]["Simple"].get("Attachments"), None);
}

#[tokio::test]
async fn a_picture_of_the_html_is_shown_and_not_attached() {
    let with_picture = Mail {
        pictures: vec![Picture {
            content_id: "logo@remit",
            file_name: "logo.png",
            media_type: "image/png",
            content: b"PNG".to_vec(),
        }],
        ..mail()
    };
    let body = request_of(&with_picture).await;
    assert_eq!(
        body["Content"]["Simple"]["Attachments"],
        json!([{
            "FileName": "logo.png", "ContentId": "logo@remit", "ContentType": "image/png",
            "ContentDisposition": "INLINE", "ContentTransferEncoding": "BASE64",
            "RawContent": "UE5H",
        }])
    );
}

/// SES takes letters, digits, `_`, `-`, `.` and `@` in tags, at most 256 of them.
#[tokio::test]
async fn tags_are_such_that_ses_takes_them() {
    let body = request_of(&mail()).await;
    let tags = body["EmailTags"].as_array().unwrap();
    assert_eq!(tags.len(), 3);
    for text in tags.iter().flat_map(texts) {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.@".contains(&byte);
        assert!(text.len() <= 256 && text.bytes().all(plain), "{text}");
    }
}

/// What people could write into a name or a subject, by mistake or on purpose.
const HOSTILE: [&str; 12] = [
    "Acme\r\nBcc: everyone@evil.example",
    "Acme\nBcc: everyone@evil.example",
    "Acme\rBcc: everyone@evil.example",
    "Acme\u{85}Bcc: everyone@evil.example",
    "Acme\u{2028}Bcc: everyone@evil.example",
    "Acme\u{2029}Bcc: everyone@evil.example",
    "Acme\u{b}\u{c}\0\t",
    "Acme\" <everyone@evil.example>, \"x",
    "Acme\\\" <everyone@evil.example>",
    "Acme <everyone@evil.example>",
    "=?UTF-8?Q?Acme=0D=0ABcc:_everyone@evil.example?=",
    "\u{202e}elpmaxe.live\u{2066}한빛\r\n\r\n<script>",
];

#[tokio::test]
async fn nothing_in_a_name_or_subject_makes_a_header_or_an_address() {
    for text in HOSTILE {
        let hostile = Mail {
            from_name: Some(HeaderText::new(text)),
            subject: HeaderText::new(text),
            ..mail()
        };
        let body = request_of(&hostile).await;
        let from = body["FromEmailAddress"].as_str().unwrap();
        let subject = body["Content"]["Simple"]["Subject"]["Data"]
            .as_str()
            .unwrap();
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202e}');
        for header in [from, subject] {
            assert!(!header.contains(breaks), "{header:?}");
        }
        assert!(from.is_ascii());
        let (name, address) = from.rsplit_once(" <").unwrap();
        assert_eq!(address, "billing@agency.example>");
        // Quoted, or encoded: in neither can a second address begin.
        if let Some(inside) = name.strip_prefix('"') {
            let inside = inside.strip_suffix('"').unwrap();
            let bare = inside.replace("\\\\", "").replace("\\\"", "");
            assert!(!bare.contains(['"', '\\']), "{from}");
        } else {
            let words = |word: &str| word.starts_with("=?UTF-8?B?") && word.ends_with("?=");
            assert!(name.split(' ').all(words), "{from}");
        }
        let to = &body["Destination"];
        assert_eq!(to, &json!({"ToAddresses": ["jo@acme.example"]}));
    }
}

#[tokio::test]
async fn a_long_name_is_cut_and_folded_into_words() {
    let long = Mail {
        from_name: Some(HeaderText::new(&"한빛 & Söhne ".repeat(100))),
        subject: HeaderText::new(&"매우 긴 제목 ".repeat(5_000)),
        ..mail()
    };
    let body = request_of(&long).await;
    let from = body["FromEmailAddress"].as_str().unwrap();
    let name = read(from.rsplit_once(" <").unwrap().0);
    assert_eq!(name.chars().count(), HeaderText::MAX_CHARS);
    assert!(name.starts_with("한빛 & Söhne 한빛") && name.ends_with('…'));
    let subject = body["Content"]["Simple"]["Subject"]["Data"]
        .as_str()
        .unwrap();
    assert_eq!(subject.chars().count(), HeaderText::MAX_CHARS);
}

/// No character is torn in two by the limit of a word.
#[tokio::test]
async fn a_name_reads_back_whatever_its_length() {
    for length in 1..80 {
        for sign in ["é", "한", "😀"] {
            let name = format!("a{}", sign.repeat(length));
            let named = Mail {
                from_name: Some(HeaderText::new(&name)),
                ..mail()
            };
            let body = request_of(&named).await;
            let from = body["FromEmailAddress"].as_str().unwrap().to_owned();
            assert_eq!(read(from.rsplit_once(" <").unwrap().0), name);
        }
    }
}

#[tokio::test]
async fn the_body_is_whatever_was_written() {
    let text = "Line\r\n.\r\nBcc: x\u{0}\u{2028}".to_owned();
    let odd = Mail {
        text: text.clone(),
        html: text.clone(),
        ..mail()
    };
    let body = request_of(&odd).await;
    let content = &body["Content"]["Simple"]["Body"];
    assert_eq!(content["Text"]["Data"], json!(text));
    assert_eq!(content["Html"]["Data"], json!(text));
}

#[tokio::test]
async fn a_mail_to_nobody_or_to_too_many_does_not_leave() {
    let addresses = |count: usize| {
        let address = |number| format!("p{number}@acme.example").parse().unwrap();
        (0..count).map(address).collect::<Vec<_>>()
    };
    for (to, cc) in [(0, 0), (0, 1), (51, 0), (1, 50), (50, 1)] {
        let wire = Wire::taking(1);
        let crowd = Mail {
            to: addresses(to),
            cc: addresses(cc),
            ..mail()
        };
        let refused = wire.mailer().send(&crowd).await.unwrap_err();
        let SendError::Refused { reason, detail } = &refused else {
            unreachable!("{refused:?}")
        };
        assert_eq!(*reason, Refusal::Recipients);
        assert!(!detail.contains('@') && !reason.concerns_every_mail());
        assert!(wire.sent().is_empty());
    }
    for (to, cc) in [(1, 0), (50, 0), (1, 49)] {
        let full = Mail {
            to: addresses(to),
            cc: addresses(cc),
            ..mail()
        };
        request_of(&full).await;
    }
}
