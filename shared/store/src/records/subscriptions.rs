//! Subscriptions, and the periods that they have billed.

use remit_billing::billing_cycle::BillingCycle;
use remit_billing::subscription::{BilledPeriod, Subscription};

use crate::keys::{self, DueKind};
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

impl Record for Subscription {
    const TYPE: &'static str = "subscription";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::subscription(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        let (account, id) = (self.account_id, self.id);
        Indexes {
            client: Some(IndexKey::new(
                keys::client_partition(account, self.client_id()),
                keys::client_subscription(id),
            )),
            status: Some(IndexKey::new(
                keys::subscriptions_of_status(account, self.status.as_str()),
                id.to_string(),
            )),
            date: None,
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Subscription, at, id)),
        }
    }
}

impl Record for BillingCycle {
    const TYPE: &'static str = "billing_cycle";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::billing_cycle(self.account_id, self.client_id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .next
                .map(|next| keys::due(DueKind::Subscription, next.at, self.client_id)),
            ..Indexes::default()
        }
    }
}

impl Record for BilledPeriod {
    const TYPE: &'static str = "billed_period";
    fn key(&self) -> Key {
        keys::billed_period(self.account_id, self.subscription_id, self.number)
    }
    fn indexes(&self) -> Indexes {
        let look_at = self.charge.as_ref().and_then(|charge| charge.look_at);
        Indexes {
            due: look_at.map(|at| keys::due(DueKind::Subscription, at, self.invoice_id)),
            ..Indexes::default()
        }
    }
}
