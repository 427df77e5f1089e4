//! Size: what a run costs follows what is due and not what is stored, and much that falls due in one
//! minute is billed once, without a gap. Through the real functions, over the embedded table.
//!
//! An ordinary run is a small part of the whole size, which takes some minutes and gigabytes of disk:
//! `REMIT_SCALE=200 cargo test --release -p remit-tests --test scale -- --nocapture --test-threads=1`
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

#[path = "../cost/agency.rs"]
mod agency;
#[path = "../cost/bank.rs"]
#[expect(
    dead_code,
    reason = "the cost test takes more steps than are needed here"
)]
mod bank;
mod billing;
mod few_due;
mod importing;
#[path = "../cost/life.rs"]
#[expect(
    dead_code,
    reason = "the cost test takes more steps than are needed here"
)]
mod life;
mod site;
mod stored;
#[path = "../cost/tap.rs"]
mod tap;

/// Two-hundredths of the whole size.
#[expect(
    clippy::disallowed_methods,
    reason = "how a person runs a test is no setting of Remit's"
)]
fn scale() -> usize {
    let wanted = std::env::var("REMIT_SCALE").ok();
    wanted.map_or(1, |wanted| wanted.parse().unwrap())
}
