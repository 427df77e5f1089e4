//! From what is stored to what a signer sees: an offer as page, and the mails about it.
//!
//! What is offered comes from the version that was sent, which never changes; where it stands from
//! its estimate; the agency's name from its account as it is now.

mod mails;
mod page;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::estimate::{
    Acceptance, Choice, Estimate, Offer, OfferState, SentEstimate, Signer,
};
use remit_billing::money::Money;
use remit_billing::party::{Language, ZoneName};
use remit_billing::scope::Amendment;

use crate::RenderError;
use crate::agency::Agency;
use crate::issued::parties;
use crate::locale::{LocaleError, Words};

pub use mails::OfferMailOptions;
pub(crate) use mails::{OfferMail, View};
pub use page::{OfferForms, OfferNotice};

/// An offer with all that a page or mail about it needs.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// Where the estimate stands.
    pub estimate: &'a Estimate,
    /// The version.
    pub sent: &'a SentEstimate,
    /// What was accepted, if that is this version.
    pub acceptance: Option<&'a Acceptance>,
    /// Who reads.
    pub signer: &'a Signer,
    /// Now (UTC).
    pub now: Timestamp,
}

/// Where an offer stands for who opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Open,
    /// This signer has signed, others have not.
    Signed,
    Expired,
    Accepted(Timestamp),
    Declined(Timestamp),
    Withdrawn(Timestamp),
    Superseded,
}

impl Offered<'_> {
    /// The language that it was sent in.
    pub fn language(&self) -> Language {
        self.sent.language
    }

    /// The choice that the client is bound to, by a signature or an acceptance.
    pub fn bound_choice(&self) -> Option<&Choice> {
        if let Some(acceptance) = self.acceptance {
            return Some(&acceptance.choice);
        }
        match &self.current()?.state {
            OfferState::Open { signing } => signing.as_ref().map(|signing| &signing.choice),
            _ => None,
        }
    }

    /// The offer, if this version is the newest.
    fn current(&self) -> Option<&Offer> {
        let offer = self.estimate.offer.as_ref()?;
        (offer.version == self.sent.version).then_some(offer)
    }

    fn standing(&self) -> Standing {
        let Some(offer) = self.current() else {
            return Standing::Superseded;
        };
        match &offer.state {
            OfferState::Open { .. } if offer.is_expired(self.now) => Standing::Expired,
            OfferState::Open { signing } => {
                let mut signed = signing.iter().flat_map(|signing| &signing.signatures);
                match signed.any(|signature| signature.signer_id == self.signer.id) {
                    true => Standing::Signed,
                    false => Standing::Open,
                }
            }
            OfferState::Accepted { at, .. } => Standing::Accepted(*at),
            OfferState::Declined { at, .. } => Standing::Declined(*at),
            OfferState::Withdrawn { at, .. } => Standing::Withdrawn(*at),
        }
    }

    /// The words that somebody agrees to who signs.
    ///
    /// # Errors
    /// When a word is missing, or the choice cannot be computed.
    pub fn statement(&self, choice: &Choice) -> Result<String, RenderError> {
        let w = Words::of(self.language())?;
        let offered = self.sent.content.offered(choice);
        let offered = offered.map_err(|_| RenderError::UnknownChoice)?;
        let mut values = vec![
            ("number", self.sent.number.to_string().into()),
            ("version", i64::from(self.sent.version).into()),
            ("agency", self.sent.seller.name.to_string().into()),
            ("client", self.sent.buyer.name.to_string().into()),
        ];
        let Some(amendment) = self.amendment() else {
            values.push(("amount", w.money(&offered.total).into()));
            return Ok(w.say_with("offer-statement", &values)?);
        };
        let after = amendment.total_before.checked_add(offered.total)?;
        values.push(("amount", signed(w, &offered.total).into()));
        values.push(("after", w.money(&after).into()));
        Ok(w.say_with("change-statement", &values)?)
    }

    /// What it changes, where it is a change order.
    fn amendment(&self) -> Option<&Amendment> {
        self.sent.content.amendment.as_ref()
    }

    /// The word for it, as a heading.
    fn kind(&self, w: &Words) -> Result<String, LocaleError> {
        match self.amendment() {
            Some(_) => w.say("change-number"),
            None => w.say("offer-number"),
        }
    }

    /// The word for it within a sentence.
    fn document(&self, w: &Words) -> Result<String, LocaleError> {
        match self.amendment() {
            Some(_) => w.say("change-word"),
            None => w.say("offer-word"),
        }
    }

    /// What is signed as it is preselected; of a change order, with its sign.
    fn total(&self, w: &Words, total: &Money) -> String {
        match self.amendment() {
            Some(_) => signed(w, total),
            None => w.money(total),
        }
    }

    /// The client's days.
    fn zone(&self) -> &ZoneName {
        let offer = self.estimate.offer.as_ref();
        offer.map_or(&self.account.time_zone, |offer| &offer.time_zone)
    }

    fn is_domestic(&self) -> bool {
        parties::same_country(&self.sent.seller, &self.sent.buyer)
    }

    /// Who offers.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn sender(&self) -> Result<Agency, RenderError> {
        let w = Words::of(self.language())?;
        let mut party = parties::party(w, &self.sent.seller, self.is_domestic())?;
        party.email = Some(self.account.email.to_string());
        Ok(Agency::known_by(self.account, party))
    }
}

/// A change by an amount: what is more has its sign too.
fn signed(w: &Words, change: &Money) -> String {
    let text = w.money(change);
    match change.is_positive() {
        true => format!("+{text}"),
        false => text,
    }
}
