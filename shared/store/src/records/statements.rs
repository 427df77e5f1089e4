//! When statements of account are made.

use remit_billing::statement::MonthlyStatements;

use crate::keys::{self, DueKind};
use crate::record::{Indexes, Record};
use crate::table::Key;

impl Record for MonthlyStatements {
    const TYPE: &'static str = "monthly_statements";
    fn key(&self) -> Key {
        keys::monthly_statements(self.account_id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .next_at
                .map(|at| keys::due(DueKind::Statement, at, self.account_id)),
            ..Indexes::default()
        }
    }
}
