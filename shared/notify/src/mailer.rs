//! Who sends a mail, and how it can fail.

use std::time::Duration;

use async_trait::async_trait;

use crate::mail::{Mail, MessageId};

/// Sends one mail, once.
///
/// An implementation never repeats a mail whose fate it does not know.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands the mail over. That it was taken does not say that it arrived: see
    /// [`crate::feedback`].
    async fn send(&self, mail: &Mail) -> Result<MessageId, SendError>;
}

/// Why a mail was not taken. The text of `detail` is for the log: codes and request ids, no
/// addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It certainly did not leave, and may be sent later.
    #[error("not sent ({reason:?}): {detail}")]
    NotSent {
        /// What held it up.
        reason: Holdup,
        /// How long to wait, where that is known.
        retry_after: Option<Duration>,
        /// For the log.
        detail: String,
    },
    /// It did not leave and will not leave as it is.
    #[error("refused ({reason:?}): {detail}")]
    Refused {
        /// Why.
        reason: Refusal,
        /// For the log.
        detail: String,
    },
    /// It may have left.
    #[error("outcome unknown: {detail}")]
    Unknown {
        /// For the log.
        detail: String,
    },
}

impl SendError {
    /// Whether sending the same mail again can neither double it nor be in vain.
    pub fn retryable(&self) -> bool {
        match self {
            SendError::NotSent { .. } => true,
            SendError::Refused { .. } | SendError::Unknown { .. } => false,
        }
    }
}

/// What held a mail up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holdup {
    /// Too many in this second.
    Throttled,
    /// The day's quota is used up (200 in the sandbox).
    Quota,
    /// The service could not be reached, or we could not make the request.
    Unavailable,
    /// Our role may not send: the deployment is wrong.
    NotPermitted,
}

/// Why a mail will not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No recipient, or more than [`crate::mail::MAX_RECIPIENTS`].
    Recipients,
    /// The content is not accepted, such as a virus.
    MessageRejected,
    /// The request is not accepted, such as an address that SES does not understand.
    BadRequest,
    /// In the sandbox: an address is not verified.
    NotVerified,
    /// The sender's domain is not verified.
    MailFromDomainNotVerified,
    /// SES has shut the AWS account's sending for good.
    AccountSuspended,
    /// Sending is paused, by SES or by the owner.
    SendingPaused,
    /// The configuration set does not exist.
    ConfigurationSetMissing,
}

impl Refusal {
    /// Whether every other mail would be refused too, until the owner of the AWS account acts:
    /// then the mail itself is not to blame.
    pub fn concerns_every_mail(self) -> bool {
        match self {
            Refusal::MailFromDomainNotVerified
            | Refusal::AccountSuspended
            | Refusal::SendingPaused
            | Refusal::ConfigurationSetMissing => true,
            Refusal::Recipients
            | Refusal::MessageRejected
            | Refusal::BadRequest
            | Refusal::NotVerified => false,
        }
    }
}
