//! What a layer of the simulation did, as a line of one table: printed whether the test passes or not, so that a run says
//! what it was.

use std::io::Write as _;
use std::ops::AddAssign;

use crate::world::World;

/// What was run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted {
    pub histories: u64,
    pub effects: u64,
    pub faults: u64,
}

impl Counted {
    /// Of one history.
    pub fn of(world: &World) -> Self {
        let (effects, faults) = world.hazards.counted();
        Self {
            histories: 1,
            effects,
            faults,
        }
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.histories += other.histories;
        self.effects += other.effects;
        self.faults += other.faults;
    }
}

/// Prints a line of the table: the layer, its seeds, what was run, and how often a rule was broken.
pub fn print(layer: &str, seeds: &str, counted: Counted, violations: u64) {
    let Counted {
        histories,
        effects,
        faults,
    } = counted;
    said(&format!(
        "| {:<22} | {:<12} | {:>9} | {:>12} | {:>9} | {:>10} |\n\
         | {layer:<22} | {seeds:<12} | {histories:>9} | {effects:>12} | {faults:>9} | {violations:>10} |\n",
        "layer", "seeds", "histories", "side effects", "faults", "violations",
    ));
}

/// Says something although the test passes: a macro's words would be kept from who reads.
pub fn said(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// What a person set in the environment, as a number.
#[expect(
    clippy::disallowed_methods,
    reason = "how a person runs a test is no setting of Remit's"
)]
pub fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap())
}
