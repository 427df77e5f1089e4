//! Documents that are set, and read again.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod papers;
mod reading;
mod setting;
