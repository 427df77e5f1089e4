//! Use cases that more than one function performs: load, let the domain decide, commit.
//!
//! Each reads what it needs, hands it to `remit_billing`, and returns or makes one commit. A call
//! to the outside (a mail, a provider) stands between two commits: the claim and the settling.
//!
//! - [`invoice_body`], [`drafting`], [`gathering`]: what an invoice says, what it comes to, and what is ready to be billed;
//! - [`issue`], [`voiding`], [`write_offs`], [`sending`], [`hand_payment`]: what a member asks for;
//! - [`refunds`], [`balances`]: money given back, and balances applied;
//! - [`openings`]: what is taken over from another program's books;
//! - [`bank_entries`]: what a bank booked becomes a payment, and is taken back;
//! - [`settle`]: what a payment provider says; [`look_again`]: money and news that wait;
//! - [`deliver`], [`queued`], [`remind`]: mails; [`checkout`]: the pay button; [`completing`]:
//!   what waits for us; [`unanswered`], [`open_pages`]: attempts without an answer, pages to be closed;
//! - [`transmitting`]: e-invoices through a network;
//! - [`taking_in`], [`reconciling`]: what a provider states, and what its own list tells; [`restored`]: mails of a table that was put back;
//! - [`saved_methods`], [`charging`]: what clients let the agency keep, and charges of it;
//! - [`subscriptions`], [`billing_cycles`]: what bills itself, each period once, and on a client's day;
//! - [`threads`], [`replies`]: what is asked and answered, on the page and by mail;
//! - [`work`]: noted work that invoices take and give back;
//! - [`shown`]: what is stored, as the contract shows it;
//! - [`exporting`]: an export that lies idle is asked for again; [`erasing`]: an erasure is asked for;
//! - [`rates`]: the exchange rate of a day;
//! - [`due`]: how a sweep reads what is due; [`fan_out`]: how much of it is shared out; [`facts`]: the events; [`links`], [`checkouts`]:
//!   secrets at work.

pub mod balances;
pub mod bank_debits;
pub mod bank_entries;
pub mod billing_cycles;
pub mod charging;
pub mod checkout;
pub mod checkouts;
pub mod completing;
pub mod crediting;
pub mod deliver;
pub mod disputing;
pub mod drafting;
pub mod due;
pub mod erasing;
pub mod estimates;
pub mod expiring;
pub mod exporting;
pub mod facts;
pub mod fan_out;
pub mod follow_ups;
pub mod gathering;
pub mod hand_payment;
pub mod invitations;
pub mod invoice_body;
pub mod issue;
pub mod late_fees;
pub mod links;
pub mod load;
pub mod look_again;
pub mod mail_texts;
mod numbers;
pub mod open_pages;
pub mod openings;
pub mod papers;
pub mod portal;
pub mod ports;
pub mod queued;
pub mod rates;
pub mod reconciling;
pub mod refunds;
pub mod remind;
pub mod replies;
pub mod restored;
pub mod saved_methods;
pub mod scopes;
pub mod sending;
pub mod settle;
mod settlement;
pub mod several;
mod shares;
pub mod shown;
pub mod signing;
pub mod statements;
pub mod subscriptions;
pub mod taking_in;
pub mod threads;
pub mod transmitting;
pub mod unanswered;
pub mod voiding;
pub mod work;
pub mod write_offs;

pub use ports::Ports;
