//! What the test suites share.

pub mod contract;
pub mod log;
