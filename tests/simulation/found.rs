//! Histories that broke a rule once, each under many orders of what happens at the same time; and one that a
//! planted bug makes break the rule that is about it.

use crate::bugs::Bug;
use crate::hazard::{Effect, Fault, Hit};
use crate::histories::tell;
use crate::plan::{Action, Plan, Share, Stage};
use crate::run::run;
use crate::stripe::Payer;

/// Orders to try: enough to meet each interleaving of two short runs.
const ORDERS: u64 = 60;
const DAY_S: i64 = 24 * 3600;

fn stage(wait_s: i64, order: u64, actions: &[Action]) -> Stage {
    Stage {
        wait_s,
        tick_ms: 0,
        order,
        actions: actions.to_vec(),
        hits: Vec::new(),
    }
}

/// A client has an invoice that is due in a week.
fn begin() -> Vec<Stage> {
    let draft = Action::NewDraft {
        client: 0,
        size: 19,
    };
    let issue = Action::Issue {
        pick: 0,
        send: true,
    };
    [Action::NewClient, draft, issue]
        .map(|action| stage(0, 1, &[action]))
        .into()
}

fn holds(make: impl Fn(u64) -> Vec<Stage>) {
    for order in 1..=ORDERS {
        let mut stages = begin();
        stages.extend(make(order));
        let plan = Plan {
            seed: 1,
            stages,
            loses_one_of: None,
        };
        if let Some(violation) = run(&plan, None, false).violation {
            panic!("{}", tell(&plan, &violation, None));
        }
    }
}

/// Two sweeps ask the provider about the same slow payment; what the second hears was known, and
/// once made it think that the money had come. Then the payment fails.
#[test]
fn a_slow_payment_that_two_ask_after_has_not_come() {
    holds(|order| {
        let slow = Action::Pay {
            pick: 0,
            payer: Payer::SlowDebit,
            lost: false,
        };
        let fails = Action::SlowPaymentEnds {
            pick: 0,
            arrives: false,
            lost: false,
        };
        vec![
            stage(0, order, &[Action::Press { pick: 0 }]),
            stage(0, order, &[slow]),
            stage(DAY_S, order, &[Action::Janitor, Action::Janitor]),
            stage(0, order, &[fails]),
        ]
    });
}

/// A bank books a transfer ahead of the agency's day: it was stated to come tomorrow, while the books had it today.
#[test]
fn a_transfer_that_is_booked_ahead_is_received_today() {
    holds(|order| {
        let transfer = Action::Transfer { pick: 160 };
        vec![
            stage(6 * 3600, order, &[Action::TakeStatement]),
            stage(0, order, &[transfer]),
            stage(0, order, &[Action::TakeStatement]),
        ]
    });
}

/// The mail is the second thing that a sweep does for good, after the claim: it is not taken.
fn held_up() -> Hit {
    Hit {
        lasting: true,
        at: 1,
        roll: Effect::Mail.roll(Fault::Throttled),
    }
}

/// A reminder was held up, and is claimed again while the invoice is being paid.
#[test]
fn a_reminder_that_was_held_up_gives_way_to_the_payment() {
    holds(|order| {
        let paid = Action::RecordPayment {
            pick: 0,
            share: Share::Whole,
        };
        let mut reminds = stage(8 * DAY_S, order, &[Action::Reminders]);
        reminds.hits = vec![held_up()];
        vec![
            stage(300, order, &[Action::Janitor]),
            reminds,
            stage(300, order, &[Action::Janitor, paid]),
        ]
    });
}

/// A reminder was held up, and then the client promises a day, or a member pauses: it does not leave. Where
/// that is not looked at again, the rule that is about it breaks.
#[test]
fn a_reminder_that_was_held_up_gives_way_to_a_word() {
    let promise = Action::Promise { pick: 0, days: 12 };
    let pause = |days| Action::HoldInvoice {
        pick: 0,
        days,
        resumes: false,
    };
    for word in [promise, pause(0), pause(12)] {
        let mut reminds = stage(8 * DAY_S, 1, &[Action::Reminders]);
        reminds.hits = vec![held_up()];
        let mut stages = begin();
        stages.extend([
            stage(300, 1, &[Action::Janitor]),
            reminds,
            stage(0, 1, &[word]),
            stage(300, 1, &[Action::Janitor]),
        ]);
        let plan = Plan {
            seed: 1,
            stages,
            loses_one_of: None,
        };
        assert_eq!(run(&plan, None, false).violation, None, "{word:?}");
        let found = run(&plan, Some(Bug::FollowUpsUnread), false).violation;
        let rule = found.map(|violation| violation.rule);
        let wanted = "no reminder goes against a promise or a pause";
        assert_eq!(rule, Some(wanted), "{word:?}");
    }
}
