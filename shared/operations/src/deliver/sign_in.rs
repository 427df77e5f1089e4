//! The mail that brings a link to sign in, to a client's contact.

use remit_billing::account::Account;
use remit_billing::delivery::{Delivery, DocumentId};
use remit_billing::ids::{ContactId, DeliveryId};
use remit_billing::link::SignInLink;
use remit_billing::portal_access::PortalAccess;
use remit_documents::SigningIn;
use remit_notify::mail::Mail;
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::load::Batch;
use crate::portal;
use crate::ports::Ports;

/// What the mail of a link is made from.
pub(crate) struct SignInMaterial {
    pub account: Account,
    pub access: PortalAccess,
}

impl SignInMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        contact_id: ContactId,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let all = [
            keys::delivery(account_id, DocumentId::Contact(contact_id), wanted.id),
            keys::account(account_id),
            keys::portal_access(account_id, contact_id),
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let account = batch.need::<Account>()?.value;
        let access = batch.need::<PortalAccess>()?.value;
        Ok((delivery, Self { account, access }))
    }

    pub(super) async fn compose(
        &self,
        postbox: &Postbox,
        delivery_id: DeliveryId,
    ) -> Result<Mail, Problem> {
        let (account, access) = (&self.account, &self.access);
        let link = SignInLink {
            account_id: account.id,
            contact_id: access.contact_id,
            delivery_id,
        };
        let secret = postbox.links.secret().await?;
        let token = link.token(&secret);
        let token = token.ok_or_else(|| Problem::internal("no proof for a link"))?;
        let base = &postbox.links.public_base_url;
        let page_url = format!("{base}{}/enter/{token}", portal::path(account.id));
        let signing_in = SigningIn {
            account,
            language: access.language,
        };
        let name = access.name.as_ref().map(|name| name.as_str());
        let rendered = signing_in.mail(name, access.email.as_str(), &page_url);
        let rendered = rendered.map_err(Problem::internal)?;
        let document = DocumentId::Contact(access.contact_id);
        let to = vec![access.email.clone()];
        Ok(postbox.letter(account, document, delivery_id, to, rendered))
    }
}
