//! Which actions are how likely, and what comes after what.

use super::{Action, Share};
use crate::bus::Queue;
use crate::dice::Dice;
use crate::stripe::Payer;

/// A kind of action, before its picks.
#[derive(Clone, Copy)]
pub enum Kind {
    NewClient,
    ChangeClient,
    NewDraft,
    ChangeDraft,
    DeleteDraft,
    Issue,
    Send,
    Void,
    Credit,
    RecordPayment,
    Repeat,
    RepeatChanged,
    Press,
    StopReminders,
    Promise,
    RecordPromise,
    HoldInvoice,
    HoldClient,
    Pay,
    SlowPaymentEnds,
    Refund,
    RefundFails,
    Dispute,
    DisputeEnds,
    ForeignPayment,
    PayOut,
    Transfer,
    TakeStatement,
    Webhooks,
    Publish,
    LoseRecord,
    RunQueue,
    MailEvents,
    Subscribe,
    ActOnSubscription,
    SetBillingDay,
    SubscriptionBilling,
    Reminders,
    Janitor,
    Redrive,
}

/// Kinds of actions, each with its weight.
pub type Table = &'static [(usize, Kind)];

/// A bit of everything.
pub const EVERYTHING: Table = &[
    (2, Kind::NewClient),
    (2, Kind::ChangeClient),
    (7, Kind::NewDraft),
    (3, Kind::ChangeDraft),
    (1, Kind::DeleteDraft),
    (10, Kind::Issue),
    (3, Kind::Send),
    (3, Kind::Void),
    (3, Kind::Credit),
    (6, Kind::RecordPayment),
    (6, Kind::Repeat),
    (1, Kind::RepeatChanged),
    (11, Kind::Press),
    (1, Kind::StopReminders),
    (2, Kind::Promise),
    (1, Kind::RecordPromise),
    (2, Kind::HoldInvoice),
    (1, Kind::HoldClient),
    (14, Kind::Pay),
    (5, Kind::SlowPaymentEnds),
    (6, Kind::Refund),
    (3, Kind::RefundFails),
    (3, Kind::Dispute),
    (3, Kind::DisputeEnds),
    (1, Kind::ForeignPayment),
    (3, Kind::PayOut),
    (3, Kind::Transfer),
    (4, Kind::TakeStatement),
    (14, Kind::Webhooks),
    (12, Kind::Publish),
    (2, Kind::LoseRecord),
    (12, Kind::RunQueue),
    (5, Kind::MailEvents),
    (3, Kind::Subscribe),
    (2, Kind::ActOnSubscription),
    (1, Kind::SetBillingDay),
    (6, Kind::SubscriptionBilling),
    (8, Kind::Reminders),
    (8, Kind::Janitor),
    (1, Kind::Redrive),
];

/// Few invoices that nobody wants to pay in time.
pub const DUNNING: Table = &[
    (1, Kind::Issue),
    (1, Kind::Void),
    (6, Kind::RecordPayment),
    (3, Kind::Press),
    (3, Kind::Pay),
    (2, Kind::SlowPaymentEnds),
    (1, Kind::StopReminders),
    (2, Kind::Promise),
    (1, Kind::RecordPromise),
    (2, Kind::HoldInvoice),
    (1, Kind::HoldClient),
    (4, Kind::Webhooks),
    (1, Kind::MailEvents),
    (12, Kind::Reminders),
    (9, Kind::Janitor),
];

/// Money that comes, goes back, is contested and comes again.
pub const MONEY: Table = &[
    (1, Kind::Issue),
    (5, Kind::Press),
    (6, Kind::Pay),
    (3, Kind::SlowPaymentEnds),
    (2, Kind::RecordPayment),
    (1, Kind::Void),
    (4, Kind::Credit),
    (6, Kind::Refund),
    (4, Kind::RefundFails),
    (5, Kind::Dispute),
    (5, Kind::DisputeEnds),
    (6, Kind::PayOut),
    (4, Kind::Transfer),
    (8, Kind::TakeStatement),
    (14, Kind::Webhooks),
    (2, Kind::Janitor),
    (1, Kind::Reminders),
];

/// What bills itself, beside what is billed by hand.
pub const RETAINERS: Table = &[
    (4, Kind::Subscribe),
    (4, Kind::ActOnSubscription),
    (2, Kind::SetBillingDay),
    (12, Kind::SubscriptionBilling),
    (2, Kind::NewDraft),
    (4, Kind::Issue),
    (3, Kind::Void),
    (3, Kind::RecordPayment),
    (2, Kind::Press),
    (2, Kind::Pay),
    (2, Kind::Webhooks),
    (2, Kind::Repeat),
    (2, Kind::Publish),
    (2, Kind::Janitor),
];

/// Mails, and several who want to send the same one.
pub const MAILS: Table = &[
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
    (2, Kind::Redrive),
];

/// What often comes next: without it, most picks would find nothing to pick from.
pub fn follow_ups(kind: Kind, theme: Table) -> Table {
    match kind {
        Kind::NewClient => &[(1, Kind::NewDraft)],
        Kind::NewDraft | Kind::ChangeDraft => &[(1, Kind::Issue)],
        Kind::Issue | Kind::Send => &[
            (3, Kind::Press),
            (2, Kind::Publish),
            (1, Kind::Reminders),
            (1, Kind::Promise),
        ],
        Kind::Void | Kind::Credit | Kind::RecordPayment => &[(2, Kind::Publish), (1, Kind::Repeat)],
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
            (1, Kind::PayOut),
            (2, Kind::Dispute),
            (1, Kind::DisputeEnds),
            (1, Kind::Reminders),
        ],
        Kind::PayOut | Kind::Transfer => &[(3, Kind::TakeStatement), (2, Kind::Webhooks)],
        Kind::TakeStatement => &[(3, Kind::Publish), (1, Kind::Webhooks), (1, Kind::Janitor)],
        Kind::Refund => &[(3, Kind::Webhooks), (2, Kind::RefundFails)],
        Kind::DisputeEnds => &[(2, Kind::Webhooks), (1, Kind::Reminders)],
        Kind::Publish | Kind::LoseRecord => &[(1, Kind::RunQueue)],
        Kind::RunQueue => &[
            (1, Kind::RunQueue),
            (1, Kind::MailEvents),
            (1, Kind::Janitor),
        ],
        Kind::Subscribe => &[(3, Kind::SubscriptionBilling), (1, Kind::ActOnSubscription)],
        Kind::SetBillingDay => &[(2, Kind::Subscribe), (2, Kind::SubscriptionBilling)],
        Kind::SubscriptionBilling => &[
            (3, Kind::SubscriptionBilling),
            (1, Kind::ActOnSubscription),
            (1, Kind::Publish),
        ],
        Kind::Promise | Kind::RecordPromise | Kind::HoldInvoice | Kind::HoldClient => {
            &[(4, Kind::Reminders), (1, Kind::Repeat), (1, Kind::Janitor)]
        }
        Kind::Reminders => &[
            (1, Kind::Reminders),
            (1, Kind::MailEvents),
            (1, Kind::Janitor),
        ],
        _ => theme,
    }
}

/// An action of this kind.
pub fn action(kind: Kind, dice: &mut Dice) -> Action {
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
        Kind::Credit => {
            let shares = [(3, Share::Part), (2, Share::Whole)];
            Action::Credit {
                pick,
                share: dice.weighted(&shares),
            }
        }
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
        Kind::Promise => Action::Promise {
            pick,
            days: dice.byte() % 20,
        },
        Kind::RecordPromise => Action::RecordPromise {
            pick,
            days: dice.byte() % 20,
        },
        Kind::HoldInvoice => Action::HoldInvoice {
            pick,
            days: dice.byte() % 20,
            resumes: dice.percent(25),
        },
        Kind::HoldClient => Action::HoldClient {
            pick,
            days: dice.byte() % 20,
            resumes: dice.percent(40),
        },
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
        Kind::PayOut => Action::PayOut {
            lost: dice.percent(15),
        },
        Kind::Transfer => Action::Transfer { pick },
        Kind::TakeStatement => Action::TakeStatement,
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
                (3, Queue::Imports),
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
        Kind::Subscribe => Action::Subscribe {
            client: pick,
            size: dice.byte(),
        },
        Kind::ActOnSubscription => Action::ActOnSubscription { pick },
        Kind::SetBillingDay => Action::SetBillingDay {
            client: pick,
            pick: dice.byte(),
        },
        Kind::SubscriptionBilling => Action::SubscriptionBilling,
        Kind::Reminders => Action::Reminders,
        Kind::Janitor => Action::Janitor,
        Kind::Redrive => Action::Redrive,
    }
}
