//! What is stored, as the contract shows it: one place for the answers of the API and for an export, which says
//! the same in the same words.

pub mod api_keys;
pub mod banking;
pub mod billing_cycles;
pub mod clients;
pub mod credit_notes;
pub mod estimates;
pub mod invoices;
pub mod late_fees;
pub mod ledger;
pub mod ledger_codes;
pub mod mail_texts;
pub mod mails;
pub mod members;
pub mod payments;
pub mod projects;
pub mod rates;
pub mod scopes;
pub mod settings;
pub mod subscriptions;
pub mod threads;
pub mod timesheets;
pub mod transmissions;
pub mod work;
