//! Two stories, and at each of their side effects every fault in turn: all must end well.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::bus::Queue;
use crate::hazard::Hit;
use crate::histories::tell;
use crate::plan::{Action, Plan, Share, Stage};
use crate::report::{self, Counted};
use crate::run::run;
use crate::stripe::Payer;

const SEED: u64 = 1;
const MINUTE_S: i64 = 60;
const DAY_S: i64 = 24 * 3600;

fn webhooks() -> Action {
    Action::Webhooks {
        order: 1,
        most: u8::MAX,
        double: true,
    }
}

fn publish() -> Action {
    Action::Publish {
        most: 100,
        double: false,
    }
}

fn queue(queue: Queue) -> Action {
    Action::RunQueue {
        queue,
        order: 1,
        double: false,
    }
}

/// A client is billed three times: one invoice is paid by card and partly refunded, one by a slow
/// debit, one is reminded of, paid by hand and over; a fourth is void. A subscription bills it too.
pub fn story() -> Plan {
    let draft = |size| Action::NewDraft { client: 0, size };
    let issue = Action::Issue {
        pick: 0,
        send: true,
    };
    let repeat = Action::Repeat { pick: 1 };
    let pay = |payer| Action::Pay {
        pick: 0,
        payer,
        lost: false,
    };
    let mails = Action::MailEvents {
        order: 1,
        lose: false,
        double: false,
    };
    let acts = [
        (0, Action::NewClient),
        (0, draft(17)),
        (0, Action::ChangeDraft { pick: 0, size: 18 }),
        (0, issue),
        (5, repeat),
        (5, publish()),
        (5, queue(Queue::Invoices)),
        (5, mails),
        (MINUTE_S, Action::Press { pick: 0 }),
        (MINUTE_S, pay(Payer::Card)),
        (5, webhooks()),
        (5, publish()),
        (5, queue(Queue::Receipts)),
        (5, queue(Queue::Expiry)),
        (
            DAY_S,
            Action::Refund {
                pick: 0,
                whole: false,
            },
        ),
        (5, webhooks()),
        (5, draft(19)),
        (5, issue),
        (MINUTE_S, Action::Press { pick: 1 }),
        (MINUTE_S, pay(Payer::SlowDebit)),
        (5, webhooks()),
        (
            2 * DAY_S,
            Action::SlowPaymentEnds {
                pick: 0,
                arrives: true,
                lost: false,
            },
        ),
        (5, webhooks()),
        (5, draft(20)),
        (5, issue),
        (5, Action::Subscribe { client: 0, size: 1 }),
        (5, Action::SubscriptionBilling),
        (8 * DAY_S, Action::SubscriptionBilling),
        (DAY_S, Action::Reminders),
        (8 * DAY_S, Action::Reminders),
        (5, Action::SubscriptionBilling),
        (
            5,
            Action::RecordPayment {
                pick: 2,
                share: Share::More,
            },
        ),
        (5, repeat),
        (5, draft(21)),
        (5, issue),
        (5, Action::Void { pick: 3 }),
        (10 * MINUTE_S, Action::Janitor),
    ];
    told(&acts)
}

/// A client pays and lets the agency keep what it pays with. What is paid out the bank tells of before the provider
/// does. Another invoice is promised, and held back; subscriptions wait for the client's day, and charge.
fn of_what_goes_by_itself() -> Plan {
    let draft = |size| Action::NewDraft { client: 0, size };
    let issue = Action::Issue {
        pick: 0,
        send: true,
    };
    let pay = Action::Pay {
        pick: 0,
        payer: Payer::Card,
        lost: false,
    };
    let hold = Action::HoldInvoice {
        pick: 1,
        days: 11,
        resumes: false,
    };
    // Every week from the third day on, and sent.
    let days = Action::SetBillingDay {
        client: 0,
        pick: 13,
    };
    // The first waits for that day, the second charges.
    let subscribe = |size| Action::Subscribe { client: 0, size };
    told(&[
        (0, Action::NewClient),
        (0, draft(18)),
        (0, issue),
        (5, Action::Press { pick: 0 }),
        (5, pay),
        (5, webhooks()),
        (10 * MINUTE_S, Action::Janitor),
        (5, Action::PayOut { lost: false }),
        (5, Action::TakeStatement),
        (5, publish()),
        (5, queue(Queue::Imports)),
        (5, webhooks()),
        (30 * MINUTE_S, Action::Janitor),
        (5, draft(20)),
        (5, issue),
        (5, Action::Promise { pick: 1, days: 9 }),
        (5, hold),
        (5, days),
        (5, subscribe(1)),
        (5, subscribe(4)),
        (5, Action::SubscriptionBilling),
        (4 * DAY_S, Action::SubscriptionBilling),
        (5, webhooks()),
        (9 * DAY_S, Action::Reminders),
    ])
}

fn told(acts: &[(i64, Action)]) -> Plan {
    let stages = acts.iter().map(|(wait_s, action)| Stage {
        wait_s: *wait_s,
        tick_ms: 20,
        order: 1,
        actions: vec![*action],
        hits: Vec::new(),
    });
    Plan {
        seed: SEED,
        stages: stages.collect(),
        loses_one_of: None,
    }
}

/// A story once for each fault at each of its side effects.
fn faulty_stories(plain: &Plan) -> Vec<Plan> {
    let report = run(plain, None, false);
    assert_eq!(report.violation, None, "the story without faults");
    let mut plans = Vec::new();
    for (stage, effects) in report.effects.iter().enumerate() {
        for (at, effect) in effects.iter().enumerate() {
            for roll in 0..effect.faults().len() {
                let mut plan = plain.clone();
                plan.stages[stage].hits = vec![Hit {
                    lasting: false,
                    at: u16::try_from(at).unwrap(),
                    roll: u8::try_from(roll).unwrap(),
                }];
                plans.push(plan);
            }
        }
    }
    plans
}

#[test]
fn every_fault_at_every_side_effect_ends_well() {
    if crate::comes_later() {
        return;
    }
    let by_itself = of_what_goes_by_itself();
    let reached = run(&by_itself, None, false).reached;
    for wanted in [
        "payout at the bank",
        "period billed on its client's day",
        "charge Paid",
        "promise made",
        "follow-ups paused",
    ] {
        assert!(reached.contains_key(wanted), "{wanted}: {reached:?}");
    }
    let mut plans = faulty_stories(&story());
    plans.extend(faulty_stories(&by_itself));
    assert!(plans.len() > 500, "{} stories", plans.len());
    all_hold("single faults", SEED, &plans);
}

/// Runs histories on every core until one breaks a rule, and says what was run.
pub fn all_hold(layer: &str, seed: u64, plans: &[Plan]) {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(None);
    let counted: Mutex<Counted> = Mutex::default();
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
    report::print(layer, &seed.to_string(), counted, violations);
    if let Some((plan, violation)) = found {
        panic!("{}", tell(plan, &violation, None));
    }
}
