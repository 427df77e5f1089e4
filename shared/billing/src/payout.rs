//! What a payment provider says that it has sent to the agency's bank, and which entry of the bank it is.
//!
//! Nothing is guessed. A payout fits an entry of exactly its amount and currency, booked around the
//! day on which it was to arrive. One that fits alone is certain where the entry names it, or names the
//! provider; any other is for a person.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::bank_matching::MatchReason;
use crate::banking::{EntryFacts, EntryKind};
use crate::ids::{AccountId, BankEntryId};
use crate::ledger::Rail;
use crate::money::Money;
use crate::payment::RailReference;

/// Days between arrival, as the provider expects it, and booking, within which the two may be one.
pub const PAYOUT_DAYS: i32 = 10;
/// From so many letters and digits on, what a provider writes on a statement is nobody's chance.
const TELLING_CHARS: usize = 6;

/// A payout, as its provider tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Whose.
    pub account_id: AccountId,
    /// The provider's rail.
    pub rail: Rail,
    /// The provider's name of it.
    pub reference: RailReference,
    /// What arrives, above zero, in the currency in which it does.
    pub amount: Money,
    /// What was kept of its payments, where the provider says so with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// What the provider writes on the agency's bank statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_text: Option<String>,
    /// The day on which it is to arrive.
    pub arrives_on: Date,
    /// When the provider told of it (UTC).
    pub stated_at: Timestamp,
    /// The bank's entry that it is, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_id: Option<BankEntryId>,
}

/// A payout that an entry may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutCandidate {
    /// The provider's rail.
    pub rail: Rail,
    /// The provider's name of it.
    pub reference: RailReference,
    /// Why, in order, each once.
    pub reasons: Vec<MatchReason>,
}

/// What payouts say of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutMatch {
    /// It is this one.
    Certain(PayoutCandidate),
    /// It may be one of these, those due to arrive first before the others.
    Candidates(Vec<PayoutCandidate>),
    /// It is none.
    Nothing,
}

impl Payout {
    /// Whether an entry has its amount, around its day.
    fn fits(&self, facts: &EntryFacts) -> bool {
        let apart = (self.arrives_on - facts.booked_on).get_days();
        self.entry_id.is_none()
            && facts.kind == EntryKind::Incoming
            && facts.amount == self.amount
            && apart.abs() <= PAYOUT_DAYS
    }

    /// How an entry names it.
    fn named_by(&self, written: &str) -> Option<MatchReason> {
        let names = |text: &str| {
            let text = letters(text);
            text.len() >= TELLING_CHARS && written.contains(&text)
        };
        let own = self.bank_text.iter().map(String::as_str);
        let provider = letters(self.rail.as_str());
        // What is no more than the provider's name tells no payout from another.
        let is_own = |text: &str| letters(text) != provider;
        if own
            .chain([self.reference.as_str()])
            .any(|text| is_own(text) && names(text))
        {
            return Some(MatchReason::ReferenceNamed);
        }
        written
            .contains(&provider)
            .then_some(MatchReason::ProviderNamed)
    }
}

/// Which of the payouts an entry is.
pub fn match_payout<'a>(
    facts: &EntryFacts,
    payouts: impl IntoIterator<Item = &'a Payout>,
) -> PayoutMatch {
    let texts = [
        facts.payer_name.as_deref(),
        facts.structured_reference.as_deref(),
        Some(facts.text.as_str()),
    ];
    let written: String = texts.into_iter().flatten().map(letters).collect();
    let fitting = payouts.into_iter().filter(|payout| payout.fits(facts));
    let mut fitting: Vec<&Payout> = fitting.collect();
    fitting.sort_by(|one, other| {
        (one.arrives_on, &one.reference).cmp(&(other.arrives_on, &other.reference))
    });
    let is_one = fitting.len() == 1;
    let candidates: Vec<PayoutCandidate> = fitting
        .iter()
        .map(|payout| {
            let mut reasons: Vec<MatchReason> = payout.named_by(&written).into_iter().collect();
            reasons.push(MatchReason::AmountEqual);
            if !is_one {
                reasons.push(MatchReason::NotTheOnlyOne);
            }
            reasons.sort_unstable();
            PayoutCandidate {
                rail: payout.rail,
                reference: payout.reference.clone(),
                reasons,
            }
        })
        .collect();
    match candidates.as_slice() {
        [] => PayoutMatch::Nothing,
        [one] if one.reasons.len() > 1 && !facts.collective => PayoutMatch::Certain(one.clone()),
        _ => PayoutMatch::Candidates(candidates),
    }
}

/// The letters and digits of a text in capitals.
fn letters(text: &str) -> String {
    let characters = text.chars().filter(char::is_ascii_alphanumeric);
    characters.map(|c| c.to_ascii_uppercase()).collect()
}
