//! The pages that a client opens by a link: one invoice, the work behind it, the list of invoices,
//! several to pay at once, a message.
//!
//! A page is one file without script, image or font from anywhere, readable with any screen, in
//! light and dark, and printable on A4. It comes with the security policy that allows exactly it:
//! its own style by hash, and forms to where its button leads.

pub mod credit_note;
pub(crate) mod frame;
pub mod invoice;
pub mod invoices;
pub mod message;
pub mod several;
pub mod timesheet;

pub use credit_note::{CreditNotePage, render as credit_note};
pub(crate) use frame::initial;
pub use invoice::{
    AgreedRow, CreditRow, DisputeForm, DisputeRow, InstalmentRow, InvoicePage, Notice, PageSection,
    PartForm, PartRefused, PayAction, PayLabel, PayWay, PromiseForm, render as invoice,
};
pub(crate) use invoice::{LineView, PartyBlock, days_between, is_long, line_view};
pub use invoices::{InvoiceList, ListNotice, ListedInvoice, ListedMethod, render as invoices};
pub use message::{Message, MessagePage, render as message};
pub use several::{SeveralPage, render as several};
pub use timesheet::{AmountOf, TimesheetPage, WorkLine, WorkRow, render as timesheet};

/// A page and what must be sent with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPage {
    /// The body, to be sent as `text/html; charset=utf-8`.
    pub html: String,
    /// The value of `Content-Security-Policy`. It belongs to this page alone.
    pub content_security_policy: String,
}

impl RenderedPage {
    /// Every header of the page, names in lower case. A link is a key: the page stands in no
    /// cache, no search engine, no frame, and its address leaves for no other site.
    pub fn headers(&self) -> [(&'static str, &str); 8] {
        [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", &self.content_security_policy),
            ("cache-control", "no-store"),
            // `no-referrer` would send forms with the origin `null`.
            ("referrer-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-robots-tag", "noindex, nofollow"),
            ("cross-origin-opener-policy", "same-origin"),
        ]
    }
}
