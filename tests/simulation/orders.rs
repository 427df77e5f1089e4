//! What a provider says of one payment, in every order and with up to three things said again: all of it ends in the
//! same state, which is what the payment came to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use jiff::SignedDuration;

use crate::books::Stored;
use crate::dice::Dice;
use crate::findings::Violation;
use crate::plan::Action;
use crate::report::{self, Counted};
use crate::stripe::{Event, Payer};
use crate::world::World;
use crate::{machine, member, payer, run, schedule};

/// An ordinary run tries every so manieth order.
const EVERY: u64 = 61;
/// Things that are said again, at most.
const REPEATS_MAX: usize = 3;
const SEED: u64 = 1;

/// A payment's life.
#[derive(Debug, Clone, Copy)]
struct Life {
    name: &'static str,
    payer: Payer,
    then: &'static [Action],
    /// Things that the provider says of it.
    events: usize,
    /// Things that are said again: with five things to say, three more make a hundred thousand orders.
    repeats_max: usize,
}

const LIVES: [Life; 5] = [
    Life {
        name: "a debit that arrives",
        payer: Payer::SlowDebit,
        then: &[Action::SlowPaymentEnds {
            pick: 0,
            arrives: true,
            lost: false,
        }],
        events: 4,
        repeats_max: REPEATS_MAX,
    },
    Life {
        name: "a debit that fails",
        payer: Payer::SlowDebit,
        then: &[Action::SlowPaymentEnds {
            pick: 0,
            arrives: false,
            lost: false,
        }],
        events: 4,
        repeats_max: REPEATS_MAX,
    },
    Life {
        name: "a card's money that goes back in part",
        payer: Payer::Card,
        then: &[Action::Refund {
            pick: 0,
            whole: false,
        }],
        events: 4,
        repeats_max: REPEATS_MAX,
    },
    Life {
        name: "a card's money that does not get back",
        payer: Payer::Card,
        then: &[
            Action::Refund {
                pick: 0,
                whole: true,
            },
            Action::RefundFails { pick: 0 },
        ],
        events: 5,
        repeats_max: 1,
    },
    Life {
        name: "a dispute that is lost",
        payer: Payer::Card,
        then: &[
            Action::Dispute { pick: 0 },
            Action::DisputeEnds {
                pick: 0,
                won: false,
            },
        ],
        events: 5,
        repeats_max: 1,
    },
];

/// Every order of so many things of which each is said, with so many said again.
fn orders(things: usize, repeats_max: usize) -> Vec<Vec<usize>> {
    fn extend(things: usize, length: usize, begun: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        let missing = (0..things).filter(|thing| !begun.contains(thing)).count();
        if missing > length - begun.len() {
            return;
        }
        if begun.len() == length {
            all.push(begun.clone());
            return;
        }
        for thing in 0..things {
            begun.push(thing);
            extend(things, length, begun, all);
            begun.pop();
        }
    }
    let mut all = Vec::new();
    for repeats in 0..=repeats_max {
        extend(things, things + repeats, &mut Vec::new(), &mut all);
    }
    all
}

/// What people see of the invoice, the payment and the books.
fn seen(stored: &Stored) -> Vec<String> {
    let mut all = Vec::new();
    for (standing, _) in stored.standings.values() {
        let due = standing.balance_due().unwrap();
        let (status, paid) = (standing.status.as_str(), standing.paid);
        all.push(format!("{status}: {paid:?} paid, {due:?} due"));
    }
    for payment in &stored.payments {
        let disputes = payment.disputes.iter();
        let disputes: Vec<_> = disputes
            .map(|dispute| format!("{:?} {:?}", dispute.state, dispute.amount))
            .collect();
        all.push(format!(
            "{:?}, {:?} gone back, {disputes:?}, {:?} kept",
            payment.amount, payment.refunded, payment.to_balance
        ));
    }
    let mut accounts: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for posting in stored.ledger.iter().flat_map(|entry| &entry.postings) {
        let account = format!("{:?}", posting.account);
        accounts.entry(account).or_default().push(posting.amount);
    }
    for (account, amounts) in accounts {
        let zero = amounts[0].checked_sub(amounts[0]).unwrap();
        let sum = amounts
            .into_iter()
            .fold(zero, |sum, amount| sum.checked_add(amount).unwrap());
        if !sum.is_zero() {
            all.push(format!("{account}: {sum:?}"));
        }
    }
    for attempt in &stored.attempts {
        let state = format!("{:?}", attempt.state);
        let word = state.split([' ', '{']).next().unwrap_or_default();
        all.push(format!("attempt {word}"));
    }
    all
}

/// Lives it, and tells Remit of it in an order; none: in the order in which it was.
fn lived(life: Life, order: Option<&[usize]>) -> (Vec<String>, Option<Violation>, Counted) {
    let world = World::new(SEED, None, false);
    let draft = Action::NewDraft {
        client: 0,
        size: 19,
    };
    let issue = Action::Issue {
        pick: 0,
        send: false,
    };
    let pay = Action::Pay {
        pick: 0,
        payer: life.payer,
        lost: false,
    };
    let mut acts = vec![
        Action::NewClient,
        draft,
        issue,
        Action::Press { pick: 0 },
        pay,
    ];
    acts.extend(life.then);
    for action in acts {
        at_once(&world, async {
            member::act(&world, action).await;
            payer::act(&world, action).await;
        });
        world.wait(SignedDuration::from_secs(1));
    }
    let said: Vec<Arc<Event>> = world.stripe.events(false);
    assert_eq!(said.len(), life.events, "{}: {said:?}", life.name);
    let order = order.map_or_else(|| (0..said.len()).collect(), <[usize]>::to_vec);
    for thing in order {
        at_once(&world, machine::webhook(&world, &said[thing]));
    }
    run::settle_down(&world, SEED);
    let stored = run::judge(&world);
    (seen(&stored), world.findings.first(), Counted::of(&world))
}

fn at_once(world: &World, work: impl Future<Output = ()>) {
    let task: schedule::Task<'_> = Box::pin(work);
    schedule::run(vec![task], &mut Dice::of(0)).unwrap();
    world.look();
}

#[test]
fn every_order_of_what_a_provider_says_ends_in_the_same_state() {
    if crate::comes_later() {
        return;
    }
    let every = report::number("REMIT_ORDERS").unwrap_or(EVERY);
    let every = usize::try_from(every).unwrap();
    let mut counted = Counted::default();
    for life in LIVES {
        let (wanted, violation, _) = lived(life, None);
        assert_eq!(violation, None, "{}", life.name);
        let orders = orders(life.events, life.repeats_max);
        let tried: Vec<_> = orders.iter().step_by(every).collect();
        let next = AtomicUsize::new(0);
        let all: Mutex<Counted> = Mutex::default();
        let work = || {
            while let Some(order) = tried.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (seen, violation, counted) = lived(life, Some(order));
                *all.lock().unwrap() += counted;
                assert_eq!(violation, None, "{}, {order:?}", life.name);
                assert_eq!(seen, wanted, "{}, {order:?}", life.name);
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(work);
            }
        });
        counted += all.into_inner().unwrap();
    }
    report::print("orders of notifications", "1", counted, 0);
}

#[test]
fn all_orders_of_a_few_events_are_found() {
    assert_eq!(orders(2, 0), [[0, 1], [1, 0]]);
    assert_eq!(orders(2, 1).len(), 2 + 6);
    assert_eq!(orders(4, 3).len(), 24 + 240 + 1_560 + 8_400);
}
