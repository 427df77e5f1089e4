//! An estimate from its first draft to what the agency sends, and takes back.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::content::Signer;
use super::draft::{Draft, Written};
use super::offer::{Offer, OfferState, PastVersion, SentEstimate};
use super::refusal::EstimateRefusal;
use super::state::EstimateState;
use crate::account::Account;
use crate::actor::ActorId;
use crate::approval::Checked;
use crate::canonical::ContentHash;
use crate::client::Client;
use crate::ids::{AccountId, ClientId, EstimateId, ProjectId, SignerId};
use crate::invoice::PartyCopy;
use crate::money::Currency;
use crate::notices;
use crate::numbering::{DocumentKind, DocumentNumber};
use crate::party::{Name, Paragraph};

/// An estimate that names no last day can be accepted for so many days.
pub const VALID_DAYS: i64 = 30;

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
    /// The estimate that it amends, where it is a change order; it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<EstimateId>,
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
            client_id: written.content().client_id,
            project_id: written.content().project_id,
            currency: written.content().currency,
            amends: written.content().amends(),
            title: written.content().title.clone(),
            number: None,
            draft: Some(Draft::new(1, written, author, now)),
            offer: None,
            past: Vec::new(),
            link_generation: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The same under new links: those that were handed out lead nowhere from now on.
    ///
    /// # Errors
    /// [`EstimateRefusal::NotSent`].
    pub fn with_links_revoked(self, now: Timestamp) -> Result<Self, EstimateRefusal> {
        if self.offer.is_none() {
            return Err(EstimateRefusal::NotSent);
        }
        Ok(Self {
            link_generation: self.link_generation.saturating_add(1),
            updated_at: now,
            ..self
        })
    }

    /// The kind of document that it is.
    pub fn kind(&self) -> DocumentKind {
        match self.amends {
            Some(_) => DocumentKind::ChangeOrder,
            None => DocumentKind::Estimate,
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
            (None, Some(draft)) if draft.review.approval.is_some() => EstimateState::Approved,
            (None, Some(draft)) if draft.review.submission.is_some() => EstimateState::InReview,
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
        draft.review.submit(by, now);
        Ok(self)
    }

    /// Approves the content that was read.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`]; what [`Review::approve`](crate::approval::Review::approve) refuses.
    pub fn approve(
        mut self,
        by: ActorId,
        read: ContentHash,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        let draft = self.draft.as_mut().ok_or(EstimateRefusal::NoDraft)?;
        let present = draft.content_hash;
        draft.review.approve(by, present, read, now)?;
        Ok(self)
    }

    /// Sends the draft back to its authors.
    ///
    /// # Errors
    /// [`EstimateRefusal::NoDraft`]; what [`Review::approve`](crate::approval::Review::approve) refuses.
    pub fn reject(
        mut self,
        by: ActorId,
        read: ContentHash,
        reason: Paragraph<1_000>,
        now: Timestamp,
    ) -> Result<Self, EstimateRefusal> {
        let draft = self.draft.as_mut().ok_or(EstimateRefusal::NoDraft)?;
        let present = draft.content_hash;
        draft.review.reject(by, present, read, reason, now)?;
        Ok(self)
    }

    /// Begins the next version, from what was sent last.
    ///
    /// # Errors
    /// [`EstimateRefusal`]: nothing was sent, it was accepted, or a draft is there already.
    pub fn revise(
        mut self,
        sent: &SentEstimate,
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
        self.draft = Some(Draft::new(
            offer.version + 1,
            Written::again(sent),
            author,
            now,
        ));
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
        let review = &draft.review;
        Ok(review.pass(draft.content_hash, context.approval_asked)?)
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
            total: draft.total(),
            sent_at: now,
            valid_until,
            time_zone: client.time_zone.clone(),
            expiry_notice_at: notices::estimate_expiry_at(account, client, valid_until, now),
            state: OfferState::Open { signing: None },
        });
        let sent = SentEstimate {
            account_id: self.account_id,
            estimate_id: self.id,
            version: draft.version,
            number,
            content: draft.content,
            content_hash: draft.content_hash,
            totals: draft.totals,
            change_total: draft.change_total,
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
            erased: Vec::new(),
        };
        Ok((self, sent))
    }

    /// When its signers are to be told that it ends soon (UTC); none once it is answered, taken back, or they
    /// were.
    pub fn expiry_notice_at(&self) -> Option<Timestamp> {
        let offer = self.offer.as_ref()?;
        match offer.state {
            OfferState::Open { .. } => offer.expiry_notice_at,
            OfferState::Accepted { .. }
            | OfferState::Declined { .. }
            | OfferState::Withdrawn { .. } => None,
        }
    }

    /// The signers who are told now that it ends soon: those who have not signed, while it is open.
    pub fn to_be_told<'a>(&self, sent: &'a SentEstimate, now: Timestamp) -> Vec<&'a Signer> {
        match self.open_offer(sent.version, now) {
            Ok(_) => sent
                .signers
                .iter()
                .filter(|signer| !self.has_signed(signer.id))
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    /// Whether a signer has signed what is offered now.
    pub fn has_signed(&self, signer: SignerId) -> bool {
        let offer = self.offer.as_ref();
        let Some(OfferState::Open {
            signing: Some(signing),
        }) = offer.map(|offer| &offer.state)
        else {
            return false;
        };
        let mut signatures = signing.signatures.iter();
        signatures.any(|signature| signature.signer_id == signer)
    }

    /// Its signers were told, or are not.
    #[must_use]
    pub fn expiry_noticed(mut self) -> Self {
        if let Some(offer) = &mut self.offer {
            offer.expiry_notice_at = None;
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
