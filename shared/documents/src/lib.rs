//! What a document looks like: the client's page and the e-mail, in the client's language.
//!
//! Pure: data in, text out. [`Issued`] is where callers begin: it reads what is stored. [`page`] makes the pages of the portal, [`mail`] the e-mails,
//! [`locale`] the words, numbers and dates of both. Everything that an agency or a client wrote
//! is escaped where it is placed; a subject cannot hold a line break, by type.
//!
//! Nothing here computes money: amounts come in as they were reckoned, and are only written down.
#![cfg_attr(
    test,
    expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")
)]

pub mod agency;
mod ahead;
mod calendar;
mod e_invoice;
mod instructions;
pub mod invited;
pub mod invoice;
pub mod issued;
mod late_fees;
pub mod locale;
pub mod mail;
pub mod offered;
mod overview;
pub mod page;
pub mod paper;
mod portal;
mod qr;
mod question;
mod sample;
mod sheet;
mod statement;
mod sums;
mod thanks;

pub use ahead::Ahead;
pub use e_invoice::EInvoiceError;
pub use instructions::PaymentInstructions;
pub use invited::{Invited, Joining};
pub use issued::{
    ChosenInvoices, ClientInvoices, Issued, ListedStanding, MailOptions, PageOptions,
};
pub use late_fees::line_in_words as late_fee_in_words;
pub use locale::LocaleError;
pub use offered::{OfferForms, OfferMailOptions, OfferNotice, Offered};
pub use overview::{COUNTED_MAX, Door, DoorStep, LISTED_MAX, Look};
pub use portal::{
    Contents, Listing, PortalForms, PortalNotice, PortalPaths, SignInStep, SigningIn,
};
pub use question::{QuestionForm, Questions};
pub use sample::Sample;
pub use sheet::{Cell, NoTable, Sheet};
pub use statement::Stated;
pub use thanks::Thanks;

/// Why a page or mail could not be made. Always a fault of Remit or of its caller, never of what
/// an agency or a client wrote: it belongs in the log, and the reader gets a plain problem.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A word is missing in a language.
    #[error(transparent)]
    Locale(#[from] LocaleError),
    /// Amounts do not fit together.
    #[error(transparent)]
    Money(#[from] remit_billing::money::MoneyError),
    /// The template failed.
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
    /// An e-invoice could not be written.
    #[error("an e-invoice could not be written: {0}")]
    Xml(#[from] std::io::Error),
    /// What the text is about was not handed over.
    #[error("what the mail is about is not there")]
    Incomplete,
    /// A choice of options that the offer does not have.
    #[error("the offer has no such options")]
    UnknownChoice,
    /// What a form may lead to is no plain origin (`https://checkout.example`).
    #[error("not an origin that a security policy can name: {0:?}")]
    BadOrigin(String),
}
