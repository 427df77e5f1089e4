//! Embedded metrics: counts and lengths of time that CloudWatch reads out of the log (EMF), without a call.
//!
//! A line is written only in Lambda; elsewhere counting does nothing.

use std::io::Write as _;
use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::{Value, json};

/// The namespace in CloudWatch.
pub const NAMESPACE: &str = "Remit";

static STAGE: OnceLock<String> = OnceLock::new();

/// Switches counting on, for this deployment's stage.
pub(crate) fn install(stage: &str) {
    // A second start in one process keeps the first.
    let _kept = STAGE.set(stage.to_owned());
}

/// Counts so many of something, such as `MailsSent`. Names are a short fixed list: each is a
/// metric that is paid for.
pub fn count(name: &'static str, value: u32, now: Timestamp) {
    write(name, "Count", value, now);
}

/// States a length of time in seconds, such as `OldestDueAge`.
pub fn seconds(name: &'static str, value_s: u32, now: Timestamp) {
    write(name, "Seconds", value_s, now);
}

fn write(name: &'static str, unit: &'static str, value: u32, now: Timestamp) {
    let Some(stage) = STAGE.get() else {
        return;
    };
    let line = line(stage, name, unit, value, now);
    // A log that cannot be written is no reason to fail what was done.
    let _written = writeln!(std::io::stdout().lock(), "{line}");
}

fn line(stage: &str, name: &str, unit: &str, value: u32, now: Timestamp) -> Value {
    json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["Stage"]],
                "Metrics": [{"Name": name, "Unit": unit}],
            }],
        },
        "Stage": stage,
        name: value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_cloudwatch_reads() {
        let now: Timestamp = "2026-01-31T09:00:00Z".parse().unwrap();
        assert_eq!(
            line("dev", "MailsSent", "Count", 2, now),
            json!({
                "_aws": {
                    "Timestamp": 1_769_850_000_000_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Remit",
                        "Dimensions": [["Stage"]],
                        "Metrics": [{"Name": "MailsSent", "Unit": "Count"}],
                    }],
                },
                "Stage": "dev",
                "MailsSent": 2,
            })
        );
    }
}
