//! What a payment provider says that it has sent to the agency's bank, and which entry of the bank it is.
//!
//! Nothing is guessed. A payout fits an entry of exactly its amount and currency, booked around the
//! day on which it was to arrive. One that fits alone is certain where the entry names it, or names the
//! provider; any other is for a person. What came before its payout was told is looked for once that is.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::bank_matching::{MAX_CANDIDATES, MatchReason};
use crate::banking::{BankEntry, EntryFacts, EntryKind, EntryState};
use crate::ids::{AccountId, BankEntryId};
use crate::ledger::Rail;
use crate::money::Money;
use crate::payment::RailReference;

/// Days between arrival, as the provider expects it, and booking, within which the two may be one.
pub const PAYOUT_DAYS: i32 = 10;
/// After this a payout is looked for among the entries that wait: longer than the import of a file runs
/// on what it knew when it began, so that of two that come at once one knows the other.
const LOOK_AFTER: SignedDuration = SignedDuration::from_mins(15);
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
    /// When it is looked for among the entries that wait (UTC); none once that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Timestamp>,
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

/// What of the entries that wait a payout is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LateMatch {
    /// It is this one.
    Certain(BankEntryId, PayoutCandidate),
    /// It may be one of these: what each of them may be.
    Candidates(Vec<(BankEntryId, Vec<PayoutCandidate>)>),
    /// It is none of them.
    Nothing,
}

impl Payout {
    /// When a payout that is told now is looked for among the entries that wait.
    pub fn look_after(now: Timestamp) -> Option<Timestamp> {
        now.checked_add(LOOK_AFTER).ok()
    }

    /// The days between which an entry is booked that it may be.
    pub fn days(&self) -> (Date, Date) {
        let apart = PAYOUT_DAYS.days();
        (
            self.arrives_on.checked_sub(apart).unwrap_or(Date::MIN),
            self.arrives_on.checked_add(apart).unwrap_or(Date::MAX),
        )
    }

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

/// Which of the entries that wait a payout is, of all payouts that are open. As when an entry comes, what
/// also pays an invoice or may be known already is for a person; and where several entries would be it, one
/// that names it goes before those that name its provider.
pub fn match_waiting<'a>(
    payout: &Payout,
    open: &[Payout],
    waiting: impl IntoIterator<Item = &'a BankEntry>,
) -> LateMatch {
    let is_this =
        |one: &PayoutCandidate| one.rail == payout.rail && one.reference == payout.reference;
    let (mut certain, mut others) = (Vec::new(), Vec::new());
    for entry in waiting {
        if entry.state != EntryState::Waiting || !payout.fits(&entry.facts) {
            continue;
        }
        match match_payout(&entry.facts, open) {
            PayoutMatch::Certain(one) if is_this(&one) => match entry.is_free_for(&one) {
                true => certain.push((entry.id, one)),
                false => others.push((entry.id, vec![one])),
            },
            PayoutMatch::Certain(one) => others.push((entry.id, vec![one])),
            PayoutMatch::Candidates(mut all) => {
                all.truncate(MAX_CANDIDATES);
                others.push((entry.id, all));
            }
            PayoutMatch::Nothing => {}
        }
    }
    let names_it = |one: &PayoutCandidate| one.reasons.contains(&MatchReason::ReferenceNamed);
    let mut named = certain.iter().filter(|(_, one)| names_it(one));
    let named = match (named.next(), named.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    };
    if let Some((entry, one)) = named {
        return LateMatch::Certain(entry, one);
    }
    if let [(entry, one)] = certain.as_slice() {
        return LateMatch::Certain(*entry, one.clone());
    }
    let several = certain.into_iter().map(|(entry, mut one)| {
        one.reasons.push(MatchReason::NotTheOnlyOne);
        one.reasons.sort_unstable();
        (entry, vec![one])
    });
    others.extend(several);
    match others.is_empty() {
        true => LateMatch::Nothing,
        false => LateMatch::Candidates(others),
    }
}

/// The letters and digits of a text in capitals.
fn letters(text: &str) -> String {
    let characters = text.chars().filter(char::is_ascii_alphanumeric);
    characters.map(|c| c.to_ascii_uppercase()).collect()
}
