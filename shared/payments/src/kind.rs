//! Which providers there are, and what is known of each before any credentials are read.

use remit_billing::ledger::Rail;
use remit_billing::money::{Currency, Money};
use serde_json::Error;

use crate::gocardless::{self, GoCardlessCredentials};
use crate::paypal::{self, PayPalCredentials};
use crate::stripe::{self, StripeCredentials};
use crate::toss::{self, TossCredentials, TossMethod};

/// A provider, in the order in which a payer is offered them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderKind {
    /// Cards and more, on Stripe's page.
    Stripe,
    /// PayPal's wallet.
    PayPal,
    /// Direct debits, or instant bank payments.
    GoCardless,
    /// Cards and transfers in Korea.
    Toss,
}

impl ProviderKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Stripe, Self::PayPal, Self::GoCardless, Self::Toss];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word in routes, settings and attempts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stripe => stripe::NAME,
            Self::PayPal => paypal::NAME,
            Self::GoCardless => gocardless::NAME,
            Self::Toss => toss::NAME,
        }
    }

    /// The one whose money comes on a rail; none for money that members record.
    pub fn of_rail(rail: Rail) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.rail() == rail)
    }

    /// What its money comes on.
    pub fn rail(self) -> Rail {
        match self {
            Self::Stripe => Rail::Stripe,
            Self::PayPal => Rail::PayPal,
            Self::GoCardless => Rail::GoCardless,
            Self::Toss => Rail::Toss,
        }
    }

    /// Whether this amount can be asked for at all: a button that could only fail is none.
    pub fn can_take(self, amount: &Money) -> bool {
        match self {
            Self::Stripe => stripe::amount::to_stripe(amount).is_ok(),
            Self::PayPal => paypal::amount::to_paypal(amount).is_ok(),
            Self::GoCardless => gocardless::amount::to_gocardless(amount).is_ok(),
            Self::Toss => toss::amount::Won::of(amount).is_ok(),
        }
    }

    /// Whether the payer's word is not enough, so that Remit makes the money move: see
    /// [`Provider::complete_checkout`](crate::Provider::complete_checkout).
    pub fn waits_for_us(self) -> bool {
        match self {
            Self::Stripe => false,
            Self::PayPal | Self::GoCardless | Self::Toss => true,
        }
    }

    /// Whether what is paid with can be kept, in this currency and as the account offers it
    /// (`method` of its settings): see [`Provider::vault`](crate::Provider::vault).
    pub fn can_keep(self, currency: Currency, method: Option<&str>) -> bool {
        match self {
            Self::Stripe => true,
            // An instant payment leaves no mandate.
            Self::GoCardless => method != Some("instant") || !gocardless::is_instant(currency),
            Self::PayPal => true,
            Self::Toss => false,
        }
    }

    /// Whether a page keeps what is paid with in any case, so that the payer's leave makes no other page of it:
    /// a mandate is the same with it or without.
    pub fn keeps_anyway(self) -> bool {
        match self {
            Self::GoCardless => true,
            Self::Stripe | Self::PayPal | Self::Toss => false,
        }
    }

    /// Whether a code that a charge was declined with says that nothing comes of the method any
    /// more, now or later.
    pub fn ends_method(self, code: &str) -> bool {
        match self {
            Self::Stripe => stripe::ends_method(code),
            Self::GoCardless => gocardless::ends_method(code),
            Self::PayPal => paypal::ends_method(code),
            Self::Toss => false,
        }
    }

    /// The events to register for at the provider: what Remit reads.
    pub fn webhook_events(self) -> &'static [&'static str] {
        match self {
            Self::Stripe => stripe::event::EVENTS,
            Self::PayPal => paypal::event::EVENTS,
            Self::GoCardless => gocardless::event::EVENTS,
            Self::Toss => toss::event::EVENTS,
        }
    }

    /// Where its API is, live and for tests, and what proves its notifications.
    pub fn api_origins(self) -> &'static [&'static str] {
        match self {
            Self::Stripe => &[stripe::API_BASE],
            Self::PayPal => &[
                "https://api-m.paypal.com",
                "https://api-m.sandbox.paypal.com",
                "https://api.paypal.com",
                "https://api.sandbox.paypal.com",
            ],
            Self::GoCardless => &[
                "https://api.gocardless.com",
                "https://api-sandbox.gocardless.com",
            ],
            Self::Toss => &[toss::API_BASE],
        }
    }

    /// Where its pages are, for a browser that is to be led there.
    pub fn page_origins(self) -> &'static [&'static str] {
        match self {
            Self::Stripe => &["https://checkout.stripe.com"],
            Self::PayPal => &["https://www.paypal.com", "https://www.sandbox.paypal.com"],
            Self::GoCardless => &[
                "https://pay.gocardless.com",
                "https://pay-sandbox.gocardless.com",
            ],
            Self::Toss => &["https://api.tosspayments.com", "https://pay.toss.im"],
        }
    }
}

/// What an agency has entered, whoever the provider is. `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Stripe's.
    Stripe(StripeCredentials),
    /// PayPal's.
    PayPal(PayPalCredentials),
    /// GoCardless'.
    GoCardless(GoCardlessCredentials),
    /// Toss Payments'.
    Toss(TossCredentials),
}

impl Credentials {
    /// Reads what [`Credentials::to_text`] wrote for this provider.
    ///
    /// # Errors
    /// For a text that is none.
    pub fn read(kind: ProviderKind, text: &str) -> Result<Self, Error> {
        Ok(match kind {
            ProviderKind::Stripe => Self::Stripe(serde_json::from_str(text)?),
            ProviderKind::PayPal => Self::PayPal(serde_json::from_str(text)?),
            ProviderKind::GoCardless => Self::GoCardless(serde_json::from_str(text)?),
            ProviderKind::Toss => Self::Toss(serde_json::from_str(text)?),
        })
    }

    /// The text that is stored, secrets included.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_text(&self) -> Result<String, Error> {
        match self {
            Self::Stripe(held) => serde_json::to_string(held),
            Self::PayPal(held) => serde_json::to_string(held),
            Self::GoCardless(held) => serde_json::to_string(held),
            Self::Toss(held) => serde_json::to_string(held),
        }
    }

    /// Whether real money moves.
    pub fn livemode(&self) -> bool {
        match self {
            Self::Stripe(held) => held.livemode(),
            Self::PayPal(held) => held.mode().is_live(),
            Self::GoCardless(held) => held.mode().is_live(),
            Self::Toss(held) => held.livemode(),
        }
    }

    /// What payers are offered, where the agency chooses; in the contract's words.
    pub fn method(&self) -> Option<&'static str> {
        match self {
            Self::Stripe(_) | Self::PayPal(_) => None,
            Self::GoCardless(held) if held.instant() => Some("instant"),
            Self::GoCardless(_) => Some("direct_debit"),
            Self::Toss(held) => Some(match held.method() {
                TossMethod::Card => "card",
                TossMethod::VirtualAccount => "virtual_account",
                TossMethod::Transfer => "transfer",
            }),
        }
    }
}
