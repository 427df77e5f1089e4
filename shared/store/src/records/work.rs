//! Work: what members noted, what is agreed about it, and what an invoice bills of it.

use remit_billing::work_entry::{Timesheet, WorkEntry, WorkSettings, WorkState};

use crate::keys;
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

/// The place of approved work that nobody is billed for: it must not stand among what is.
const NOT_BILLABLE: &str = "not_billable";

impl Record for WorkEntry {
    const TYPE: &'static str = "work_entry";
    fn key(&self) -> Key {
        keys::work(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        let (account, id, day) = (self.account_id, self.id, self.worked_on);
        let place = keys::work_on(day, id);
        let by_day = keys::by_work_day(day, id);
        let (word, sort) = match &self.state {
            // What waits to be billed is asked for by client.
            WorkState::Approved { .. } if self.is_ready() => {
                let client = keys::work_ready_prefix(self.client_id);
                ("approved", format!("{client}{by_day}"))
            }
            WorkState::Approved { .. } => (NOT_BILLABLE, by_day),
            state => (state.as_str(), by_day),
        };
        Indexes {
            client: Some(IndexKey::new(
                keys::work_of_member(account, self.member_id),
                place.clone(),
            )),
            status: Some(IndexKey::new(keys::work_of_state(account, word), sort)),
            date: Some(IndexKey::new(
                keys::work_of_project(account, self.project_id),
                place,
            )),
            due: None,
        }
    }
}

impl Record for WorkSettings {
    const TYPE: &'static str = "work_settings";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::work_settings(self.account_id, self.project_id)
    }
}

impl Record for Timesheet {
    const TYPE: &'static str = "timesheet";
    fn key(&self) -> Key {
        keys::timesheet(self.account_id, self.invoice_id)
    }
}
