//! The domain's values and totals: worked examples as tables, and properties.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod document;
mod faults;
mod money;
mod numbering;
mod party;
mod properties;
mod terms;
mod totals;
