//! Estimates: where they stand, what was sent, what was accepted.

use remit_billing::estimate::{Acceptance, Estimate, SentEstimate, SigningChallenge};

use jiff::Timestamp;
use remit_billing::file::File;
use remit_billing::scope::Scope;
use remit_billing::thread::Thread;

use crate::keys::{self, DueKind};
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

impl Record for Estimate {
    const TYPE: &'static str = "estimate";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::estimate(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        let (account, id) = (self.account_id, self.id.to_string());
        // Ids rise with time, so lists are in the order in which estimates were begun.
        Indexes {
            client: Some(IndexKey::new(
                keys::client_partition(account, self.client_id),
                keys::client_estimate(self.id),
            )),
            status: Some(IndexKey::new(
                keys::estimates_of_state(account, self.stored_state().as_str()),
                id.clone(),
            )),
            date: Some(IndexKey::new(keys::estimates(account), id)),
            due: self
                .expiry_notice_at()
                .map(|at| keys::due(DueKind::Reminder, at, self.id)),
        }
    }
}

impl Record for SentEstimate {
    const TYPE: &'static str = "sent_estimate";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::sent_estimate(self.account_id, self.estimate_id, self.version)
    }
}

impl Record for File {
    const TYPE: &'static str = "file";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::file(self.account_id, self.id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        File::expires_at(self)
    }
}

impl Record for Thread {
    const TYPE: &'static str = "thread";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::thread(self.account_id, self.document)
    }
    fn indexes(&self) -> Indexes {
        let at = self.last_at().map_or_else(String::new, |at| {
            // To the second: a width that sorts.
            format!("{at:.0}")
        });
        Indexes {
            status: Some(IndexKey::new(
                keys::threads(self.account_id, self.state()),
                format!("{at}#{}", self.document),
            )),
            ..Indexes::default()
        }
    }
}

impl Record for Scope {
    const TYPE: &'static str = "scope";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::scope(self.account_id, self.project_id)
    }
}

impl Record for SigningChallenge {
    const TYPE: &'static str = "signing_challenge";
    fn key(&self) -> Key {
        keys::signing_challenge(self.account_id, self.estimate_id, self.signer_id)
    }
}

impl Record for Acceptance {
    const TYPE: &'static str = "acceptance";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::acceptance(self.account_id, self.estimate_id)
    }
}
