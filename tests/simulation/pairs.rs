//! Two faults in one story: what mends the first must not fall over the second.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::dice::Dice;
use crate::hazard::Hit;
use crate::histories::tell;
use crate::plan::Plan;
use crate::report::{self, Counted};
use crate::run::run;
use crate::story::story;

/// Pairs of an ordinary run.
const PAIRS: u64 = 40;

/// The story with two faults, each at any of its side effects; half the time the second follows closely.
fn with_two(plain: &Plan, effects: &[usize], dice: &mut Dice) -> Plan {
    let mut plan = plain.clone();
    let busy: Vec<usize> = (0..effects.len()).filter(|at| effects[*at] > 0).collect();
    let first = dice.below(busy.len());
    let second = match dice.percent(50) {
        true => (first + dice.below(3)).min(busy.len() - 1),
        false => dice.below(busy.len()),
    };
    for stage in [busy[first], busy[second]] {
        plan.stages[stage].hits.push(Hit {
            lasting: false,
            at: u16::try_from(dice.below(effects[stage])).unwrap(),
            roll: dice.byte(),
        });
    }
    plan
}

#[test]
fn after_two_faults_all_is_as_it_should_be() {
    if crate::comes_later() {
        return;
    }
    let plain = story();
    let effects = run(&plain, None, false).effects;
    let effects: Vec<usize> = effects.iter().map(Vec::len).collect();
    let count = report::number("REMIT_PAIRS").unwrap_or(PAIRS);
    let mut dice = Dice::of(report::number("REMIT_SEED").unwrap_or(1));
    let plans: Vec<Plan> = (0..count)
        .map(|_| with_two(&plain, &effects, &mut dice))
        .collect();
    let next = AtomicUsize::new(0);
    let counted: Mutex<Counted> = Mutex::default();
    let found = Mutex::new(None);
    let work = || {
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
            let report = run(plan, None, false);
            *counted.lock().unwrap() += report.counted;
            if let Some(violation) = report.violation {
                *found.lock().unwrap() = Some((plan, violation));
            }
            if found.lock().unwrap().is_some() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let found = found.into_inner().unwrap();
    let (counted, violations) = (counted.into_inner().unwrap(), u64::from(found.is_some()));
    report::print("pairs of faults", "1", counted, violations);
    if let Some((plan, violation)) = found {
        panic!("{}", tell(plan, &violation, None));
    }
}
