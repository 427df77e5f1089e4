//! Payment methods that a client lets the agency keep, and charge when something is due.
//!
//! Remit holds what the provider calls them and a label to know them by, never a number that could
//! be charged elsewhere. A method is kept because its payer said so on the page, is charged while
//! it is active, and is removed by either side: at once here, and at the provider until it answered.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

use crate::actor::ActorId;
use crate::attempt::{Attempt, AttemptState};
use crate::ids::{AccountId, AttemptId, ClientId, InvoiceId, PaymentMethodId};
use crate::money::{Money, MoneyError};
use crate::party::Language;
use crate::payment::payable_now;
use crate::refusal::{Refusal, RefusalKind};
use crate::standing::Standing;

/// The version of the words that ask for consent on the page: raised when they change their
/// meaning, so that a consent tells what was agreed to.
pub const CONSENT_WORDING: u32 = 2;

/// Longest token that is taken, in bytes.
const MAX_TOKEN_BYTES: usize = 255;
/// Longest name of an issuer that is kept, in characters.
const MAX_ISSUER_CHARS: usize = 40;
/// A provider that was not asked early, or did not answer, is asked after this.
const FORGET_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// A provider that cannot forget yet is asked again after this.
const FORGET_AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// What a provider calls a payer or a method. Whoever has it and the agency's key can charge it, so
/// it is never shown: only handed out by [`ProviderToken::expose`].
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ProviderToken(String);

/// A text that is no token of a provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token: expected 1 to 255 letters, digits, - or _")]
pub struct BadToken;

impl ProviderToken {
    /// The token itself: only for a call to its provider.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderToken {
    type Err = BadToken;
    fn from_str(text: &str) -> Result<Self, BadToken> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if text.is_empty() || text.len() > MAX_TOKEN_BYTES || !text.bytes().all(allowed) {
            return Err(BadToken);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for ProviderToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderToken(redacted)")
    }
}

impl<'de> Deserialize<'de> for ProviderToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What kind of means a method is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// A card.
    Card,
    /// A SEPA direct debit (euro).
    SepaDebit,
    /// A Bacs direct debit (United Kingdom).
    BacsDebit,
    /// An ACH debit (United States).
    AchDebit,
    /// A BECS direct debit (Australia).
    BecsDebit,
    /// A BECS direct debit (New Zealand).
    BecsNzDebit,
    /// A pre-authorised debit (Canada).
    PadDebit,
    /// Autogiro (Sweden).
    Autogiro,
    /// Betalingsservice (Denmark).
    Betalingsservice,
    /// A PayPal wallet.
    #[serde(rename = "paypal")]
    PayPal,
}

impl MethodKind {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            MethodKind::Card => "card",
            MethodKind::SepaDebit => "sepa_debit",
            MethodKind::BacsDebit => "bacs_debit",
            MethodKind::AchDebit => "ach_debit",
            MethodKind::BecsDebit => "becs_debit",
            MethodKind::BecsNzDebit => "becs_nz_debit",
            MethodKind::PadDebit => "pad_debit",
            MethodKind::Autogiro => "autogiro",
            MethodKind::Betalingsservice => "betalingsservice",
            MethodKind::PayPal => "paypal",
        }
    }
}

/// What people know a method by; never more than this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodLabel {
    /// What it is.
    pub kind: MethodKind,
    /// The card's brand, or the bank, as the provider writes it; of a wallet a part of its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The last two to four digits or letters of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_digits: Option<String>,
    /// The last month in which a card is good, as `2031-04`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

impl MethodLabel {
    /// A label of what a provider says. What is longer than it should be is cut: of an ending that is
    /// no ending nothing is kept, so that a whole number never gets here by mistake.
    pub fn new(
        kind: MethodKind,
        issuer: Option<&str>,
        last_digits: Option<&str>,
        expires: Option<(i64, i64)>,
    ) -> Self {
        let issuer = issuer.map(|text| {
            let shown = text.chars().filter(|c| !c.is_control());
            shown.take(MAX_ISSUER_CHARS).collect::<String>()
        });
        let is_ending = |text: &&str| {
            (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let is_month =
            |(year, month): &(i64, i64)| (2000..=9999).contains(year) && (1..=12).contains(month);
        Self {
            kind,
            issuer: issuer.filter(|text| !text.trim().is_empty()),
            last_digits: last_digits.filter(is_ending).map(str::to_owned),
            expires: expires
                .filter(is_month)
                .map(|(year, month)| format!("{year}-{month:02}")),
        }
    }
}

/// That the payer agreed to have the method kept: when, to which words, on which page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// When (UTC).
    pub given_at: Timestamp,
    /// The version of the words: see [`CONSENT_WORDING`].
    pub wording: u32,
    /// The language that they were shown in.
    pub language: Language,
    /// The invoice whose link opened the page. A link is a client's, and proves no person of it.
    pub invoice_id: InvoiceId,
    /// The generation of that link.
    pub link_generation: u32,
}

/// A method that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMethod {
    /// Its id: Remit's own.
    pub id: PaymentMethodId,
    /// Whose.
    pub account_id: AccountId,
    /// Who pays with it.
    pub client_id: ClientId,
    /// The provider that holds it.
    pub provider: String,
    /// What the provider calls the payer, where its methods belong to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<ProviderToken>,
    /// What the provider calls the method.
    pub token: ProviderToken,
    /// What people know it by.
    pub label: MethodLabel,
    /// That the payer agreed.
    pub consent: Consent,
    /// The payment that it was left with.
    pub attempt_id: AttemptId,
    /// Where it stands.
    #[serde(flatten)]
    pub state: MethodState,
    /// When it was kept (UTC).
    pub saved_at: Timestamp,
}

/// Where a method stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MethodState {
    /// It can be charged.
    Active,
    /// The provider says that nothing will ever come of it again.
    Failed {
        /// The provider's word.
        code: String,
        /// When it was found (UTC).
        failed_at: Timestamp,
    },
    /// Somebody took it away: nothing charges it any more.
    Removed {
        /// When (UTC).
        removed_at: Timestamp,
        /// Who.
        removed_by: RemovedBy,
        /// When the provider is to be asked to forget it (UTC); none once it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        forget_at: Option<Timestamp>,
    },
}

/// Who took a method away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedBy {
    /// The client, on its page.
    Client,
    /// Somebody of the agency.
    Agency(ActorId),
}

impl SavedMethod {
    /// Whether it can be charged.
    pub fn is_active(&self) -> bool {
        matches!(self.state, MethodState::Active)
    }

    /// Whether somebody took it away.
    pub fn is_removed(&self) -> bool {
        matches!(self.state, MethodState::Removed { .. })
    }

    /// When a sweep should ask the provider to forget it (UTC).
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            MethodState::Removed { forget_at, .. } => forget_at,
            MethodState::Active | MethodState::Failed { .. } => None,
        }
    }

    /// The method, taken away; none where it was before.
    pub fn removed(self, by: RemovedBy, now: Timestamp) -> Option<Self> {
        if self.is_removed() {
            return None;
        }
        let state = MethodState::Removed {
            removed_at: now,
            removed_by: by,
            forget_at: Some(now + FORGET_AFTER),
        };
        Some(Self { state, ..self })
    }

    /// The method, of which nothing comes any more; none where it is out of use already.
    pub fn failed(self, code: &str, now: Timestamp) -> Option<Self> {
        if !self.is_active() {
            return None;
        }
        let state = MethodState::Failed {
            code: code.to_owned(),
            failed_at: now,
        };
        Some(Self { state, ..self })
    }

    /// The method, which the provider has forgotten.
    pub fn forgotten(self) -> Self {
        self.with_forgetting_at(None)
    }

    /// The method, which the provider cannot forget yet.
    pub fn forget_later(self, now: Timestamp) -> Self {
        self.with_forgetting_at(Some(now + FORGET_AGAIN))
    }

    fn with_forgetting_at(self, at: Option<Timestamp>) -> Self {
        let state = match self.state {
            MethodState::Removed {
                removed_at,
                removed_by,
                ..
            } => MethodState::Removed {
                removed_at,
                removed_by,
                forget_at: at,
            },
            state => state,
        };
        Self { state, ..self }
    }

    /// Whether it may be charged.
    ///
    /// # Errors
    /// Where it was taken away, or the provider gave it up.
    pub fn check_chargeable(&self) -> Result<(), ChargeRefusal> {
        match &self.state {
            MethodState::Active => Ok(()),
            MethodState::Removed { .. } => Err(ChargeRefusal::MethodRemoved),
            MethodState::Failed { code, .. } => {
                Err(ChargeRefusal::MethodFailed { code: code.clone() })
            }
        }
    }
}

/// Why an invoice is not charged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChargeRefusal {
    /// It is paid, void or given up, or all that is left is disputed.
    #[error("nothing is asked for on this invoice now, so there is nothing to charge")]
    NothingToCharge,
    /// Money may be on its way already.
    #[error("a payment of this invoice is on its way: wait for what becomes of it")]
    PaymentUnderWay,
    /// The account is held.
    #[error("this account is held: nothing is charged until it is released")]
    AccountHeld,
    /// The provider of the method has no credentials any more.
    #[error("the provider of this payment method is not set up: enter its credentials again")]
    ProviderNotSetUp,
    /// The client left none that fits.
    #[error(
        "this client has no payment method for this amount: it is kept when they agree to that on the page"
    )]
    NoMethod,
    /// The one that is named was taken away.
    #[error("this payment method was removed: it is not charged any more")]
    MethodRemoved,
    /// The provider gave the one that is named up.
    #[error("nothing comes of this payment method any more ({code}): ask the client for another")]
    MethodFailed {
        /// The provider's word.
        code: String,
    },
    /// The one that is named is of a provider that does not take this amount or currency.
    #[error("the provider of this payment method does not take this amount in this currency")]
    NotTaken,
}

impl Refusal for ChargeRefusal {
    fn code(&self) -> &'static str {
        match self {
            ChargeRefusal::NothingToCharge => "nothing_to_charge",
            ChargeRefusal::PaymentUnderWay => "payment_under_way",
            ChargeRefusal::AccountHeld => "account_held",
            ChargeRefusal::ProviderNotSetUp => "provider_not_set_up",
            ChargeRefusal::NoMethod => "no_payment_method",
            ChargeRefusal::MethodRemoved => "payment_method_removed",
            ChargeRefusal::MethodFailed { .. } => "payment_method_failed",
            ChargeRefusal::NotTaken => "amount_not_taken",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What of an invoice is charged now: what its page would ask for. `attempts` are those of the
/// invoice; where one of them may be opening a page this very moment, nothing is charged beside it.
///
/// # Errors
/// The refusal, where nothing may be charged; of money, where amounts cannot be added up.
pub fn chargeable(
    standing: &Standing,
    attempts: &[Attempt],
    now: Timestamp,
) -> Result<Result<Money, ChargeRefusal>, MoneyError> {
    let Some(amount) = payable_now(standing, now)? else {
        return Ok(Err(ChargeRefusal::NothingToCharge));
    };
    let under_way = |attempt: &Attempt| {
        matches!(
            attempt.state,
            AttemptState::Started | AttemptState::Processing { .. }
        )
    };
    if !standing.processing.is_empty() || attempts.iter().any(under_way) {
        return Ok(Err(ChargeRefusal::PaymentUnderWay));
    }
    Ok(Ok(amount))
}
