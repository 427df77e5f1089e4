//! Thanks to a client, once its project is closed.

use remit_billing::delivery::{CancelReason, DocumentId};
use remit_billing::ids::{DeliveryId, ProjectId};
use remit_billing::notices;
use remit_billing::project::{Project, ProjectState};
use remit_documents::Thanks;
use remit_notify::mail::Mail;
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{Correspondence, DeliveryRef, Postbox, Stored};
use crate::ports::Ports;

/// What thanks are made from.
pub(crate) struct ProjectMaterial {
    pub between: Correspondence,
    project: Project,
}

impl ProjectMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        project_id: ProjectId,
    ) -> Result<(Stored, Self), Problem> {
        let found =
            Correspondence::about(ports, wanted, keys::project(wanted.account_id, project_id))
                .await?;
        let (delivery, between, project) = found;
        Ok((delivery, Self { between, project }))
    }

    /// Nobody is thanked for what goes on, nor who wants no thanks.
    pub(super) fn no_longer_right(&self) -> Option<CancelReason> {
        let wanted = notices::thanks(&self.between.account, &self.between.client);
        let closed = self.project.state() == ProjectState::Closed;
        (!wanted || !closed).then_some(CancelReason::Unwanted)
    }

    pub(super) async fn compose(
        &self,
        postbox: &Postbox,
        delivery_id: DeliveryId,
    ) -> Result<Mail, Problem> {
        let Correspondence {
            account,
            client,
            own_words,
        } = &self.between;
        let thanks = Thanks {
            account,
            client,
            recipient: super::invoice::greeting(client),
            project: &self.project.name,
            own_words,
        };
        let rendered = thanks.mail().map_err(Problem::internal)?;
        let url = postbox.links.stop_url(account.id, client.id).await?;
        let document = DocumentId::Project(self.project.id);
        let to = client.recipients();
        Ok(Mail {
            cc: client.copies(),
            unsubscribe: Some(super::stop(&url)?),
            ..postbox.letter(account, document, delivery_id, to, rendered)
        })
    }
}
