//! Sends estimates, codes to sign and certificates: one message of its queue, one `delivery.requested`.

pub use remit_operations::queued::{Sending as App, function};
