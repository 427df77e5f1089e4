//! Two faults in one story: what mends the first must not fall over the second.

use crate::dice::Dice;
use crate::hazard::Hit;
use crate::plan::Plan;
use crate::report;
use crate::run::run;
use crate::story::{all_hold, story};

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
    let seed = report::number("REMIT_SEED").unwrap_or(1);
    let mut dice = Dice::of(seed);
    let plans: Vec<Plan> = (0..count)
        .map(|_| with_two(&plain, &effects, &mut dice))
        .collect();
    all_hold("pairs of faults", seed, &plans);
}
