//! How each value of the domain is stored. A golden file pins the JSON of every type.

mod access;
mod audit;
mod banking;
mod documents;
mod due;
mod erasures;
mod estimates;
mod exports;
mod late_fees;
mod money;
mod operating;
mod portal;
mod statements;
mod subscriptions;
mod work;

use remit_billing::account::Account;
use remit_billing::attempt::Attempt;
use remit_billing::audit::{AuditEntry, AuditSeal};
use remit_billing::banking::{BankAccounts, BankEntry, BankStatement, KnownPayer};
use remit_billing::billing_cycle::BillingCycle;
use remit_billing::brand::Logo;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::Delivery;
use remit_billing::e_invoice::transmission::EInvoiceTransmission;
use remit_billing::erasure::Erasure;
use remit_billing::estimate::{Acceptance, Estimate, SentEstimate, SigningChallenge};
use remit_billing::exchange::ExchangeRate;
use remit_billing::export::Export;
use remit_billing::file::File;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::late_fee::LateFees;
use remit_billing::ledger::LedgerTransaction;
use remit_billing::ledger_codes::LedgerCodes;
use remit_billing::mail_text::MailTexts;
use remit_billing::member::Roster;
use remit_billing::operator_hold::OperatorHold;
use remit_billing::payment::Payment;
use remit_billing::payout::Payout;
use remit_billing::portal_access::{ContactOf, PortalAccess};
use remit_billing::project::Project;
use remit_billing::reconciliation::Reconciliation;
use remit_billing::retention::RetentionRun;
use remit_billing::saved_method::SavedMethod;
use remit_billing::scope::Scope;
use remit_billing::standing::Standing;
use remit_billing::statement::MonthlyStatements;
use remit_billing::subscription::{BilledPeriod, Subscription};
use remit_billing::thread::Thread;
use remit_billing::work_entry::{Timesheet, WorkEntry, WorkSettings};

pub use access::{ApiKey, ApiKeyLookup, IdentityLookup, InvitationLookup};
pub use due::HandOut;
pub use money::{Notification, NotificationState, NumberCounter, OpeningNumber};

use crate::record::Record;
use crate::request::RequestReceipt;

/// The `type` of every record. Each has `tests/golden/TYPE.json`.
pub const TYPES: &[&str] = &[
    Acceptance::TYPE,
    Account::TYPE,
    ApiKey::TYPE,
    ApiKeyLookup::TYPE,
    Attempt::TYPE,
    AuditEntry::TYPE,
    AuditSeal::TYPE,
    BankAccounts::TYPE,
    BankEntry::TYPE,
    BankStatement::TYPE,
    BilledPeriod::TYPE,
    BillingCycle::TYPE,
    Client::TYPE,
    ClientBalance::TYPE,
    ContactOf::TYPE,
    CreditNote::TYPE,
    Delivery::TYPE,
    EInvoiceTransmission::TYPE,
    Erasure::TYPE,
    RetentionRun::TYPE,
    Estimate::TYPE,
    ExchangeRate::TYPE,
    Export::TYPE,
    File::TYPE,
    HandOut::TYPE,
    IdentityLookup::TYPE,
    InvitationLookup::TYPE,
    NumberCounter::TYPE,
    OpeningNumber::TYPE,
    InvoiceDocument::TYPE,
    KnownPayer::TYPE,
    LateFees::TYPE,
    LedgerCodes::TYPE,
    LedgerTransaction::TYPE,
    Logo::TYPE,
    MailTexts::TYPE,
    MonthlyStatements::TYPE,
    Notification::TYPE,
    OperatorHold::TYPE,
    Payment::TYPE,
    Payout::TYPE,
    PortalAccess::TYPE,
    Project::TYPE,
    Reconciliation::TYPE,
    RequestReceipt::TYPE,
    Roster::TYPE,
    SavedMethod::TYPE,
    Scope::TYPE,
    SentEstimate::TYPE,
    SigningChallenge::TYPE,
    Standing::TYPE,
    Subscription::TYPE,
    Thread::TYPE,
    Timesheet::TYPE,
    WorkEntry::TYPE,
    WorkSettings::TYPE,
];
