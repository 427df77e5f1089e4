//! Functions in processes of their own, as Lambda starts them, and how long that takes.
//!
//! - [`lambda`]: the Runtime API around one function;
//! - [`aws`]: what the SDK of such a process finds, which is the local host's;
//! - [`asked`]: what starts each function of the template, so that each has something to do;
//! - [`measure`]: the times, the memory and the sizes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "for tests and measures, which fail by panicking"
)]

pub mod asked;
pub mod aws;
pub mod lambda;
pub mod measure;
