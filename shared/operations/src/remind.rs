//! Follow-ups on what is due: each step of the ladder once, never after payment, void or while a
//! payment is on its way; nor against a pause, a promise, or the times at which mails leave.
//!
//! The step, and the claim of its delivery, are one commit on the standing's version. So a
//! payment that comes first makes the commit fail, and a second sweep finds the step taken.

use futures::StreamExt as _;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, DeliveryKind};
use remit_billing::estimate::Estimate;
use remit_billing::event::Event;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::standing::{Look, Standing};
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Item, Record as _, Versioned, from_item, keys, type_of};

use crate::deliver::{self, InvoiceMaterial, Material, Postbox};
use crate::due::Swept;
use crate::expiring;
use crate::facts::Facts;
use crate::load::Batch;
use crate::mail_texts;
use crate::ports::Ports;

/// Reminders under way at a time, in each of the few runs that are beside each other: SES takes 14 mails
/// a second from most accounts.
const AT_ONCE: usize = 4;

/// Takes the steps of these standings that are due, and tells of these offers that end soon. One that
/// fails is logged, and comes again.
pub async fn take_steps(ports: &Ports, postbox: &Postbox, items: Vec<Item>, swept: &mut Swept) {
    let mut work = futures::stream::iter(items)
        .map(|item| async move {
            if type_of(&item) == Some(Estimate::TYPE) {
                let estimate = from_item::<Estimate>(item).map_err(|e| Problem::store(&e))?;
                return expiring::tell(ports, postbox, estimate).await;
            }
            let standing = from_item::<Standing>(item).map_err(|e| Problem::store(&e))?;
            remind(ports, postbox, standing).await
        })
        .buffer_unordered(AT_ONCE);
    while let Some(outcome) = work.next().await {
        swept.count("reminder", outcome);
    }
}

/// Takes the step of one invoice that is due.
async fn remind(
    ports: &Ports,
    postbox: &Postbox,
    standing: Versioned<Standing>,
) -> Result<(), Problem> {
    let now = ports.now();
    let Standing {
        account_id,
        client_id,
        invoice_id,
        ..
    } = standing.value;
    if standing
        .value
        .reminders
        .next
        .is_none_or(|timer| timer.at > now)
    {
        return Ok(());
    }
    let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
    let wanted = [
        keys::account(account_id),
        keys::client(account_id, client_id),
        keys::invoice_document(account_id, invoice_id),
        account_words,
        client_words,
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let client = batch.need::<Client>()?.value;
    let InvoiceDocument::Issued(invoice) = batch.need::<InvoiceDocument>()?.value else {
        return Err(Problem::internal("a standing of a draft"));
    };
    let own_words = mail_texts::taken(&mut batch);
    if account.held {
        return Ok(());
    }
    let (after, kind) = match standing.value.look(&account, &client, now) {
        Look::NotDue => return Ok(()),
        Look::Moved(after) => {
            let facts = Facts::new(ports, account_id, now);
            let events = promise_broken(&facts, &standing.value, &after)?;
            let commit = Commit::new().replace(&standing, &*after, events);
            return take(ports, commit).await.map(|_| ());
        }
        Look::Takes { standing, kind } => (*standing, kind),
    };
    let about = About::Invoice { invoice_id, kind };
    let delivery = Delivery::requested(ports.id(now)?, account_id, client_id, about, now)
        .claimed(ports.id(now)?, now);
    let nobody = !about.is_to_agency() && client.follow_up_recipients().is_empty();
    let delivery = if nobody {
        delivery.without_recipient(now)
    } else {
        delivery
    };
    let facts = Facts::new(ports, account_id, now);
    let events = facts.delivery_changed(&delivery)?;
    let commit = Commit::new()
        .replace(
            &standing,
            &after,
            promise_broken(&facts, &standing.value, &after)?,
        )
        .create(&delivery, events);
    if !take(ports, commit).await? || nobody {
        return Ok(());
    }
    let (hand_over_to, history) = match kind {
        DeliveryKind::HandOver { member_id, .. } => {
            deliver::hand_over(ports, account_id, invoice_id, member_id).await?
        }
        _ => (None, None),
    };
    let material = Material::Invoice(Box::new(InvoiceMaterial {
        invoice,
        standing: Versioned::new(after, standing.version + 1),
        account,
        client,
        own_words,
        message: None,
        credit_note: None,
        hand_over_to,
        history,
    }));
    deliver::send(ports, postbox, &Versioned::new(delivery, 1), &material).await
}

/// What is stated where a promise is found not to have been kept.
pub(crate) fn promise_broken(
    facts: &Facts<'_>,
    before: &Standing,
    after: &Standing,
) -> Result<Vec<Event>, Problem> {
    let broken = |standing: &Standing| {
        let promise = standing.follow_ups.promise();
        promise.is_some_and(|promise| promise.broken_at.is_some())
    };
    match !broken(before) && broken(after) {
        true => Ok(vec![facts.promise_broken(after)?]),
        false => Ok(Vec::new()),
    }
}

/// Whether the step was taken here; not where the invoice changed meanwhile: what is still due
/// comes again.
pub(crate) async fn take(ports: &Ports, commit: Commit) -> Result<bool, Problem> {
    match ports.store.commit(commit).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(Problem::commit(&error)),
    }
}

/// Holds the reminders of an invoice, because its client asks for no more.
///
/// # Errors
/// 404, 409, 503.
pub async fn hold(ports: &Ports, wanted: &Standing) -> Result<(), Problem> {
    ports
        .perform(async || {
            let stored = ports.store.get::<Standing>(&wanted.key()).await;
            let stored = stored
                .map_err(|error| Problem::store(&error))?
                .ok_or_else(Problem::not_found)?;
            if stored.value.reminders.hold.is_some() {
                return Ok((Commit::new(), ()));
            }
            let held = stored.value.clone().reminders_held();
            Ok((Commit::new().replace(&stored, &held, Vec::new()), ()))
        })
        .await
}
