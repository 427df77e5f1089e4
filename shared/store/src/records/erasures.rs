//! Erasures of what is personal of contacts, and when they come by themselves.

use remit_billing::erasure::Erasure;
use remit_billing::retention::RetentionRun;

use crate::keys::{self, DueKind};
use crate::record::{Indexes, Record};
use crate::table::Key;

impl Record for Erasure {
    const TYPE: &'static str = "erasure";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::erasure(self.account_id, self.client_id, self.contact_id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            // Beside what else waits for the janitor: a kind of its own would be four more shards to look at.
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Delivery, at, self.contact_id)),
            ..Indexes::default()
        }
    }
}

impl Record for RetentionRun {
    const TYPE: &'static str = "retention_run";
    fn key(&self) -> Key {
        keys::retention_run(self.account_id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .due_at
                .map(|at| keys::due(DueKind::Delivery, at, self.account_id)),
            ..Indexes::default()
        }
    }
}
