//! Payment providers on the wire, and what all of them keep to.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod contract;
mod fake;
mod gocardless;
mod histories;
mod https_transport;
mod paypal;
mod paypal_events;
mod paypal_vault;
mod provider_contract;
mod stripe;
mod stripe_refunds;
mod subjects;
mod toss;
