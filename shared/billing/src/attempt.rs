//! A call to a payment provider: committed before it is made, settled after.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, AttemptId, ClientId, InvoiceId, PaymentMethodId};
use crate::money::Money;
use crate::payment::RailReference;
use crate::saved_method::Consent;

/// A provider session lives this long.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(23);
/// The sweep looks at an attempt without an answer after this time: longer than a request lasts.
const UNANSWERED_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// The provider says by itself that a session ended; asked only if it does not.
const EXPIRY_GRACE: SignedDuration = SignedDuration::from_mins(15);
/// No payment is on its way for longer: SEPA debits take up to 14 business days at Stripe. Money that
/// comes later is booked all the same.
const PROCESSING_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A slow payment is asked after so often, should the provider's notification be lost.
const PROCESSING_LOOK: SignedDuration = SignedDuration::from_hours(24);
/// What the payer left is looked up by a sweep after this, where no event was faster.
const KEEP_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// Looks for what the payer left, before it is given up.
const KEEP_LOOKS: u32 = 30;

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AttemptState {
    /// The call may have been made; its answer is not known.
    Started,
    /// The payer can pay there.
    Ready {
        /// The provider's session.
        session: String,
        /// Where the payer goes.
        url: String,
        /// Until when (UTC). Stored under a name of its own: `expires_at` is when the table may
        /// remove an item.
        #[serde(rename = "session_expires_at")]
        expires_at: Timestamp,
    },
    /// A payment came of it.
    Paid,
    /// The invoice is one of several that one page asks for: the attempt stands with the first of them,
    /// under the same id.
    PartOf {
        /// The invoice that the attempt stands with.
        lead_invoice_id: InvoiceId,
    },
    /// The payment is on its way.
    Processing {
        /// When the provider is asked what became of it, should it not say (UTC).
        look_at: Timestamp,
    },
    /// It came to nothing.
    Closed {
        /// Why.
        reason: ClosedReason,
    },
}

/// Why an attempt came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedReason {
    /// The provider refused.
    Refused,
    /// The time is over.
    Expired,
    /// The payment failed.
    Failed,
    /// Nothing is due any more.
    Superseded,
    /// The payer's bank wants the payer, who is not there when a saved method is charged.
    AuthenticationRequired,
    /// A saved method was charged, and the payer's bank or the provider refused.
    Declined,
}

impl ClosedReason {
    /// Whether the money was asked for and did not come.
    pub fn is_failure(self) -> bool {
        match self {
            ClosedReason::Failed
            | ClosedReason::AuthenticationRequired
            | ClosedReason::Declined => true,
            ClosedReason::Refused | ClosedReason::Expired | ClosedReason::Superseded => false,
        }
    }
}

/// That the payer lets the agency keep what is paid with, and what came of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// The payer's leave.
    pub consent: Consent,
    /// What came of it.
    #[serde(flatten)]
    pub state: KeepState,
}

/// What came of the payer's leave to keep the method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kept", rename_all = "snake_case")]
pub enum KeepState {
    /// Nothing was paid yet, so nothing is kept.
    Asked,
    /// The money came: the provider is to be asked what it kept.
    Due {
        /// Of which payment.
        payment: RailReference,
        /// When (UTC).
        look_at: Timestamp,
        /// How often it was asked.
        looks: u32,
    },
    /// It is kept.
    Saved {
        /// As this.
        method_id: PaymentMethodId,
    },
    /// The provider kept nothing that could be charged again.
    Nothing,
}

/// What of an attempt is for which invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptShare {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How much.
    pub amount: Money,
}

/// A call to a payment provider for an amount due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id: also the provider's idempotency key, and in its metadata.
    pub id: AttemptId,
    /// Whose.
    pub account_id: AccountId,
    /// Who pays.
    pub client_id: ClientId,
    /// For which invoice.
    pub invoice_id: InvoiceId,
    /// The provider.
    pub provider: String,
    /// How much in all.
    pub amount: Money,
    /// What of it is for which invoice, where it is for several: this one first. Never one alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<AttemptShare>,
    /// Whether the payer chose the amount; else it is what was asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub state: AttemptState,
    /// When it was committed (UTC).
    pub created_at: Timestamp,
    /// Whether the payer lets the agency keep the method; none where they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<Keep>,
    /// The saved method that is charged; none for a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_id: Option<PaymentMethodId>,
    /// The provider's word for why nothing came of it, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Attempt {
    /// When a sweep should look at it (UTC); none once it is settled.
    pub fn due_at(&self) -> Option<Timestamp> {
        match &self.state {
            AttemptState::Started => Some(self.created_at + UNANSWERED_AFTER),
            AttemptState::Ready { expires_at, .. } => Some(*expires_at + EXPIRY_GRACE),
            AttemptState::Processing { look_at } => Some(*look_at),
            AttemptState::Paid => match &self.keep.as_ref()?.state {
                KeepState::Due { look_at, .. } => Some(*look_at),
                KeepState::Asked | KeepState::Saved { .. } | KeepState::Nothing => None,
            },
            AttemptState::PartOf { .. } | AttemptState::Closed { .. } => None,
        }
    }

    /// The payment of which the provider is to be asked what it kept, and the payer's leave.
    pub fn to_keep(&self) -> Option<(&RailReference, &Consent)> {
        let keep = self.keep.as_ref()?;
        match (&self.state, &keep.state) {
            (AttemptState::Paid, KeepState::Due { payment, .. }) => Some((payment, &keep.consent)),
            _ => None,
        }
    }

    /// Whether a payer can still be sent to this session, for exactly this: an amount of one invoice,
    /// or several invoices with the amount of each.
    pub fn usable(&self, amount: Money, shares: &[AttemptShare], now: Timestamp) -> Option<&str> {
        match &self.state {
            AttemptState::Ready {
                url, expires_at, ..
            } if self.amount == amount && self.shares == shares && *expires_at > now => Some(url),
            _ => None,
        }
    }

    /// What of it is for which invoice, whether that is one or several.
    pub fn parted(&self) -> Vec<AttemptShare> {
        match self.shares.is_empty() {
            true => vec![AttemptShare {
                invoice_id: self.invoice_id,
                amount: self.amount,
            }],
            false => self.shares.clone(),
        }
    }

    /// What stands with each other invoice, so that whoever looks at that finds the page too.
    pub fn marks(&self) -> Vec<Self> {
        let others = self.shares.iter().skip(1);
        others
            .map(|share| Self {
                invoice_id: share.invoice_id,
                amount: share.amount,
                shares: Vec::new(),
                state: AttemptState::PartOf {
                    lead_invoice_id: self.invoice_id,
                },
                keep: None,
                ..self.clone()
            })
            .collect()
    }

    /// Until when its session is to live (UTC): fixed by the attempt, so that a repetition asks
    /// for the same.
    pub fn session_expires_at(&self) -> Timestamp {
        self.created_at + SESSION_LIFE
    }

    /// Whether a payment that is on its way has been so for longer than any takes.
    pub fn is_overlong(&self, now: Timestamp) -> bool {
        matches!(self.state, AttemptState::Processing { .. })
            && now >= self.created_at + PROCESSING_MAX
    }

    /// The attempt while its payment is on its way.
    pub fn processing(self, now: Timestamp) -> Self {
        self.with(AttemptState::Processing {
            look_at: now + PROCESSING_LOOK,
        })
    }

    /// The attempt once its money came. What the payer lets the agency keep is looked up now.
    pub fn paid(self, payment: &RailReference, now: Timestamp) -> Self {
        let keep = self.keep.clone().map(|keep| match keep.state {
            KeepState::Asked => Keep {
                state: KeepState::Due {
                    payment: payment.clone(),
                    look_at: now + KEEP_AFTER,
                    looks: 0,
                },
                ..keep
            },
            _ => keep,
        });
        Self {
            state: AttemptState::Paid,
            keep,
            ..self
        }
    }

    /// The attempt with what came of the payer's leave.
    pub fn with_kept(self, state: KeepState) -> Self {
        let keep = self.keep.clone().map(|keep| Keep { state, ..keep });
        Self { keep, ..self }
    }

    /// The attempt, where the provider could not say what it kept: asked again an hour and then
    /// days later, and given up after a month.
    pub fn keep_later(self, now: Timestamp) -> Self {
        let keep = self.keep.as_ref().map(|keep| keep.state.clone());
        let Some(KeepState::Due { payment, looks, .. }) = keep else {
            return self;
        };
        let looks = looks + 1;
        if looks >= KEEP_LOOKS {
            return self.with_kept(KeepState::Nothing);
        }
        let wait = match looks {
            1 => SignedDuration::from_hours(1),
            _ => SignedDuration::from_hours(24),
        };
        self.with_kept(KeepState::Due {
            payment,
            look_at: now + wait,
            looks,
        })
    }

    /// The attempt, of which nothing came, with the provider's word for it.
    pub fn closed(self, reason: ClosedReason, code: Option<&str>) -> Self {
        let attempt = self.with(AttemptState::Closed { reason });
        Self {
            code: code.map(str::to_owned),
            ..attempt
        }
    }

    /// The same in another state.
    pub fn with(self, state: AttemptState) -> Self {
        Self { state, ..self }
    }
}
