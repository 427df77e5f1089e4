//! What a host counts of a few lives.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use remit_local::meter::FunctionUse;

#[tokio::test]
async fn a_life_takes_what_the_host_counts() {
    let program = env!("CARGO_BIN_EXE_load").as_ref();
    let usage = load::units::count(program, 2).await.unwrap();
    let of = |name: &str| usage.functions.get(name).cloned().unwrap_or_default();
    // Three requests each, of which the authorizer is asked beforehand.
    assert_eq!((usage.api_requests, of("authorizer").runs), (6, 6));
    assert_eq!(of("invoices").runs, 6);
    // A draft, an issue without a mail and a payment by hand, under a key each, and the two commits of the mail that
    // thanks: what the table of costs says of them. An invoice of two lines is small.
    let FunctionUse {
        requests,
        write_units,
        ..
    } = of("invoices");
    assert_eq!(requests, 2 * (3 + 4 + 3));
    assert!(write_units >= 80.into(), "{write_units}");
    assert_eq!(of("receipt-sending").write_units, 10.into());
    assert_eq!(usage.mails, 2);
    assert_eq!(usage.total().failures, 0);
}
