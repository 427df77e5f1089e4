//! Documents that are set, and read again.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../../documents/tests/e_invoices/cases.rs"]
#[expect(
    dead_code,
    reason = "what e-invoices by themselves are asked for beside"
)]
mod cases;
mod factur_x;
mod papers;
#[path = "../../../documents/tests/e_invoices/read.rs"]
#[expect(
    dead_code,
    reason = "what e-invoices by themselves are asked for beside"
)]
mod read;
mod reading;
mod setting;
