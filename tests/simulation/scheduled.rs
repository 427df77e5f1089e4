//! What runs by itself, each over a house that has something of all that it does: a run that is repeated
//! at every hour of a day, and one that dies at any of its side effects, come to what one run comes to.
//!
//! - [`prepared`]: the houses; [`outcome`]: what people see of one.
//!
//! An ordinary run tries a part of the places to die at; `REMIT_CRASHES=1` tries them all.

mod outcome;
mod prepared;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::SignedDuration;
use remit_billing::delivery::DeliveryState;

use crate::bugs::Bug;
use crate::bus::Queue;
use crate::dice::Dice;
use crate::hazard::{Effect, Fault, Hit};
use crate::run::calm;
use crate::schedule;
use crate::world::{Functions, World};
use crate::{banking, books, late_fees, machine, retainers, statements};

use outcome::Outcome;

/// With an even seed all that is due goes through the queue, in messages of one or two.
const THROUGH_THE_QUEUE: u64 = 2;
const AT_ONCE: u64 = 1;
/// What a run left without an answer is found within this: mails by the janitor after minutes, charges and
/// what a provider kept of them after an hour each.
const WAITS_MIN: [i64; 4] = [10, 10, 65, 65];
/// Of the places to die at an ordinary run tries every so manieth.
const SAMPLE: usize = 7;

/// What a schedule wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    /// Reminders, questions about promises, hand-overs, and that offers end soon.
    Reminders,
    /// Bills, charges, billing days, and notices before charges.
    Billing,
    LateFees,
    Statements,
    Janitor,
    Sealing,
}

impl Job {
    const ALL: [Job; 6] = [
        Job::Reminders,
        Job::Billing,
        Job::LateFees,
        Job::Statements,
        Job::Janitor,
        Job::Sealing,
    ];

    /// The function, and the queue of what it hands out to itself.
    fn of(self, functions: &Functions) -> (&dyn remit_runtime::Function, Option<Queue>) {
        match self {
            Job::Reminders => (&*functions.reminders, Some(Queue::DueReminders)),
            Job::Billing => (&*functions.subscription_billing, Some(Queue::DueBilling)),
            Job::LateFees => (&*functions.late_fees, Some(Queue::DueLateFees)),
            Job::Statements => (&*functions.statements, None),
            Job::Janitor => (&*functions.janitor, None),
            Job::Sealing => (&*functions.audit_sealing, None),
        }
    }

    /// Those that hand out much that is due are tried with and without their queue.
    fn seeds(self) -> &'static [u64] {
        match self {
            Job::Reminders | Job::Billing | Job::LateFees => &[THROUGH_THE_QUEUE, AT_ONCE],
            Job::Statements | Job::Janitor | Job::Sealing => &[AT_ONCE],
        }
    }

    /// A house, shortly after something of all that it does is due.
    fn prepared(self, seed: u64, bug: Option<Bug>) -> World {
        let world = World::new(seed, bug, false);
        prepared::prepare(&world, self);
        world
    }

    /// One run: what the schedule wakes, and what that handed out.
    fn run(self, world: &World) {
        let (function, queue) = self.of(&world.functions);
        finish(world, async {
            machine::sweep(world, function).await;
            let Some(queue) = queue else { return };
            while world.carriers.waits(queue) > 0 {
                machine::run_queue(world, queue, &mut Dice::of(1), false).await;
            }
        });
    }
}

/// Does something with nothing beside it.
fn finish<T>(world: &World, work: impl Future<Output = T>) -> T {
    let mut done = None;
    let task = Box::pin(async { done = Some(work.await) });
    schedule::run(vec![task], &mut Dice::of(0)).unwrap();
    world.look();
    done.unwrap()
}

/// What a run left to others comes to its end, with the help of these jobs.
fn settle(world: &World, jobs: &[Job]) {
    for minutes in WAITS_MIN {
        calm(world, &mut Dice::of(1));
        world.wait(SignedDuration::from_mins(minutes));
        for job in jobs {
            job.run(world);
        }
    }
    calm(world, &mut Dice::of(1));
}

/// What it all came to; without a planted bug all rules hold.
fn judged(world: &World) -> Outcome {
    let stored = books::Stored::read(world);
    if world.bug.is_none() {
        books::check(world, &stored);
        retainers::check(world, &stored);
        banking::check(world, &stored);
        late_fees::check(world, &stored);
        statements::check(world, &stored);
        assert_eq!(world.findings.first(), None);
    }
    Outcome::of(world, &stored)
}

/// A run, with or without a fault, and others after it.
struct Ran {
    effects: Vec<Effect>,
    /// Mails that leave at most once, that were claimed, and that did not leave.
    in_doubt: usize,
    outcome: Outcome,
}

impl Ran {
    fn of(job: Job, seed: u64, hits: &[Hit], bug: Option<Bug>) -> Self {
        let world = job.prepared(seed, bug);
        world.hazards.begin_stage(hits, 0);
        job.run(&world);
        let effects = world.hazards.effects();
        world.hazards.begin_stage(&[], 0);
        let left = world.mailer.left();
        let claimed = books::Stored::read(&world).deliveries;
        let in_doubt = claimed.iter().filter(|delivery| {
            matches!(delivery.state, DeliveryState::Claimed { .. })
                && !delivery.about.at_least_once()
                && left.iter().all(|mail| mail.delivery != delivery.id)
        });
        let in_doubt = in_doubt.count();
        settle(&world, &[Job::Janitor, job]);
        Self {
            effects,
            in_doubt,
            outcome: judged(&world),
        }
    }
}

/// A day with so many runs, an hour between them, and none after them; mails that they left to others leave.
fn day_with(job: Job, seed: u64, runs: usize, bug: Option<Bug>) -> Outcome {
    let world = job.prepared(seed, bug);
    for hour in 0..24 {
        if hour < runs {
            job.run(&world);
        }
        calm(&world, &mut Dice::of(1));
        world.wait(SignedDuration::from_hours(1));
    }
    match job {
        Job::Janitor => settle(&world, &[]),
        _ => settle(&world, &[Job::Janitor]),
    }
    judged(&world)
}

#[test]
fn a_days_run_repeated_at_every_hour_comes_to_what_one_run_comes_to() {
    for job in Job::ALL {
        for seed in job.seeds().iter().copied() {
            let [once, hourly] = [1, 24].map(|runs| day_with(job, seed, runs, None));
            assert!(!once.is_idle(job), "{job:?}: {once:#?}");
            assert_eq!(once, hourly, "{job:?}, seed {seed}");
        }
    }
}

/// Every place at which a run can die, as a fault: before each side effect, and after those that last.
fn crashes(effects: &[Effect]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (at, effect) in effects.iter().enumerate() {
        for fault in [Fault::CrashBefore, Fault::CrashAfter] {
            if effect.faults().contains(&fault) {
                hits.push(Hit {
                    lasting: false,
                    at: u16::try_from(at).unwrap(),
                    roll: effect.roll(fault),
                });
            }
        }
    }
    hits
}

/// In an ordinary run every so manieth, another part of each job's.
#[expect(
    clippy::disallowed_methods,
    reason = "how a person runs a test is no setting of Remit's"
)]
fn tried(hits: Vec<Hit>, first: usize) -> Vec<Hit> {
    match std::env::var("REMIT_CRASHES") {
        Ok(_) => hits,
        Err(_) => hits.into_iter().skip(first).step_by(SAMPLE).collect(),
    }
}

#[test]
fn a_run_that_dies_anywhere_and_runs_again_comes_to_what_it_would_have() {
    for (place, job) in Job::ALL.into_iter().enumerate() {
        for seed in job.seeds().iter().copied() {
            let Ran {
                effects,
                in_doubt,
                outcome: whole,
            } = Ran::of(job, seed, &[], None);
            assert!(!whole.is_idle(job), "{job:?}: {whole:#?}");
            assert_eq!(in_doubt, 0, "{job:?}");
            let places = crashes(&effects);
            let count = places.len();
            let places = tried(places, place % SAMPLE);
            let missing = AtomicUsize::new(0);
            let next = AtomicUsize::new(0);
            let work = || {
                while let Some(hit) = places.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let died = Ran::of(job, seed, &[*hit], None);
                    if let Err(what) = whole.but_for(&died.outcome, died.in_doubt) {
                        panic!("{job:?}, seed {seed}, {hit:?} of {effects:?}:\n{what}")
                    }
                    missing.fetch_add(died.in_doubt, Ordering::Relaxed);
                }
            };
            thread::scope(|scope| {
                for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                    scope.spawn(work);
                }
            });
            println!(
                "{job:?}, seed {seed}: {} side effects, {} of {count} places to die at; {} reminders and courtesies stayed in doubt, and did not leave",
                effects.len(),
                places.len(),
                missing.into_inner(),
            );
        }
    }
}

/// The proof that both can tell: a fee that is charged and not noted is charged by every run, and so it depends on
/// where one dies how often.
#[test]
fn a_planted_bug_comes_to_something_else() {
    let bug = Some(Bug::FeesNotNoted);
    let [once, hourly] = [1, 24].map(|runs| day_with(Job::LateFees, AT_ONCE, runs, bug));
    assert_ne!(once, hourly);
    let whole = Ran::of(Job::LateFees, AT_ONCE, &[], bug);
    let dies = crashes(&whole.effects).remove(0);
    let died = Ran::of(Job::LateFees, AT_ONCE, &[dies], bug);
    let same = whole.outcome.but_for(&died.outcome, died.in_doubt);
    assert!(same.is_err());
}
