//! The mail that says that an invoice is withdrawn.

use askama::Template;
use jiff::civil::Date;
use remit_billing::money::Money;
use remit_billing::party::Language;

use super::frame::{Frame, Panel, PanelRow};
use super::subject::one_line;
use super::{RenderedMail, Subject};
use crate::RenderError;
use crate::agency::Agency;
use crate::locale::{LocaleError, Words};

/// A notice to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoidNoticeMail {
    /// Who writes.
    pub agency: Agency,
    /// The name of the person who reads, if it is known.
    pub recipient: Option<String>,
    /// The invoice's number.
    pub number: String,
    /// What the invoice was for.
    pub about: Option<String>,
    /// The day on which it was withdrawn, in the agency's zone.
    pub voided_on: Date,
    /// What it came to.
    pub payable: Money,
    /// Why, in the agency's words.
    pub reason: Option<String>,
    /// The number of the invoice that takes its place.
    pub replaced_by: Option<String>,
    /// The page's address, absolute.
    pub page_url: String,
}

/// The mail that says that an invoice is withdrawn.
///
/// # Errors
/// When a word is missing; never for what an agency or client wrote.
pub fn render(mail: &VoidNoticeMail, language: Language) -> Result<RenderedMail, RenderError> {
    let w = Words::of(language)?;
    let view = View::of(w, mail)?;
    let subject = Subject::new(&SubjectTemplate { w, v: &view }.render()?);
    Ok(RenderedMail {
        text: TextTemplate { w, v: &view }.render()?,
        html: HtmlTemplate {
            w,
            frame: &view.frame,
            subject: subject.as_str(),
            preheader: &view.intro,
            v: &view,
        }
        .render()?,
        subject,
    })
}

struct View<'a> {
    frame: Frame,
    number: String,
    intro: String,
    reason: Option<&'a str>,
    outlook: String,
    sum: String,
    rows: Vec<PanelRow>,
    url: &'a str,
}

impl<'a> View<'a> {
    fn of(w: &Words, mail: &'a VoidNoticeMail) -> Result<Self, LocaleError> {
        let number = one_line(&mail.number);
        let mut panel = Panel::default();
        panel.add(w.say("mail-invoice")?, &number);
        if let Some(about) = &mail.about {
            panel.add(w.say("mail-about")?, about);
        }
        panel.add(w.say("void-on")?, w.date(mail.voided_on)?);
        if let Some(other) = &mail.replaced_by {
            panel.add(w.say("void-replaced-by")?, other);
        }
        panel.add(w.say("total-left")?, w.say("void-nothing")?);
        Ok(Self {
            frame: Frame::of(w, &mail.agency, mail.recipient.as_deref())?
                .closing(w, "void-closing")?,
            intro: w.say1("void-intro", "number", number.as_str())?,
            reason: mail
                .reason
                .as_deref()
                .map(str::trim)
                .filter(|r| !r.is_empty()),
            outlook: match &mail.replaced_by {
                Some(other) => w.say1("void-outlook-replaced", "number", one_line(other))?,
                None => w.say("void-outlook")?,
            },
            sum: w.money(&mail.payable),
            rows: panel.0,
            url: &mail.page_url,
            number,
        })
    }
}

#[derive(Template)]
#[template(path = "mail/void_notice/subject.txt")]
struct SubjectTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/void_notice/body.txt")]
struct TextTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/void_notice/body.html")]
struct HtmlTemplate<'a> {
    w: &'a Words,
    frame: &'a Frame,
    subject: &'a str,
    preheader: &'a str,
    v: &'a View<'a>,
}
