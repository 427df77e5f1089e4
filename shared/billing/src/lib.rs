//! The domain of Remit: money, documents, agreements, ledger.
//!
//! Pure: no async, no AWS, no clock, no randomness, no environment. Everything here takes `now`
//! and ids as arguments and returns a decision (the new state and what it states as events) or a
//! typed refusal. Numbers are those of EN 16931 as read in ARCHITECTURE.md.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests fail by panicking"))]

pub mod account;
pub mod actor;
pub mod approval;
pub mod attempt;
pub mod audit;
pub mod bank_account;
pub mod bank_matching;
pub mod bank_text;
pub mod banking;
pub mod billing_cycle;
pub mod books;
pub mod brand;
pub mod business_days;
pub mod canonical;
pub mod client;
pub mod client_documents;
pub mod credit_note;
pub mod creditor_reference;
pub mod delivery;
pub mod e_invoice;
pub mod epc_qr;
pub mod erasure;
pub mod estimate;
pub mod event;
pub mod exchange;
pub mod export;
pub mod fault;
pub mod file;
pub mod follow_up;
pub mod identity;
pub mod ids;
pub mod instalment;
pub mod invitation;
pub mod invoice;
pub mod journal;
pub mod late_fee;
pub mod ledger;
pub mod ledger_codes;
pub mod line;
pub mod line_dispute;
pub mod link;
pub mod mail_text;
pub mod member;
pub mod money;
pub mod notices;
pub mod number;
pub mod numbering;
pub mod opening;
pub mod operator_hold;
pub mod party;
pub mod payment;
pub mod payout;
pub mod portal_access;
pub mod posted;
pub mod project;
pub mod reconciliation;
pub mod refusal;
pub mod reminder;
pub mod report;
pub mod saved_method;
pub mod scope;
pub mod section;
pub mod standing;
pub mod statement;
pub mod subscription;
pub mod tax;
pub mod terms;
pub mod thread;
pub mod totals;
pub mod ways_to_pay;
pub mod work_entry;
