//! The providers and their stand-ins.

pub mod authority;
pub mod gocardless;
pub mod paypal;
pub mod stripe;
pub mod toss;
