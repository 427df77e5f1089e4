//! A history before it happens: stages of actions, with their order and their faults. All of it
//! is data, so that a history can be told, shortened and run again.

mod themes;

use crate::bus::Queue;
use crate::dice::Dice;
use crate::hazard::{Effect, Fault, Hit};
use crate::stripe::Payer;

use themes::{DUNNING, EVERYTHING, Kind, MAILS, MONEY, RETAINERS, Table, action, follow_ups};

/// How much of what is due a member records by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    Part,
    Whole,
    More,
}

/// What happens. A pick chooses among what there is then; where there is nothing, nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    NewClient,
    ChangeClient {
        pick: u8,
    },
    NewDraft {
        client: u8,
        size: u8,
    },
    ChangeDraft {
        pick: u8,
        size: u8,
    },
    DeleteDraft {
        pick: u8,
    },
    Issue {
        pick: u8,
        send: bool,
    },
    Send {
        pick: u8,
    },
    Void {
        pick: u8,
    },
    Credit {
        pick: u8,
        share: Share,
    },
    RecordPayment {
        pick: u8,
        share: Share,
    },
    /// The same request once more under its key.
    Repeat {
        pick: u8,
    },
    /// Another request under the same key.
    RepeatChanged {
        pick: u8,
    },
    /// A client opens the page and presses the button.
    Press {
        pick: u8,
    },
    StopReminders {
        pick: u8,
    },
    /// A client promises on its page to pay in some days.
    Promise {
        pick: u8,
        days: u8,
    },
    /// A member records that a client does.
    RecordPromise {
        pick: u8,
        days: u8,
    },
    /// A member pauses the follow-ups of an invoice, or resumes them.
    HoldInvoice {
        pick: u8,
        days: u8,
        resumes: bool,
    },
    /// The same of a client.
    HoldClient {
        pick: u8,
        days: u8,
        resumes: bool,
    },
    /// A payer goes through an open page; `lost`: its webhooks never arrive.
    Pay {
        pick: u8,
        payer: Payer,
        lost: bool,
    },
    SlowPaymentEnds {
        pick: u8,
        arrives: bool,
        lost: bool,
    },
    Refund {
        pick: u8,
        whole: bool,
    },
    RefundFails {
        pick: u8,
    },
    Dispute {
        pick: u8,
    },
    DisputeEnds {
        pick: u8,
        won: bool,
    },
    ForeignPayment {
        refunded: bool,
    },
    /// Stripe sends what it has to the bank; `lost`: its webhook never arrives.
    PayOut {
        lost: bool,
    },
    /// A client pays by transfer, with the number of an invoice.
    Transfer {
        pick: u8,
    },
    /// A member brings the bank's file.
    TakeStatement,
    Webhooks {
        order: u64,
        most: u8,
        double: bool,
    },
    Publish {
        most: u8,
        double: bool,
    },
    LoseRecord {
        pick: u8,
    },
    RunQueue {
        queue: Queue,
        order: u64,
        double: bool,
    },
    MailEvents {
        order: u64,
        lose: bool,
        double: bool,
    },
    /// A weekly subscription begins.
    Subscribe {
        client: u8,
        size: u8,
    },
    /// One is paused, goes on, leaves a period out, or ends.
    ActOnSubscription {
        pick: u8,
    },
    /// A client is billed on a day of each week from now on, or by hand again.
    SetBillingDay {
        client: u8,
        pick: u8,
    },
    SubscriptionBilling,
    Reminders,
    Janitor,
    /// An operator sends dead letters back.
    Redrive,
}

/// Some actions at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Time that passes before.
    pub wait_s: i64,
    /// Time that passes at every side effect.
    pub tick_ms: i64,
    /// Which of the actions goes on next.
    pub order: u64,
    pub actions: Vec<Action>,
    pub hits: Vec<Hit>,
}

/// A whole history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    pub stages: Vec<Stage>,
    /// One of so many notifications never arrives, and only the provider's list tells of it.
    pub loses_one_of: Option<u32>,
}

/// One of so many is lost.
const NOTIFICATIONS: u32 = 12;
const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

/// In every fourth history some are lost.
fn lossy(seed: u64) -> Option<u32> {
    (seed % 4 == 3).then_some(NOTIFICATIONS)
}

impl Plan {
    /// The history of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::of(seed);
        let mut stages = begin(&mut dice);
        // What an ordinary history of the theme begins with.
        let themes: [(usize, (Table, &[Kind])); 5] = [
            (
                3,
                (
                    EVERYTHING,
                    &[Kind::Publish, Kind::RunQueue, Kind::Press, Kind::Pay],
                ),
            ),
            (2, (DUNNING, &[Kind::Reminders])),
            (
                2,
                (
                    RETAINERS,
                    &[
                        Kind::Press,
                        Kind::Pay,
                        Kind::Webhooks,
                        Kind::Janitor,
                        Kind::SetBillingDay,
                        Kind::Subscribe,
                        Kind::Subscribe,
                        Kind::SubscriptionBilling,
                    ],
                ),
            ),
            (
                4,
                (
                    MONEY,
                    &[
                        Kind::Press,
                        Kind::Pay,
                        Kind::Webhooks,
                        Kind::Press,
                        Kind::Pay,
                    ],
                ),
            ),
            (2, (MAILS, &[Kind::Publish, Kind::RunQueue])),
        ];
        let (theme, overture) = dice.weighted(&themes);
        for kind in overture {
            let actions = vec![action(*kind, &mut dice)];
            stages.push(stage(&mut dice, actions, 10));
        }
        let faulty = dice.weighted(&[(1, 0), (5, 45), (3, 75)]);
        let mut last = Kind::Issue;
        for _ in 0..8 + dice.below(14) {
            let at_once = dice.weighted(&[(55, 1), (30, 2), (15, 3)]);
            let mut actions = Vec::new();
            for _ in 0..at_once {
                let follows = dice.percent(50);
                last = dice.weighted(if follows {
                    follow_ups(last, theme)
                } else {
                    theme
                });
                actions.push(action(last, &mut dice));
            }
            stages.push(stage(&mut dice, actions, faulty));
            if std::ptr::eq(theme, DUNNING) && dice.percent(60) {
                for _ in 0..1 + dice.below(3) {
                    stages.extend(held_up(&mut dice));
                }
            }
            if std::ptr::eq(theme, DUNNING) && dice.percent(15) {
                stages.extend(spoken_of(&mut dice));
            }
        }
        Self {
            seed,
            stages,
            loses_one_of: lossy(seed),
        }
    }

    /// A history of at least so many days, with a bit of everything, and faults at every third stage or so.
    pub fn of_days(seed: u64, days: i64) -> Self {
        let mut dice = Dice::of(seed);
        let mut stages = begin(&mut dice);
        let mut last = Kind::Issue;
        let mut passed_s = 0;
        while passed_s < days * DAY_S {
            let mut actions = Vec::new();
            for _ in 0..1 + dice.below(3) {
                let follows = dice.percent(50);
                last = dice.weighted(match follows {
                    true => follow_ups(last, EVERYTHING),
                    false => EVERYTHING,
                });
                actions.push(action(last, &mut dice));
            }
            let next = stage(&mut dice, actions, 30);
            passed_s += next.wait_s;
            stages.push(next);
        }
        Self {
            seed,
            stages,
            loses_one_of: lossy(seed),
        }
    }
}

/// Two invoices of one client, as a rule with something to pay.
fn begin(dice: &mut Dice) -> Vec<Stage> {
    let draft = |dice: &mut Dice| Action::NewDraft {
        client: 0,
        size: dice.byte() | 1,
    };
    let issue = Action::Issue {
        pick: 0,
        send: true,
    };
    let begin = [Action::NewClient, draft(dice), draft(dice), issue, issue];
    let stages = begin.map(|action| stage(dice, vec![action], 10));
    stages.into()
}

/// A reminder is held up.
fn reminds_in_vain(dice: &mut Dice) -> Stage {
    let mut reminds = stage(dice, vec![Action::Reminders], 0);
    reminds.hits = vec![Hit {
        lasting: true,
        at: 1,
        roll: Effect::Mail.roll(Fault::Throttled),
    }];
    reminds
}

/// It is tried again just when its invoice changes: rare by chance.
fn held_up(dice: &mut Dice) -> [Stage; 2] {
    let reminds = reminds_in_vain(dice);
    let changes = [
        (3, Kind::RecordPayment),
        (1, Kind::Void),
        (1, Kind::Credit),
        (1, Kind::StopReminders),
    ];
    let change = dice.weighted(&changes);
    let change = action(change, dice);
    let mut again = stage(dice, vec![Action::Janitor, change], 0);
    again.wait_s = 5 * MINUTE_S;
    [reminds, again]
}

/// It is tried again after somebody has said something about its invoice: as rare.
fn spoken_of(dice: &mut Dice) -> [Stage; 3] {
    let reminds = reminds_in_vain(dice);
    let words = [
        (2, Kind::Promise),
        (1, Kind::HoldInvoice),
        (1, Kind::HoldClient),
    ];
    let word = dice.weighted(&words);
    let word = action(word, dice);
    let mut says = stage(dice, vec![word], 0);
    says.wait_s = 0;
    let mut again = stage(dice, vec![Action::Janitor], 0);
    again.wait_s = 5 * MINUTE_S;
    [reminds, says, again]
}

fn stage(dice: &mut Dice, actions: Vec<Action>, faulty: usize) -> Stage {
    // Reminders have days between them; half the sweeps come when some are due.
    let reminds =
        |action: &Action| matches!(action, Action::Reminders | Action::SubscriptionBilling);
    let reminding = actions.iter().any(reminds) && dice.percent(50);
    let wait_s = match dice.below(20) {
        _ if reminding => DAY_S + offset(dice, 13 * DAY_S),
        0..=8 => 0,
        9..=11 => 10 + offset(dice, 90),
        12..=15 => 2 * MINUTE_S + offset(dice, 8 * MINUTE_S),
        16..=17 => HOUR_S + offset(dice, 5 * HOUR_S),
        18 => DAY_S,
        _ => 3 * DAY_S + offset(dice, 8 * DAY_S),
    };
    let mut hits = Vec::new();
    while dice.percent(faulty) && hits.len() < 3 {
        let lasting = dice.percent(70);
        let most = if lasting { 3 } else { 10 } * (1 + actions.len());
        hits.push(Hit {
            lasting,
            at: u16::try_from(dice.below(most)).unwrap(),
            roll: dice.byte(),
        });
    }
    Stage {
        wait_s,
        // Half the time everything in a stage happens at the very same instant.
        tick_ms: if dice.percent(50) { 0 } else { 20 },
        order: dice.next(),
        actions,
        hits,
    }
}

fn offset(dice: &mut Dice, end_s: i64) -> i64 {
    i64::try_from(dice.below(usize::try_from(end_s).unwrap())).unwrap()
}
