//! The function as the gateway drives it, on the real SDK and the embedded table.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod api_keys;
mod house;
mod numbers;
mod providers;
mod settings;
