//! Questions about documents: asked on the client's page or by mail, answered by members.

use remit_billing::actor::ActorId;
use remit_billing::delivery::{
    About, DeliveryKind, DocumentId, HeldReply, OfferDeliveryKind, OfferTo,
};
use remit_billing::estimate::{Estimate, EstimateRefusal, SentEstimate};
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::party::{EmailAddress, Paragraph};
use remit_billing::thread::{Message, MessageBy, ReplyMail, Thread, ThreadRefusal};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Key, Store, Versioned, keys};

use crate::estimates;
use crate::facts::Facts;
use crate::load::{Batch, NotIssued};
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

/// What is written about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// An estimate as it was last sent.
    Offer(Box<SentEstimate>),
    /// An invoice.
    Invoice(Box<IssuedInvoice>),
}

impl Subject {
    /// Under which key a document is read, to be [`Subject::taken`] out of what was read.
    ///
    /// # Errors
    /// 404 for what nobody asks about.
    pub(crate) fn key(account_id: AccountId, document: DocumentId) -> Result<Key, Problem> {
        match document {
            DocumentId::Estimate(id) => Ok(keys::estimate(account_id, id)),
            DocumentId::Invoice(id) => Ok(keys::invoice_document(account_id, id)),
            DocumentId::Member(_)
            | DocumentId::Project(_)
            | DocumentId::Subscription(_)
            | DocumentId::Statements(_)
            | DocumentId::Contact(_)
            | DocumentId::MailTexts => Err(Problem::not_found()),
        }
    }

    /// The document as its client has it.
    ///
    /// # Errors
    /// 404 for a document that is not there, 409 where it was not sent or issued, 503.
    pub(crate) async fn taken(
        ports: &Ports,
        batch: &mut Batch,
        document: DocumentId,
    ) -> Result<Self, Problem> {
        Ok(match document {
            DocumentId::Estimate(id) => {
                let estimate = batch.need::<Estimate>()?.value;
                let offer = estimate.offer.as_ref();
                let version = offer.ok_or(EstimateRefusal::NotSent)?.version;
                let sent = estimates::sent(ports, estimate.account_id, id, version).await?;
                Subject::Offer(Box::new(sent))
            }
            DocumentId::Invoice(_) => match batch.need::<InvoiceDocument>()?.value {
                InvoiceDocument::Issued(invoice) => Subject::Invoice(Box::new(invoice)),
                InvoiceDocument::Draft(_) => return Err(NotIssued.into()),
            },
            DocumentId::Member(_)
            | DocumentId::Project(_)
            | DocumentId::Subscription(_)
            | DocumentId::Statements(_)
            | DocumentId::Contact(_)
            | DocumentId::MailTexts => {
                return Err(Problem::not_found());
            }
        })
    }

    /// Whose it is.
    pub fn account_id(&self) -> AccountId {
        match self {
            Subject::Offer(sent) => sent.account_id,
            Subject::Invoice(invoice) => invoice.account_id,
        }
    }

    /// The document.
    pub fn document(&self) -> DocumentId {
        match self {
            Subject::Offer(sent) => DocumentId::Estimate(sent.estimate_id),
            Subject::Invoice(invoice) => DocumentId::Invoice(invoice.id),
        }
    }

    /// Whose document it is.
    pub(crate) fn client_id(&self) -> ClientId {
        match self {
            Subject::Offer(sent) => sent.content.client_id,
            Subject::Invoice(invoice) => invoice.content.client_id,
        }
    }

    /// Its thread before anybody has written.
    pub(crate) fn empty_thread(&self) -> Thread {
        match self {
            Subject::Offer(sent) => Thread {
                account_id: sent.account_id,
                document: DocumentId::Estimate(sent.estimate_id),
                number: sent.number.clone(),
                client_id: sent.content.client_id,
                project_ids: vec![sent.content.project_id],
                messages: Vec::new(),
            },
            Subject::Invoice(invoice) => empty_of_invoice(invoice),
        }
    }

    /// Asks for the mail that brings a message to the client: to those who may sign the estimate,
    /// to the recipients of the invoice.
    pub(crate) fn to_client(
        &self,
        ports: &Ports,
        facts: &Facts<'_>,
        commit: Commit,
        message: u32,
    ) -> Result<Commit, Problem> {
        match self {
            Subject::Offer(sent) => {
                let kind = OfferDeliveryKind::EstimateAnswer { message };
                to_signers(ports, commit, sent, kind)
            }
            Subject::Invoice(invoice) => {
                let about = About::Invoice {
                    invoice_id: invoice.id,
                    kind: DeliveryKind::InvoiceAnswer { message },
                };
                facts.ask_for_mail(commit, invoice.content.client_id, about)
            }
        }
    }

    /// About what a mail to the agency is that brings it a message; `author` is who wrote that.
    pub(crate) fn asks(
        &self,
        author: Option<&EmailAddress>,
        message: u32,
    ) -> Result<About, Problem> {
        Ok(match self {
            Subject::Offer(sent) => About::Offer {
                offer: offer_of(sent, author)?,
                kind: OfferDeliveryKind::EstimateQuestion { message },
            },
            Subject::Invoice(invoice) => About::Invoice {
                invoice_id: invoice.id,
                kind: DeliveryKind::InvoiceQuestion { message },
            },
        })
    }

    /// About what a mail to the agency is that brings it a reply which is not in the thread.
    pub(crate) fn holds(
        &self,
        author: Option<&EmailAddress>,
        held: HeldReply,
    ) -> Result<About, Problem> {
        Ok(match self {
            Subject::Offer(sent) => About::Offer {
                offer: offer_of(sent, author)?,
                kind: OfferDeliveryKind::EstimateReplyHeld(held),
            },
            Subject::Invoice(invoice) => About::Invoice {
                invoice_id: invoice.id,
                kind: DeliveryKind::InvoiceReplyHeld(held),
            },
        })
    }
}

/// The offer as its signer of this address has it, and else as the first one.
fn offer_of(sent: &SentEstimate, author: Option<&EmailAddress>) -> Result<OfferTo, Problem> {
    let mut signers = sent.signers.iter();
    let signer = signers.find(|signer| Some(&signer.email) == author);
    let signer = signer.or_else(|| sent.signers.first());
    let signer = signer.ok_or_else(|| Problem::internal("an offer without a signer"))?;
    Ok(OfferTo {
        estimate_id: sent.estimate_id,
        version: sent.version,
        signer_id: signer.id,
    })
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
    Ok(Writing::on(invoice, before))
}

impl Writing {
    /// In the thread of an invoice, as it was read.
    pub(crate) fn on(invoice: &IssuedInvoice, before: Option<Versioned<Thread>>) -> Self {
        let known = before.as_ref().map(|found| found.value.clone());
        let thread = known.unwrap_or_else(|| empty_of_invoice(invoice));
        Self { before, thread }
    }

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
pub(crate) fn written(
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

/// What somebody writes.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub by: MessageBy,
    pub text: Paragraph<2_000>,
    pub mail: Option<ReplyMail>,
}

/// Plans a message more in a thread, and the mail that brings it to the other side.
///
/// # Errors
/// 503; inside, why no more is taken.
pub(crate) async fn plan(
    ports: &Ports,
    subject: &Subject,
    before: Option<&Versioned<Thread>>,
    words: Written,
) -> Result<Result<(Commit, Thread), ThreadRefusal>, Problem> {
    let now = ports.now();
    let author = match &words.by {
        MessageBy::Client { email } => email.clone(),
        MessageBy::Agency { .. } | MessageBy::Mailbox { .. } => None,
    };
    let message = Message {
        mail: words.mail,
        ..Message::new(words.by, words.text, now)
    };
    let known = before.map(|found| found.value.clone());
    let after = match known
        .unwrap_or_else(|| subject.empty_thread())
        .with(message)
    {
        Ok(after) => after,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let facts = Facts::new(ports, after.account_id, now);
    let commit = written(Commit::new(), before, &after, &facts)?;
    let commit = match after.waits() {
        true => {
            let about = subject.asks(author.as_ref(), after.last())?;
            facts.ask_for_mail(commit, after.client_id, about)?
        }
        false => subject.to_client(ports, &facts, commit, after.last())?,
    };
    Ok(Ok((commit, after)))
}

/// Takes in a question that somebody asked on the page of a document, and tells the agency by mail.
///
/// # Errors
/// 503.
pub async fn ask(
    ports: &Ports,
    subject: &Subject,
    email: Option<&EmailAddress>,
    text: &Paragraph<2_000>,
) -> Result<Result<(), ThreadRefusal>, Problem> {
    ports
        .perform(async || {
            let email = email.cloned();
            let words = Written {
                by: MessageBy::Client { email },
                text: text.clone(),
                mail: None,
            };
            let before = of(&ports.store, subject.account_id(), subject.document()).await?;
            Ok(match plan(ports, subject, before.as_ref(), words).await? {
                Ok((commit, _)) => (commit, Ok(())),
                Err(refusal) => (Commit::new(), Err(refusal)),
            })
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
    let wanted = [
        Subject::key(account_id, document)?,
        keys::thread(account_id, document),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let subject = Subject::taken(ports, &mut batch, document).await?;
    let before = batch.take::<Thread>()?;
    let words = Written {
        by: MessageBy::Agency { by },
        text: text.clone(),
        mail: None,
    };
    let planned = plan(ports, &subject, before.as_ref(), words).await?;
    planned.map_err(refused)
}

/// Why a member's message is not taken, as it is answered.
pub(crate) fn refused(refusal: ThreadRefusal) -> Problem {
    match refusal {
        ThreadRefusal::Full(full) => full.into(),
        ThreadRefusal::TooMany => Problem::internal(refusal),
    }
}
