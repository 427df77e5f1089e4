//! E-mail, out and back: one mail through SES, what SES says became of it, and what somebody
//! answered. And the networks that take e-invoices: see [`network`].
//!
//! SES knows no idempotency: whether a mail may be sent again is decided by the delivery record
//! around this crate, so every failure here says which of three things it is. It certainly did
//! not leave, it will never leave, or it may have left: see [`SendError`].

pub mod feedback;
pub mod incoming;
pub mod mail;
pub mod mailer;
pub mod model;
pub mod network;
pub mod reply;
pub mod ses;

pub use feedback::{Feedback, FeedbackFault, FeedbackKind};
pub use incoming::{Incoming, IncomingFault};
pub use mail::{HeaderText, Mail, MessageId, Unsubscribe};
pub use mailer::{Holdup, Mailer, Refusal, SendError};
pub use network::{EInvoiceNetwork, HandOverError};
pub use reply::Reply;
pub use ses::SesMailer;
