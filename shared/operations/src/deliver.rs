//! Sends one mail: claimed before it leaves, settled after.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{
    CancelReason, Claim, Delivery, DeliveryKind, DeliveryState, SendOutcome,
};
use remit_billing::ids::{AccountId, ClientId, DeliveryId, InvoiceId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::party::EmailAddress;
use remit_billing::standing::{Standing, Status};
use remit_documents::{Issued, MailOptions};
use remit_notify::mail::{HeaderText, Mail, Unsubscribe};
use remit_notify::mailer::{Mailer, SendError};
use remit_runtime::metrics;
use remit_runtime::platform::Platform;
use remit_runtime::problem::Problem;
use remit_runtime::secrets::Secrets;
use remit_store::{Commit, CommitError, Record as _, Versioned, keys};

use crate::facts::Facts;
use crate::links::Links;
use crate::load::Batch;
use crate::ports::Ports;

/// What sending needs beside the store.
#[derive(Clone)]
pub struct Postbox {
    /// Who sends.
    pub mailer: Arc<dyn Mailer>,
    /// The clients' links.
    pub links: Links,
    /// The deployment's verified sender.
    pub from: EmailAddress,
}

impl Postbox {
    /// That of a platform.
    ///
    /// # Errors
    /// 500 for a sender in the environment that is no address.
    pub fn of(platform: &Platform, secrets: Arc<dyn Secrets>) -> Result<Self, Problem> {
        let set = platform.config.mail_configuration_set.clone();
        Ok(Self {
            mailer: Arc::new(remit_notify::ses::SesMailer::new(&platform.sdk, set)),
            links: Links::of(platform, secrets),
            from: EmailAddress::parse(&platform.config.mail_from)
                .map_err(|fault| Problem::internal(format!("MAIL_FROM: {fault}")))?,
        })
    }
}

/// Which delivery.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryRef {
    /// Whose.
    pub account_id: AccountId,
    /// To whom.
    pub client_id: ClientId,
    /// About which invoice.
    pub invoice_id: InvoiceId,
    /// Its id.
    pub id: DeliveryId,
}

impl From<&Delivery> for DeliveryRef {
    fn from(delivery: &Delivery) -> Self {
        Self {
            account_id: delivery.account_id,
            client_id: delivery.client_id,
            invoice_id: delivery.invoice_id,
            id: delivery.id,
        }
    }
}

/// What a mail is made from.
pub(crate) struct Material {
    pub invoice: IssuedInvoice,
    pub standing: Standing,
    pub account: Account,
    pub client: Client,
}

/// Sends a delivery, if it is free and still right to send.
///
/// # Errors
/// 404 for one that is not there; 503. It is then still due, and a sweep finds it.
pub async fn deliver(ports: &Ports, postbox: &Postbox, wanted: DeliveryRef) -> Result<(), Problem> {
    let now = ports.now();
    let (stored, standing, material) = load(ports, wanted).await?;
    if material.account.held {
        tracing::info!(delivery = %wanted.id, "the account is held: nothing is sent");
        return Ok(());
    }
    let wrong = no_longer_right(&stored.value, &material.standing);
    let claim = stored.value.clone().claim(ports.id(now)?, now, wrong);
    match claim {
        Claim::Send(_) if material.client.recipients().is_empty() => {
            let closed = stored.value.clone().without_recipient(now);
            close(ports, &stored, &closed).await
        }
        Claim::Leave => Ok(()),
        Claim::Close(closed) => close(ports, &stored, &closed).await,
        Claim::Send(claimed) => {
            let mut commit = Commit::new().replace(&stored, &claimed, Vec::new());
            if matches!(claimed.kind, DeliveryKind::Reminder { .. }) {
                // A payment that comes before the claim makes it fail.
                commit = commit.check(&standing);
            }
            if !store(ports, commit).await? {
                // Somebody else has it, or the invoice has changed: what is still due comes again.
                return Ok(());
            }
            let claimed = Versioned::new(claimed, stored.version + 1);
            send(ports, postbox, &claimed, &material).await
        }
    }
}

async fn close(
    ports: &Ports,
    stored: &Versioned<Delivery>,
    closed: &Delivery,
) -> Result<(), Problem> {
    let facts = Facts::new(ports, closed.account_id, ports.now());
    let events = facts.delivery_changed(closed)?;
    store(ports, Commit::new().replace(stored, closed, events)).await?;
    Ok(())
}

async fn load(
    ports: &Ports,
    wanted: DeliveryRef,
) -> Result<(Versioned<Delivery>, Versioned<Standing>, Material), Problem> {
    let DeliveryRef {
        account_id,
        client_id,
        invoice_id,
        id,
    } = wanted;
    let all = [
        keys::delivery(account_id, invoice_id, id),
        keys::invoice_document(account_id, invoice_id),
        keys::invoice_standing(account_id, invoice_id),
        keys::account(account_id),
        keys::client(account_id, client_id),
    ];
    let mut batch = Batch::read(&ports.store, &all).await?;
    let delivery = batch.need::<Delivery>()?;
    let InvoiceDocument::Issued(invoice) = batch.need::<InvoiceDocument>()?.value else {
        return Err(Problem::internal("a delivery of a draft"));
    };
    let standing = batch.need::<Standing>()?;
    let material = Material {
        invoice,
        standing: standing.value.clone(),
        account: batch.need::<Account>()?.value,
        client: batch.need::<Client>()?.value,
    };
    Ok((delivery, standing, material))
}

/// Why a delivery is not right any more, at the moment of its claim.
fn no_longer_right(delivery: &Delivery, standing: &Standing) -> Option<CancelReason> {
    match delivery.kind {
        DeliveryKind::Invoice => {
            matches!(standing.status, Status::Void { .. }).then_some(CancelReason::Void)
        }
        DeliveryKind::Reminder { offset_days, cycle } => standing.step_is_wrong(offset_days, cycle),
        DeliveryKind::Receipt { .. } | DeliveryKind::VoidNotice => None,
    }
}

/// Whether it was stored; false where somebody was faster.
async fn store(ports: &Ports, commit: Commit) -> Result<bool, Problem> {
    match ports.store.commit(commit).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(Problem::commit(&error)),
    }
}

/// Sends what is claimed and settles it. Where the outcome is not known, the claim's lease
/// decides.
pub(crate) async fn send(
    ports: &Ports,
    postbox: &Postbox,
    claimed: &Versioned<Delivery>,
    material: &Material,
) -> Result<(), Problem> {
    let mail = match compose(ports.now(), postbox, &claimed.value, material).await {
        Ok(mail) => mail,
        Err(problem) => {
            // Nothing left: without this, a reminder would count as one that may have.
            let not_sent = SendOutcome::NotSent { retry_after: None };
            settle(ports, claimed, not_sent).await?;
            return Err(problem);
        }
    };
    let outcome = match postbox.mailer.send(&mail).await {
        Ok(message_id) => SendOutcome::Sent {
            message_id: message_id.to_string(),
        },
        Err(error) => {
            tracing::warn!(delivery = %claimed.value.id, %error, "a mail was not taken");
            match error {
                SendError::NotSent { retry_after, .. } => SendOutcome::NotSent {
                    retry_after: retry_after.and_then(|wait| wait.try_into().ok()),
                },
                // It is the deployment that is refused, not this mail.
                SendError::Refused { reason, .. } if reason.concerns_every_mail() => {
                    SendOutcome::NotSent { retry_after: None }
                }
                SendError::Refused { .. } => SendOutcome::Refused,
                SendError::Unknown { .. } => SendOutcome::Unknown,
            }
        }
    };
    let metric = match outcome {
        SendOutcome::Sent { .. } => "MailsSent",
        SendOutcome::NotSent { .. } => "MailsNotSent",
        SendOutcome::Refused => "MailsRefused",
        SendOutcome::Unknown => "MailsInDoubt",
    };
    metrics::count(metric, 1, ports.now());
    settle(ports, claimed, outcome).await
}

async fn settle(
    ports: &Ports,
    claimed: &Versioned<Delivery>,
    outcome: SendOutcome,
) -> Result<(), Problem> {
    let now = ports.now();
    let Some(settled) = claimed.value.clone().settle(outcome.clone(), now) else {
        return Ok(());
    };
    let facts = Facts::new(ports, claimed.value.account_id, now);
    let events = facts.delivery_changed(&settled)?;
    if store(ports, Commit::new().replace(claimed, &settled, events)).await? {
        return Ok(());
    }
    // The mail service's own event was faster, or the lease ran out and another try is under
    // way. Only the first can be told apart from here, and it needs nothing more.
    let stored = ports.store.get::<Delivery>(&claimed.value.key()).await;
    let stored = stored.map_err(|error| Problem::store(&error))?;
    if let (Some(stored), SendOutcome::Sent { message_id }) = (stored, outcome)
        && matches!(
            stored.value.state,
            DeliveryState::Pending { .. } | DeliveryState::Unconfirmed { .. }
        )
        && let Some(confirmed) = stored.value.clone().confirmed(message_id, now)
    {
        store(
            ports,
            Commit::new().replace(&stored, &confirmed, Vec::new()),
        )
        .await?;
    }
    Ok(())
}

async fn compose(
    now: Timestamp,
    postbox: &Postbox,
    delivery: &Delivery,
    material: &Material,
) -> Result<Mail, Problem> {
    let Material {
        invoice,
        standing,
        account,
        client,
    } = material;
    let page_url = postbox.links.url(account.id, standing).await?;
    let issued = Issued {
        account,
        invoice,
        standing,
        now,
    };
    let options = MailOptions {
        recipient: greeting(client),
        page_url: &page_url,
        can_pay_online: !account.payment_providers.is_empty(),
        payment_reference: None,
    };
    let rendered = issued
        .mail(&delivery.kind, options)
        .map_err(Problem::internal)?;
    let unsubscribe = match delivery.kind {
        DeliveryKind::Reminder { .. } => Some(reminder_stop(&page_url)?),
        _ => None,
    };
    Ok(Mail {
        account_id: account.id,
        invoice_id: delivery.invoice_id,
        delivery_id: delivery.id,
        from: postbox.from.clone(),
        from_name: Some(HeaderText::new(account.name.as_str())),
        reply_to: Some(account.email.clone()),
        to: client.recipients(),
        cc: client.copies(),
        subject: HeaderText::new(rendered.subject.as_str()),
        text: rendered.text,
        html: rendered.html,
        unsubscribe,
    })
}

/// One click where the deployment is reached by https, else the page.
fn reminder_stop(page_url: &str) -> Result<Unsubscribe, Problem> {
    let url = format!("{page_url}/unsubscribe");
    Unsubscribe::one_click(&url)
        .or_else(|_| Unsubscribe::page(&url))
        .map_err(Problem::internal)
}

/// The name of the only recipient; several are greeted without one.
fn greeting(client: &Client) -> Option<&str> {
    let mut recipients = client.contacts.iter().filter(|contact| !contact.copy);
    let first = recipients.next()?;
    match recipients.next() {
        None => first.name.as_ref().map(|name| name.as_str()),
        Some(_) => None,
    }
}
