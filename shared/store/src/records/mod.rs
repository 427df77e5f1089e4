//! How each value of the domain is stored. A golden file pins the JSON of every type.

mod access;
mod documents;
mod money;

pub use access::{ApiKey, ApiKeyLookup};
pub use money::{InvoiceCounter, Notification, NotificationState};
