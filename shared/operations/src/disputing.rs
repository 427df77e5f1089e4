//! Lines that clients dispute: what they come to pauses until the agency credits or upholds them.

use std::sync::{Mutex, PoisonError};

use remit_billing::actor::ActorId;
use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::line_dispute::LineDisputeRefusal;
use remit_billing::party::Paragraph;
use remit_billing::thread::{Message, MessageBy, ThreadRefusal};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned};

use crate::facts::Facts;
use crate::load::{self, IssuedView};
use crate::ports::Ports;
use crate::threads;

/// What somebody says of a line.
#[derive(Debug, Clone)]
pub struct LineWord {
    /// Whose.
    pub account_id: AccountId,
    /// Which invoice.
    pub invoice_id: InvoiceId,
    /// The line's place, from zero.
    pub place: u32,
    /// Why.
    pub text: Paragraph<2_000>,
    /// The version of the invoice that the caller saw, if it says so.
    pub seen: Option<u64>,
}

/// Why a client's dispute is not taken; the page says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDisputed {
    /// The invoice does not allow it.
    Refused(LineDisputeRefusal),
    /// So much was written today, or in all.
    Thread(ThreadRefusal),
}

/// Takes in that the client disputes a line of the invoice that its link has opened, and tells the agency by
/// mail.
///
/// # Errors
/// 404, 503.
pub async fn by_client(
    ports: &Ports,
    opened: &IssuedView,
    word: &LineWord,
) -> Result<Result<(), NotDisputed>, Problem> {
    // What the link was proved with is as fresh as a first read.
    let first = &Mutex::new(Some(opened.clone()));
    ports
        .perform(async || {
            let now = ports.now();
            let opened = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            let view = match opened {
                Some(view) => view,
                None => load::issued(&ports.store, word.account_id, word.invoice_id).await?,
            };
            let standing = view.standing.value.clone();
            let standing = match standing.with_dispute(&view.invoice, word.place, now) {
                Ok(standing) => standing,
                Err(refusal) => return Ok((Commit::new(), Err(NotDisputed::Refused(refusal)))),
            };
            let by = MessageBy::Client { email: None };
            let message = Message::new(by, word.text.clone(), now).about_line(word.place);
            let facts = Facts::new(ports, word.account_id, now);
            let events = vec![facts.line_disputed(&standing, word.place)?];
            let commit = Commit::new().replace(&view.standing, &standing, events);
            let thread = threads::of_invoice(ports, &view.invoice).await?;
            let (commit, message) = match thread.written(commit, message, &facts)? {
                Ok(written) => written,
                Err(refusal) => return Ok((Commit::new(), Err(NotDisputed::Thread(refusal)))),
            };
            let about = About::Invoice {
                invoice_id: word.invoice_id,
                kind: DeliveryKind::InvoiceQuestion { message },
            };
            Ok((
                facts.ask_for_mail(commit, standing.client_id, about)?,
                Ok(()),
            ))
        })
        .await
}

/// What a member does about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Notes that the client disputes it, as it was said elsewhere.
    Note,
    /// Says that it stands.
    Uphold,
}

/// Plans what a member does; the client gets the words by mail, and finds them on the page.
///
/// # Errors
/// 404; 409 `not_issued`, `thread_full` and what `LineDisputeRefusal` says; 412; 503.
pub async fn plan(
    ports: &Ports,
    word: &LineWord,
    by: ActorId,
    does: Does,
) -> Result<(Commit, IssuedView), Problem> {
    let now = ports.now();
    let (store, account_id) = (&ports.store, word.account_id);
    let (view, thread) = load::issued_with_thread(store, account_id, word.invoice_id).await?;
    if word.seen.is_some_and(|seen| seen != view.version()) {
        return Err(Problem::stale_version());
    }
    let facts = Facts::new(ports, word.account_id, now);
    let before = view.standing.value.clone();
    let (standing, event) = match does {
        Does::Note => {
            let after = before.with_dispute(&view.invoice, word.place, now)?;
            let event = facts.line_disputed(&after, word.place)?;
            (after, event)
        }
        Does::Uphold => {
            let after = before.upheld(word.place, &view.account, now)?;
            let event = facts.dispute_resolved(&after, word.place)?;
            (after, event)
        }
    };
    let commit = Commit::new().replace(&view.standing, &standing, vec![event]);
    let by = MessageBy::Agency { by };
    let message = Message::new(by, word.text.clone(), now).about_line(word.place);
    let writing = threads::Writing::on(&view.invoice, thread);
    let written = writing.written(commit, message, &facts)?;
    let (commit, message) = written.map_err(threads::refused)?;
    let about = About::Invoice {
        invoice_id: word.invoice_id,
        kind: DeliveryKind::InvoiceAnswer { message },
    };
    let commit = facts.ask_for_mail(commit, standing.client_id, about)?;
    let standing = Versioned::new(standing, view.standing.version + 1);
    Ok((commit, IssuedView { standing, ..view }))
}

/// The answer that a credit note is to disputes of its lines, on the page; its own mail tells of it.
///
/// # Errors
/// 503.
pub(crate) async fn answered_by_credit(
    ports: &Ports,
    view: &IssuedView,
    line: u32,
    by: ActorId,
    reason: &Paragraph<500>,
    commit: Commit,
) -> Result<Commit, Problem> {
    let now = ports.now();
    let facts = Facts::new(ports, view.account.id, now);
    let text = Paragraph::parse(reason.as_ref()).map_err(Problem::internal)?;
    let message = Message::new(MessageBy::Agency { by }, text, now).about_line(line);
    let thread = threads::of_invoice(ports, &view.invoice).await?;
    // A thread that is full says no more: the credit note does.
    Ok(match thread.written(commit.clone(), message, &facts)? {
        Ok((written, _)) => written,
        Err(_) => commit,
    })
}
