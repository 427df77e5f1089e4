//! Runs one history: its stages, then peace, then the judgement.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use remit_billing::delivery::{Delivery, DeliveryState};
use remit_billing::standing::Status;
use remit_store::records::{Notification, NotificationState};
use remit_store::{Item, Record, from_item, type_of};

use crate::books::{self, Stored};
use crate::bugs::Bug;
use crate::bus::Queue;
use crate::dice::Dice;
use crate::findings::Violation;
use crate::hazard::Effect;
use crate::plan::{Action, Plan, Stage};
use crate::report::Counted;
use crate::schedule::{self, Task};
use crate::world::World;
use crate::{banking, late_fees, machine, member, payer, promises, retainers, statements};

/// Rounds until nothing may be left to do, and what passes before each. A page lives for 23
/// hours, a slow payment is asked after once a day.
const ROUNDS_MIN: [i64; 3] = [10, 25 * 60, 25 * 60];
/// News of a payment that never comes is given up after thirty daily looks.
const ROUNDS_MAX: usize = 40;

/// What a history came to.
#[derive(Debug)]
pub struct Report {
    pub violation: Option<Violation>,
    /// Every side effect, where the history was traced.
    pub trace: Vec<String>,
    /// What happened how often: a simulation that reaches nothing proves nothing.
    pub reached: BTreeMap<String, u64>,
    /// The side effects of each stage.
    pub effects: Vec<Vec<Effect>>,
    pub counted: Counted,
}

/// Runs it.
pub fn run(plan: &Plan, bug: Option<Bug>, traced: bool) -> Report {
    let world = World::new(plan.seed, bug, traced);
    // Only lists tell of them, and those are not read where a bug is planted.
    if let (Some(many), None) = (plan.loses_one_of, bug) {
        world.stripe.lose_one_of(many, plan.seed);
    }
    let mut effects = Vec::new();
    for stage in &plan.stages {
        run_stage(&world, stage);
        effects.push(world.hazards.effects());
        if world.findings.first().is_some() {
            break;
        }
    }
    let mut reached = BTreeMap::new();
    if world.findings.first().is_none() {
        settle_down(&world, plan.seed);
        let stored = judge(&world);
        reached = tally(&world, &stored);
    }
    Report {
        violation: world.findings.first(),
        trace: world.hazards.take_trace(),
        reached,
        effects,
        counted: Counted::of(&world),
    }
}

/// Holds every rule against what is stored.
pub fn judge(world: &World) -> Stored {
    let stored = Stored::read(world);
    books::check(world, &stored);
    promises::check(world, &stored);
    retainers::check(world, &stored);
    banking::check(world, &stored);
    late_fees::check(world, &stored);
    statements::check(world, &stored);
    stored
}

async fn act(world: &World, action: Action) {
    world.hazards.note(|| format!("   {action:?}"));
    member::act(world, action).await;
    payer::act(world, action).await;
    machine::act(world, action).await;
}

fn run_stage(world: &World, stage: &Stage) {
    world.wait(SignedDuration::from_secs(stage.wait_s));
    world
        .hazards
        .note(|| format!("stage after {} s", stage.wait_s));
    world.hazards.begin_stage(&stage.hits, stage.tick_ms);
    let tasks: Vec<Task<'_>> = stage
        .actions
        .iter()
        .map(|action| Box::pin(act(world, *action)) as Task<'_>)
        .collect();
    let ended = schedule::run(tasks, &mut Dice::of(stage.order));
    if ended.is_err() {
        world
            .findings
            .add("everything ends", format!("{:?}", stage.actions));
    }
    world.look();
}

/// No more faults: what is under way arrives, what falls due is done, and then all is quiet.
///
/// What is in the dead letters by then is sent back: it was done meanwhile, and changes nothing.
pub fn settle_down(world: &World, seed: u64) {
    world.hazards.begin_stage(&[], 0);
    let mut dice = Dice::of(seed);
    for round in 0..ROUNDS_MAX {
        let minutes = ROUNDS_MIN.get(round).copied().unwrap_or(25 * 60);
        if round >= ROUNDS_MIN.len() && !waits(world) {
            break;
        }
        world.wait(SignedDuration::from_mins(minutes));
        world.hazards.note(|| format!("round {round} of peace"));
        while world.stripe.is_pending() {
            world.stripe.settle_slow(0, true, false);
        }
        calm(world, &mut dice);
        peaceful(
            world,
            Box::pin(async {
                machine::act(world, Action::Janitor).await;
                machine::sweep(world, &*world.functions.reminders).await;
                machine::sweep(world, &*world.functions.subscription_billing).await;
                machine::sweep(world, &*world.functions.late_fees).await;
                machine::sweep(world, &*world.functions.statements).await;
            }),
        );
        calm(world, &mut dice);
    }
    world.carriers.redrive();
    calm(world, &mut dice);
    let dead = world.carriers.dead();
    world
        .findings
        .check(dead == 0, "only poison is in the dead letters", || {
            format!("{dead} failed again")
        });
}

/// Delivers until nothing is under way.
pub fn calm(world: &World, dice: &mut Dice) {
    // Each turn takes something; a history has some hundreds of messages at most.
    for _ in 0..1_000 {
        let order = dice.next();
        peaceful(
            world,
            Box::pin(async {
                let mut dice = Dice::of(order);
                machine::webhooks(world, &mut dice, usize::MAX, false).await;
                machine::publish(world, 100, false).await;
                for queue in Queue::ALL {
                    machine::run_queue(world, queue, &mut dice, false).await;
                }
                machine::mail_events(world, &mut dice, false, false).await;
            }),
        );
        let told = world.stripe.events(false).is_empty();
        if told && world.carriers.under_way() == 0 {
            return;
        }
    }
    world
        .findings
        .add("no message is left", "they come again and again");
}

fn peaceful(world: &World, task: Task<'_>) {
    if schedule::run(vec![task], &mut Dice::of(0)).is_err() {
        world.findings.add("everything ends", "in peace");
    }
    world.look();
}

fn waits(world: &World) -> bool {
    // A statement waits for the morning where its client is.
    let waits = |item: Item| match type_of(&item).unwrap_or_default() {
        Delivery::TYPE => {
            let delivery: Delivery = from_item(item).unwrap().value;
            matches!(delivery.state, DeliveryState::Pending { not_before } if not_before > world.now())
        }
        Notification::TYPE => {
            let notification: Notification = from_item(item).unwrap().value;
            matches!(notification.state, NotificationState::Waiting { .. })
        }
        _ => false,
    };
    world.table.memory.items().into_iter().any(waits)
}

fn tally(world: &World, stored: &Stored) -> BTreeMap<String, u64> {
    let mut reached = BTreeMap::new();
    let mut count = |name: String| *reached.entry(name).or_default() += 1;
    for (standing, _) in stored.standings.values() {
        count(format!("invoice {}", standing.status.as_str()));
        for promise in &standing.follow_ups.promises {
            count("promise made".to_owned());
            if promise.broken_at.is_some() {
                count("promise broken".to_owned());
            }
        }
        for _ in &standing.follow_ups.pauses {
            count("follow-ups paused".to_owned());
        }
        if standing.reminders.cycle > 1 && standing.status == Status::Open {
            count("invoice reopened".to_owned());
        }
    }
    for charge in stored.fees.iter().flat_map(|fees| &fees.charges) {
        count("late fee charged".to_owned());
        if charge.days.from() == charge.days.to() {
            count("late fee of a day".to_owned());
        }
    }
    for subscription in &stored.subscriptions {
        count(format!("subscription {}", subscription.status.as_str()));
        for _ in &subscription.skipped {
            count("periods left out".to_owned());
        }
    }
    for period in &stored.periods {
        count("period billed".to_owned());
        let issued = stored.documents.get(&period.invoice_id);
        let issued = issued.map(|(issued, _)| &issued.content);
        let content = issued.or(stored.draft_contents.get(&period.invoice_id));
        if content.is_some_and(|content| content.supply.is_none()) {
            count("period billed on its client's day".to_owned());
        }
    }
    for cycle in &stored.cycles {
        if cycle.invoice_ids.len() > 1 {
            count("several invoices on one day".to_owned());
        }
    }
    for delivery in &stored.deliveries {
        let state = match delivery.state {
            DeliveryState::Sent { .. } => "sent",
            DeliveryState::Unconfirmed { .. } => "unconfirmed",
            DeliveryState::Cancelled { .. } => "cancelled",
            DeliveryState::Failed { .. } => "failed",
            DeliveryState::Pending { .. } | DeliveryState::Claimed { .. } => "open",
        };
        count(format!("{} {state}", delivery.about.kind()));
        if delivery.tries > 1 && !delivery.about.at_least_once() {
            count("reminder tried again".to_owned());
        }
    }
    for payment in &stored.payments {
        count(format!("payment by {}", payment.rail.as_str()));
        if !payment.to_balance.is_zero() {
            count("payment kept as balance".to_owned());
        }
        for dispute in &payment.disputes {
            count(format!("dispute {:?}", dispute.state));
        }
        if !payment.refunded.is_zero() {
            count("payment refunded".to_owned());
        }
    }
    for attempt in &stored.attempts {
        let state = format!("{:?}", attempt.state);
        let word = state
            .split([' ', '{'])
            .next()
            .unwrap_or_default()
            .to_owned();
        count(format!("attempt {word}"));
    }
    for session in world.stripe.sessions() {
        if session.is_charge {
            count(format!("charge {:?}", session.state));
        }
    }
    for entry in &stored.entries {
        count(format!("bank entry {}", entry.state.as_str()));
    }
    for payout in &stored.payouts {
        count("payout".to_owned());
        if payout.entry_id.is_some() {
            count("payout at the bank".to_owned());
        }
    }
    for notification in &stored.notifications {
        count(format!("notification {}", notification.state.as_str()));
    }
    for _ in 0..world.stripe.lost() {
        count("notification lost for good".to_owned());
    }
    for (fault, times) in world.hazards.tally() {
        reached.insert(format!("fault {fault:?}"), times);
    }
    let doubles = world.mailer.doubles_in_doubt();
    reached.insert("mails doubled in doubt".to_owned(), doubles);
    reached.insert(
        "mails".to_owned(),
        u64::try_from(world.mailer.left().len()).unwrap(),
    );
    reached.insert("events on the bus".to_owned(), world.carriers.events_put());
    reached
}
