//! Tells the signers of an offer who have not signed that it is about to end: once for each version.
//!
//! The step and the claims of its deliveries are one commit on the estimate's version. So an answer that comes
//! first makes the commit fail, and a second sweep finds the step taken.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, OfferDeliveryKind, OfferTo};
use remit_billing::estimate::{Estimate, SentEstimate};
use remit_billing::notices;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned, keys};

use crate::deliver::{self, Material, OfferMaterial, Postbox};
use crate::load::Batch;
use crate::mail_texts;
use crate::ports::Ports;
use crate::remind::take;

/// Takes the step of one estimate that is due.
pub(crate) async fn tell(
    ports: &Ports,
    postbox: &Postbox,
    estimate: Versioned<Estimate>,
) -> Result<(), Problem> {
    let now = ports.now();
    let (account_id, id) = (estimate.value.account_id, estimate.value.id);
    let client_id = estimate.value.client_id;
    if estimate.value.expiry_notice_at().is_none_or(|at| at > now) {
        return Ok(());
    }
    let Some(offer) = &estimate.value.offer else {
        return Ok(());
    };
    let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
    let wanted = [
        keys::account(account_id),
        keys::client(account_id, client_id),
        keys::sent_estimate(account_id, id, offer.version),
        account_words,
        client_words,
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let client = batch.need::<Client>()?.value;
    let sent = batch.need::<SentEstimate>()?.value;
    let own_words = mail_texts::taken(&mut batch);
    if account.held {
        return Ok(());
    }
    let wanted = notices::estimate_expiry_days(&account, &client).is_some();
    let signers = match wanted {
        true => estimate.value.to_be_told(&sent, now),
        false => Vec::new(),
    };
    let after = estimate.value.clone().expiry_noticed();
    let mut commit = Commit::new().replace(&estimate, &after, Vec::new());
    let mut claimed = Vec::with_capacity(signers.len());
    for signer in signers {
        let about = About::Offer {
            offer: OfferTo {
                estimate_id: id,
                version: sent.version,
                signer_id: signer.id,
            },
            kind: OfferDeliveryKind::EstimateExpiring,
        };
        let delivery = Delivery::requested(ports.id(now)?, account_id, client_id, about, now)
            .claimed(ports.id(now)?, now);
        commit = commit.create(&delivery, Vec::new());
        claimed.push((delivery, signer.clone()));
    }
    if !take(ports, commit).await? {
        return Ok(());
    }
    for (delivery, signer) in claimed {
        let material = Material::Offer(Box::new(OfferMaterial::of_open(
            account.clone(),
            after.clone(),
            sent.clone(),
            signer,
            own_words.clone(),
        )));
        deliver::send(ports, postbox, &Versioned::new(delivery, 1), &material).await?;
    }
    Ok(())
}
