//! A version that was sent: what it says for good, and what became of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::content::{EstimateContent, Offered, Signer};
use super::refusal::AnswerRefusal;
use super::signing::{Choice, SignedDocument, Signing};
use crate::actor::ActorId;
use crate::approval::Checked;
use crate::canonical::{Canonical, ContentHash};
use crate::ids::{AccountId, EstimateId, SignerId};
use crate::invoice::PartyCopy;
use crate::money::Money;
use crate::numbering::DocumentNumber;
use crate::party::{Language, Paragraph, ZoneName};
use crate::totals::Totals;

/// Where an offer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OfferState {
    /// The client has it.
    Open {
        /// The signatures so far, where there are some and more are needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signing: Option<Signing>,
    },
    /// The client accepted: see the acceptance.
    Accepted {
        /// When (UTC).
        at: Timestamp,
        /// The hash of what was accepted.
        document_hash: ContentHash,
        /// What was accepted, tax included.
        total: Money,
    },
    /// The client declined.
    Declined {
        /// When (UTC).
        at: Timestamp,
        /// Why.
        reason: Paragraph<2_000>,
    },
    /// The agency took it back.
    Withdrawn {
        /// When (UTC).
        at: Timestamp,
        /// Who did.
        by: ActorId,
        /// Why, to the client.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Paragraph<2_000>>,
    },
}

/// The newest version that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which.
    pub version: u32,
    /// What it comes to as it is preselected, tax included.
    pub total: Money,
    /// When it was sent (UTC).
    pub sent_at: Timestamp,
    /// The last day on which it can be accepted, in the client's zone.
    pub valid_until: Date,
    /// The client's zone.
    pub time_zone: ZoneName,
    /// When its signers are told that it ends soon (UTC); none once they were, or are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_notice_at: Option<Timestamp>,
    /// Where it stands. Not flattened: both name a total.
    pub state: OfferState,
}

/// How an earlier version ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A later version took its place.
    Superseded,
    /// The client declined it.
    Declined,
    /// The agency took it back.
    Withdrawn,
}

/// An earlier version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastVersion {
    /// Which.
    pub version: u32,
    /// When it was sent (UTC).
    pub sent_at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// When it ended (UTC).
    pub ended_at: Timestamp,
}

/// A version as it was sent. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentEstimate {
    /// Whose.
    pub account_id: AccountId,
    /// Of which estimate.
    pub estimate_id: EstimateId,
    /// Which. An item's own version has the plain name.
    #[serde(rename = "estimate_version")]
    pub version: u32,
    /// The estimate's number.
    pub number: DocumentNumber,
    /// What it says.
    pub content: EstimateContent,
    /// The hash of its canonical form.
    pub content_hash: ContentHash,
    /// What its lines come to with the options that are preselected.
    pub totals: Totals,
    /// What a change order changes and adds, tax included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_total: Option<Money>,
    /// The agency as it was.
    pub seller: PartyCopy,
    /// The client as it was.
    pub buyer: PartyCopy,
    /// The language it was sent in.
    pub language: Language,
    /// Who may sign.
    pub signers: Vec<Signer>,
    /// Whether all of them have to; else one of them.
    pub all_sign: bool,
    /// How it was checked. Not flattened: both name a hash.
    pub checked: Checked,
    /// The day it was sent, in the account's zone.
    pub sent_on: Date,
    /// The last day on which it can be accepted, in the client's zone.
    pub valid_until: Date,
    /// When it was sent (UTC).
    pub sent_at: Timestamp,
    /// Who sent it.
    pub sent_by: ActorId,
    /// Signers whose address was erased: nothing is sent there any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<SignerId>,
}

impl Offer {
    /// Whether its last day has ended where the client is.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.time_zone.date_of(now) > self.valid_until
    }

    pub(super) fn ended(&self, now: Timestamp) -> PastVersion {
        let (outcome, ended_at) = match &self.state {
            OfferState::Open { .. } | OfferState::Accepted { .. } => (Outcome::Superseded, now),
            OfferState::Declined { at, .. } => (Outcome::Declined, *at),
            OfferState::Withdrawn { at, .. } => (Outcome::Withdrawn, *at),
        };
        PastVersion {
            version: self.version,
            sent_at: self.sent_at,
            outcome,
            ended_at,
        }
    }
}

impl SentEstimate {
    /// What is to be signed as it is preselected, tax included.
    pub fn total(&self) -> Money {
        self.change_total.unwrap_or(self.totals.total)
    }

    /// One of who may sign.
    pub fn signer(&self, id: SignerId) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.id == id)
    }

    /// The document under a choice, in canonical form, and what it comes to.
    ///
    /// # Errors
    /// [`AnswerRefusal::UnknownChoice`] for options that are not offered,
    /// [`AnswerRefusal::NotCanonical`].
    pub fn document(&self, choice: &Choice) -> Result<(Canonical, Offered), AnswerRefusal> {
        let offered = self.content.offered(choice);
        let offered = offered.map_err(|_| AnswerRefusal::UnknownChoice)?;
        let document = SignedDocument::new(self, choice, &offered).canonical();
        Ok((document?, offered))
    }
}
