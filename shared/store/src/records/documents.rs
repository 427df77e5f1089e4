//! Accounts, clients, invoices and what is sent about them.

use remit_billing::account::Account;
use remit_billing::attempt::Attempt;
use remit_billing::brand::Logo;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::Delivery;
use remit_billing::e_invoice::transmission::EInvoiceTransmission;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::mail_text::MailTexts;
use remit_billing::project::Project;
use remit_billing::standing::{Standing, Status};

use crate::keys::{self, DueKind};
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

impl Record for Account {
    const TYPE: &'static str = "account";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::account(self.id)
    }
    fn indexes(&self) -> Indexes {
        let shard = keys::accounts(keys::shard_of(self.id));
        Indexes {
            status: Some(IndexKey::new(shard, self.id.to_string())),
            ..Indexes::default()
        }
    }
}

/// Which of them is the account's, is the account's own word.
impl Record for Logo {
    const TYPE: &'static str = "logo";
    fn key(&self) -> Key {
        keys::logo(self.account_id, self.facts.sha256)
    }
}

impl Record for Client {
    const TYPE: &'static str = "client";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::client(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        let partition = keys::clients(self.account_id, self.archived_at.is_some());
        Indexes {
            status: Some(IndexKey::new(partition, self.id.to_string())),
            ..Indexes::default()
        }
    }
}

impl Record for ClientBalance {
    const TYPE: &'static str = "client_balance";
    fn key(&self) -> Key {
        keys::client_balance(self.account_id, self.client_id, self.amount.currency())
    }
}

impl Record for Project {
    const TYPE: &'static str = "project";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::project(self.account_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            client: Some(IndexKey::new(
                keys::client_partition(self.account_id, self.client_id),
                keys::client_project(self.id),
            )),
            status: Some(IndexKey::new(
                keys::projects(self.account_id, self.state()),
                self.id.to_string(),
            )),
            ..Indexes::default()
        }
    }
}

impl Record for InvoiceDocument {
    const TYPE: &'static str = "invoice_document";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        match self {
            InvoiceDocument::Draft(draft) => keys::invoice_document(draft.account_id, draft.id),
            InvoiceDocument::Issued(issued) => keys::invoice_document(issued.account_id, issued.id),
        }
    }
    fn indexes(&self) -> Indexes {
        // Once it is issued, its standing is what lists find.
        let InvoiceDocument::Draft(draft) = self else {
            return Indexes::default();
        };
        let (account, day) = (draft.account_id, draft.created_on);
        Indexes {
            client: Some(IndexKey::new(
                keys::client_partition(account, draft.content.client_id),
                keys::client_invoice(day, draft.id),
            )),
            status: Some(IndexKey::new(
                keys::invoices_of_status(account, "draft"),
                keys::by_day(day, draft.id),
            )),
            date: Some(IndexKey::new(
                keys::invoices(account),
                keys::by_day(day, draft.id),
            )),
            due: None,
        }
    }
}

impl Record for Standing {
    const TYPE: &'static str = "invoice_standing";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::invoice_standing(self.account_id, self.invoice_id)
    }
    fn indexes(&self) -> Indexes {
        let (account, id) = (self.account_id, self.invoice_id);
        // Open invoices are listed by the day they are due: the overdue ones come first.
        let day = match self.status {
            Status::Open => self.due_on,
            Status::Paid { .. } | Status::Uncollectible { .. } | Status::Void { .. } => {
                self.issue_on
            }
        };
        Indexes {
            client: Some(IndexKey::new(
                keys::client_partition(account, self.client_id),
                keys::client_invoice(self.issue_on, id),
            )),
            status: Some(IndexKey::new(
                keys::invoices_of_status(account, self.status.as_str()),
                keys::by_day(day, id),
            )),
            date: Some(IndexKey::new(
                keys::invoices(account),
                keys::by_day(self.issue_on, id),
            )),
            due: self
                .reminders
                .next
                .map(|timer| keys::due(DueKind::Reminder, timer.at, id)),
        }
    }
}

impl Record for CreditNote {
    const TYPE: &'static str = "credit_note";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::credit_note(self.account_id, self.invoice_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            date: Some(IndexKey::new(
                keys::credit_notes(self.account_id),
                keys::credit_note_by_day(self.issue_on, self.id),
            )),
            ..Indexes::default()
        }
    }
}

impl Record for Delivery {
    const TYPE: &'static str = "delivery";
    fn key(&self) -> Key {
        keys::delivery(self.account_id, self.about.topic().document(), self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Delivery, at, self.id)),
            ..Indexes::default()
        }
    }
}

impl Record for EInvoiceTransmission {
    const TYPE: &'static str = "e_invoice_transmission";
    fn key(&self) -> Key {
        keys::e_invoice_transmission(self.account_id, self.document)
    }
    fn indexes(&self) -> Indexes {
        let place = |at| match self.document.credit_note_id {
            Some(id) => keys::due(DueKind::Delivery, at, id),
            None => keys::due(DueKind::Delivery, at, self.document.invoice_id),
        };
        Indexes {
            due: self.due_at().map(place),
            ..Indexes::default()
        }
    }
}

impl Record for MailTexts {
    const TYPE: &'static str = "mail_texts";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::mail_texts(self.account_id, self.client_id)
    }
}

impl Record for Attempt {
    const TYPE: &'static str = "attempt";
    fn key(&self) -> Key {
        keys::attempt(self.account_id, self.invoice_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Attempt, at, self.id)),
            ..Indexes::default()
        }
    }
}
