//! Exports of all that is kept.

use remit_billing::export::Export;

use crate::keys::{self, DueKind};
use crate::record::{Indexes, Record};
use crate::table::Key;

/// Who took what away is written down, as each change is.
impl Record for Export {
    const TYPE: &'static str = "export";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::export(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            // Beside what else is asked for again when its event was lost: a kind of its own would be four
            // more shards to look at every five minutes.
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Delivery, at, self.id)),
            ..Indexes::default()
        }
    }
}
