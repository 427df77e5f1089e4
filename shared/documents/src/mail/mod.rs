//! The e-mails to a client, one folder each: subject, text and HTML.
//!
//! The text part says everything that the HTML part says. The HTML part is a table with inline
//! styles, as mail programs want it, and has its dark colours in a style sheet for those that
//! read one. What an agency or client wrote is one line where a line is meant, and escaped.

pub(crate) mod frame;
pub mod invoice;
pub mod own_words;
pub mod receipt;
pub mod reminder;
pub(crate) mod subject;
pub mod void_notice;

pub use frame::LOGO_CONTENT_ID;
pub use invoice::{InvoiceMail, MailLine, render as invoice};
pub use own_words::Own;
pub use receipt::{ReceiptMail, render as receipt};
pub use reminder::{ReminderMail, render as reminder};
pub use subject::Subject;
pub use void_notice::{VoidNoticeMail, render as void_notice};

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// The subject: one line.
    pub subject: Subject,
    /// The `text/plain` part.
    pub text: String,
    /// The `text/html` part.
    pub html: String,
}
