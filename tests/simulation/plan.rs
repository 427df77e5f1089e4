//! A history before it happens: stages of actions, with their order and their faults. All of it
//! is data, so that a history can be told, shortened and run again.

use crate::bus::Queue;
use crate::dice::Dice;
use crate::hazard::Hit;
use crate::stripe::Payer;

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
    Reminders,
    Janitor,
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
}

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

#[derive(Clone, Copy)]
enum Kind {
    NewClient,
    ChangeClient,
    NewDraft,
    ChangeDraft,
    DeleteDraft,
    Issue,
    Send,
    Void,
    RecordPayment,
    Repeat,
    RepeatChanged,
    Press,
    StopReminders,
    Pay,
    SlowPaymentEnds,
    Refund,
    RefundFails,
    Dispute,
    DisputeEnds,
    ForeignPayment,
    Webhooks,
    Publish,
    LoseRecord,
    RunQueue,
    MailEvents,
    Reminders,
    Janitor,
}

/// Kinds of actions, each with its weight.
type Table = &'static [(usize, Kind)];

/// A bit of everything.
const EVERYTHING: Table = &[
    (2, Kind::NewClient),
    (2, Kind::ChangeClient),
    (7, Kind::NewDraft),
    (3, Kind::ChangeDraft),
    (1, Kind::DeleteDraft),
    (10, Kind::Issue),
    (3, Kind::Send),
    (3, Kind::Void),
    (6, Kind::RecordPayment),
    (6, Kind::Repeat),
    (1, Kind::RepeatChanged),
    (11, Kind::Press),
    (1, Kind::StopReminders),
    (14, Kind::Pay),
    (5, Kind::SlowPaymentEnds),
    (6, Kind::Refund),
    (3, Kind::RefundFails),
    (3, Kind::Dispute),
    (3, Kind::DisputeEnds),
    (1, Kind::ForeignPayment),
    (14, Kind::Webhooks),
    (12, Kind::Publish),
    (2, Kind::LoseRecord),
    (12, Kind::RunQueue),
    (5, Kind::MailEvents),
    (8, Kind::Reminders),
    (8, Kind::Janitor),
];

/// Few invoices that nobody wants to pay in time.
const DUNNING: Table = &[
    (1, Kind::Issue),
    (1, Kind::Void),
    (6, Kind::RecordPayment),
    (3, Kind::Press),
    (3, Kind::Pay),
    (2, Kind::SlowPaymentEnds),
    (1, Kind::StopReminders),
    (4, Kind::Webhooks),
    (1, Kind::MailEvents),
    (12, Kind::Reminders),
    (9, Kind::Janitor),
];

/// Money that comes, goes back, is contested and comes again.
const MONEY: Table = &[
    (1, Kind::Issue),
    (5, Kind::Press),
    (6, Kind::Pay),
    (3, Kind::SlowPaymentEnds),
    (2, Kind::RecordPayment),
    (1, Kind::Void),
    (6, Kind::Refund),
    (4, Kind::RefundFails),
    (5, Kind::Dispute),
    (5, Kind::DisputeEnds),
    (14, Kind::Webhooks),
    (2, Kind::Janitor),
    (1, Kind::Reminders),
];

/// Mails, and several who want to send the same one.
const MAILS: Table = &[
    (3, Kind::Issue),
    (3, Kind::NewDraft),
    (5, Kind::Send),
    (3, Kind::RecordPayment),
    (2, Kind::Void),
    (9, Kind::Publish),
    (1, Kind::LoseRecord),
    (14, Kind::RunQueue),
    (5, Kind::MailEvents),
    (9, Kind::Janitor),
    (2, Kind::Reminders),
];

/// What often comes next: without it, most picks would find nothing to pick from.
fn follow_ups(kind: Kind, theme: Table) -> Table {
    match kind {
        Kind::NewClient => &[(1, Kind::NewDraft)],
        Kind::NewDraft | Kind::ChangeDraft => &[(1, Kind::Issue)],
        Kind::Issue | Kind::Send => &[(3, Kind::Press), (2, Kind::Publish), (1, Kind::Reminders)],
        Kind::Void | Kind::RecordPayment => &[(2, Kind::Publish), (1, Kind::Repeat)],
        Kind::Press => &[(5, Kind::Pay), (1, Kind::Press), (1, Kind::Void)],
        Kind::Pay => &[
            (4, Kind::Webhooks),
            (1, Kind::SlowPaymentEnds),
            (1, Kind::Janitor),
        ],
        Kind::Dispute => &[(2, Kind::DisputeEnds), (1, Kind::Webhooks)],
        Kind::SlowPaymentEnds | Kind::RefundFails => &[(1, Kind::Webhooks)],
        Kind::Webhooks => &[
            (4, Kind::Publish),
            (2, Kind::Refund),
            (2, Kind::Dispute),
            (1, Kind::DisputeEnds),
            (1, Kind::Reminders),
        ],
        Kind::Refund => &[(3, Kind::Webhooks), (2, Kind::RefundFails)],
        Kind::DisputeEnds => &[(2, Kind::Webhooks), (1, Kind::Reminders)],
        Kind::Publish | Kind::LoseRecord => &[(1, Kind::RunQueue)],
        Kind::RunQueue => &[
            (1, Kind::RunQueue),
            (1, Kind::MailEvents),
            (1, Kind::Janitor),
        ],
        Kind::Reminders => &[
            (1, Kind::Reminders),
            (1, Kind::MailEvents),
            (1, Kind::Janitor),
        ],
        _ => theme,
    }
}

impl Plan {
    /// The history of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::of(seed);
        let begin = [
            Action::NewClient,
            Action::NewDraft {
                client: 0,
                size: dice.byte(),
            },
            Action::Issue {
                pick: 0,
                send: true,
            },
        ];
        let mut stages: Vec<Stage> = begin
            .iter()
            .map(|action| stage(&mut dice, vec![*action], 15))
            .collect();
        let themes = [(3, EVERYTHING), (2, DUNNING), (2, MONEY), (2, MAILS)];
        let theme = dice.weighted(&themes);
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
        }
        Self { seed, stages }
    }
}

fn stage(dice: &mut Dice, actions: Vec<Action>, faulty: usize) -> Stage {
    // Reminders have days between them; half the sweeps come when some are due.
    let reminding = actions.contains(&Action::Reminders) && dice.percent(50);
    let wait_s = match dice.below(20) {
        _ if reminding => DAY_S + offset(dice, 13 * DAY_S),
        0..=7 => 0,
        8..=10 => 10 + offset(dice, 90),
        11..=14 => 2 * MINUTE_S + offset(dice, 8 * MINUTE_S),
        15..=16 => HOUR_S + offset(dice, 5 * HOUR_S),
        17..=18 => DAY_S,
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

fn action(kind: Kind, dice: &mut Dice) -> Action {
    let pick = dice.byte();
    match kind {
        Kind::NewClient => Action::NewClient,
        Kind::ChangeClient => Action::ChangeClient { pick },
        Kind::NewDraft => Action::NewDraft {
            client: pick,
            size: dice.byte(),
        },
        Kind::ChangeDraft => Action::ChangeDraft {
            pick,
            size: dice.byte(),
        },
        Kind::DeleteDraft => Action::DeleteDraft { pick },
        Kind::Issue => Action::Issue {
            pick,
            send: dice.percent(70),
        },
        Kind::Send => Action::Send { pick },
        Kind::Void => Action::Void { pick },
        Kind::RecordPayment => {
            let shares = [(2, Share::Part), (3, Share::Whole), (1, Share::More)];
            Action::RecordPayment {
                pick,
                share: dice.weighted(&shares),
            }
        }
        Kind::Repeat => Action::Repeat { pick },
        Kind::RepeatChanged => Action::RepeatChanged { pick },
        Kind::Press => Action::Press { pick },
        Kind::StopReminders => Action::StopReminders { pick },
        Kind::Pay => {
            let payer = dice.weighted(&[(7, Payer::Card), (3, Payer::SlowDebit)]);
            Action::Pay {
                pick,
                payer,
                lost: dice.percent(15),
            }
        }
        Kind::SlowPaymentEnds => {
            let (arrives, lost) = (dice.percent(60), dice.percent(15));
            Action::SlowPaymentEnds {
                pick,
                arrives,
                lost,
            }
        }
        Kind::Refund => Action::Refund {
            pick,
            whole: dice.percent(40),
        },
        Kind::RefundFails => Action::RefundFails { pick },
        Kind::Dispute => Action::Dispute { pick },
        Kind::DisputeEnds => Action::DisputeEnds {
            pick,
            won: dice.percent(50),
        },
        Kind::ForeignPayment => Action::ForeignPayment {
            refunded: pick < 32,
        },
        Kind::Webhooks => Action::Webhooks {
            order: dice.next(),
            most: 1 + pick % 6,
            double: dice.percent(30),
        },
        Kind::Publish => Action::Publish {
            most: 1 + pick % 30,
            double: dice.percent(15),
        },
        Kind::LoseRecord => Action::LoseRecord { pick },
        Kind::RunQueue => {
            let queues = [
                (4, Queue::Invoices),
                (5, Queue::Receipts),
                (3, Queue::Expiry),
            ];
            let queue = dice.weighted(&queues);
            Action::RunQueue {
                queue,
                order: dice.next(),
                double: dice.percent(25),
            }
        }
        Kind::MailEvents => Action::MailEvents {
            order: dice.next(),
            lose: dice.percent(30),
            double: dice.percent(20),
        },
        Kind::Reminders => Action::Reminders,
        Kind::Janitor => Action::Janitor,
    }
}
