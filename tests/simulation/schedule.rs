//! Runs several futures at once on one thread; which goes on next, the dice say.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};

use crate::dice::Dice;

/// A future that ends by itself.
pub type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// More than any stage needs: a loop without an end is a finding, not a test that hangs.
const POLLS_MAX: u32 = 200_000;

/// They did not end.
#[derive(Debug)]
pub struct Endless;

/// Runs all of them to their end.
pub fn run(tasks: Vec<Task<'_>>, dice: &mut Dice) -> Result<(), Endless> {
    run_within(tasks, dice, POLLS_MAX)
}

/// The same of more tasks than a stage has.
pub fn run_within(
    mut tasks: Vec<Task<'_>>,
    dice: &mut Dice,
    polls_max: u32,
) -> Result<(), Endless> {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls_max {
        if tasks.is_empty() {
            return Ok(());
        }
        let next = match tasks.len() {
            1 => 0,
            several => dice.below(several),
        };
        if tasks[next].as_mut().poll(&mut context).is_ready() {
            drop(tasks.swap_remove(next));
        }
    }
    Err(Endless)
}
