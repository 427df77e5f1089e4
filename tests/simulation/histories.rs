//! Many histories, and the telling of one that breaks a rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::bugs::Bug;
use crate::findings::Violation;
use crate::plan::Plan;
use crate::report::{self, Counted, number};
use crate::run::run;
use crate::shrink::shrink;

/// Histories of an ordinary `cargo test`; CI runs up to 50,000.
const HISTORIES: u64 = 300;
/// So many are run however long they take.
const HISTORIES_AT_LEAST: u64 = 1_000;
const FIRST_SEED: u64 = 1;
/// In so many histories a planted bug must be found.
const UNTIL_FOUND: u64 = 1_000;

/// What many histories came to.
#[derive(Default)]
struct Searched {
    /// The lowest seed that broke a rule.
    found: Option<(u64, Violation)>,
    reached: BTreeMap<String, u64>,
    counted: Counted,
}

/// Runs seeds on every core until one breaks a rule, or, after the least number, until the time is up; answers the
/// lowest that does.
fn search(first: u64, count: u64, until: Option<Instant>, bug: Option<Bug>) -> Searched {
    let next = AtomicU64::new(first);
    let is_late = |next| {
        next >= first + HISTORIES_AT_LEAST && until.is_some_and(|until| Instant::now() >= until)
    };
    let searched: Mutex<Searched> = Mutex::default();
    let work = || {
        loop {
            if is_late(next.load(Ordering::Relaxed)) {
                return;
            }
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count || searched.lock().unwrap().found.is_some() {
                return;
            }
            let report = run(&Plan::of(seed), bug, false);
            let mut searched = searched.lock().unwrap();
            searched.counted += report.counted;
            for (name, times) in report.reached {
                *searched.reached.entry(name).or_default() += times;
            }
            if let Some(violation) = report.violation {
                let lowest = searched.found.as_ref().map(|(lowest, _)| *lowest);
                if lowest.is_none_or(|lowest| seed < lowest) {
                    searched.found = Some((seed, violation));
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    searched.into_inner().unwrap()
}

/// The shortest history that breaks the rule of this one, in words.
pub fn tell(plan: &Plan, violation: &Violation, bug: Option<Bug>) -> String {
    let seed = plan.seed;
    let short = shrink(plan, bug, violation.rule);
    let report = run(&short, bug, true);
    let last = report.violation.as_ref().unwrap_or(violation);
    let mut text =
        format!("seed {seed} breaks a rule\n  {violation}\nthe shortest history found\n  {last}\n");
    for stage in &short.stages {
        let _written = writeln!(text, "  {stage:?}");
    }
    for line in &report.trace {
        let _written = writeln!(text, "{line}");
    }
    if *plan == Plan::of(seed) {
        let _written = write!(
            text,
            "to run it again: REMIT_SEED={seed} cargo test -p remit-tests --test simulation \
             every_rule -- --nocapture"
        );
    }
    text
}

/// When a person who gave minutes wants to go on.
fn until() -> Option<Instant> {
    let minutes = number("REMIT_HISTORIES_MINUTES")?;
    Some(Instant::now() + Duration::from_secs(60 * minutes))
}

#[test]
fn every_rule_holds_in_all_histories() {
    if crate::comes_later() {
        return;
    }
    let seed = number("REMIT_SEED");
    let wanted = number("REMIT_HISTORIES");
    let count = wanted.unwrap_or(if seed.is_some() { 1 } else { HISTORIES });
    if let (Some(seed), None) = (seed, wanted) {
        for line in run(&Plan::of(seed), None, true).trace {
            println!("{line}");
        }
    }
    let first = seed.unwrap_or(FIRST_SEED);
    let Searched {
        found,
        reached,
        counted,
    } = search(first, count, until(), None);
    let seeds = format!("{first} to {}", first + counted.histories.saturating_sub(1));
    let violations = u64::from(found.is_some());
    report::print("random histories", &seeds, counted, violations);
    if let Some((seed, violation)) = found {
        panic!("{}", tell(&Plan::of(seed), &violation, None));
    }
    for (name, times) in &reached {
        println!("{times:>8} {name}");
    }
    if count >= HISTORIES {
        everything_is_reached(&reached);
    }
}

/// Rules that are never put to the test hold by themselves.
fn everything_is_reached(reached: &BTreeMap<String, u64>) {
    let wanted = [
        "invoice open",
        "invoice paid",
        "invoice void",
        "invoice reopened",
        "invoice sent",
        "receipt sent",
        "receipt failed",
        "reminder sent",
        "reminder tried again",
        "reminder unconfirmed",
        "void_notice sent",
        "payment by stripe",
        "payment by bank_transfer",
        "payment kept as balance",
        "payment refunded",
        "dispute Won",
        "dispute Lost",
        "attempt Paid",
        "attempt Closed",
        "notification applied",
        "notification foreign",
        "notification lost for good",
        "mails doubled in doubt",
        "period billed",
        "late fee charged",
        "periods left out",
        "subscription active",
        "subscription paused",
        "subscription ended",
        "period billed on its client's day",
        "charge Paid",
        "charge Failed",
        "bank entry applied",
        "bank entry paid_out",
        "bank entry waiting",
        "promise made",
        "promise broken",
        "follow-ups paused",
    ];
    for name in wanted {
        assert!(
            reached.contains_key(name) && reached[name] > 0,
            "no history reaches: {name}"
        );
    }
}

#[test]
fn a_history_is_the_same_every_time() {
    for seed in 1..=5 {
        let plan = Plan::of(seed);
        let (first, second) = (run(&plan, None, true), run(&plan, None, true));
        assert!(!first.trace.is_empty());
        assert_eq!(first.trace, second.trace, "seed {seed}");
    }
}

#[test]
fn every_planted_bug_is_found() {
    if crate::comes_later() {
        return;
    }
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        let found = search(FIRST_SEED, UNTIL_FOUND, None, Some(*bug)).found;
        let name = format!("{bug:?}");
        match found {
            Some((seed, violation)) => {
                let histories = seed - FIRST_SEED + 1;
                let rule = violation.rule;
                report::said(&format!(
                    "| planted: {name:<28} | caught in {histories:>4} | {rule} |\n"
                ));
            }
            None => missed.push(name),
        }
    }
    assert!(
        missed.is_empty(),
        "not in {UNTIL_FOUND} histories: {missed:?}"
    );
    assert!(Bug::ALL.len() >= 25);
}

#[test]
fn a_history_is_told_short() {
    let bug = Some(Bug::MailsTwice);
    let found = search(FIRST_SEED, UNTIL_FOUND, None, bug).found;
    let (seed, violation) = found.unwrap();
    let short = shrink(&Plan::of(seed), bug, violation.rule);
    assert!(short.stages.len() <= 5, "{short:?}");
    assert_eq!(
        run(&short, bug, false).violation.unwrap().rule,
        violation.rule
    );
    let told = tell(&Plan::of(seed), &violation, bug);
    assert!(told.contains(&format!("REMIT_SEED={seed}")), "{told}");
}
