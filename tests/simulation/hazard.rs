//! Side effects and what goes wrong at them.
//!
//! Every port of the world arrives here before it acts. That is a point where another invocation
//! may run, and where a fault of the plan strikes: the function may die there (its future is
//! dropped), before the effect or after it, or get an answer that says less than what happened.

use std::collections::BTreeMap;
use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use jiff::SignedDuration;
use remit_runtime::Clock as _;
use remit_runtime::model::SetClock;
use serde_json::Value;

/// A kind of side effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Reading items of the table by key.
    Read,
    /// Reading a page of a partition or index.
    Query,
    /// Writing one item.
    WriteOne,
    /// Writing several items, all or nothing.
    WriteAll,
    /// Handing a mail over.
    Mail,
    /// Calling the payment provider.
    Provider,
    /// Reading a secret.
    Secret,
    /// Putting events on the bus, or messages onto a queue.
    Bus,
}

/// What goes wrong at a side effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The function dies; the effect did not happen.
    CrashBefore,
    /// The function dies; the effect happened.
    CrashAfter,
    /// Refused for the moment; it did not happen.
    Throttled,
    /// No answer in time; it did not happen.
    TimedOut,
    /// It happened, and the answer is lost.
    AnswerLost,
    /// It happened, the SDK repeats it after a lost answer, and is told of a conflict with itself.
    SelfConflict,
    /// It did not happen, as if somebody had been faster.
    Conflict,
    /// The index has not yet seen the newest.
    Stale,
    /// Refused for good, because of this mail.
    Refused,
    /// Refused because of the whole deployment.
    Paused,
    /// The provider's own fault after it took effect: told under the same key again.
    ServerError,
    /// One entry of several is not taken.
    InPart,
}

impl Effect {
    /// Whether it changes something.
    fn lasts(self) -> bool {
        match self {
            Effect::Read | Effect::Query | Effect::Secret => false,
            Effect::WriteOne | Effect::WriteAll | Effect::Mail | Effect::Provider | Effect::Bus => {
                true
            }
        }
    }

    /// What can go wrong at it.
    pub fn faults(self) -> &'static [Fault] {
        use Fault::{
            AnswerLost, Conflict, CrashAfter, CrashBefore, InPart, Paused, Refused, SelfConflict,
            ServerError, Stale, Throttled, TimedOut,
        };
        match self {
            Effect::Read => &[CrashBefore, Throttled, TimedOut],
            Effect::Query => &[CrashBefore, Throttled, Stale],
            Effect::WriteOne => &[
                CrashBefore,
                CrashAfter,
                Throttled,
                TimedOut,
                AnswerLost,
                SelfConflict,
                Conflict,
            ],
            Effect::WriteAll => &[
                CrashBefore,
                CrashAfter,
                Throttled,
                TimedOut,
                AnswerLost,
                Conflict,
            ],
            Effect::Mail => &[
                CrashBefore,
                CrashAfter,
                Throttled,
                TimedOut,
                AnswerLost,
                Paused,
                Refused,
            ],
            Effect::Provider => &[
                CrashBefore,
                CrashAfter,
                Throttled,
                TimedOut,
                AnswerLost,
                ServerError,
            ],
            Effect::Secret => &[CrashBefore, Throttled],
            Effect::Bus => &[CrashBefore, CrashAfter, Throttled, AnswerLost, InPart],
        }
    }
}

impl Effect {
    /// The roll that gives this fault.
    pub fn roll(self, fault: Fault) -> u8 {
        let place = self.faults().iter().position(|known| *known == fault);
        u8::try_from(place.unwrap()).unwrap()
    }
}

/// A fault of the plan: at the n-th effect of its stage, or the n-th of those that last; which of
/// the faults possible there, the roll says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Counts only effects that change something.
    pub lasting: bool,
    pub at: u16,
    pub roll: u8,
}

/// One run of a function, from its payload to its answer.
pub type Invocation = u32;

#[derive(Default)]
struct State {
    hits: Vec<Hit>,
    effects: Vec<Effect>,
    lasting: u16,
    running: Invocation,
    begun: Invocation,
    crashed: Option<Invocation>,
    struck: BTreeMap<Invocation, u32>,
    tick_ms: i64,
    trace: Option<Vec<String>>,
    tally: BTreeMap<Fault, u64>,
    /// All effects of the history.
    total: u64,
}

/// Where every side effect arrives.
pub struct Hazards {
    state: Mutex<State>,
    clock: Arc<SetClock>,
}

impl Hazards {
    pub fn new(clock: Arc<SetClock>, traced: bool) -> Self {
        let state = State {
            trace: traced.then(Vec::new),
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            clock,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From here on these faults strike, and the clock moves by so much at every effect.
    pub fn begin_stage(&self, hits: &[Hit], tick_ms: i64) {
        let mut state = self.state();
        state.hits = hits.to_vec();
        state.effects.clear();
        state.lasting = 0;
        state.tick_ms = tick_ms;
    }

    /// The effects since the stage began, in order.
    pub fn effects(&self) -> Vec<Effect> {
        self.state().effects.clone()
    }

    /// How often each fault struck.
    pub fn tally(&self) -> BTreeMap<Fault, u64> {
        self.state().tally.clone()
    }

    /// How many side effects there were in all, and how many faults struck.
    pub fn counted(&self) -> (u64, u64) {
        let state = self.state();
        (state.total, state.tally.values().sum())
    }

    /// How many runs have begun.
    pub fn begun(&self) -> Invocation {
        self.state().begun
    }

    /// Who is running.
    pub fn running(&self) -> Invocation {
        self.state().running
    }

    /// How many faults struck an invocation.
    pub fn struck(&self, invocation: Invocation) -> u32 {
        self.state()
            .struck
            .get(&invocation)
            .copied()
            .unwrap_or_default()
    }

    /// Notes a line of the history, if somebody wants to read it.
    pub fn note(&self, line: impl FnOnce() -> String) {
        let mut state = self.state();
        let running = state.running;
        if let Some(trace) = &mut state.trace {
            let now = self.clock.now();
            trace.push(format!("{now:.0} {running:>4} {}", line()));
        }
    }

    /// The lines so far.
    pub fn take_trace(&self) -> Vec<String> {
        let mut state = self.state();
        state.trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// A side effect is about to happen: others may run first, and the plan may have a fault for
    /// it. Does not return where the function dies before the effect.
    pub async fn arrive(&self, effect: Effect, what: impl FnOnce() -> String) -> Option<Fault> {
        yield_once().await;
        if self.is_dying() {
            // Another part of the same run has just met the crash.
            pending::<()>().await;
        }
        let fault = self.next_fault(effect, what);
        if fault == Some(Fault::CrashBefore) {
            self.crash().await;
        }
        fault
    }

    fn next_fault(&self, effect: Effect, what: impl FnOnce() -> String) -> Option<Fault> {
        let mut guard = self.state();
        let state = &mut *guard;
        let number = u16::try_from(state.effects.len()).unwrap_or(u16::MAX);
        state.effects.push(effect);
        state.total += 1;
        if state.tick_ms > 0 {
            let later = self.clock.now() + SignedDuration::from_millis(state.tick_ms);
            self.clock.set(later);
        }
        let kinds = effect.faults();
        let lasting = state.lasting;
        state.lasting += u16::from(effect.lasts());
        let hit = state.hits.iter().find(|hit| match hit.lasting {
            true => effect.lasts() && hit.at == lasting,
            false => hit.at == number,
        });
        let fault = hit.map(|hit| kinds[usize::from(hit.roll) % kinds.len()]);
        if let Some(fault) = fault {
            *state.struck.entry(state.running).or_default() += 1;
            *state.tally.entry(fault).or_default() += 1;
        }
        // Sweeps ask for much and find little: what they read after that tells enough.
        let telling = fault.is_some() || effect != Effect::Query;
        if state.trace.is_some() && telling {
            drop(guard);
            self.note(|| match fault {
                Some(fault) => format!("{number:>3} {effect:?} {} -- {fault:?}", what()),
                None => format!("{number:>3} {effect:?} {}", what()),
            });
        }
        fault
    }

    fn is_dying(&self) -> bool {
        let state = self.state();
        state.crashed == Some(state.running)
    }

    /// The running function dies here.
    pub async fn crash(&self) {
        {
            let mut state = self.state();
            state.crashed = Some(state.running);
        }
        pending::<()>().await;
    }

    /// Runs a function until it answers, fails or dies.
    pub async fn invocation<E: std::fmt::Display>(
        &self,
        future: impl Future<Output = Result<Value, E>>,
    ) -> (Invocation, Outcome) {
        let id = {
            let mut state = self.state();
            state.begun += 1;
            state.begun
        };
        let mut future = Some(Box::pin(future));
        let outcome = poll_fn(|context| {
            let Some(running) = future.as_mut() else {
                return Poll::Ready(Outcome::Crashed);
            };
            self.state().running = id;
            let polled = Pin::as_mut(running).poll(context);
            let crashed = {
                let mut state = self.state();
                state.running = 0;
                state.crashed.take() == Some(id)
            };
            if crashed {
                // Everything that the function held in memory is gone.
                future = None;
                return Poll::Ready(Outcome::Crashed);
            }
            polled.map(|answer| match answer {
                Ok(answer) => Outcome::Answered(answer),
                Err(error) => Outcome::Failed(error.to_string()),
            })
        })
        .await;
        (id, outcome)
    }
}

/// What an invocation came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Answered(Value),
    Failed(String),
    Crashed,
}

/// Lets others run.
async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
