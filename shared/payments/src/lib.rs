//! Payment providers, one module each behind one trait.
//!
//! A provider is asked for a checkout page ([`Provider::create_checkout`]), for refunds
//! ([`Provider::refund`]), and later states what happened by calls to the webhook that are proved
//! first ([`Provider::read_delivery`]). What such a statement means for an invoice is not decided
//! here: this crate only says, in typed words, what the provider said. Money is known by its
//! payment intent, whatever kind of notification names it.
//!
//! Card data never comes here: every page is the provider's own. No clock and no environment:
//! `now`, credentials and base URLs are arguments.

pub mod amount;
pub mod delivery;
mod digest;
pub mod gocardless;
pub mod history;
pub mod kind;
pub mod mode;
pub mod notification;
pub mod object;
pub mod outward;
pub mod paypal;
pub mod provider;
pub mod reference;
pub mod refund;
pub mod secret_name;
pub mod statement;
pub mod stripe;
pub mod toss;
pub mod transport;
mod trust;
pub mod vault;
mod wire;

pub use amount::AmountFault;
pub use delivery::{Delivery, DeliveryFault, Statement};
pub use history::{History, HistoryCursor, HistoryRequest};
pub use kind::{Credentials, ProviderKind};
pub use mode::Mode;
pub use notification::{
    DisputeStatus, DisputeStep, Notification, NotificationFault, NotificationKind, References,
    RefundStatus, Refunded, SignatureFault,
};
pub use outward::Outward;
pub use provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, LookUp, Provider, SessionPayment,
    SessionState, SessionStatus,
};
pub use reference::{
    DisputeReference, MandateId, PaymentIntent, ProviderEventId, RefundReference, Secret, SessionId,
};
pub use refund::{RefundKey, RefundLookUp, RefundReceiver, RefundRequest, RefundState};
pub use secret_name::secret_name;
pub use transport::{HttpsTransport, Transport, TransportError};
pub use trust::TrustedRoots;
pub use vault::{Charge, ChargeRequest, Forgotten, Keeping, KeptMethod, MethodTokens, Vault};

/// Reads the kept text of a verified statement again ([`Statement::body`]); `None` for a provider
/// that is not known. Proves nothing: only for what a [`Delivery`] has handed out before.
pub fn reread(provider: &str, body: &str) -> Option<Result<Notification, NotificationFault>> {
    match provider {
        gocardless::NAME => Some(gocardless::event::parse(body.as_bytes())),
        paypal::NAME => Some(paypal::event::parse(body.as_bytes())),
        stripe::NAME => Some(stripe::event::parse(body.as_bytes())),
        toss::NAME => Some(toss::event::parse(body.as_bytes())),
        _ => None,
    }
}
