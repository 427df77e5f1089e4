//! One call to the webhook, proved to come from the provider.

use crate::notification::{Notification, NotificationFault, SignatureFault};
use crate::provider::CheckoutError;

/// Most statements of one delivery. GoCardless, the only provider that bundles, documents 250.
pub const MAX_STATEMENTS: usize = 500;

/// What one verified call to the webhook says.
///
/// Only a provider's reading makes one, so who holds it holds what was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    statements: Vec<Statement>,
}

impl Delivery {
    /// The caller has verified where these come from.
    pub(crate) fn verified(statements: Vec<Statement>) -> Self {
        Self { statements }
    }

    /// The statements, in the provider's order; each stands for itself.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The notifications that could be read.
    pub fn notifications(&self) -> impl Iterator<Item = &Notification> {
        self.statements
            .iter()
            .filter_map(|statement| statement.read().ok())
    }
}

/// One statement of a delivery, as text to keep and as it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    body: String,
    read: Result<Notification, NotificationFault>,
}

impl Statement {
    /// A verified text and what it reads as. `body` alone must read as the same again: see
    /// [`reread`](crate::reread).
    pub(crate) fn new(body: String, read: Result<Notification, NotificationFault>) -> Self {
        Self { body, read }
    }

    /// A verified body that is one statement.
    pub(crate) fn whole(raw_body: &[u8], read: Result<Notification, NotificationFault>) -> Self {
        Self::new(String::from_utf8_lossy(raw_body).into_owned(), read)
    }

    /// Refuses what is not of the credentials' own mode.
    pub(crate) fn of_mode(mut self, livemode: bool) -> Self {
        if let Ok(notification) = &self.read
            && notification.livemode != livemode
        {
            self.read = Err(NotificationFault::OtherMode {
                stated: notification.livemode,
            });
        }
        self
    }

    /// What to keep of it. Holds all that was verified, also what was asked for beside the body.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// What it says, or why that cannot be read.
    pub fn read(&self) -> Result<&Notification, &NotificationFault> {
        self.read.as_ref()
    }
}

/// Why a call to the webhook is not taken. Nothing of its body counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryFault {
    /// It is not known to come from the provider: refuse it.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The provider had to be asked, and did not answer: let the call come again.
    #[error("cannot be verified now: {0}")]
    Unavailable(CheckoutError),
}

impl DeliveryFault {
    /// Whether secrets that were rotated a moment ago could explain it, so that reading them again
    /// may help.
    pub fn secrets_may_be_stale(&self) -> bool {
        match self {
            DeliveryFault::Signature(fault) => fault.secrets_may_be_stale(),
            DeliveryFault::Unavailable(error) => {
                matches!(error, CheckoutError::BadCredentials { .. })
            }
        }
    }
}
