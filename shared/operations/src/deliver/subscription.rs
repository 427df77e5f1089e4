//! The notice before a subscription is billed or charged, to its client.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{CancelReason, Delivery, DocumentId, SubscriptionDeliveryKind};
use remit_billing::ids::{DeliveryId, SubscriptionId};
use remit_billing::mail_text::OwnWords;
use remit_billing::subscription::{BillAhead, Subscription};
use remit_documents::Ahead;
use remit_notify::mail::{HeaderText, Mail};
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::load::Batch;
use crate::mail_texts;
use crate::ports::Ports;

/// What a notice is made from.
pub(crate) struct SubscriptionMaterial {
    pub account: Account,
    pub client: Client,
    subscription: Subscription,
    own_words: OwnWords,
}

impl SubscriptionMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        id: SubscriptionId,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let client_id = wanted.client_id.ok_or_else(Problem::not_found)?;
        let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
        let all = [
            keys::delivery(account_id, DocumentId::Subscription(id), wanted.id),
            keys::account(account_id),
            keys::client(account_id, client_id),
            keys::subscription(account_id, id),
            account_words,
            client_words,
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let material = Self {
            account: batch.need::<Account>()?.value,
            client: batch.need::<Client>()?.value,
            subscription: batch.need::<Subscription>()?.value,
            own_words: mail_texts::taken(&mut batch)?,
        };
        Ok((delivery, material))
    }

    /// What was billed, skipped, paused or ended meanwhile is not announced.
    pub(super) fn no_longer_right(
        &self,
        kind: SubscriptionDeliveryKind,
        now: Timestamp,
    ) -> Option<CancelReason> {
        let SubscriptionDeliveryKind::SubscriptionNotice { number, .. } = kind;
        let ahead = self.subscription.is_ahead(number, now);
        (!ahead).then_some(CancelReason::Superseded)
    }

    pub(super) fn compose(
        &self,
        postbox: &Postbox,
        delivery_id: DeliveryId,
        kind: SubscriptionDeliveryKind,
    ) -> Result<Mail, Problem> {
        let (account, client) = (&self.account, &self.client);
        let SubscriptionDeliveryKind::SubscriptionNotice {
            number,
            billed_on,
            amount,
            charged,
        } = kind;
        let ahead = Ahead {
            account,
            client,
            recipient: super::invoice::greeting(client),
            name: &self.subscription.terms.name,
            bill: BillAhead {
                number,
                on: billed_on,
                amount,
                is_charged: charged,
            },
            own_words: &self.own_words,
        };
        let rendered = ahead.mail().map_err(Problem::internal)?;
        Ok(Mail {
            account_id: account.id,
            document: DocumentId::Subscription(self.subscription.id),
            delivery_id,
            from: postbox.from.clone(),
            from_name: Some(HeaderText::new(account.name.as_str())),
            reply_to: Some(account.email.clone()),
            to: client.recipients(),
            cc: client.copies(),
            subject: HeaderText::new(rendered.subject.as_str()),
            text: rendered.text,
            html: rendered.html,
            attachments: Vec::new(),
            unsubscribe: None,
        })
    }
}
