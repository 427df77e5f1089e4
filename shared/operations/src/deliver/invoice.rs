//! Mails about an invoice, to its client.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{About, CancelReason, Delivery, DeliveryKind, DocumentId};
use remit_billing::ids::{AccountId, InvoiceId, MemberId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::mail_text::OwnWords;
use remit_billing::member::Roster;
use remit_billing::party::EmailAddress;
use remit_billing::standing::{Standing, Status};
use remit_billing::thread::{Message, Thread};
use remit_documents::{Issued, MailOptions};
use remit_notify::mail::{Attachment, Mail};
use remit_runtime::problem::Problem;
use remit_store::{Query, Range, Versioned, keys};

use super::{DeliveryRef, Postbox, Stored};
use crate::load::{self, Batch};
use crate::mail_texts;
use crate::ports::Ports;

/// What a mail about an invoice is made from.
pub(crate) struct InvoiceMaterial {
    pub invoice: IssuedInvoice,
    pub standing: Versioned<Standing>,
    pub account: Account,
    pub client: Client,
    /// The agency's own words for mails to it.
    pub own_words: OwnWords,
    /// The message that the mail is about.
    pub message: Option<Message>,
    /// The credit note that the mail is about.
    pub credit_note: Option<CreditNote>,
    /// Who takes over, where that is somebody in particular.
    pub hand_over_to: Option<EmailAddress>,
    /// What was sent and said so far, for who takes over.
    pub history: Option<History>,
}

/// What was sent about an invoice, and what was said.
pub(crate) struct History {
    pub deliveries: Vec<Delivery>,
    pub thread: Option<Thread>,
}

/// Deliveries of one invoice that who takes over is told of.
const HISTORY_MAX: u32 = 50;

/// What who takes over an invoice needs: their address, where it is somebody who is of the team still, and
/// what was sent and said.
pub(crate) async fn hand_over(
    ports: &Ports,
    account_id: AccountId,
    invoice_id: InvoiceId,
    member_id: Option<MemberId>,
) -> Result<(Option<EmailAddress>, Option<History>), Problem> {
    let document = DocumentId::Invoice(invoice_id);
    let mut wanted = vec![keys::thread(account_id, document)];
    if member_id.is_some() {
        wanted.push(keys::roster(account_id));
    }
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let thread = batch.take::<Thread>()?.map(|found| found.value);
    let roster = match member_id {
        Some(_) => batch.take::<Roster>()?,
        None => None,
    };
    let members = roster
        .map(|roster| roster.value.members)
        .unwrap_or_default();
    let to = members
        .into_iter()
        .find(|member| Some(member.id) == member_id && member.disabled_at.is_none())
        .map(|member| member.email);
    let deliveries = deliveries(ports, account_id, invoice_id, HISTORY_MAX).await?;
    Ok((to, Some(History { deliveries, thread })))
}

/// The mails about an invoice, oldest first.
async fn deliveries(
    ports: &Ports,
    account_id: AccountId,
    invoice_id: InvoiceId,
    limit: u32,
) -> Result<Vec<Delivery>, Problem> {
    let partition = keys::invoice_standing(account_id, invoice_id).pk;
    let query = Query::of(partition)
        .range(Range::Prefix(keys::DELIVERY_PREFIX.to_owned()))
        .limit(limit);
    let found = ports.store.query::<Delivery>(&query).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    Ok(found.records.into_iter().map(|found| found.value).collect())
}

impl InvoiceMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
        invoice_id: InvoiceId,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let document = DocumentId::Invoice(invoice_id);
        let client_id = wanted.client_id.ok_or_else(Problem::not_found)?;
        let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
        let all = [
            keys::delivery(account_id, document, wanted.id),
            keys::invoice_document(account_id, invoice_id),
            keys::invoice_standing(account_id, invoice_id),
            keys::account(account_id),
            keys::client(account_id, client_id),
            account_words,
            client_words,
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let message = super::message(ports, &delivery.value).await?;
        let credit_note = match delivery.value.about {
            About::Invoice {
                kind: DeliveryKind::CreditNote { credit_note_id },
                ..
            } => {
                let key = keys::credit_note(account_id, invoice_id, credit_note_id);
                Some(load::need::<CreditNote>(&ports.store, &key).await?.value)
            }
            _ => None,
        };
        let InvoiceDocument::Issued(invoice) = batch.need::<InvoiceDocument>()?.value else {
            return Err(Problem::internal("a delivery of a draft"));
        };
        let (hand_over_to, history) = match delivery.value.about {
            About::Invoice {
                kind: DeliveryKind::HandOver { member_id, .. },
                ..
            } => hand_over(ports, account_id, invoice_id, member_id).await?,
            _ => (None, None),
        };
        let material = Self {
            invoice,
            standing: batch.need::<Standing>()?,
            account: batch.need::<Account>()?.value,
            client: batch.need::<Client>()?.value,
            own_words: mail_texts::taken(&mut batch),
            message,
            credit_note,
            hand_over_to,
            history,
        };
        Ok((delivery, material))
    }

    pub(super) fn no_longer_right(
        &self,
        kind: DeliveryKind,
        now: Timestamp,
    ) -> Option<CancelReason> {
        let standing = &self.standing.value;
        match kind {
            DeliveryKind::Invoice => {
                matches!(standing.status, Status::Void { .. }).then_some(CancelReason::Void)
            }
            DeliveryKind::Reminder { .. } | DeliveryKind::HandOver { .. } => {
                standing.step_is_wrong(&self.client, &kind, now)
            }
            DeliveryKind::Instalments { agreed_at } => standing.agreement_is_over(agreed_at),
            DeliveryKind::Receipt { .. }
            | DeliveryKind::VoidNotice
            | DeliveryKind::CreditNote { .. }
            | DeliveryKind::InvoiceQuestion { .. }
            | DeliveryKind::InvoiceAnswer { .. }
            | DeliveryKind::InvoiceReplyHeld(_)
            | DeliveryKind::InvoiceMailReturned(_) => None,
        }
    }

    pub(super) async fn compose(
        &self,
        now: Timestamp,
        postbox: &Postbox,
        delivery: &Delivery,
        kind: DeliveryKind,
        attached: Vec<Attachment>,
    ) -> Result<Mail, Problem> {
        let account = &self.account;
        let standing = &self.standing.value;
        let page_url = postbox.links.url(account.id, standing, now).await?;
        let bounced = self.client.follow_ups.bounced.iter();
        let bounced: Vec<EmailAddress> = bounced.map(|of| of.email.clone()).collect();
        let issued = Issued {
            account,
            invoice: &self.invoice,
            standing,
            now,
        };
        let options = MailOptions {
            recipient: greeting(&self.client),
            page_url: &page_url,
            can_pay_online: !account.payment_providers.is_empty(),
            payment_reference: None,
            message: self.message.as_ref(),
            credit_note: self.credit_note.as_ref(),
            covers: &delivery.covers,
            deliveries: self.history.as_ref().map_or(&[], |of| &of.deliveries),
            thread: self.history.as_ref().and_then(|of| of.thread.as_ref()),
            bounced: &bounced,
            own_words: &self.own_words,
        };
        let rendered = issued.mail(&kind, options).map_err(Problem::internal)?;
        let unsubscribe = match kind {
            DeliveryKind::Reminder { .. } => Some(super::stop(&format!("{page_url}/unsubscribe"))?),
            _ => None,
        };
        let about = About::Invoice {
            invoice_id: standing.invoice_id,
            kind,
        };
        // The agency answers its client, and the client the agency.
        let (to, cc, reply_to) = match about.is_to_agency() {
            true => {
                let client = self.client.recipients().into_iter().next();
                let to = self.hand_over_to.as_ref().unwrap_or(&account.email);
                (vec![to.clone()], Vec::new(), client)
            }
            false if matches!(kind, DeliveryKind::Reminder { .. }) => {
                let agency = Some(account.email.clone());
                (
                    self.client.follow_up_recipients(),
                    self.client.copies(),
                    agency,
                )
            }
            false => {
                let agency = Some(account.email.clone());
                (self.client.recipients(), self.client.copies(), agency)
            }
        };
        let document = DocumentId::Invoice(standing.invoice_id);
        let mut mail = Mail {
            reply_to,
            cc,
            unsubscribe,
            ..postbox.letter(account, document, delivery.id, to, rendered)
        };
        mail.attachments.extend(attached);
        if account.notices.attach_calendar && !delivery.is_charged {
            mail.attachments.extend(super::attached::calendar(
                issued, kind, &page_url, delivery,
            )?);
        }
        Ok(mail)
    }
}

/// The name of the only recipient; several are greeted without one.
pub(super) fn greeting(client: &Client) -> Option<&str> {
    let mut recipients = client.contacts.iter().filter(|contact| !contact.copy);
    let first = recipients.next()?;
    match recipients.next() {
        None => first.name.as_ref().map(|name| name.as_str()),
        Some(_) => None,
    }
}
