//! What is signed, and what a signature holds.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::content::{EstimateContent, Offered};
use super::lifecycle::Estimate;
use super::offer::{OfferState, SentEstimate};
use crate::actor::ActorId;
use crate::canonical::{Canonical, ContentHash, NotCanonical, canonical};
use crate::file::{File, MediaType};
use crate::ids::{AccountId, ClientId, EstimateId, FileId, ProjectId, ScopeLineId, SignerId};
use crate::invoice::PartyCopy;
use crate::money::Money;
use crate::numbering::DocumentNumber;
use crate::party::{EmailAddress, Language, Name, Text};
use crate::totals::Totals;

/// What of a browser is kept.
pub type SignatureText = Text<300>;

/// The optional lines that the client takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice(pub BTreeSet<ScopeLineId>);

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who was asked to sign.
    pub signer_id: SignerId,
    /// Where the code went that was typed in.
    pub email: EmailAddress,
    /// The name that was typed in.
    pub name: Name,
    /// What was agreed to, in the words that were read.
    pub statement: String,
    /// The SHA-256 of the canonical document.
    pub document_hash: ContentHash,
    /// When (UTC).
    pub signed_at: Timestamp,
    /// From which address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<SignatureText>,
    /// With which program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<SignatureText>,
}

/// The signatures so far under one choice: who signs first picks for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// The choice that is signed.
    pub choice: Choice,
    /// The hash of the document under it.
    pub document_hash: ContentHash,
    /// In the order in which they came.
    pub signatures: Vec<Signature>,
}

/// What somebody asks for who signs. The code from the mail was checked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningRequest {
    /// The version that was read.
    pub version: u32,
    /// Who signs.
    pub signer_id: SignerId,
    /// The name as it was typed.
    pub name: String,
    /// Whether the box was ticked.
    pub consent: bool,
    /// The words beside the box.
    pub statement: String,
    /// The optional lines.
    pub choice: Choice,
    /// The hash of the document that was read.
    pub document_hash: ContentHash,
    /// From which address.
    pub ip: Option<SignatureText>,
    /// With which program.
    pub user_agent: Option<SignatureText>,
}

/// A file that proves an acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceFile {
    /// Where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FileId>,
    /// What it is called.
    pub name: Name,
    /// Its media type.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: ContentHash,
}

impl AcceptanceFile {
    /// A file that is kept.
    pub fn of(file: &File) -> Self {
        Self {
            id: Some(file.id),
            name: file.facts.name.clone(),
            media_type: file.facts.media_type.clone(),
            bytes: file.facts.bytes,
            sha256: file.facts.sha256,
        }
    }
}

/// An acceptance that was given elsewhere: a purchase order, a signed contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedElsewhere {
    /// Who of the client's gave it.
    pub name: Name,
    /// The client's own number of it, such as that of a purchase order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Name>,
    /// The day of it.
    pub accepted_on: Date,
    /// The member who recorded it.
    pub recorded_by: ActorId,
    /// The file.
    pub file: AcceptanceFile,
}

/// How a client accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accepted {
    /// By signatures on the page.
    Signed(Vec<Signature>),
    /// Elsewhere.
    Elsewhere(AcceptedElsewhere),
}

/// What the client accepted. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Whose.
    pub account_id: AccountId,
    /// Of which estimate.
    pub estimate_id: EstimateId,
    /// Of which version. An item's own version has the plain name.
    #[serde(rename = "estimate_version")]
    pub version: u32,
    /// By whom.
    pub client_id: ClientId,
    /// For which project.
    pub project_id: ProjectId,
    /// The optional lines that were taken.
    pub choice: Choice,
    /// The canonical document, as it was hashed.
    pub document: String,
    /// Its SHA-256.
    pub document_hash: ContentHash,
    /// What was accepted, tax included.
    pub total: Money,
    /// How.
    pub accepted: Accepted,
    /// When the last signature came, or when it was recorded (UTC).
    pub accepted_at: Timestamp,
}

/// What holds of an acceptance, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The document has the hash that was accepted.
    pub document: bool,
    /// The version as it was sent still makes that document.
    pub sent_version: bool,
    /// Every signature is under that hash.
    pub signatures: bool,
    /// The estimate names that hash and that total.
    pub estimate: bool,
}

impl Verified {
    /// Whether all of it holds.
    pub fn is_intact(&self) -> bool {
        self.document && self.sent_version && self.signatures && self.estimate
    }
}

impl Acceptance {
    /// Checks what is stored of an acceptance against each other, from the bytes on.
    pub fn verify(&self, estimate: &Estimate, sent: &SentEstimate) -> Verified {
        let made = sent.document(&self.choice);
        let accepted = estimate.offer.as_ref().is_some_and(|offer| {
            offer.version == self.version
                && matches!(
                    &offer.state,
                    OfferState::Accepted { document_hash, total, .. }
                        if *document_hash == self.document_hash && *total == self.total
                )
        });
        Verified {
            document: ContentHash::of(self.document.as_bytes()) == self.document_hash,
            sent_version: made.is_ok_and(|(document, offered)| {
                document.text == self.document && offered.total == self.total
            }),
            signatures: match &self.accepted {
                Accepted::Signed(signatures) => {
                    let of_this = |signed: &Signature| {
                        let asked = sent.signer(signed.signer_id);
                        signed.document_hash == self.document_hash
                            && asked.is_some_and(|signer| signer.email == signed.email)
                    };
                    !signatures.is_empty() && signatures.iter().all(of_this)
                }
                Accepted::Elsewhere(_) => true,
            },
            estimate: accepted,
        }
    }
}

/// What is signed, in full. Its canonical form is what is hashed.
#[derive(Debug, Serialize)]
pub struct SignedDocument<'a> {
    format: &'static str,
    account_id: AccountId,
    estimate_id: EstimateId,
    number: &'a DocumentNumber,
    version: u32,
    sent_on: Date,
    valid_until: Date,
    language: Language,
    seller: &'a PartyCopy,
    buyer: &'a PartyCopy,
    content: &'a EstimateContent,
    chosen_options: &'a Choice,
    totals: &'a Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_total: Option<Money>,
    milestone_amounts: &'a [Money],
    #[serde(skip_serializing_if = "Option::is_none")]
    deposit_amount: Option<Money>,
}

impl<'a> SignedDocument<'a> {
    /// What is signed of a sent estimate under a choice.
    pub fn new(sent: &'a SentEstimate, choice: &'a Choice, offered: &'a Offered) -> Self {
        Self {
            format: "remit.estimate/1",
            account_id: sent.account_id,
            estimate_id: sent.estimate_id,
            number: &sent.number,
            version: sent.version,
            sent_on: sent.sent_on,
            valid_until: sent.valid_until,
            language: sent.language,
            seller: &sent.seller,
            buyer: &sent.buyer,
            content: &sent.content,
            chosen_options: choice,
            totals: &offered.totals,
            change_total: sent.change_total.map(|_| offered.total),
            milestone_amounts: &offered.milestones,
            deposit_amount: offered.deposit,
        }
    }

    /// Its canonical form.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn canonical(&self) -> Result<Canonical, NotCanonical> {
        canonical(self)
    }
}
