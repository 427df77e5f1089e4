//! What operators hold, and how far providers' lists were read.

use remit_billing::operator_hold::OperatorHold;
use remit_billing::reconciliation::Reconciliation;

use crate::keys;
use crate::record::{Indexes, Record};
use crate::table::Key;

impl Record for OperatorHold {
    const TYPE: &'static str = "operator_hold";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::operator_hold(self.account_id)
    }
}

impl Record for Reconciliation {
    const TYPE: &'static str = "reconciliation";
    fn key(&self) -> Key {
        keys::reconciliation(self.account_id, &self.provider)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            // Beside what else the janitor looks at for money's sake.
            due: self
                .due_at
                .map(|at| keys::due_reconciliation(at, self.account_id, &self.provider)),
            ..Indexes::default()
        }
    }
}
