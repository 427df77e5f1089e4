//! The mail of a delivery.

use jiff::civil::Date;
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{Covered, Delivery, DeliveryKind};
use remit_billing::ledger::Rail;
use remit_billing::mail_text::{OwnWords, TextKind};
use remit_billing::money::Money;
use remit_billing::party::EmailAddress;
use remit_billing::standing::Status;
use remit_billing::thread::{Message, Thread};

use super::{Issued, lines, method, section_title, text};
use crate::RenderError;
use crate::locale::Words;
use crate::mail::frame::{Frame, Panel};
use crate::mail::subject::one_line;
use crate::mail::{
    self, InvoiceMail, MailLine, Own, ReceiptMail, ReminderMail, RenderedMail, VoidNoticeMail,
};
use crate::offered::View;
use crate::question::{self, Told};

/// What only the sender knows about the mail that it makes.
#[derive(Debug, Clone, Copy)]
pub struct MailOptions<'a> {
    /// The name of the person who reads, if it is known.
    pub recipient: Option<&'a str>,
    /// The page's address, absolute.
    pub page_url: &'a str,
    /// The account takes online payments.
    pub can_pay_online: bool,
    /// The provider's or bank's name for the payment that a receipt is about.
    pub payment_reference: Option<&'a str>,
    /// The message, for the mail that is about one.
    pub message: Option<&'a Message>,
    /// The credit note, for the mail that is about one.
    pub credit_note: Option<&'a CreditNote>,
    /// The invoices that the payment of a receipt was for, where those were several.
    pub covers: &'a [Covered],
    /// The mails about the invoice, for who takes it over.
    pub deliveries: &'a [Delivery],
    /// What was asked about it, for who takes it over.
    pub thread: Option<&'a Thread>,
    /// The client's addresses from which mail came back for good.
    pub bounced: &'a [EmailAddress],
    /// The agency's own words for mails to this client.
    pub own_words: &'a OwnWords,
}

/// What a receipt says of its payment.
struct Received {
    amount: Money,
    kept: Money,
    on: Date,
    rail: Rail,
}

impl Issued<'_> {
    /// The mail of a delivery about this invoice, as it stands now. A void notice tells the reason
    /// that the agency gave.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn mail(
        &self,
        kind: &DeliveryKind,
        options: MailOptions<'_>,
    ) -> Result<RenderedMail, RenderError> {
        let language = self.language();
        match *kind {
            DeliveryKind::Invoice => mail::invoice(&self.invoice_mail(options)?, language),
            DeliveryKind::Receipt {
                payment_id: _,
                amount,
                kept,
                received_on,
                rail,
            } => {
                let received = Received {
                    amount,
                    kept,
                    on: received_on,
                    rail,
                };
                mail::receipt(&self.receipt_mail(&received, options)?, language)
            }
            DeliveryKind::Reminder {
                tone, promised_on, ..
            } => {
                let mut reminder = ReminderMail {
                    tone,
                    promised_on,
                    ..self.reminder_mail(options)?
                };
                reminder.own = self.own(reminder.text_kind(), options);
                mail::reminder(&reminder, language)
            }
            DeliveryKind::HandOver { .. } => {
                let w = Words::of(self.account.language)?;
                let (subject, view) = self.hand_over_mail(w, options)?;
                view.render(w, &subject)
            }
            DeliveryKind::Instalments { .. } => {
                let w = Words::of(language)?;
                let (subject, view) = self.instalments_mail(w, options)?;
                view.render(w, &subject)
            }
            DeliveryKind::CreditNote { .. } => {
                let w = Words::of(language)?;
                let note = options.credit_note.ok_or(RenderError::Incomplete)?;
                let page = format!("{}/credit-notes/{}", options.page_url, note.id);
                let (subject, view) = self.credit_mail(w, note, &page, options)?;
                view.render(w, &subject)
            }
            DeliveryKind::VoidNotice => mail::void_notice(&self.void_mail(options)?, language),
            DeliveryKind::InvoiceQuestion { .. } => {
                let w = Words::of(self.account.language)?;
                let message = options.message.ok_or(RenderError::Incomplete)?;
                let told = self.told(w, None, Some(message))?;
                let (subject, view) = told.question(message)?;
                view.render(w, &subject)
            }
            DeliveryKind::InvoiceAnswer { .. } => {
                let w = Words::of(language)?;
                let message = options.message.ok_or(RenderError::Incomplete)?;
                let told = self.told(w, options.recipient, Some(message))?;
                let (subject, view) = told.answer(message, options.page_url)?;
                view.render(w, &subject)
            }
            DeliveryKind::InvoiceReplyHeld(held) => {
                let w = Words::of(self.account.language)?;
                let mut told = self.told(w, None, None)?;
                told.original = Some((held.file_id, Vec::new()));
                let (subject, view) = told.held(held.why)?;
                view.render(w, &subject)
            }
            DeliveryKind::InvoiceMailReturned(_) => {
                let w = Words::of(self.account.language)?;
                let told = self.told(w, None, None)?;
                let (subject, view) = told.returned(options.bounced)?;
                view.render(w, &subject)
            }
        }
    }

    /// The agency's words for a kind of mail.
    fn own(&self, kind: TextKind, options: MailOptions<'_>) -> Own {
        Own {
            wording: options.own_words.of(self.language(), kind),
            client: Some(self.invoice.buyer.name.to_string()),
        }
    }

    fn told<'w>(
        &self,
        w: &'w Words,
        reader: Option<&str>,
        message: Option<&Message>,
    ) -> Result<Told<'w>, RenderError> {
        Ok(Told {
            w,
            sender: self.sender()?,
            reader: text(reader),
            client: self.invoice.buyer.name.to_string(),
            kind: w.say("invoice-kind")?,
            document: w.say("invoice-word")?,
            number: self.invoice.number.to_string(),
            about: self.about(w)?,
            line: message
                .and_then(|message| message.line)
                .and_then(|place| self.line_text(place)),
            original: question::original(message),
        })
    }

    fn invoice_mail(&self, options: MailOptions<'_>) -> Result<InvoiceMail, RenderError> {
        let payable = self.is_payable()?;
        let w = Words::of(self.language())?;
        let asked = self.standing.asked(self.now)?;
        Ok(InvoiceMail {
            agency: self.sender()?,
            recipient: text(options.recipient),
            number: self.invoice.number.to_string(),
            about: self.about(Words::of(self.language())?)?,
            purchase_order: text(self.invoice.content.purchase_order.as_ref()),
            due_on: self.standing.due_on,
            instalments: self.instalments()?,
            asked,
            totals: self.totals()?,
            prices_include_tax: self.invoice.totals.inclusive,
            lines: self.mail_lines()?,
            message: None,
            own: self.own(TextKind::Invoice, options),
            page_url: options.page_url.to_owned(),
            can_pay_online: options.can_pay_online && payable,
            instructions: self.instructions(w, asked)?,
        })
    }

    /// Its lines; of an invoice over several projects, what each comes to.
    fn mail_lines(&self) -> Result<Vec<MailLine>, RenderError> {
        let w = Words::of(self.language())?;
        let sections = &self.invoice.sections;
        if sections.is_empty() {
            let lines = lines(w, self.invoice)?.into_iter();
            return Ok(lines
                .map(|line| MailLine {
                    description: line.description,
                    amount: line.amount,
                })
                .collect());
        }
        sections
            .iter()
            .map(|section| {
                Ok(MailLine {
                    description: section_title(w, section)?,
                    amount: section.subtotal,
                })
            })
            .collect()
    }

    fn receipt_mail(
        &self,
        received: &Received,
        options: MailOptions<'_>,
    ) -> Result<ReceiptMail, RenderError> {
        Ok(ReceiptMail {
            agency: self.sender()?,
            recipient: text(options.recipient),
            number: self.invoice.number.to_string(),
            about: self.about(Words::of(self.language())?)?,
            paid: received.amount,
            kept: received.kept,
            received_on: received.on,
            method: method(received.rail),
            reference: text(options.payment_reference),
            covers: options
                .covers
                .iter()
                .map(|part| (part.number.to_string(), part.amount))
                .collect(),
            payable: self.invoice.totals.payable,
            balance_due: self.standing.balance_due()?,
            void: matches!(self.standing.status, Status::Void { .. }),
            asked: self.standing.asked(self.now)?,
            due_on: self.standing.due_on,
            own: self.own(TextKind::Receipt, options),
            page_url: options.page_url.to_owned(),
        })
    }

    /// The parts that were agreed. The subject, and the rest.
    fn instalments_mail<'o>(
        &self,
        w: &Words,
        options: MailOptions<'o>,
    ) -> Result<(String, View<'o>), RenderError> {
        let sender = self.sender()?;
        let frame = Frame::plain(w, &sender, options.recipient)?;
        let number = one_line(self.invoice.number.as_str());
        let about = self.about(w)?;
        let asked = self.standing.asked(self.now)?;
        let due = w.date(self.standing.due_on)?;
        let subject = w.say_with(
            "instalment-subject",
            &[
                ("agency", frame.agency.as_str().into()),
                ("number", number.as_str().into()),
            ],
        )?;
        let next = w.say_with(
            "instalment-next",
            &[
                ("amount", w.money(&asked).into()),
                ("date", due.as_str().into()),
            ],
        )?;
        let mut panel = Panel::default();
        if let Some(about) = about {
            panel.add(w.say("mail-about")?, about);
        }
        for row in self.instalments()? {
            panel.add(w.date(row.due_on)?, w.money(&row.amount));
        }
        let view = View {
            frame,
            heading: w.say("instalment-heading")?,
            intro: vec![w.say1("instalment-intro", "number", number.as_str())?, next],
            label: w.say("hero-left")?,
            sum: w.money(&self.standing.balance_due()?),
            rows: panel.0,
            button: Some((
                w.say(if options.can_pay_online && self.is_payable()? {
                    "mail-view-and-pay"
                } else {
                    "mail-view"
                })?,
                options.page_url,
            )),
            outlook: vec![w.say("instalment-outlook")?],
        };
        Ok((subject, view))
    }

    /// What was credited, and what that leaves. The subject, and the rest.
    fn credit_mail<'o>(
        &self,
        w: &Words,
        note: &CreditNote,
        page: &'o str,
        options: MailOptions<'_>,
    ) -> Result<(String, View<'o>), RenderError> {
        let sender = self.sender()?;
        let frame = Frame::plain(w, &sender, options.recipient)?;
        let number = one_line(note.number.as_str());
        let invoice = one_line(self.invoice.number.as_str());
        let both = [
            ("number", number.as_str().into()),
            ("invoice", invoice.as_str().into()),
            ("agency", frame.agency.as_str().into()),
        ];
        let subject = w.say_with("credit-subject", &both)?;
        let intro = w.say_with("credit-intro", &both[..2])?;
        let due = self.standing.balance_due()?;
        let left = match due.is_zero() {
            true => w.say("credit-nothing-left")?,
            false => w.say1("credit-left", "amount", w.money(&due))?,
        };
        let mut outlook = vec![left];
        if note.kept.is_positive() {
            outlook.push(w.say1("credit-kept", "amount", w.money(&note.kept))?);
        }
        let mut panel = Panel::default();
        panel.add(w.say("credit-for")?, invoice);
        panel.add(w.say("credit-reason")?, &note.reason);
        for part in note.credited.lines.iter().chain(&note.credited.charges) {
            let description = part.description.to_string();
            let values = [
                ("line", description.as_str().into()),
                ("amount", w.money(&part.gross.unwrap_or(part.net)).into()),
            ];
            panel.add(
                w.say("dispute-line")?,
                w.say_with("dispute-option", &values)?,
            );
        }
        let view = View {
            frame,
            heading: w.say("credit-heading")?,
            intro: vec![intro],
            label: w.say("credit-sum")?,
            sum: w.money(&note.credited.payable),
            rows: panel.0,
            button: Some((w.say("credit-open")?, page)),
            outlook,
        };
        Ok((subject, view))
    }

    fn reminder_mail(&self, options: MailOptions<'_>) -> Result<ReminderMail, RenderError> {
        let w = Words::of(self.language())?;
        let asked = self.standing.asked(self.now)?;
        Ok(ReminderMail {
            agency: self.sender()?,
            recipient: text(options.recipient),
            number: self.invoice.number.to_string(),
            about: self.about(Words::of(self.language())?)?,
            issued_on: self.invoice.issue_on,
            due_on: self.standing.due_on,
            today: self.today(),
            tone: None,
            promised_on: None,
            own: Own::default(),
            payable: self.invoice.totals.payable,
            balance_due: asked,
            page_url: options.page_url.to_owned(),
            can_pay_online: options.can_pay_online && self.is_payable()?,
            instructions: self.instructions(w, asked)?,
        })
    }

    fn void_mail(&self, options: MailOptions<'_>) -> Result<VoidNoticeMail, RenderError> {
        let (voided_at, reason) = match &self.standing.status {
            Status::Void { voided_at, reason } => (*voided_at, reason.clone()),
            Status::Open | Status::Paid { .. } | Status::Uncollectible { .. } => (self.now, None),
        };
        Ok(VoidNoticeMail {
            agency: self.sender()?,
            recipient: text(options.recipient),
            number: self.invoice.number.to_string(),
            about: self.about(Words::of(self.language())?)?,
            voided_on: self.account.time_zone.date_of(voided_at),
            payable: self.invoice.totals.payable,
            reason,
            replaced_by: None,
            page_url: options.page_url.to_owned(),
        })
    }
}
