//! The agency's own words in a mail: filled in with what the mail knows, in its language.

use remit_billing::mail_text::{Placeholder, TextPart, Values, Wording};

use super::frame::Frame;
use super::subject::one_line;

/// The agency's words for one mail, and for whom they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// What the agency says; nothing where Remit's words stand.
    pub wording: Wording,
    /// The client's name.
    pub client: Option<String>,
}

/// What is said instead of Remit's own words, each where it is.
#[derive(Default)]
pub(crate) struct Said {
    pub greeting: Option<String>,
    pub opening: Option<String>,
    pub closing: Option<String>,
}

impl Own {
    /// What is said with these values, which are one line each, and the names that every mail knows.
    pub(crate) fn said(&self, frame: &Frame, recipient: Option<&str>, values: Values) -> Said {
        if self.wording.is_empty() {
            return Said::default();
        }
        let values = values
            .with(Placeholder::AgencyName, frame.agency.as_str())
            .with_some(Placeholder::ContactName, recipient.map(one_line))
            .with_some(
                Placeholder::ClientName,
                self.client.as_deref().map(one_line),
            );
        let part = |part| self.wording.said(part, &values);
        Said {
            greeting: part(TextPart::Greeting),
            opening: part(TextPart::Opening),
            closing: part(TextPart::Closing),
        }
    }
}
