//! Follow-ups of an invoice: promised, paused, resumed, on a ladder of its own, and what became of each step.

use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::client::Client;
use remit_billing::delivery::Delivery;
use remit_billing::follow_up::{PromiseRefusal, PromisedBy};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::reminder::Ladder;
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Query, Range, Record as _, Versioned, keys, type_of};

use crate::facts::Facts;
use crate::load::{self, Batch, IssuedView, NotIssued};
use crate::ports::Ports;

/// Items of one invoice that are read to tell of it: itself, where it stands, and the newest mails about it.
const ITEMS_READ: usize = 202;

/// Takes in that the client promises to pay the invoice that its link has opened on a day.
///
/// # Errors
/// 404, 503.
pub async fn promised_by_client(
    ports: &Ports,
    opened: &IssuedView,
    on: Date,
) -> Result<Result<(), PromiseRefusal>, Problem> {
    // What the link was proved with is as fresh as a first read.
    let first = &Mutex::new(Some(opened.clone()));
    let (account_id, invoice_id) = (opened.account.id, opened.invoice.id);
    ports
        .perform(async || {
            let now = ports.now();
            let opened = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            let view = match opened {
                Some(view) => view,
                None => load::issued(&ports.store, account_id, invoice_id).await?,
            };
            let before = view.standing.value.clone();
            let after = match before.promised(on, PromisedBy::Client, &view.account, now) {
                Ok(Some(after)) => after,
                Ok(None) => return Ok((Commit::new(), Ok(()))),
                Err(refusal) => return Ok((Commit::new(), Err(refusal))),
            };
            let event = Facts::new(ports, account_id, now).payment_promised(&after)?;
            let commit = Commit::new().replace(&view.standing, &after, vec![event]);
            Ok((commit, Ok(())))
        })
        .await
}

/// What a member does about an invoice's follow-ups.
#[derive(Debug, Clone)]
pub enum Does {
    /// Records the client's word to pay on a day.
    Promise {
        /// The day, where the client is.
        on: Date,
    },
    /// Pauses them.
    Pause {
        /// The day on which they go on, where the client is; none until they are resumed.
        until: Option<Date>,
    },
    /// Resumes them.
    Resume,
    /// Gives the invoice a ladder of its own, or takes it away.
    Ladder(Option<Ladder>),
}

/// Plans what a member does. What is so already is no change.
///
/// # Errors
/// 404; 409 `not_issued` and what the refusals of promises and follow-ups say; 412; 503.
pub async fn plan(
    ports: &Ports,
    account_id: AccountId,
    invoice_id: InvoiceId,
    by: ActorId,
    does: &Does,
    seen: Option<u64>,
) -> Result<(Commit, IssuedView), Problem> {
    let now = ports.now();
    let view = load::issued(&ports.store, account_id, invoice_id).await?;
    if seen.is_some_and(|seen| seen != view.version()) {
        return Err(Problem::stale_version());
    }
    let before = view.standing.value.clone();
    let agency = &view.account;
    let after = match does {
        Does::Promise { on } => before.promised(*on, PromisedBy::Member(by), agency, now)?,
        Does::Pause { until } => before.follow_ups_paused(*until, by, agency, now)?,
        Does::Resume => before.follow_ups_resumed(agency, now),
        Does::Ladder(ladder) => before.with_ladder(ladder.clone(), agency, now)?,
    };
    let Some(after) = after else {
        return Ok((Commit::new(), view));
    };
    let events = match does {
        Does::Promise { .. } => {
            vec![Facts::new(ports, account_id, now).payment_promised(&after)?]
        }
        _ => Vec::new(),
    };
    let commit = Commit::new().replace(&view.standing, &after, events);
    let standing = Versioned::new(after, view.standing.version + 1);
    Ok((commit, IssuedView { standing, ..view }))
}

/// An issued invoice with all that its follow-ups are told from.
#[derive(Debug, Clone)]
pub struct FollowUpView {
    /// The document.
    pub invoice: IssuedInvoice,
    /// The version that its tag names.
    pub version: u64,
    /// Where it stands.
    pub standing: Standing,
    /// The agency.
    pub account: Account,
    /// Who is billed.
    pub client: Client,
    /// The mails about it, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// Loads an invoice with its follow-ups, in two requests: what lies in its own partition, and then agency and
/// client. What is told of them follows from what stands.
///
/// # Errors
/// 404; 409 `not_issued`; 503.
pub async fn of(
    ports: &Ports,
    account_id: AccountId,
    invoice_id: InvoiceId,
) -> Result<FollowUpView, Problem> {
    let standing = keys::invoice_standing(account_id, invoice_id);
    // Backward: standing and document come first, and then the newest mails.
    let query = Query::of(standing.pk)
        .range(Range::Between(
            keys::DELIVERY_PREFIX.to_owned(),
            standing.sk,
        ))
        .backward()
        .consistent();
    let items = ports.store.query_all_items(&query, ITEMS_READ).await;
    let (mut document, mut standing, mut deliveries) = (None, None, Vec::new());
    for item in items.map_err(|error| Problem::store(&error))? {
        match type_of(&item) {
            Some(InvoiceDocument::TYPE) => document = Some(load::read::<InvoiceDocument>(item)?),
            Some(Standing::TYPE) => standing = Some(load::read::<Standing>(item)?),
            Some(Delivery::TYPE) => deliveries.push(load::read::<Delivery>(item)?.value),
            _ => {}
        }
    }
    deliveries.reverse();
    let document = document.ok_or_else(Problem::not_found)?;
    let InvoiceDocument::Issued(invoice) = document.value else {
        return Err(NotIssued.into());
    };
    let standing = standing.ok_or_else(Problem::not_found)?;
    let wanted = [
        keys::account(account_id),
        keys::client(account_id, standing.value.client_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    Ok(FollowUpView {
        invoice,
        version: document.version + standing.version,
        standing: standing.value,
        account: batch.need::<Account>()?.value,
        client: batch.need::<Client>()?.value,
        deliveries,
    })
}
