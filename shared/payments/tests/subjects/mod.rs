//! The providers and their stand-ins.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod authority;
pub mod gocardless;
pub mod paypal;
pub mod stripe;
pub mod toss;
