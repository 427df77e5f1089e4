//! An estimate from its first draft to what the client says.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::content::{EstimateContent, Offered, Signer};
use super::signing::{
    Acceptance, Accepted, AcceptedElsewhere, Choice, Signature, SignedDocument, Signing,
    SigningRequest,
};
use crate::account::Account;
use crate::actor::ActorId;
use crate::approval::{self, Approval, ApprovalRefusal, Approver, Checked};
use crate::canonical::ContentHash;
use crate::client::Client;
use crate::ids::{AccountId, ClientId, EstimateId, ProjectId, SignerId};
use crate::invoice::PartyCopy;
use crate::money::{Currency, Money};
use crate::numbering::DocumentNumber;
use crate::party::{Language, Name, Paragraph, ZoneName};
use crate::totals::Totals;

mod refusal;

pub use refusal::EstimateRefusal;

/// An estimate that names no last day can be accepted for so many days.
pub const VALID_DAYS: i64 = 30;
/// Keys that are kept as authors of one draft. They cannot approve, so leaving out more loses
/// nothing; members are all kept.
const MAX_KEY_AUTHORS: usize = 50;

/// That a draft waits for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Who asks.
    pub by: ActorId,
    /// Since when (UTC).
    pub at: Timestamp,
}

/// That a draft was looked at and sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Who says so.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
    /// What should change.
    pub reason: Paragraph<1_000>,
}

/// A version that is still being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The version that it will be sent as.
    pub version: u32,
    /// What it says.
    pub content: EstimateContent,
    /// The hash of its canonical form: what an approval is of.
    pub content_hash: ContentHash,
    /// What it comes to with the options that are preselected.
    pub totals: Totals,
    /// Who wrote it.
    pub authors: Vec<ActorId>,
    /// That it waits for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<Submission>,
    /// The approval, of the present content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// That it was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection: Option<Rejection>,
    /// When it was last written (UTC).
    pub written_at: Timestamp,
}

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

impl Outcome {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["superseded", "declined", "withdrawn"];
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

/// Where an estimate stands, as the contract says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EstimateState {
    /// It is being written and was never sent.
    Draft,
    /// It waits for approval.
    InReview,
    /// Another member approved it, and it was not sent yet.
    Approved,
    /// The client has it.
    Sent,
    /// The client accepted it.
    Accepted,
    /// The client declined it.
    Declined,
    /// The agency took it back.
    Withdrawn,
    /// Its last day is over.
    Expired,
}

impl EstimateState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &[
        "draft",
        "in_review",
        "approved",
        "sent",
        "accepted",
        "declined",
        "withdrawn",
        "expired",
    ];

    /// The states that are stored: an expired estimate is a sent one whose last day is over.
    pub const STORED: &'static [&'static str] = &[
        "draft",
        "in_review",
        "approved",
        "sent",
        "accepted",
        "declined",
        "withdrawn",
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            EstimateState::Draft => "draft",
            EstimateState::InReview => "in_review",
            EstimateState::Approved => "approved",
            EstimateState::Sent => "sent",
            EstimateState::Accepted => "accepted",
            EstimateState::Declined => "declined",
            EstimateState::Withdrawn => "withdrawn",
            EstimateState::Expired => "expired",
        }
    }
}

/// An estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: EstimateId,
    /// Who it is for; it stays.
    pub client_id: ClientId,
    /// The piece of work; it stays.
    pub project_id: ProjectId,
    /// The currency; it stays.
    pub currency: Currency,
    /// What its newest version is called.
    pub title: Name,
    /// Its number, from when it is first sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<DocumentNumber>,
    /// The version that is being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// The newest version that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// The versions before it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<PastVersion>,
    /// The generation of its link; raising it revokes older links.
    pub link_generation: u32,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
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
    /// What it comes to with the options that are preselected.
    pub totals: Totals,
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
    /// How it was checked.
    #[serde(flatten)]
    pub checked: Checked,
    /// The day it was sent, in the account's zone.
    pub sent_on: Date,
    /// The last day on which it can be accepted, in the client's zone.
    pub valid_until: Date,
    /// When it was sent (UTC).
    pub sent_at: Timestamp,
    /// Who sent it.
    pub sent_by: ActorId,
}

/// What sending needs to know beside the estimate.
#[derive(Debug, Clone, Copy)]
pub struct SendContext<'a> {
    /// The agency.
    pub account: &'a Account,
    /// The client.
    pub client: &'a Client,
    /// Who sends.
    pub by: ActorId,
    /// Whether the policy asks for an approval.
    pub approval_asked: bool,
    /// Ids for the contacts who may sign, where no signers are named: one for each recipient.
    pub signer_ids: &'a [SignerId],
    /// Now (UTC).
    pub now: Timestamp,
}

/// A content that was checked, as a draft takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it says.
    pub content: EstimateContent,
    /// The hash of its canonical form.
    pub content_hash: ContentHash,
    /// What it comes to as it is preselected.
    pub totals: Totals,
}

impl Draft {
    fn new(version: u32, written: Written, author: ActorId, now: Timestamp) -> Self {
        Self {
            version,
            content: written.content,
            content_hash: written.content_hash,
            totals: written.totals,
            authors: vec![author],
            submission: None,
            approval: None,
            rejection: None,
            written_at: now,
        }
    }

    /// The draft with another content. What was approved, or waited for it, does so no more.
    fn rewritten(self, written: Written, author: ActorId, now: Timestamp) -> Self {
        if written.content_hash == self.content_hash {
            return self;
        }
        let mut authors = self.authors;
        let kept = match author {
            ActorId::Member(_) => true,
            ActorId::ApiKey(_) => authors.len() < MAX_KEY_AUTHORS,
        };
        if kept && !authors.contains(&author) {
            authors.push(author);
        }
        Self {
            authors,
            ..Self::new(self.version, written, author, now)
        }
    }
}

impl Offer {
    /// Whether its last day has ended where the client is.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.time_zone.date_of(now) > self.valid_until
    }

    fn ended(&self, now: Timestamp) -> PastVersion {
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

impl Estimate {
    /// A new estimate, to be sent as version 1.
    pub fn new(
        account_id: AccountId,
        id: EstimateId,
        written: Written,
        author: ActorId,
        now: Timestamp,
    ) -> Self {
        Self {
            account_id,
            id,
            client_id: written.content.client_id,
            project_id: written.content.project_id,
            currency: written.content.currency,
            title: written.content.title.clone(),
            number: None,
            draft: Some(Draft::new(1, written, author, now)),
            offer: None,
            past: Vec::new(),
            link_generation: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Where it stands, as it is stored: an offer whose last day is over is still `sent`.
    pub fn stored_state(&self) -> EstimateState {
        match (&self.offer, &self.draft) {
            (Some(offer), _) => match offer.state {
                OfferState::Open { .. } => EstimateState::Sent,
                OfferState::Accepted { .. } => EstimateState::Accepted,
                OfferState::Declined { .. } => EstimateState::Declined,
                OfferState::Withdrawn { .. } => EstimateState::Withdrawn,
            },
            (None, Some(draft)) if draft.approval.is_some() => EstimateState::Approved,
            (None, Some(draft)) if draft.submission.is_some() => EstimateState::InReview,
            (None, _) => EstimateState::Draft,
        }
    }

    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> EstimateState {
        let expired = self.offer.as_ref().is_some_and(|offer| {
            matches!(offer.state, OfferState::Open { .. }) && offer.is_expired(now)
        });
        match self.stored_state() {
            EstimateState::Sent if expired => EstimateState::Expired,
            state => state,
        }
    }

    /// The draft.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`].
    pub fn draft(&self) -> Result<&Draft, EstimateRefusal> {
        self.draft.as_ref().ok_or(EstimateRefusal::NoDraft)
    }

    /// Changes what the draft says.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`].
    pub fn write(
        mut self,
        written: Written,
        author: ActorId,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        let draft = self.draft.take().ok_or(EstimateRefusal::NoDraft)?;
        let draft = draft.rewritten(written, author, now);
        // What the client has keeps its name until the next version is sent.
        if self.offer.is_none() {
            self.title = draft.content.title.clone();
        }
        self.draft = Some(draft);
        Ok(self)
    }

    /// Asks for approval.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`].
    pub fn submit(mut self, by: ActorId, now: Timestamp) -> Result<Self, EstimateRefusal> {
        let draft = self.draft.as_mut().ok_or(EstimateRefusal::NoDraft)?;
        if draft.approval.is_none() && draft.submission.is_none() {
            draft.submission = Some(Submission { by, at: now });
            draft.rejection = None;
        }
        Ok(self)
    }

    /// Approves the content that was read.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`]; what [`approval::approve`] refuses.
    pub fn approve(
        mut self,
        approver: Approver,
        read: ContentHash,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        let draft = self.draft.as_mut().ok_or(EstimateRefusal::NoDraft)?;
        let present = draft.content_hash;
        let approval = approval::approve(approver, &draft.authors, present, read, now)?;
        draft.approval = Some(approval);
        draft.rejection = None;
        Ok(self)
    }

    /// Sends the draft back to its authors.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`]; what [`approval::approve`] refuses.
    pub fn reject(
        mut self,
        approver: Approver,
        read: ContentHash,
        reason: Paragraph<1_000>,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        let draft = self.draft.as_mut().ok_or(EstimateRefusal::NoDraft)?;
        let present = draft.content_hash;
        // Who may not approve may not send back either.
        approval::approve(approver, &draft.authors, present, read, now)?;
        draft.submission = None;
        draft.approval = None;
        draft.rejection = Some(Rejection {
            by: approver.actor,
            at: now,
            reason,
        });
        Ok(self)
    }

    /// Begins the next version, from what was sent last.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: nothing was sent, it was accepted, or a draft is there already.
    pub fn revise(
        mut self,
        sent: &SentEstimate,
        content_hash: ContentHash,
        author: ActorId,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        let offer = self.offer.as_ref().ok_or(EstimateRefusal::NotSent)?;
        if matches!(offer.state, OfferState::Accepted { .. }) {
            return Err(EstimateRefusal::AlreadyAccepted);
        }
        if self.draft.is_some() {
            return Err(EstimateRefusal::DraftExists);
        }
        let written = Written {
            content: sent.content.clone(),
            content_hash,
            totals: sent.totals.clone(),
        };
        self.draft = Some(Draft::new(offer.version + 1, written, author, now));
        Ok(self)
    }

    /// Whether it could be sent, before a number is taken for it.
    ///
    /// # Errors
    /// See [`EstimateRefusal`].
    pub fn check_send(&self, context: SendContext<'_>) -> Result<Checked, EstimateRefusal> {
        let SendContext {
            account,
            client,
            now,
            ..
        } = context;
        let draft = self.draft()?;
        if account.held {
            return Err(EstimateRefusal::AccountHeld);
        }
        if client.archived_at.is_some() {
            return Err(EstimateRefusal::ClientArchived);
        }
        if client.recipients().is_empty() {
            return Err(EstimateRefusal::NoRecipient);
        }
        let offer = self.offer.as_ref();
        if offer.is_some_and(|offer| matches!(offer.state, OfferState::Accepted { .. })) {
            return Err(EstimateRefusal::AlreadyAccepted);
        }
        let today = client.time_zone.date_of(now);
        if let Some(valid_until) = draft.content.valid_until
            && valid_until < today
        {
            return Err(EstimateRefusal::ValidUntilPast { valid_until });
        }
        let approval = draft.approval.as_ref();
        Ok(approval::pass(
            approval,
            draft.content_hash,
            context.approval_asked,
        )?)
    }

    /// Sends the draft: it is frozen and supersedes what was sent before.
    ///
    /// # Errors
    /// See [`EstimateRefusal`].
    pub fn send(
        mut self,
        number: DocumentNumber,
        context: SendContext<'_>,
    ) -> Result<(Self, SentEstimate), EstimateRefusal> {
        let checked = self.check_send(context)?;
        let SendContext {
            account,
            client,
            by,
            signer_ids,
            now,
            ..
        } = context;
        let draft = self.draft.take().ok_or(EstimateRefusal::NoDraft)?;
        let today = client.time_zone.date_of(now);
        let valid_until = match draft.content.valid_until {
            Some(day) => day,
            None => today.saturating_add(VALID_DAYS.days()),
        };
        let all_sign = !draft.content.signers.is_empty();
        let signers = if all_sign {
            draft.content.signers.clone()
        } else {
            signers_of(client, signer_ids)
        };
        self.past
            .extend(self.offer.take().map(|offer| offer.ended(now)));
        self.title = draft.content.title.clone();
        self.number = Some(number.clone());
        self.offer = Some(Offer {
            version: draft.version,
            total: draft.totals.total,
            sent_at: now,
            valid_until,
            time_zone: client.time_zone.clone(),
            state: OfferState::Open { signing: None },
        });
        let sent = SentEstimate {
            account_id: self.account_id,
            estimate_id: self.id,
            version: draft.version,
            number,
            content: draft.content,
            totals: draft.totals,
            seller: PartyCopy::of_account(account),
            buyer: PartyCopy::of_client(client),
            language: client.language,
            signers,
            all_sign,
            checked,
            sent_on: account.today(now),
            valid_until,
            sent_at: now,
            sent_by: by,
        };
        Ok((self, sent))
    }

    /// The offer, if the client can still answer it.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: why not.
    pub fn open_offer(&self, version: u32, now: Timestamp) -> Result<&Offer, EstimateRefusal> {
        let offer = self.offer.as_ref().ok_or(EstimateRefusal::NotSent)?;
        if offer.version != version {
            return Err(EstimateRefusal::Superseded);
        }
        match &offer.state {
            OfferState::Open { .. } if offer.is_expired(now) => Err(EstimateRefusal::Expired {
                valid_until: offer.valid_until,
            }),
            OfferState::Open { .. } => Ok(offer),
            OfferState::Accepted { .. } => Err(EstimateRefusal::AlreadyAccepted),
            OfferState::Declined { .. } => Err(EstimateRefusal::AlreadyDeclined),
            OfferState::Withdrawn { .. } => Err(EstimateRefusal::AlreadyWithdrawn),
        }
    }

    fn with_offer(mut self, state: OfferState) -> Self {
        if let Some(offer) = &mut self.offer {
            offer.state = state;
        }
        self
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: nothing is offered.
    pub fn withdraw(
        self,
        by: ActorId,
        reason: Option<Paragraph<2_000>>,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        match self.offer.as_ref().map(|offer| &offer.state) {
            None => Err(EstimateRefusal::NotSent),
            Some(OfferState::Accepted { .. }) => Err(EstimateRefusal::AlreadyAccepted),
            Some(OfferState::Declined { .. }) => Err(EstimateRefusal::AlreadyDeclined),
            Some(OfferState::Withdrawn { .. }) => Err(EstimateRefusal::AlreadyWithdrawn),
            // One that has expired can be taken back too: its page then says so.
            Some(OfferState::Open { .. }) => Ok(self.with_offer(OfferState::Withdrawn {
                at: now,
                by,
                reason,
            })),
        }
    }

    /// The client says no.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: it cannot be answered any more.
    pub fn decline(
        self,
        version: u32,
        reason: Paragraph<2_000>,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        self.open_offer(version, now)?;
        Ok(self.with_offer(OfferState::Declined { at: now, reason }))
    }

    /// Takes in a signature. Once nobody else has to sign, it is accepted.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: it cannot be answered any more, the name is blank, the box was not
    /// ticked, the signer is unknown or has signed, the document is another than the one read.
    pub fn sign(
        self,
        request: SigningRequest,
        sent: &SentEstimate,
        now: Timestamp,
    ) -> Result<(Self, Option<Acceptance>), EstimateRefusal> {
        let offer = self.open_offer(request.version, now)?;
        let OfferState::Open { signing } = &offer.state else {
            return Err(EstimateRefusal::NotSent);
        };
        // A name has a letter: characters that show nothing, or a dash, sign nothing.
        let name = Name::parse(&request.name)
            .ok()
            .filter(|name| name.as_str().chars().any(char::is_alphabetic))
            .ok_or(EstimateRefusal::BlankName)?;
        if !request.consent {
            return Err(EstimateRefusal::NoConsent);
        }
        let signer = sent
            .signers
            .iter()
            .find(|signer| signer.id == request.signer_id)
            .ok_or(EstimateRefusal::UnknownSigner)?;
        let (choice, mut signatures) = match signing {
            Some(signing) if signing.choice != request.choice => {
                return Err(EstimateRefusal::OtherChoice);
            }
            Some(signing) => (signing.choice.clone(), signing.signatures.clone()),
            None => (request.choice, Vec::new()),
        };
        if signatures.iter().any(|known| known.signer_id == signer.id) {
            return Err(EstimateRefusal::AlreadySigned);
        }
        let (document, offered) = sent.document(&choice)?;
        if document.hash != request.document_hash {
            return Err(EstimateRefusal::DocumentChanged);
        }
        signatures.push(Signature {
            signer_id: signer.id,
            email: signer.email.clone(),
            name,
            statement: request.statement,
            document_hash: document.hash,
            signed_at: now,
            ip: request.ip,
            user_agent: request.user_agent,
        });
        let missing = sent.all_sign && signatures.len() < sent.signers.len();
        if missing {
            let signing = Some(Signing {
                choice,
                document_hash: document.hash,
                signatures,
            });
            return Ok((self.with_offer(OfferState::Open { signing }), None));
        }
        let accepted = Accepted::Signed(signatures);
        let (estimate, acceptance) = self.accepted(sent, choice, document, &offered, accepted, now);
        Ok((estimate, Some(acceptance)))
    }

    /// Records an acceptance that was given elsewhere. It may come after the last day: what
    /// counts is what was agreed.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: it is not open, or that choice cannot be computed.
    pub fn accept_elsewhere(
        self,
        sent: &SentEstimate,
        choice: Choice,
        elsewhere: AcceptedElsewhere,
        now: Timestamp,
    ) -> Result<(Self, Acceptance), EstimateRefusal> {
        match self.open_offer(sent.version, now) {
            Ok(_) | Err(EstimateRefusal::Expired { .. }) => {}
            Err(refusal) => return Err(refusal),
        }
        let (document, offered) = sent.document(&choice)?;
        let accepted = Accepted::Elsewhere(elsewhere);
        Ok(self.accepted(sent, choice, document, &offered, accepted, now))
    }

    fn accepted(
        self,
        sent: &SentEstimate,
        choice: Choice,
        document: crate::canonical::Canonical,
        offered: &Offered,
        accepted: Accepted,
        now: Timestamp,
    ) -> (Self, Acceptance) {
        let total = offered.totals.total;
        let acceptance = Acceptance {
            account_id: sent.account_id,
            estimate_id: sent.estimate_id,
            version: sent.version,
            client_id: sent.content.client_id,
            project_id: sent.content.project_id,
            choice,
            document_hash: document.hash,
            document: document.text,
            total,
            accepted,
            accepted_at: now,
        };
        let mut estimate = self.with_offer(OfferState::Accepted {
            at: now,
            document_hash: acceptance.document_hash,
            total,
        });
        // A next version that was being written has nothing to supersede any more.
        estimate.draft = None;
        (estimate, acceptance)
    }
}

fn signers_of(client: &Client, ids: &[SignerId]) -> Vec<Signer> {
    let contacts = client.contacts.iter().filter(|contact| !contact.copy);
    contacts
        .zip(ids)
        .map(|(contact, id)| Signer {
            id: *id,
            name: contact.name.clone(),
            email: contact.email.clone(),
        })
        .collect()
}

impl SentEstimate {
    /// The document under a choice, in canonical form, and what it comes to.
    ///
    /// # Errors
    /// [`EstimateRefusal::UnknownChoice`] for options that are not offered.
    pub fn document(
        &self,
        choice: &Choice,
    ) -> Result<(crate::canonical::Canonical, Offered), EstimateRefusal> {
        let offered = self.content.offered(choice);
        let offered = offered.map_err(|_| EstimateRefusal::UnknownChoice)?;
        let document = SignedDocument::new(self, choice, &offered).canonical();
        let document = document.map_err(|_| EstimateRefusal::UnknownChoice)?;
        Ok((document, offered))
    }
}

impl From<ApprovalRefusal> for EstimateRefusal {
    fn from(refusal: ApprovalRefusal) -> Self {
        Self::Approval(refusal)
    }
}
