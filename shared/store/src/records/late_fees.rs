//! Fees for paying late.

use remit_billing::late_fee::LateFees;

use crate::keys;
use crate::record::{Indexes, Record};
use crate::table::Key;

impl Record for LateFees {
    const TYPE: &'static str = "late_fees";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::late_fees(self.account_id, self.invoice_id, self.cycle)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .next
                .map(|at| keys::due_late_fees(at, self.invoice_id, self.cycle)),
            ..Indexes::default()
        }
    }
}
