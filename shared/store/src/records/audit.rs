//! The audit log.

use remit_billing::audit::{AuditEntry, AuditSeal};

use crate::keys;
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

impl Record for AuditEntry {
    const TYPE: &'static str = "audit_entry";
    fn key(&self) -> Key {
        keys::audit_entry(self.account_id, &self.document, self.sequence)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            date: Some(IndexKey::new(
                keys::audit_log(self.account_id),
                keys::audit_moment(self.at, &self.document, self.sequence),
            )),
            ..Indexes::default()
        }
    }
}

impl Record for AuditSeal {
    const TYPE: &'static str = "audit_seal";
    fn key(&self) -> Key {
        keys::audit_seal(self.account_id, self.day)
    }
}
