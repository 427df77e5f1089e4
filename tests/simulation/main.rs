//! A deterministic, seeded simulation of the main job in one process: the real functions, on ports
//! that crash, throttle, lose answers, double and reorder as a plan says, and rules that must hold
//! after every history.
//!
//! - [`plan`]: a history as data; [`run`]: how it is run and judged; [`shrink`]: how it is told;
//! - [`hazard`], [`schedule`]: side effects, their faults, and who goes on next;
//! - [`world`], [`table`], [`mail`], [`stripe`], [`bank`], [`bus`]: the ports;
//! - [`member`], [`payer`], [`machine`]: who acts; [`known`]: what people know;
//! - [`audit`], [`banking`], [`books`], [`late_fees`], [`promises`], [`retainers`], [`statements`], [`words`]: the
//!   rules;
//! - [`bugs`]: planted bugs, the proof that rules can break; [`found`]: histories that broke one;
//!   [`story`]: one story, every fault; [`pairs`]: two faults in it; [`scheduled`]: what runs by itself, repeated and
//!   killed anywhere; [`orders`]: what a provider says, in every order; [`parallel`]: very many at once; [`soak`]: a
//!   long time; [`report`]: the table of what was run.
//!
//! `REMIT_HISTORIES=n` sets how many histories run, `REMIT_SEED=s` from which seed; a seed alone
//! runs that one history; `REMIT_HISTORIES_MINUTES=m` begins none after so long, but runs 1,000 in any case.
//! `REMIT_PAIRS=n` sets how many pairs of faults are tried, `REMIT_ORDERS=n` that every so manieth order is,
//! `REMIT_SOAK=n` the days of the long history, `REMIT_CRASHES=1` that a run dies everywhere.
//! `REMIT_SIMULATION=later` leaves out what takes minutes without optimisation: CI runs all of it
//! after that, and for longer.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod audit;
mod bank;
mod banking;
mod books;
mod bugs;
mod bus;
mod dice;
mod findings;
mod found;
mod hazard;
mod histories;
mod known;
mod late_fees;
mod machine;
mod mail;
mod member;
mod orders;
mod pairs;
mod parallel;
mod payer;
mod plan;
mod promises;
mod report;
mod retainers;
mod run;
mod schedule;
mod scheduled;
mod shrink;
mod soak;
mod statements;
mod story;
mod stripe;
mod table;
mod words;
mod world;

/// Whether another command runs what takes long.
fn comes_later() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test is told whether to run")]
    let later = std::env::var_os("REMIT_SIMULATION").is_some_and(|value| value == "later");
    if later {
        report::said("left out: REMIT_SIMULATION=later\n");
    }
    later
}
