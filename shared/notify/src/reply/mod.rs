//! What somebody wrote in answer to a mail: the words, who wrote them, and what else came along.

mod own_words;

use mail_parser::decoders::html::html_to_text;
use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};
use remit_billing::canonical::ContentHash;
use remit_billing::party::EmailAddress;

use own_words::own_words;

/// Longest text that is read, in bytes; what is longer is cut before anything else.
const MAX_TEXT_BYTES: usize = 200_000;

/// What was read of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The SHA-256 of its `Message-ID`, or of the whole mail where it has none: the same mail may
    /// come twice.
    pub id: ContentHash,
    /// Who wrote it, as it says itself; none where it names nobody, or several.
    pub from: Option<EmailAddress>,
    /// Whether a machine answered: somebody is away, or the mail could not be delivered.
    pub is_automatic: bool,
    /// The author's own words, without what they answer to; empty where there are none.
    pub text: String,
    /// What the files that came with it are called.
    pub file_names: Vec<String>,
}

impl Reply {
    /// Reads a mail (RFC 5322, MIME); none where it is no mail at all. `ours` are addresses of
    /// ours that stand in what is quoted below an answer.
    pub fn read(raw: &[u8], ours: &[&str]) -> Option<Self> {
        let message = MessageParser::default().parse(raw)?;
        let id = match message.message_id() {
            Some(id) => ContentHash::of(id.as_bytes()),
            None => ContentHash::of(raw),
        };
        Some(Self {
            id,
            from: author(&message),
            is_automatic: is_automatic(&message),
            text: own_words(&text(&message), ours),
            file_names: file_names(&message),
        })
    }
}

/// The only author. Two `From` headers are two authors, of which servers check one or the other.
fn author(message: &Message<'_>) -> Option<EmailAddress> {
    let headers = message.headers().iter();
    let mut named = headers.filter(|header| header.name == HeaderName::From);
    let (Some(header), None) = (named.next(), named.next()) else {
        return None;
    };
    let HeaderValue::Address(addresses) = &header.value else {
        return None;
    };
    let mut addresses = addresses.iter();
    match (addresses.next(), addresses.next()) {
        (Some(only), None) => EmailAddress::parse(only.address()?).ok(),
        _ => None,
    }
}

/// Whether a machine says that it answers: RFC 3834, reports of RFC 6522, and what was used before.
fn is_automatic(message: &Message<'_>) -> bool {
    let text = |name: &'static str| {
        let text = message.header_raw(name);
        text.map(|text| text.trim().to_ascii_lowercase())
    };
    let submitted = text("Auto-Submitted").is_some_and(|kind| !kind.starts_with("no"));
    let precedence = text("Precedence");
    let bulk = ["bulk", "junk", "list", "auto_reply", "auto-reply"];
    let is_report = message
        .content_type()
        .is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype() == Some("report"));
    submitted
        || precedence.is_some_and(|word| bulk.contains(&word.as_str()))
        || text("X-Autoreply").is_some()
        || text("X-Autorespond").is_some()
        || is_report
}

/// The text of the mail, all parts of it; what is only HTML is read as text.
fn text(message: &Message<'_>) -> String {
    let parts = message.text_bodies().filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        PartType::Html(html) => Some(html_to_text(&with_line_breaks(html))),
        _ => None,
    });
    let mut text = parts.collect::<Vec<_>>().join("\n");
    if text.len() > MAX_TEXT_BYTES {
        let mut end = MAX_TEXT_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

/// The reader of HTML breaks lines at `br` and `p` only; most programs write each line as a `div`.
fn with_line_breaks(html: &str) -> String {
    let mut broken = String::with_capacity(html.len());
    for (at, tag) in html.split('<').enumerate() {
        if at > 0 {
            let name = tag.split(|c: char| c != '/' && !c.is_ascii_alphanumeric());
            let name = name.take(1).collect::<String>().to_ascii_lowercase();
            if ["/div", "/tr", "/li", "blockquote", "hr"].contains(&name.as_str()) {
                broken.push_str("<br>");
            }
            broken.push('<');
        }
        broken.push_str(tag);
    }
    broken
}

/// Files that the author attached; pictures within the text are none.
fn file_names(message: &Message<'_>) -> Vec<String> {
    let attached = message
        .attachments()
        .filter(|part| part.content_id().is_none());
    let names = attached.filter_map(|part| part.attachment_name());
    names
        .map(|name| crate::mail::HeaderText::new(name).as_str().to_owned())
        .collect()
}
