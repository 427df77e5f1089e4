//! A long time of everything, with faults all along: it ends quiet, and every rule holds.

use crate::histories::tell;
use crate::plan::Plan;
use crate::report;
use crate::run::run;

/// Days of an ordinary run.
const DAYS: u64 = 365;
const SEED: u64 = 7;

#[test]
fn a_long_time_of_everything_ends_quiet() {
    if crate::comes_later() {
        return;
    }
    let days = report::number("REMIT_SOAK").unwrap_or(DAYS);
    let seed = report::number("REMIT_SEED").unwrap_or(SEED);
    let plan = Plan::of_days(seed, i64::try_from(days).unwrap());
    let report = run(&plan, None, false);
    let violations = u64::from(report.violation.is_some());
    let layer = format!("{days} days");
    report::print(&layer, &seed.to_string(), report.counted, violations);
    if let Some(violation) = report.violation {
        panic!("{}", tell(&plan, &violation, None));
    }
    assert!(report.reached["invoice paid"] > 0, "{:?}", report.reached);
}
