//! The notice before a subscription is billed or charged, to its client.

use jiff::Timestamp;
use remit_billing::delivery::{CancelReason, DocumentId, SubscriptionDeliveryKind};
use remit_billing::ids::{DeliveryId, SubscriptionId};
use remit_billing::subscription::{BillAhead, Subscription};
use remit_documents::Ahead;
use remit_notify::mail::Mail;
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{Correspondence, DeliveryRef, Postbox, Stored};
use crate::ports::Ports;

/// What a notice is made from.
pub(crate) struct SubscriptionMaterial {
    pub between: Correspondence,
    subscription: Subscription,
}

impl SubscriptionMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        id: SubscriptionId,
    ) -> Result<(Stored, Self), Problem> {
        let found =
            Correspondence::about(ports, wanted, keys::subscription(wanted.account_id, id)).await?;
        let (delivery, between, subscription) = found;
        Ok((
            delivery,
            Self {
                between,
                subscription,
            },
        ))
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
        let Correspondence {
            account,
            client,
            own_words,
        } = &self.between;
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
            own_words,
        };
        let rendered = ahead.mail().map_err(Problem::internal)?;
        let document = DocumentId::Subscription(self.subscription.id);
        let to = client.recipients();
        Ok(Mail {
            cc: client.copies(),
            ..postbox.letter(account, document, delivery_id, to, rendered)
        })
    }
}
