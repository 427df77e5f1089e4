//! A host that is killed while several clients draft, issue and pay: whatever it answered is there when it lives again.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::Duration;

use load::Settings;

fn settings(kills: bool, seconds: u64) -> Settings {
    Settings {
        program: env!("CARGO_BIN_EXE_load").into(),
        clients: 4,
        time: Duration::from_secs(seconds),
        kills,
        seed: 1,
    }
}

#[tokio::test]
async fn what_was_answered_outlives_the_hosts_deaths() {
    let outcome = load::run(&settings(true, 6)).await.unwrap();
    assert!(outcome.deaths > 0, "{outcome:?}");
    assert!(outcome.lives > 0, "{outcome:?}");
    assert!(outcome.unanswered > 0, "nothing was cut off: {outcome:?}");
    assert_eq!(outcome.processor, None);
}

#[tokio::test]
async fn a_host_that_lives_answers_all() {
    let outcome = load::run(&settings(false, 2)).await.unwrap();
    assert_eq!((outcome.deaths, outcome.unanswered), (0, 0), "{outcome:?}");
    assert!(
        outcome.lives > 0 && outcome.p50 <= outcome.p99,
        "{outcome:?}"
    );
}
