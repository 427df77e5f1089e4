//! Thanks to a client, once its project is closed.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{CancelReason, Delivery, DocumentId};
use remit_billing::ids::{DeliveryId, ProjectId};
use remit_billing::mail_text::OwnWords;
use remit_billing::notices;
use remit_billing::project::{Project, ProjectState};
use remit_documents::Thanks;
use remit_notify::mail::{HeaderText, Mail};
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::load::Batch;
use crate::mail_texts;
use crate::ports::Ports;

/// What thanks are made from.
pub(crate) struct ProjectMaterial {
    pub account: Account,
    pub client: Client,
    project: Project,
    own_words: OwnWords,
}

impl ProjectMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        project_id: ProjectId,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let client_id = wanted.client_id.ok_or_else(Problem::not_found)?;
        let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
        let all = [
            keys::delivery(account_id, DocumentId::Project(project_id), wanted.id),
            keys::account(account_id),
            keys::client(account_id, client_id),
            keys::project(account_id, project_id),
            account_words,
            client_words,
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let material = Self {
            account: batch.need::<Account>()?.value,
            client: batch.need::<Client>()?.value,
            project: batch.need::<Project>()?.value,
            own_words: mail_texts::taken(&mut batch)?,
        };
        Ok((delivery, material))
    }

    /// Nobody is thanked for what goes on, nor who wants no thanks.
    pub(super) fn no_longer_right(&self) -> Option<CancelReason> {
        let wanted = notices::thanks(&self.account, &self.client);
        let closed = self.project.state() == ProjectState::Closed;
        (!wanted || !closed).then_some(CancelReason::Unwanted)
    }

    pub(super) async fn compose(
        &self,
        postbox: &Postbox,
        delivery_id: DeliveryId,
    ) -> Result<Mail, Problem> {
        let (account, client) = (&self.account, &self.client);
        let thanks = Thanks {
            account,
            client,
            recipient: super::invoice::greeting(client),
            project: &self.project.name,
            own_words: &self.own_words,
        };
        let rendered = thanks.mail().map_err(Problem::internal)?;
        let url = postbox.links.stop_url(account.id, client.id).await?;
        Ok(Mail {
            account_id: account.id,
            document: DocumentId::Project(self.project.id),
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
            unsubscribe: Some(super::stop(&url)?),
        })
    }
}
