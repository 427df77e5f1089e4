//! The functions' binaries, driven as Lambda drives them. Runs with `REMIT_LAMBDA_BINARIES=1`, and builds
//! them in its own profile: with `cargo test --release` as they are for release.
//!
//! This process is what stands around a function in the cloud: the Runtime API (`cold_start::lambda`), and
//! the services behind the SDK, which are the local host's ([`house`]). What the template says of
//! routes, environment, filters and rules is read from it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod build;
mod faults;
mod house;
mod payloads;
mod story;

use std::io::Write as _;

/// Whether this run is to build them.
fn is_wanted() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test is told whether to run")]
    let wanted = std::env::var_os("REMIT_LAMBDA_BINARIES").is_some_and(|value| value == "1");
    if !wanted {
        tell(
            "skipped: it builds every function that it drives; run it with REMIT_LAMBDA_BINARIES=1",
        );
    }
    wanted
}

/// Says something that is seen though the test passes.
fn tell(text: &str) {
    let text = format!("{text}\n");
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

macro_rules! with_binaries {
    ($($module:ident: $($test:ident),+;)+) => {
        $($(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if crate::is_wanted() {
                    crate::$module::$test().await;
                }
            }
        )+)+
    };
}

with_binaries! {
    story:
        an_invoice_goes_through_the_deployed_binaries;
    faults:
        a_function_goes_on_after_an_error,
        a_silent_store_is_an_error_and_no_refusal,
        what_is_missing_is_named_at_the_start,
        the_own_address_comes_from_parameter_store;
}
