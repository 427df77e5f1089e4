//! The domain: worked examples as tables, and properties of whatever happens.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attempt;
mod audit;
mod books;
mod change_order;
mod credit_note;
mod delivery;
mod delivery_histories;
mod document;
mod estimate;
mod faults;
mod histories;
mod house;
mod instalment;
mod invoice;
mod ledger;
mod link;
mod member;
mod money;
mod numbering;
mod parties;
mod party;
mod payment;
mod properties;
mod refunds;
mod reminder;
mod scope;
mod section;
mod standing;
mod terms;
mod totals;
mod work;
mod work_histories;
