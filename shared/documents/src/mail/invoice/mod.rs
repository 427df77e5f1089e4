//! The mail that brings an invoice.

use askama::Template;
use jiff::civil::Date;
use remit_billing::mail_text::{Placeholder, Values};
use remit_billing::money::Money;
use remit_billing::party::Language;

use super::frame::{Frame, Panel, PanelRow};
use super::subject::one_line;
use super::{Own, RenderedMail, Subject};
use crate::RenderError;
use crate::agency::Agency;
use crate::instructions::{Instructions, PaymentInstructions};
use crate::invoice::Totals;
use crate::locale::{LocaleError, Words};
use crate::page::InstalmentRow;
use crate::sums::{self, Row, Shown};

/// Lines shown in the mail; the others are on the page.
const LINES_MAX: usize = 8;

/// An invoice to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceMail {
    /// Who writes.
    pub agency: Agency,
    /// The name of the person who reads, if it is known.
    pub recipient: Option<String>,
    /// The document's number.
    pub number: String,
    /// What it is for: the project's name, or a title.
    pub about: Option<String>,
    /// The client's purchase order.
    pub purchase_order: Option<String>,
    /// The last day to pay.
    pub due_on: Date,
    /// What the invoice comes to, and what is left.
    pub totals: Totals,
    /// The parts by which it is paid, where that was agreed.
    pub instalments: Vec<InstalmentRow>,
    /// What is asked for by the due day: what is left, or of that the next part.
    pub asked: Money,
    /// The lines hold their tax.
    pub prices_include_tax: bool,
    /// What is billed, in short.
    pub lines: Vec<MailLine>,
    /// The agency's words for this mail.
    pub message: Option<String>,
    /// The agency's words for all such mails.
    pub own: Own,
    /// The page's address, absolute.
    pub page_url: String,
    /// The page has a pay button.
    pub can_pay_online: bool,
    /// How else to pay.
    pub instructions: Vec<PaymentInstructions>,
}

/// A line of an invoice in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    /// What was done or delivered.
    pub description: String,
    /// Its amount, as priced.
    pub amount: Money,
}

/// The mail that brings an invoice.
///
/// # Errors
/// When a word is missing; never for what an agency or client wrote.
pub fn render(mail: &InvoiceMail, language: Language) -> Result<RenderedMail, RenderError> {
    let w = Words::of(language)?;
    let view = View::of(w, mail)?;
    let subject = Subject::new(&SubjectTemplate { w, v: &view }.render()?);
    Ok(RenderedMail {
        text: TextTemplate { w, v: &view }.render()?,
        html: HtmlTemplate {
            w,
            frame: &view.frame,
            subject: subject.as_str(),
            preheader: &view.preheader,
            v: &view,
        }
        .render()?,
        subject,
    })
}

struct View<'a> {
    frame: Frame,
    number: String,
    /// Something is left to pay.
    owed: bool,
    label: String,
    sum: String,
    asked: String,
    due: String,
    preheader: String,
    intro: String,
    message: Option<&'a str>,
    rows: Vec<PanelRow>,
    lines: Vec<PanelRow>,
    /// From the lines to the sum above; none where the lines say it.
    sums: Vec<Row>,
    /// How many lines are not shown.
    lines_left: i64,
    button: String,
    url: &'a str,
    instructions: Vec<Instructions<'a>>,
}

impl<'a> View<'a> {
    fn of(w: &Words, mail: &'a InvoiceMail) -> Result<Self, LocaleError> {
        let Totals {
            payable,
            balance_due,
            ..
        } = &mail.totals;
        let owed = balance_due.is_positive();
        let due = w.date(mail.due_on)?;
        let shown = if owed { balance_due } else { payable };
        let about = mail.about.as_deref().map(one_line);
        let mut panel = Panel::default();
        panel.add(w.say("mail-invoice")?, &mail.number);
        if let Some(about) = &about {
            panel.add(w.say("mail-about")?, about);
        }
        if let Some(order) = &mail.purchase_order {
            panel.add(w.say("fact-purchase-order")?, order);
        }
        if owed && mail.instalments.is_empty() {
            panel.add(w.say("fact-due")?, &due);
        }
        for part in &mail.instalments {
            panel.add(w.date(part.due_on)?, w.money(&part.amount));
        }
        let mut lines = Panel::default();
        for line in mail.lines.iter().take(LINES_MAX) {
            lines.add(one_line(&line.description), w.money(&line.amount));
        }
        let asked = w.money(&mail.asked);
        let recipient = mail.recipient.as_deref();
        let frame = Frame::of(w, &mail.agency, recipient)?;
        let values = Values::default()
            .with(Placeholder::InvoiceNumber, one_line(&mail.number))
            .with_some(Placeholder::InvoiceAbout, about.as_deref())
            .with(Placeholder::AmountDue, asked.as_str())
            .with(Placeholder::DueOn, due.as_str());
        let said = mail.own.said(&frame, recipient, values);
        Ok(Self {
            frame: frame.in_own_words(&said),
            number: one_line(&mail.number),
            owed,
            label: if !owed {
                w.say("hero-total")?
            } else if balance_due == payable {
                w.say("hero-due")?
            } else {
                w.say("hero-left")?
            },
            sum: w.money(shown),
            preheader: if owed {
                w.say_with(
                    "invoice-preheader",
                    &[
                        ("amount", asked.as_str().into()),
                        ("date", due.as_str().into()),
                    ],
                )?
            } else {
                w.say("invoice-nothing-owed")?
            },
            due,
            asked,
            intro: match (said.opening, about) {
                (Some(opening), _) => opening,
                (None, Some(about)) => w.say1("invoice-intro-about", "about", about)?,
                (None, None) => w.say("invoice-intro")?,
            },
            message: mail
                .message
                .as_deref()
                .map(str::trim)
                .filter(|m| !m.is_empty()),
            rows: panel.0,
            lines_left: i64::try_from(mail.lines.len().saturating_sub(LINES_MAX))
                .unwrap_or(i64::MAX),
            lines: lines.0,
            sums: Self::sums(w, mail)?,
            button: if owed && mail.can_pay_online {
                w.say("mail-view-and-pay")?
            } else {
                w.say("mail-view")?
            },
            url: &mail.page_url,
            instructions: if owed {
                Instructions::read_all(w, &mail.number, &mail.instructions)?
            } else {
                Vec::new()
            },
        })
    }
}

impl View<'_> {
    fn sums(w: &Words, mail: &InvoiceMail) -> Result<Vec<Row>, LocaleError> {
        let shown = Shown {
            prices_include_tax: mail.prices_include_tax,
            settled: true,
        };
        let rows = sums::rows(w, &mail.totals, shown)?;
        // A sum alone says what stands in the panel.
        Ok(if rows.len() > 1 { rows } else { Vec::new() })
    }
}

#[derive(Template)]
#[template(path = "mail/invoice/subject.txt")]
struct SubjectTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/invoice/body.txt")]
struct TextTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/invoice/body.html")]
struct HtmlTemplate<'a> {
    w: &'a Words,
    frame: &'a Frame,
    subject: &'a str,
    preheader: &'a str,
    v: &'a View<'a>,
}
