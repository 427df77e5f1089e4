//! What runs by itself: webhooks, the stream, queues, the mail service's events, schedules.

use std::sync::Arc;

use remit_payments::stripe::signature;
use remit_runtime::Function;
use remit_runtime::model::Call;
use serde_json::{Value, json};

use crate::bugs::Bug;
use crate::bus::{self, Queue};
use crate::dice::Dice;
use crate::hazard::Outcome;
use crate::plan::Action;
use crate::stripe::Event;
use crate::world::{WEBHOOK_SECRET, World};

/// Does what runs by itself, if the action is such.
pub async fn act(world: &World, action: Action) {
    match action {
        Action::Webhooks {
            order,
            most,
            double,
        } => {
            webhooks(world, &mut Dice::of(order), usize::from(most), double).await;
        }
        Action::Publish { most, double } => publish(world, usize::from(most), double).await,
        Action::LoseRecord { pick } => world.carriers.lose_record(pick),
        Action::RunQueue {
            queue,
            order,
            double,
        } => {
            run_queue(world, queue, &mut Dice::of(order), double).await;
        }
        Action::MailEvents {
            order,
            lose,
            double,
        } => {
            mail_events(world, &mut Dice::of(order), lose, double).await;
        }
        Action::Reminders => {
            sweep(world, &*world.functions.reminders).await;
            run_due(world, Queue::DueReminders).await;
        }
        Action::SubscriptionBilling => {
            sweep(world, &*world.functions.subscription_billing).await;
            run_due(world, Queue::DueBilling).await;
            sweep(world, &*world.functions.late_fees).await;
            run_due(world, Queue::DueLateFees).await;
            sweep(world, &*world.functions.statements).await;
        }
        Action::Redrive => world.carriers.redrive(),
        Action::Janitor if world.bug != Some(Bug::EventsDroppedUnswept) => {
            sweep(world, &*world.functions.janitor).await;
        }
        _ => {}
    }
}

/// Stripe delivers what it has to say, in any order.
pub async fn webhooks(world: &World, dice: &mut Dice, most: usize, double: bool) {
    let mut open = world.stripe.events(false);
    dice.shuffle(&mut open);
    open.truncate(most);
    let done = world.stripe.events(true);
    if double && !done.is_empty() {
        open.push(Arc::clone(&done[dice.below(done.len())]));
    }
    for event in open {
        webhook(world, &event).await;
    }
}

/// Stripe delivers one event.
pub async fn webhook(world: &World, event: &Event) {
    let body = &event.body;
    let secret = WEBHOOK_SECRET.parse().unwrap();
    let signed = signature::sign(body.as_bytes(), &secret, world.now());
    let path = format!("/webhooks/stripe/{}", world.account);
    let call = Call::new("POST /webhooks/{provider}/{account_id}", &path)
        .header("stripe-signature", &signed)
        .text(body);
    world
        .hazards
        .note(|| format!("      {} {}", event.id, event.kind));
    if world.bug == Some(Bug::WebhooksAcknowledgedUnread) {
        world.stripe.acknowledge(&event.id);
    }
    let answer = world.page(&*world.functions.webhooks, call.payload()).await;
    let Some(answer) = answer else {
        return;
    };
    if answer.is_done() {
        world.stripe.acknowledge(&event.id);
    } else {
        let busy = answer.status >= 500 || answer.code() == "conflict_try_again";
        world.findings.check(busy, "a signed webhook is taken", || {
            format!("{}: {} {}", event.body, answer.status, answer.text)
        });
    }
}

/// The stream's next batch goes to the publisher. A shard is read by one at a time.
pub async fn publish(world: &World, most: usize, double: bool) {
    let carriers = &world.carriers;
    let head = carriers.stream_head(most);
    if head.is_empty() || !carriers.hold_stream() {
        return;
    }
    let payload = bus::stream_payload(&head, world.now().as_second());
    let (id, outcome) = world.invoke(&*world.functions.publisher, payload).await;
    carriers.release_stream();
    let Outcome::Answered(answer) = outcome else {
        carriers.stream_failed();
        return;
    };
    match bus::failures(&answer).first() {
        Some(failed) => {
            world.blame(id, "a record", || failed.clone());
            let at = head
                .iter()
                .position(|change| change.sequence.to_string() == *failed);
            carriers.stream_past(at.unwrap());
            carriers.stream_failed();
        }
        // The batch comes again although it was published.
        None if double => {}
        None => carriers.stream_past(head.len()),
    }
}

/// One batch of a queue, in any order.
pub async fn run_queue(world: &World, queue: Queue, dice: &mut Dice, double: bool) {
    let most = queue.batch();
    let batch = world
        .carriers
        .receive(queue, most, |count| dice.below(count));
    let Some(first) = batch.first().cloned() else {
        return;
    };
    if double {
        world.carriers.double(queue, first.clone());
    }
    let (function, payload): (&dyn Function, Value) = match queue {
        Queue::Invoices => (
            &*world.functions.invoice_sending,
            bus::queue_payload(&batch),
        ),
        Queue::Receipts => (
            &*world.functions.receipt_sending,
            bus::queue_payload(&batch),
        ),
        Queue::Expiry => (&*world.functions.expiry, first.body),
        Queue::Imports => (&*world.functions.imports, first.body),
        Queue::DueReminders => (&*world.functions.reminders, bus::queue_payload(&batch)),
        Queue::DueBilling => (
            &*world.functions.subscription_billing,
            bus::queue_payload(&batch),
        ),
        Queue::DueLateFees => (&*world.functions.late_fees, bus::queue_payload(&batch)),
    };
    let (id, outcome) = world.invoke(function, payload).await;
    let again = match outcome {
        Outcome::Answered(answer) => {
            let failed = bus::failures(&answer);
            if !failed.is_empty() {
                world.blame(id, "a message", || failed.join(", "));
            }
            batch
                .into_iter()
                .filter(|message| failed.contains(&message.id))
                .collect()
        }
        Outcome::Failed(_) | Outcome::Crashed => batch,
    };
    world.carriers.give_back(queue, again);
}

/// What a sweep handed out is taken in, in any order; some of it twice, later, or never.
async fn run_due(world: &World, queue: Queue) {
    let mut dice = Dice::of(u64::from(world.carriers.made()));
    for _ in 0..dice.below(4) {
        let double = dice.percent(30);
        run_queue(world, queue, &mut dice, double).await;
    }
    if dice.percent(20) {
        world.carriers.receive(queue, 1, |_| 0);
    }
}

/// The mail service tells what left: best effort, so any of it may be lost.
pub async fn mail_events(world: &World, dice: &mut Dice, lose: bool, double: bool) {
    let mut events = world.mailer.take_events();
    dice.shuffle(&mut events);
    if lose {
        let kept = events.len() / 2;
        events.truncate(kept);
    }
    for event in events {
        for _ in 0..1 + usize::from(double) {
            let payload = event.payload.clone();
            let (_, outcome) = world.invoke(&*world.functions.feedback, payload).await;
            match outcome {
                Outcome::Answered(_) => world.mailer.confirmed(&event.message),
                Outcome::Failed(_) | Outcome::Crashed => world.mailer.put_event_back(event.clone()),
            }
        }
    }
}

/// A schedule's only message is that time has passed.
pub async fn sweep(world: &World, function: &dyn Function) {
    let payload = json!({
        "version": "0", "id": "s", "detail-type": "Scheduled Event", "source": "aws.scheduler",
        "account": "000000000000", "time": world.now(), "region": "eu-central-1",
        "resources": [], "detail": {},
    });
    let (id, outcome) = world.invoke(function, payload).await;
    if let Outcome::Answered(report) = outcome
        && failed(&report)
    {
        world.blame(id, "a due item", || report.to_string());
    }
}

/// Whether a sweep, or a part of it, failed with something.
fn failed(report: &Value) -> bool {
    match report {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            (name == "failed" && value.as_u64().is_some_and(|count| count > 0)) || failed(value)
        }),
        _ => false,
    }
}
