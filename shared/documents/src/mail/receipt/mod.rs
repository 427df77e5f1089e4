//! The mail that thanks for a payment: what was paid, and what is left.

use askama::Template;
use jiff::civil::Date;
use remit_billing::mail_text::{Placeholder, Values};
use remit_billing::money::Money;
use remit_billing::party::Language;

use super::frame::{Frame, Panel, PanelRow};
use super::own_words::Said;
use super::subject::one_line;
use super::{Own, RenderedMail, Subject};
use crate::RenderError;
use crate::agency::Agency;
use crate::invoice::PaymentMethod;
use crate::locale::{LocaleError, Words};
use crate::sums::method;

/// A receipt to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptMail {
    /// Who writes.
    pub agency: Agency,
    /// The name of the person who reads, if it is known.
    pub recipient: Option<String>,
    /// The invoice's number.
    pub number: String,
    /// What the invoice is for.
    pub about: Option<String>,
    /// What was received; positive.
    pub paid: Money,
    /// What of it the invoice did not need and is kept as the client's balance.
    pub kept: Money,
    /// The day on which it was received, in the account's zone.
    pub received_on: Date,
    /// How it was paid.
    pub method: PaymentMethod,
    /// The provider's or bank's name for the payment, to find it by.
    pub reference: Option<String>,
    /// The invoices that it was for and what it settles of each, where those were several.
    pub covers: Vec<(String, Money)>,
    /// What the invoice comes to.
    pub payable: Money,
    /// What is left to pay after this payment.
    pub balance_due: Money,
    /// What of it is asked for now: less where it is paid in instalments.
    pub asked: Money,
    /// The invoice was withdrawn: all of the payment is kept.
    pub void: bool,
    /// The last day to pay what is left.
    pub due_on: Date,
    /// The agency's words for all such mails.
    pub own: Own,
    /// The page's address, absolute.
    pub page_url: String,
}

/// The mail that thanks for a payment.
///
/// # Errors
/// When a word is missing; never for what an agency or client wrote.
pub fn render(mail: &ReceiptMail, language: Language) -> Result<RenderedMail, RenderError> {
    let w = Words::of(language)?;
    let view = View::of(w, mail)?;
    let subject = Subject::new(&SubjectTemplate { v: &view }.render()?);
    Ok(RenderedMail {
        text: TextTemplate { w, v: &view }.render()?,
        html: HtmlTemplate {
            w,
            frame: &view.frame,
            subject: subject.as_str(),
            preheader: &view.outcome,
            v: &view,
        }
        .render()?,
        subject,
    })
}

struct View<'a> {
    frame: Frame,
    subject: String,
    paid: String,
    intro: String,
    /// What the payment did to the invoice.
    outcome: String,
    /// What became of the rest of the payment.
    kept: Option<String>,
    rows: Vec<PanelRow>,
    url: &'a str,
}

impl<'a> View<'a> {
    fn of(w: &Words, mail: &'a ReceiptMail) -> Result<Self, LocaleError> {
        let settled = !mail.balance_due.is_positive();
        let paid = w.money(&mail.paid);
        let number = one_line(&mail.number);
        let received_on = w.date(mail.received_on)?;
        let mut panel = Panel::default();
        panel.add(w.say("receipt-received-on")?, &received_on);
        panel.add(w.say("receipt-method")?, method(w, mail.method)?);
        if let Some(reference) = &mail.reference {
            panel.add(w.say("receipt-reference")?, reference);
        }
        let count = i64::try_from(mail.covers.len()).unwrap_or(i64::MAX);
        let several = !mail.covers.is_empty();
        for (covered, amount) in &mail.covers {
            let label = w.say1("receipt-covered", "number", one_line(covered))?;
            panel.add(label, w.money(amount));
        }
        if !several {
            panel.add(w.say("mail-invoice")?, &number);
            if let Some(about) = &mail.about {
                panel.add(w.say("mail-about")?, about);
            }
            panel.add(w.say("receipt-payable")?, w.money(&mail.payable));
            panel.add(w.say("total-left")?, w.money(&mail.balance_due));
        }
        let kept = if several {
            "receipt-kept-several"
        } else {
            "receipt-kept"
        };
        let frame = Frame::of(w, &mail.agency, mail.recipient.as_deref())?;
        let frame = frame.closing(w, "receipt-closing")?;
        let said = mail.said(w, &frame, &received_on);
        Ok(Self {
            frame: frame.in_own_words(&said),
            intro: match said.opening {
                Some(opening) => opening,
                None => w.say_with(
                    "receipt-intro",
                    &[
                        ("amount", paid.as_str().into()),
                        ("date", received_on.into()),
                    ],
                )?,
            },
            kept: mail
                .kept
                .is_positive()
                .then(|| w.say1(kept, "amount", w.money(&mail.kept)))
                .transpose()?,
            subject: match several {
                true => w.say_with(
                    "receipt-subject-several",
                    &[("amount", paid.as_str().into()), ("count", count.into())],
                )?,
                false => w.say_with(
                    "receipt-subject",
                    &[
                        ("amount", paid.as_str().into()),
                        ("number", number.as_str().into()),
                    ],
                )?,
            },
            outcome: if several {
                w.say("receipt-several")?
            } else if mail.void {
                w.say1("receipt-void", "number", number.as_str())?
            } else if settled {
                w.say1("receipt-settled", "number", number.as_str())?
            } else {
                w.say_with(
                    if mail.asked == mail.balance_due {
                        "receipt-left"
                    } else {
                        "receipt-next"
                    },
                    &[
                        ("number", number.as_str().into()),
                        ("amount", w.money(&mail.asked).into()),
                        ("date", w.date(mail.due_on)?.into()),
                    ],
                )?
            },
            paid,
            rows: panel.0,
            url: &mail.page_url,
        })
    }
}

impl ReceiptMail {
    /// The agency's words. Of several invoices it names all, and not what is left of each.
    fn said(&self, w: &Words, frame: &Frame, received_on: &str) -> Said {
        let covered = self.covers.iter().map(|(number, _)| one_line(number));
        let covered: Vec<String> = covered.collect();
        let mut values = Values::default()
            .with(Placeholder::AmountPaid, w.money(&self.paid))
            .with(Placeholder::ReceivedOn, received_on)
            .with(Placeholder::InvoiceNumber, covered.join(", "));
        if covered.is_empty() {
            values = values
                .with(Placeholder::InvoiceNumber, one_line(&self.number))
                .with_some(
                    Placeholder::InvoiceAbout,
                    self.about.as_deref().map(one_line),
                )
                .with(Placeholder::AmountLeft, w.money(&self.balance_due));
        }
        self.own.said(frame, self.recipient.as_deref(), values)
    }
}

#[derive(Template)]
#[template(path = "mail/receipt/subject.txt")]
struct SubjectTemplate<'a> {
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/receipt/body.txt")]
struct TextTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/receipt/body.html")]
struct HtmlTemplate<'a> {
    w: &'a Words,
    frame: &'a Frame,
    subject: &'a str,
    preheader: &'a str,
    v: &'a View<'a>,
}
