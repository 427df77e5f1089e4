//! The mail that reminds of an invoice. Its tone is that of its step, else it follows from how late it is:
//! a heads-up before the due date, a note on the day, and after it a friendly, a plain and a firm word.

use askama::Template;
use jiff::civil::Date;
use remit_billing::mail_text::{Placeholder, TextKind, Values};
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_billing::reminder::Tone;

use super::frame::{Frame, Panel, PanelRow};
use super::subject::one_line;
use super::{Own, RenderedMail, Subject};
use crate::RenderError;
use crate::agency::Agency;
use crate::instructions::{Instructions, PaymentInstructions};
use crate::locale::{LocaleError, Words};
use crate::page::days_between;

/// A reminder to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderMail {
    /// Who writes.
    pub agency: Agency,
    /// The name of the person who reads, if it is known.
    pub recipient: Option<String>,
    /// The invoice's number.
    pub number: String,
    /// What the invoice is for.
    pub about: Option<String>,
    /// The issue date.
    pub issued_on: Date,
    /// The last day to pay.
    pub due_on: Date,
    /// Today in the client's zone. With the due date it decides the tone, so that a reminder that
    /// leaves late is still true.
    pub today: Date,
    /// How it speaks, where its step says so.
    pub tone: Option<Tone>,
    /// The day that was promised and not kept, where it asks about that.
    pub promised_on: Option<Date>,
    /// The agency's words for all such mails.
    pub own: Own,
    /// What the invoice comes to.
    pub payable: Money,
    /// What is left to pay.
    pub balance_due: Money,
    /// The page's address, absolute.
    pub page_url: String,
    /// The page has a pay button.
    pub can_pay_online: bool,
    /// How else to pay.
    pub instructions: Vec<PaymentInstructions>,
}

/// The mail that reminds of an invoice.
///
/// # Errors
/// When a word is missing; never for what an agency or client wrote.
pub fn render(mail: &ReminderMail, language: Language) -> Result<RenderedMail, RenderError> {
    let w = Words::of(language)?;
    let view = View::of(w, mail)?;
    let subject = Subject::new(&SubjectTemplate { v: &view }.render()?);
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
    subject: String,
    heading: String,
    paragraphs: Vec<String>,
    preheader: String,
    label: String,
    sum: String,
    rows: Vec<PanelRow>,
    button: String,
    url: &'a str,
    instructions: Vec<Instructions<'a>>,
}

impl ReminderMail {
    /// How it speaks: as its step says, else as late as it is.
    fn speaks(&self) -> Tone {
        let late = i32::try_from(self.days_late()).unwrap_or(i32::MAX);
        self.tone.unwrap_or_else(|| Tone::after(late))
    }

    fn days_late(&self) -> i64 {
        days_between(self.due_on, self.today)
    }

    /// The kind of text that it is.
    pub fn text_kind(&self) -> TextKind {
        TextKind::of_reminder(self.speaks(), self.days_late() > 0)
    }
}

impl<'a> View<'a> {
    fn of(w: &Words, mail: &'a ReminderMail) -> Result<Self, LocaleError> {
        let number = one_line(&mail.number);
        let sum = w.money(&mail.balance_due);
        let due = w.date(mail.due_on)?;
        let part_paid = mail.balance_due != mail.payable;
        let recipient = mail.recipient.as_deref();
        let frame = Frame::of(w, &mail.agency, recipient)?;
        let frame = frame.closing(w, "reminder-closing")?;
        let values = Values::default()
            .with(Placeholder::InvoiceNumber, number.as_str())
            .with_some(
                Placeholder::InvoiceAbout,
                mail.about.as_deref().map(one_line),
            )
            .with(Placeholder::AmountDue, sum.as_str())
            .with(Placeholder::DueOn, due.as_str());
        let said = mail.own.said(&frame, recipient, values);
        let frame = frame.in_own_words(&said);
        // What was promised is asked about in Remit's words, which name the day.
        let opening = said.opening.filter(|_| mail.promised_on.is_none());
        let tone = tone(w, mail, &frame.agency, &number, &sum, &due)?;
        let mut panel = Panel::default();
        panel.add(w.say("mail-invoice")?, &number);
        if let Some(about) = &mail.about {
            panel.add(w.say("mail-about")?, about);
        }
        panel.add(w.say("fact-issued")?, w.date(mail.issued_on)?);
        panel.add(w.say("fact-due")?, &due);
        if part_paid {
            panel.add(w.say("receipt-payable")?, w.money(&mail.payable));
        }
        Ok(Self {
            subject: tone.subject,
            heading: tone.heading,
            paragraphs: match opening {
                Some(opening) => vec![opening],
                None => tone.paragraphs.into(),
            },
            preheader: w.say_with(
                "invoice-preheader",
                &[("amount", sum.as_str().into()), ("date", due.into())],
            )?,
            label: w.say(if part_paid { "hero-left" } else { "hero-due" })?,
            button: w.say(if mail.can_pay_online {
                "mail-view-and-pay"
            } else {
                "mail-view"
            })?,
            instructions: Instructions::read_all(w, &mail.number, &mail.instructions)?,
            rows: panel.0,
            url: &mail.page_url,
            frame,
            sum,
        })
    }
}

/// What differs from step to step.
struct Spoken {
    subject: String,
    heading: String,
    paragraphs: [String; 2],
}

fn tone(
    w: &Words,
    mail: &ReminderMail,
    agency: &str,
    number: &str,
    sum: &str,
    due: &str,
) -> Result<Spoken, LocaleError> {
    let days = mail.days_late();
    let keys = match (mail.promised_on, days, mail.speaks()) {
        (Some(_), _, Tone::Friendly | Tone::Neutral) => [
            "promise-subject",
            "promise-heading",
            "promise-text",
            "promise-ask",
        ],
        (Some(_), _, Tone::Firm | Tone::Final) => [
            "promise-firm-subject",
            "promise-firm-heading",
            "promise-firm-text",
            "promise-firm-ask",
        ],
        (None, ..0, Tone::Friendly) => [
            "before-subject",
            "before-heading",
            "before-text",
            "before-ask",
        ],
        (None, ..0, _) => ["soon-subject", "soon-heading", "soon-text", "soon-ask"],
        (None, 0, Tone::Friendly) => ["today-subject", "today-heading", "today-text", "today-ask"],
        (None, 0, _) => ["due-subject", "due-heading", "due-text", "due-ask"],
        (None, 1.., Tone::Friendly) => ["late-subject", "late-heading", "late-text", "late-ask"],
        (None, 1.., Tone::Neutral) => ["plain-subject", "plain-heading", "plain-text", "plain-ask"],
        (None, 1.., Tone::Firm) => ["firm-subject", "firm-heading", "firm-text", "firm-ask"],
        (None, 1.., Tone::Final) => ["final-subject", "final-heading", "final-text", "final-ask"],
    };
    let promised = match mail.promised_on {
        Some(day) => w.date(day)?,
        None => String::new(),
    };
    let [subject, heading, text, ask] = keys.map(|key| {
        w.say_with(
            key,
            &[
                ("number", number.into()),
                ("agency", agency.into()),
                ("amount", sum.into()),
                ("date", due.into()),
                ("days", days.abs().into()),
                ("promised", promised.as_str().into()),
            ],
        )
    });
    Ok(Spoken {
        subject: subject?,
        heading: heading?,
        paragraphs: [text?, ask?],
    })
}

#[derive(Template)]
#[template(path = "mail/reminder/subject.txt")]
struct SubjectTemplate<'a> {
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/reminder/body.txt")]
struct TextTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/reminder/body.html")]
struct HtmlTemplate<'a> {
    w: &'a Words,
    frame: &'a Frame,
    subject: &'a str,
    preheader: &'a str,
    v: &'a View<'a>,
}
