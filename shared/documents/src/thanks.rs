//! The mail that thanks a client once its project is closed.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::mail_text::{OwnWords, Placeholder, TextKind, Values};
use remit_billing::party::{Language, Name};

use crate::RenderError;
use crate::agency::Agency;
use crate::locale::Words;
use crate::mail::frame::Frame;
use crate::mail::subject::one_line;
use crate::mail::{Own, RenderedMail};
use crate::offered::View;

/// Thanks for a project.
#[derive(Debug, Clone, Copy)]
pub struct Thanks<'a> {
    /// The agency.
    pub account: &'a Account,
    /// Its client.
    pub client: &'a Client,
    /// The name of the person who reads, if it is known.
    pub recipient: Option<&'a str>,
    /// What the project is called.
    pub project: &'a Name,
    /// The agency's own words for mails to this client.
    pub own_words: &'a OwnWords,
}

impl Thanks<'_> {
    /// The mail.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn mail(&self) -> Result<RenderedMail, RenderError> {
        let language = self.client.language;
        let thanks = ThanksMail {
            agency: Agency::of(self.account, Some(self.client), language)?,
            recipient: self.recipient.map(str::to_owned),
            project: self.project.to_string(),
            own: Own {
                wording: self.own_words.of(language, TextKind::ProjectThanks),
                client: Some(self.client.name.to_string()),
            },
        };
        thanks.render(language)
    }
}

/// The same, made of texts.
pub(crate) struct ThanksMail {
    pub agency: Agency,
    pub recipient: Option<String>,
    pub project: String,
    pub own: Own,
}

impl ThanksMail {
    pub(crate) fn render(&self, language: Language) -> Result<RenderedMail, RenderError> {
        let w = Words::of(language)?;
        let project = one_line(&self.project);
        let recipient = self.recipient.as_deref();
        let frame = Frame::plain(w, &self.agency, recipient)?;
        let values = Values::default().with(Placeholder::ProjectName, project.as_str());
        let said = self.own.said(&frame, recipient, values);
        let subject = w.say1("thanks-subject", "project", project.as_str())?;
        let view = View {
            frame: frame.in_own_words(&said),
            heading: w.say("thanks-heading")?,
            intro: vec![match said.opening {
                Some(opening) => opening,
                None => w.say1("thanks-intro", "project", project.as_str())?,
            }],
            label: w.say("thanks-project")?,
            sum: project,
            rows: Vec::new(),
            button: None,
            outlook: vec![w.say("thanks-outlook")?],
        };
        view.render(w, &subject)
    }
}
