//! What the client says to an offer: it signs, or declines, or has accepted elsewhere.

use jiff::Timestamp;

use super::content::Offered;
use super::lifecycle::Estimate;
use super::offer::{Offer, OfferState, SentEstimate};
use super::refusal::{AnswerRefusal, EstimateRefusal};
use super::signing::{
    Acceptance, Accepted, AcceptedElsewhere, Choice, Signature, Signing, SigningRequest,
};
use crate::canonical::Canonical;
use crate::delivery::OfferTo;
use crate::party::{Name, Paragraph};

impl Estimate {
    /// The offer, if the client can still answer it.
    ///
    /// # Errors
    /// [`AnswerRefusal`]: why not.
    pub fn open_offer(&self, version: u32, now: Timestamp) -> Result<&Offer, AnswerRefusal> {
        let offer = self.offer.as_ref().ok_or(EstimateRefusal::NotSent)?;
        if offer.version != version {
            return Err(AnswerRefusal::Superseded);
        }
        match &offer.state {
            OfferState::Open { .. } if offer.is_expired(now) => Err(AnswerRefusal::Expired {
                valid_until: offer.valid_until,
            }),
            OfferState::Open { .. } => Ok(offer),
            OfferState::Accepted { .. } => Err(EstimateRefusal::AlreadyAccepted.into()),
            OfferState::Declined { .. } => Err(EstimateRefusal::AlreadyDeclined.into()),
            OfferState::Withdrawn { .. } => Err(EstimateRefusal::AlreadyWithdrawn.into()),
        }
    }

    /// Whether this signer can sign the offer now, as far as the estimate knows.
    ///
    /// # Errors
    /// [`AnswerRefusal`]: why not.
    pub fn may_sign(&self, to: OfferTo, now: Timestamp) -> Result<(), AnswerRefusal> {
        let offer = self.open_offer(to.version, now)?;
        let OfferState::Open { signing } = &offer.state else {
            return Err(EstimateRefusal::NotSent.into());
        };
        let mut signatures = signing.iter().flat_map(|signing| &signing.signatures);
        match signatures.any(|known| known.signer_id == to.signer_id) {
            true => Err(AnswerRefusal::AlreadySigned),
            false => Ok(()),
        }
    }

    pub(super) fn with_offer(mut self, state: OfferState) -> Self {
        if let Some(offer) = &mut self.offer {
            offer.state = state;
        }
        self
    }

    /// The client says no.
    ///
    /// # Errors
    /// [`AnswerRefusal`]: it cannot be answered any more.
    pub fn decline(
        self,
        version: u32,
        reason: Paragraph<2_000>,
        now: Timestamp,
    ) -> Result<Self, AnswerRefusal> {
        self.open_offer(version, now)?;
        Ok(self.with_offer(OfferState::Declined { at: now, reason }))
    }

    /// Takes in a signature. Once nobody else has to sign, it is accepted.
    ///
    /// # Errors
    /// [`AnswerRefusal`]: it cannot be answered any more, the name is blank, the box was not
    /// ticked, the signer is unknown or has signed, the document is another than the one read.
    pub fn sign(
        self,
        request: SigningRequest,
        sent: &SentEstimate,
        now: Timestamp,
    ) -> Result<(Self, Option<Acceptance>), AnswerRefusal> {
        let offer = self.open_offer(request.version, now)?;
        let OfferState::Open { signing } = &offer.state else {
            return Err(EstimateRefusal::NotSent.into());
        };
        // A name has a letter: characters that show nothing, or a dash, sign nothing.
        let name = Name::parse(&request.name)
            .ok()
            .filter(|name| name.as_str().chars().any(char::is_alphabetic))
            .ok_or(AnswerRefusal::BlankName)?;
        if !request.consent {
            return Err(AnswerRefusal::NoConsent);
        }
        let signer = sent
            .signers
            .iter()
            .find(|signer| signer.id == request.signer_id)
            .ok_or(AnswerRefusal::UnknownSigner)?;
        let (choice, mut signatures) = match signing {
            Some(signing) if signing.choice != request.choice => {
                return Err(AnswerRefusal::OtherChoice);
            }
            Some(signing) => (signing.choice.clone(), signing.signatures.clone()),
            None => (request.choice, Vec::new()),
        };
        if signatures.iter().any(|known| known.signer_id == signer.id) {
            return Err(AnswerRefusal::AlreadySigned);
        }
        let (document, offered) = sent.document(&choice)?;
        if document.hash != request.document_hash {
            return Err(AnswerRefusal::DocumentChanged);
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
    /// [`AnswerRefusal`]: it is not open, or that choice cannot be computed.
    pub fn accept_elsewhere(
        self,
        sent: &SentEstimate,
        choice: Choice,
        elsewhere: AcceptedElsewhere,
        now: Timestamp,
    ) -> Result<(Self, Acceptance), AnswerRefusal> {
        match self.open_offer(sent.version, now) {
            Ok(_) | Err(AnswerRefusal::Expired { .. }) => {}
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
        document: Canonical,
        offered: &Offered,
        accepted: Accepted,
        now: Timestamp,
    ) -> (Self, Acceptance) {
        let total = offered.total;
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
