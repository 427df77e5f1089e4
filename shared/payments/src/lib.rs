//! Payment providers, one module each behind one trait.
//!
//! A provider is asked for a checkout page ([`Provider::create_checkout`]) and later states what
//! happened by signed notifications ([`Provider::verify_and_parse`]). What such a statement means
//! for an invoice is not decided here: this crate only says, in typed words, what the provider
//! said. Money is known by its payment intent, whatever kind of notification names it.
//!
//! No clock and no environment: `now`, credentials and base URLs are arguments.

pub mod object;
pub mod provider;
pub mod reference;
pub mod secret_name;
pub mod statement;
pub mod stripe;
pub mod transport;

pub use provider::{
    Checkout, CheckoutError, CheckoutRequest, DisputeStatus, DisputeStep, LookUp, Notification,
    NotificationFault, NotificationKind, Provider, References, RefundStatus, Refunded,
    SessionPayment, SessionState, SessionStatus, SignatureFault,
};
pub use reference::{
    DisputeReference, PaymentIntent, ProviderEventId, RefundReference, Secret, SessionId,
};
pub use secret_name::secret_name;
pub use transport::{HttpsTransport, Transport, TransportError};
