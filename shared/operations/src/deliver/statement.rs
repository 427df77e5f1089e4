//! A statement of account, to its client.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, CancelReason, Delivery, DocumentId, StatementDeliveryKind};
use remit_billing::ids::{ClientId, DeliveryId};
use remit_billing::mail_text::OwnWords;
use remit_billing::notices;
use remit_billing::party::Period;
use remit_documents::Stated;
use remit_notify::mail::Mail;
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::load::Batch;
use crate::mail_texts;
use crate::ports::Ports;
use crate::statements::{self, Read, Wanted};

/// What a statement's mail is made from: the figures as they are known when it leaves.
pub(crate) struct StatementMaterial {
    pub account: Account,
    pub client: Client,
    own_words: OwnWords,
    days: Period,
    stated: Read,
}

impl StatementMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        client_id: ClientId,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
        let all = [
            keys::delivery(account_id, wanted.topic.document(), wanted.id),
            keys::account(account_id),
            keys::client(account_id, client_id),
            account_words,
            client_words,
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let account = batch.need::<Account>()?.value;
        let client = batch.need::<Client>()?.value;
        let own_words = mail_texts::taken(&mut batch);
        let About::Statement { days, currency, .. } = delivery.value.about else {
            return Err(Problem::internal("a statement about something else"));
        };
        let balances = statements::balances(&ports.store, account_id, client_id).await?;
        let only = Wanted { days, currency };
        let stated = statements::read(&ports.store, &account, client_id, &balances, only).await?;
        let material = Self {
            account,
            client,
            own_words,
            days,
            stated,
        };
        Ok((delivery, material))
    }

    /// Nobody gets what was switched off meanwhile, nor what says nothing.
    pub(super) fn no_longer_right(&self, kind: StatementDeliveryKind) -> Option<CancelReason> {
        let wanted = match kind {
            StatementDeliveryKind::Statement => self.client.archived_at.is_none(),
            StatementDeliveryKind::MonthlyStatement => {
                notices::statements(&self.account, &self.client)
            }
        };
        if !wanted {
            return Some(CancelReason::Unwanted);
        }
        (!self.stated.says_something()).then_some(CancelReason::NothingDue)
    }

    pub(super) async fn compose(
        &self,
        now: Timestamp,
        postbox: &Postbox,
        delivery_id: DeliveryId,
        kind: StatementDeliveryKind,
    ) -> Result<Mail, Problem> {
        let (account, client) = (&self.account, &self.client);
        let stated = Stated {
            account,
            client,
            days: self.days,
            statements: &self.stated.statements,
        };
        let url = match self.stated.leads() {
            Some(standing) => {
                let links = &postbox.links;
                let url = links.statement_url(account.id, standing, self.days, now);
                Some(url.await?)
            }
            None => None,
        };
        let recipient = super::invoice::greeting(client);
        let rendered = stated.mail(recipient, &self.own_words, url.as_deref());
        let rendered = rendered.map_err(Problem::internal)?;
        let unsubscribe = match kind {
            StatementDeliveryKind::Statement => None,
            StatementDeliveryKind::MonthlyStatement => {
                let url = postbox.links.stop_url(account.id, client.id).await?;
                Some(super::stop(&url)?)
            }
        };
        let document = DocumentId::Statements(client.id);
        let to = client.recipients();
        Ok(Mail {
            cc: client.copies(),
            unsubscribe,
            ..postbox.letter(account, document, delivery_id, to, rendered)
        })
    }
}
