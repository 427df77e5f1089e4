//! Mails about an offer, to one of its signers.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::delivery::{
    About, CancelReason, Delivery, DocumentId, OfferDeliveryKind, OfferTo,
};
use remit_billing::estimate::{Acceptance, Estimate, SentEstimate, Signer, SigningChallenge};
use remit_billing::ids::DeliveryId;
use remit_billing::link::{LinkEnd, OfferLink};
use remit_billing::mail_text::OwnWords;
use remit_billing::thread::Message;
use remit_documents::{OfferMailOptions, Offered};
use remit_notify::mail::{Attachment, Mail};
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::links::Links;
use crate::load::Batch;
use crate::mail_texts;
use crate::ports::Ports;

/// What a mail about an offer is made from.
pub(crate) struct OfferMaterial {
    pub account: Account,
    estimate: Estimate,
    sent: SentEstimate,
    signer: Signer,
    challenge: Option<SigningChallenge>,
    acceptance: Option<Acceptance>,
    pub message: Option<Message>,
    own_words: OwnWords,
}

impl OfferMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        offer: OfferTo,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let id = offer.estimate_id;
        let client_id = wanted.client_id.ok_or_else(Problem::not_found)?;
        let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
        let all = [
            keys::delivery(account_id, DocumentId::Estimate(id), wanted.id),
            keys::estimate(account_id, id),
            keys::sent_estimate(account_id, id, offer.version),
            keys::account(account_id),
            keys::signing_challenge(account_id, id, offer.signer_id),
            keys::acceptance(account_id, id),
            account_words,
            client_words,
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let estimate = batch.need::<Estimate>()?.value;
        let sent = batch.need::<SentEstimate>()?.value;
        let signer = sent.signer(offer.signer_id).cloned();
        let message = super::message(ports, &delivery.value).await?;
        let material = Self {
            estimate,
            signer: signer.ok_or_else(Problem::not_found)?,
            sent,
            account: batch.need::<Account>()?.value,
            challenge: batch.take::<SigningChallenge>()?.map(|found| found.value),
            acceptance: batch.take::<Acceptance>()?.map(|found| found.value),
            own_words: mail_texts::taken(&mut batch),
            message,
        };
        Ok((delivery, material))
    }

    /// That of an offer that nobody has answered.
    pub fn of_open(
        account: Account,
        estimate: Estimate,
        sent: SentEstimate,
        signer: Signer,
        own_words: OwnWords,
    ) -> Self {
        Self {
            account,
            estimate,
            sent,
            signer,
            challenge: None,
            acceptance: None,
            message: None,
            own_words,
        }
    }

    pub(super) fn no_longer_right(
        &self,
        delivery: DeliveryId,
        kind: OfferDeliveryKind,
        now: Timestamp,
    ) -> Option<CancelReason> {
        let version = self.sent.version;
        if kind.is_for_signer() && self.sent.erased.contains(&self.signer.id) {
            return Some(CancelReason::Erased);
        }
        match kind {
            OfferDeliveryKind::Estimate => {
                let open = self.estimate.open_offer(version, now);
                open.is_err().then_some(CancelReason::OfferClosed)
            }
            // Who has signed meanwhile is told nothing.
            OfferDeliveryKind::EstimateExpiring => {
                let open = self.estimate.open_offer(version, now).is_ok();
                let told = open && !self.estimate.has_signed(self.signer.id);
                (!told).then_some(CancelReason::OfferClosed)
            }
            OfferDeliveryKind::SigningCode => {
                let challenge = self.challenge.as_ref();
                let live = challenge.and_then(|challenge| challenge.live(version, now));
                let newest = live.is_some_and(|code| code.delivery_id == delivery);
                (!newest).then_some(CancelReason::Superseded)
            }
            OfferDeliveryKind::EstimateCertificate
            | OfferDeliveryKind::EstimateWithdrawn
            | OfferDeliveryKind::EstimateAnswered
            | OfferDeliveryKind::EstimateQuestion { .. }
            | OfferDeliveryKind::EstimateAnswer { .. }
            | OfferDeliveryKind::EstimateReplyHeld(_)
            | OfferDeliveryKind::EstimateMailReturned(_) => None,
        }
    }

    pub(super) async fn compose(
        &self,
        now: Timestamp,
        postbox: &Postbox,
        delivery_id: DeliveryId,
        offer: OfferTo,
        kind: OfferDeliveryKind,
    ) -> Result<Mail, Problem> {
        let account = &self.account;
        let link = OfferLink::new(account.id, offer, self.estimate.link_generation);
        let secret = postbox.links.secret().await?;
        let base = &postbox.links.public_base_url;
        let page_url = format!(
            "{base}{}",
            Links::offer_path(&secret, link, LinkEnd::of(now))
        );
        let code = match kind {
            OfferDeliveryKind::SigningCode => link.signing_code(&secret, delivery_id),
            _ => None,
        };
        let offered = Offered {
            account,
            estimate: &self.estimate,
            sent: &self.sent,
            acceptance: self.acceptance.as_ref(),
            signer: &self.signer,
            now,
        };
        let options = OfferMailOptions {
            page_url: &page_url,
            code: code.as_deref(),
            message: self.message.as_ref(),
            own_words: &self.own_words,
        };
        let rendered = offered.mail(kind, options).map_err(Problem::internal)?;
        let attachments = match (kind, &self.acceptance) {
            (OfferDeliveryKind::EstimateCertificate, Some(acceptance)) => vec![Attachment {
                file_name: document_name(&self.sent),
                media_type: "application/json",
                content: acceptance.document.clone().into_bytes(),
            }],
            _ => Vec::new(),
        };
        // The agency answers its client, and the client the agency.
        let about = About::Offer { offer, kind };
        let unsubscribe = match about.is_courtesy() {
            true => {
                let links = &postbox.links;
                let url = links.stop_url(account.id, self.estimate.client_id).await?;
                Some(super::stop(&url)?)
            }
            false => None,
        };
        let (to, reply_to) = match about.is_to_agency() {
            true => (&account.email, &self.signer.email),
            false => (&self.signer.email, &account.email),
        };
        let document = DocumentId::Estimate(offer.estimate_id);
        Ok(Mail {
            reply_to: Some(reply_to.clone()),
            attachments,
            unsubscribe,
            ..postbox.letter(account, document, delivery_id, vec![to.clone()], rendered)
        })
    }
}

/// What the signed document is called as a file: its number, whatever it is made of, and its version.
pub fn document_name(sent: &SentEstimate) -> String {
    let number = sent.number.to_string();
    let plain = |c: char| match c.is_ascii_alphanumeric() || c == '-' {
        true => c,
        false => '-',
    };
    let number: String = number.chars().map(plain).collect();
    format!("{number}-v{}.json", sent.version)
}
