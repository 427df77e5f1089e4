//! One e-mail. Its types leave no room for a second header: a line break cannot get in.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_billing::delivery::DocumentId;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, DeliveryId};
use remit_billing::party::EmailAddress;

/// Most recipients of one mail, copies included: SES's limit.
pub const MAX_RECIPIENTS: usize = 50;

/// One mail of one delivery.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Whose mail it is; comes back in SES's events.
    pub account_id: AccountId,
    /// The document that it is about; comes back in SES's events.
    pub document: DocumentId,
    /// The delivery that it fulfils; comes back in SES's events.
    pub delivery_id: DeliveryId,
    /// The verified sender.
    pub from: EmailAddress,
    /// The name that readers see, usually the agency's.
    pub from_name: Option<HeaderText>,
    /// Who gets the answers.
    pub reply_to: Option<EmailAddress>,
    /// At least one.
    pub to: Vec<EmailAddress>,
    /// Copies.
    pub cc: Vec<EmailAddress>,
    /// The subject.
    pub subject: HeaderText,
    /// For readers without HTML.
    pub text: String,
    /// For the others.
    pub html: String,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// What its HTML shows.
    pub pictures: Vec<Picture>,
    /// How to get no more of these: for reminders, never for invoices and receipts, which are
    /// due to the client.
    pub unsubscribe: Option<Unsubscribe>,
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name; of Remit's own making.
    pub file_name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// A picture that the HTML of a mail shows: it goes with the mail, and is no file to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What the HTML calls it by, after `cid:` (RFC 2392).
    pub content_id: &'static str,
    /// A name, for programs that show it as a file all the same.
    pub file_name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// One line of a header: no control characters, no line breaks, at most
/// [`HeaderText::MAX_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderText(String);

impl HeaderText {
    /// Longest text, in characters.
    pub const MAX_CHARS: usize = 250;

    /// The text as one line: control characters, line separators and marks that turn the
    /// direction of writing become spaces, runs of spaces one, and a longer text is cut.
    ///
    /// It never refuses: a mail must not stay away because of a stray tab in a name.
    pub fn new(text: &str) -> Self {
        let spaced: String = text
            .chars()
            .map(|character| {
                if breaks_a_line(character) {
                    ' '
                } else {
                    character
                }
            })
            .collect();
        let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= Self::MAX_CHARS {
            return Self(line);
        }
        let mut cut: String = line.chars().take(Self::MAX_CHARS - 1).collect();
        cut.truncate(cut.trim_end().len());
        cut.push('…');
        Self(cut)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn breaks_a_line(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Where a reader says that they want no more of these: `List-Unsubscribe` of RFC 2369, with one
/// click of RFC 8058 where a POST to the address does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    url: String,
    one_click: bool,
}

impl Unsubscribe {
    /// Longest address, in bytes; SES takes 870 in a header.
    pub const MAX_BYTES: usize = 800;

    /// An address at which a POST without a body or a session does it, and a GET changes nothing.
    ///
    /// # Errors
    /// [`Fault::BadUrl`]; one click wants https.
    pub fn one_click(url: &str) -> Result<Self, Fault> {
        if !url.starts_with("https://") {
            return Err(Fault::BadUrl);
        }
        Ok(Self {
            one_click: true,
            ..Self::page(url)?
        })
    }

    /// An address of a page on which a person does it.
    ///
    /// # Errors
    /// [`Fault::BadUrl`].
    pub fn page(url: &str) -> Result<Self, Fault> {
        let has_scheme = url.starts_with("https://") || url.starts_with("http://");
        let fits = |byte: u8| byte.is_ascii_graphic() && !b"<>,\"".contains(&byte);
        if !has_scheme || url.len() > Self::MAX_BYTES || !url.bytes().all(fits) {
            return Err(Fault::BadUrl);
        }
        Ok(Self {
            url: url.to_owned(),
            one_click: false,
        })
    }

    /// The headers, name and value.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("List-Unsubscribe", format!("<{}>", self.url))];
        if self.one_click {
            headers.push((
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ));
        }
        headers
    }
}

/// SES's name of a mail that it took.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The id as SES gave it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address with the name that readers see, as RFC 5322 writes it: a quoted name, or encoded
/// words of RFC 2047 where it is not ASCII.
pub(crate) fn mailbox(name: Option<&HeaderText>, address: &EmailAddress) -> String {
    match name.map(HeaderText::as_str).filter(|name| !name.is_empty()) {
        None => address.to_string(),
        Some(name) if name.is_ascii() => {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!("\"{quoted}\" <{address}>")
        }
        Some(name) => format!("{} <{address}>", encoded_words(name)),
    }
}

/// An encoded word is at most 75 characters, 12 of them frame: 45 bytes in base64.
const MAX_ENCODED_BYTES: usize = 45;

fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut part = String::new();
    for character in text.chars() {
        if part.len() + character.len_utf8() > MAX_ENCODED_BYTES {
            words.push(std::mem::take(&mut part));
        }
        part.push(character);
    }
    words.push(part);
    let encoded = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn nothing_gets_a_second_line_into_a_header() {
        for (given, kept) in [
            ("Invoice 7", "Invoice 7"),
            (
                "Invoice\r\nBcc: everyone@example.com",
                "Invoice Bcc: everyone@example.com",
            ),
            ("a\u{0}b\u{b}c\u{85}d", "a b c d"),
            ("one\u{2028}two\u{2029}three", "one two three"),
            ("\u{202e}detrevni", "detrevni"),
            ("  spaced \t out  ", "spaced out"),
            ("", ""),
            ("청구서 2026-7", "청구서 2026-7"),
        ] {
            assert_eq!(HeaderText::new(given).as_str(), kept, "{given:?}");
        }
        let long = HeaderText::new(&"한".repeat(1000));
        assert_eq!(long.as_str().chars().count(), HeaderText::MAX_CHARS);
        assert!(long.as_str().ends_with('…'));
    }

    #[test]
    fn a_name_is_quoted_or_encoded() {
        let address: EmailAddress = "billing@example.com".parse().unwrap();
        let shown = |name: &str| mailbox(Some(&HeaderText::new(name)), &address);
        assert_eq!(mailbox(None, &address), "billing@example.com");
        assert_eq!(shown(""), "billing@example.com");
        assert_eq!(shown("Acme, Inc."), "\"Acme, Inc.\" <billing@example.com>");
        assert_eq!(
            shown("A \"B\" \\ <x@y.z>"),
            r#""A \"B\" \\ <x@y.z>" <billing@example.com>"#
        );
        assert_eq!(shown("한빛"), "=?UTF-8?B?7ZWc67mb?= <billing@example.com>");
        let long = shown(&"한".repeat(40));
        let words: Vec<&str> = long.split(' ').collect();
        assert_eq!(words.len(), 4, "three words and the address: {long}");
        assert!(words.iter().all(|word| word.len() <= 75), "{long}");
    }

    #[test]
    fn an_unsubscribe_address_is_one_address() {
        let one = Unsubscribe::one_click("https://bills.example.com/p/abc/mute?x=1").unwrap();
        assert_eq!(
            one.headers(),
            vec![
                (
                    "List-Unsubscribe",
                    "<https://bills.example.com/p/abc/mute?x=1>".to_owned()
                ),
                (
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click".to_owned()
                ),
            ]
        );
        let page = Unsubscribe::page("http://127.0.0.1:3000/p/abc").unwrap();
        assert_eq!(page.headers().len(), 1);
        assert!(Unsubscribe::one_click("http://127.0.0.1:3000/p/abc").is_err());
        let long = format!("https://x.example/{}", "a".repeat(800));
        for bad in [
            "",
            "mailto:a@b.example",
            "https://a.example/>, <mailto:b@c.example",
            "https://a.example/\r\nBcc: x",
            "https://a.example/a b",
            "https://a.example/é",
            long.as_str(),
        ] {
            assert_eq!(Unsubscribe::page(bad), Err(Fault::BadUrl), "{bad:?}");
        }
    }
}
