//! The mail that brings an invitation, to who is invited.

use remit_billing::account::Account;
use remit_billing::delivery::{Delivery, DocumentId};
use remit_billing::ids::{DeliveryId, MemberId};
use remit_billing::member::{Member, Roster};
use remit_documents::Invited;
use remit_notify::mail::Mail;
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::invitations;
use crate::load::Batch;
use crate::ports::Ports;

/// What the mail of an invitation is made from.
pub(crate) struct InvitationMaterial {
    pub account: Account,
    pub member: Member,
}

impl InvitationMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        member_id: MemberId,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let all = [
            keys::delivery(account_id, DocumentId::Member(member_id), wanted.id),
            keys::account(account_id),
            keys::roster(account_id),
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let account = batch.need::<Account>()?.value;
        let roster = batch.need::<Roster>()?.value;
        let member = roster.member(member_id).cloned();
        let member = member.ok_or_else(Problem::not_found)?;
        Ok((delivery, Self { account, member }))
    }

    pub(super) async fn compose(
        &self,
        postbox: &Postbox,
        delivery_id: DeliveryId,
    ) -> Result<Mail, Problem> {
        let (account, member) = (&self.account, &self.member);
        let secret = postbox.links.secret().await?;
        let token = invitations::token(&secret, account.id, member.id, delivery_id)?;
        let base = &postbox.links.public_base_url;
        let page_url = format!("{base}{}", invitations::path(&token));
        let invited = Invited { account, member };
        let rendered = invited.mail(&page_url).map_err(Problem::internal)?;
        let (document, to) = (DocumentId::Member(member.id), vec![member.email.clone()]);
        Ok(postbox.letter(account, document, delivery_id, to, rendered))
    }
}
