//! The providers and their stand-ins.

pub mod stripe;
