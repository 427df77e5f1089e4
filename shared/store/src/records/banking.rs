//! Bank accounts, the files of banks, their entries, and who pays from where.

use remit_billing::banking::{BankAccounts, BankEntry, BankStatement, KnownPayer};
use remit_billing::payout::Payout;

use crate::keys::{self, DueKind};
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

impl Record for BankAccounts {
    const TYPE: &'static str = "bank_accounts";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::bank_accounts(self.account_id)
    }
}

impl Record for BankStatement {
    const TYPE: &'static str = "bank_statement";
    fn key(&self) -> Key {
        keys::bank_statement(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            date: Some(IndexKey::new(
                keys::bank_statements(self.account_id),
                self.id.to_string(),
            )),
            // Beside what else the janitor looks at for money's sake: a kind of its own would be four
            // more shards to look at every five minutes.
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Payment, at, self.id)),
            ..Indexes::default()
        }
    }
}

impl Record for BankEntry {
    const TYPE: &'static str = "bank_entry";
    fn key(&self) -> Key {
        keys::bank_entry(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            status: Some(IndexKey::new(
                keys::bank_entries(self.account_id, self.state.as_str()),
                keys::bank_entry_by_day(self.facts.booked_on, self.id),
            )),
            ..Indexes::default()
        }
    }
}

impl Record for KnownPayer {
    const TYPE: &'static str = "known_payer";
    fn key(&self) -> Key {
        keys::known_payer(self.account_id, &self.payer, self.client_id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            client: Some(IndexKey::new(
                keys::client_partition(self.account_id, self.client_id),
                keys::client_payer(&self.payer),
            )),
            ..Indexes::default()
        }
    }
}

impl Record for Payout {
    const TYPE: &'static str = "payout";
    fn key(&self) -> Key {
        keys::payout(self.account_id, self.rail, &self.reference)
    }
    fn indexes(&self) -> Indexes {
        let place = || {
            IndexKey::new(
                keys::open_payouts(self.account_id),
                keys::payout_by_day(self.arrives_on, &self.reference),
            )
        };
        Indexes {
            status: self.entry_id.is_none().then(place),
            due: self
                .look_at
                .map(|at| keys::due(DueKind::Payment, at, self.account_id)),
            ..Indexes::default()
        }
    }
}
