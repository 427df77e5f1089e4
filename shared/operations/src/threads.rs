//! Questions about documents: asked on the client's page, answered by members.

use remit_billing::actor::ActorId;
use remit_billing::delivery::{About, DeliveryKind, DocumentId, OfferDeliveryKind, OfferTo};
use remit_billing::estimate::{Estimate, EstimateRefusal, SentEstimate};
use remit_billing::ids::AccountId;
use remit_billing::invoice::IssuedInvoice;
use remit_billing::party::{EmailAddress, Paragraph};
use remit_billing::thread::{Message, MessageBy, Thread, ThreadRefusal};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, keys};

use crate::estimates;
use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;
use crate::signing::to_signers;

/// The thread of a document, if somebody has asked something.
///
/// # Errors
/// 503.
pub async fn of(
    store: &Store,
    account: AccountId,
    document: DocumentId,
) -> Result<Option<Versioned<Thread>>, Problem> {
    let found = store.get::<Thread>(&keys::thread(account, document)).await;
    found.map_err(|error| Problem::store(&error))
}

/// A thread that nobody has written in yet.
fn empty_of_offer(sent: &SentEstimate) -> Thread {
    Thread {
        account_id: sent.account_id,
        document: DocumentId::Estimate(sent.estimate_id),
        number: sent.number.clone(),
        client_id: sent.content.client_id,
        project_ids: vec![sent.content.project_id],
        messages: Vec::new(),
    }
}

fn empty_of_invoice(invoice: &IssuedInvoice) -> Thread {
    Thread {
        account_id: invoice.account_id,
        document: DocumentId::Invoice(invoice.id),
        number: invoice.number.clone(),
        client_id: invoice.content.client_id,
        project_ids: invoice.content.project_ids(),
        messages: Vec::new(),
    }
}

/// The thread of an invoice that is about to be written in.
pub(crate) struct Writing {
    before: Option<Versioned<Thread>>,
    thread: Thread,
}

/// The thread of an invoice, an empty one where nobody has written yet.
///
/// # Errors
/// 503.
pub(crate) async fn of_invoice(ports: &Ports, invoice: &IssuedInvoice) -> Result<Writing, Problem> {
    let document = DocumentId::Invoice(invoice.id);
    let before = of(&ports.store, invoice.account_id, document).await?;
    let known = before.as_ref().map(|found| found.value.clone());
    let thread = known.unwrap_or_else(|| empty_of_invoice(invoice));
    Ok(Writing { before, thread })
}

impl Writing {
    /// The commit with a message more, and the message's place.
    ///
    /// # Errors
    /// 500; inside, why no more is taken.
    pub(crate) fn written(
        self,
        commit: Commit,
        message: Message,
        facts: &Facts<'_>,
    ) -> Result<Result<(Commit, u32), ThreadRefusal>, Problem> {
        let after = match self.thread.with(message) {
            Ok(after) => after,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let commit = written(commit, self.before.as_ref(), &after, facts)?;
        Ok(Ok((commit, after.last())))
    }
}

/// Stores a thread with a message more.
fn written(
    commit: Commit,
    before: Option<&Versioned<Thread>>,
    after: &Thread,
    facts: &Facts<'_>,
) -> Result<Commit, Problem> {
    let event = facts.question(after)?;
    Ok(match before {
        Some(before) => commit.replace(before, after, vec![event]),
        None => commit.create(after, vec![event]),
    })
}

/// Takes in a question about an offer, and tells the agency by mail.
///
/// # Errors
/// 503.
pub async fn ask_about_offer(
    ports: &Ports,
    sent: &SentEstimate,
    offer: OfferTo,
    email: &EmailAddress,
    text: &Paragraph<2_000>,
) -> Result<Result<(), ThreadRefusal>, Problem> {
    let about = |message| About::Offer {
        offer,
        kind: OfferDeliveryKind::EstimateQuestion { message },
    };
    ask(ports, &empty_of_offer(sent), Some(email), text, about).await
}

/// Takes in a question about an invoice, and tells the agency by mail.
///
/// # Errors
/// 503.
pub async fn ask_about_invoice(
    ports: &Ports,
    invoice: &IssuedInvoice,
    text: &Paragraph<2_000>,
) -> Result<Result<(), ThreadRefusal>, Problem> {
    let about = |message| About::Invoice {
        invoice_id: invoice.id,
        kind: DeliveryKind::InvoiceQuestion { message },
    };
    ask(ports, &empty_of_invoice(invoice), None, text, about).await
}

async fn ask(
    ports: &Ports,
    empty: &Thread,
    email: Option<&EmailAddress>,
    text: &Paragraph<2_000>,
    about: impl Fn(u32) -> About + Sync,
) -> Result<Result<(), ThreadRefusal>, Problem> {
    ports
        .perform(async || {
            let now = ports.now();
            let account_id = empty.account_id;
            let before = of(&ports.store, account_id, empty.document).await?;
            let known = before.as_ref().map(|found| found.value.clone());
            let message = Message {
                by: MessageBy::Client {
                    email: email.cloned(),
                },
                line: None,
                text: text.clone(),
                at: now,
            };
            let after = match known.unwrap_or_else(|| empty.clone()).with(message) {
                Ok(after) => after,
                Err(refusal) => return Ok((Commit::new(), Err(refusal))),
            };
            let facts = Facts::new(ports, account_id, now);
            let commit = written(Commit::new(), before.as_ref(), &after, &facts)?;
            let commit = facts.ask_for_mail(commit, after.client_id, about(after.last()))?;
            Ok((commit, Ok(())))
        })
        .await
}

/// Plans an answer of the agency's, which the client gets by mail. A member may write first.
///
/// # Errors
/// 404 for a document that the client does not have, 409 what `ThreadRefusal` says, 503.
pub async fn answer(
    ports: &Ports,
    account_id: AccountId,
    document: DocumentId,
    by: ActorId,
    text: &Paragraph<2_000>,
) -> Result<(Commit, Thread), Problem> {
    let now = ports.now();
    let before = of(&ports.store, account_id, document).await?;
    let message = Message {
        by: MessageBy::Agency { by },
        line: None,
        text: text.clone(),
        at: now,
    };
    let known = before.as_ref().map(|found| found.value.clone());
    let facts = Facts::new(ports, account_id, now);
    match document {
        DocumentId::Estimate(id) => {
            let estimate =
                load::need::<Estimate>(&ports.store, &keys::estimate(account_id, id)).await?;
            let offer = estimate.value.offer.as_ref();
            let version = offer.ok_or(EstimateRefusal::NotSent)?.version;
            let sent = estimates::sent(ports, account_id, id, version).await?;
            let after = with(known.unwrap_or_else(|| empty_of_offer(&sent)), message)?;
            let commit = written(Commit::new(), before.as_ref(), &after, &facts)?;
            let message = after.last();
            let kind = OfferDeliveryKind::EstimateAnswer { message };
            let commit = to_signers(ports, commit, &sent, kind)?;
            Ok((commit, after))
        }
        DocumentId::Invoice(id) => {
            let invoice = load::issued(&ports.store, account_id, id).await?.invoice;
            let after = with(known.unwrap_or_else(|| empty_of_invoice(&invoice)), message)?;
            let commit = written(Commit::new(), before.as_ref(), &after, &facts)?;
            let about = About::Invoice {
                invoice_id: id,
                kind: DeliveryKind::InvoiceAnswer {
                    message: after.last(),
                },
            };
            let commit = facts.ask_for_mail(commit, after.client_id, about)?;
            Ok((commit, after))
        }
        // Nobody asks about a member.
        DocumentId::Member(_) => Err(Problem::not_found()),
    }
}

/// The thread with an answer more.
fn with(thread: Thread, message: Message) -> Result<Thread, Problem> {
    thread.with(message).map_err(refused)
}

/// Why a member's message is not taken, as it is answered.
pub(crate) fn refused(refusal: ThreadRefusal) -> Problem {
    match refusal {
        ThreadRefusal::Full(full) => full.into(),
        ThreadRefusal::TooMany => Problem::internal(refusal),
    }
}
