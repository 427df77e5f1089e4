//! What a client's contact sees who signs in: the page that asks for the address, the mail with the link, the
//! button behind it, and then all documents.

mod documents;

pub use documents::{Contents, Listing, PortalForms, PortalNotice, PortalPaths};

use askama::Template;
use remit_billing::account::Account;
use remit_billing::party::Language;

use crate::RenderError;
use crate::agency::Agency;
use crate::locale::Words;
use crate::mail::RenderedMail;
use crate::mail::frame::{Frame as MailFrame, Panel};
use crate::mail::subject::one_line;
use crate::offered::View;
use crate::page::RenderedPage;
use crate::page::frame::Frame;

/// Where somebody signs in, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct SigningIn<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// The reader's language.
    pub language: Language,
}

/// Where somebody stands who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInStep<'a> {
    /// The address is asked for: the form is posted to.
    Ask(&'a str),
    /// What was typed is no address.
    AskAgain(&'a str),
    /// If the address is known, a mail is on its way. The same words whether it is.
    Sent(&'a str),
    /// They signed out.
    SignedOut(&'a str),
    /// A link that counts: the button's form is posted to.
    Enter(&'a str),
    /// A link that lets nobody in any more; a new one is asked for at.
    Ended(&'a str),
}

impl SigningIn<'_> {
    /// The mail that brings the link.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn mail(
        &self,
        name: Option<&str>,
        email: &str,
        page_url: &str,
    ) -> Result<RenderedMail, RenderError> {
        let w = Words::of(self.language)?;
        let agency = Agency::of(self.account, None, self.language)?;
        let say = |key: &str| w.say1(key, "agency", one_line(&agency.name));
        let mut panel = Panel::default();
        panel.add(w.say("sign-in-counts")?, w.say("sign-in-once")?);
        let view = View {
            frame: MailFrame::plain(w, &agency, name)?,
            heading: w.say("sign-in-heading")?,
            intro: vec![say("sign-in-intro")?],
            label: w.say("sign-in-for")?,
            sum: one_line(email),
            rows: panel.0,
            button: Some((w.say("portal-enter")?, page_url)),
            outlook: vec![w.say("sign-in-outlook")?],
        };
        view.render(w, &say("sign-in-subject")?)
    }

    /// The page of a step.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn page(&self, step: SignInStep<'_>) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.language)?;
        let agency = Agency::by_name(self.account);
        let frame = Frame::of(Some(&agency));
        let content_security_policy = frame.content_security_policy(&[])?;
        let say = |key: &str| w.say1(key, "agency", one_line(&agency.name));
        let (title, text) = match step {
            SignInStep::Ask(_) | SignInStep::AskAgain(_) | SignInStep::SignedOut(_) => {
                ("portal-title", say("portal-ask")?)
            }
            SignInStep::Sent(_) => ("portal-sent-title", w.say("portal-sent")?),
            SignInStep::Enter(_) => ("sign-in-heading", say("portal-enter-text")?),
            SignInStep::Ended(_) => ("portal-ended-title", w.say("portal-ended")?),
        };
        let template = StepTemplate {
            w,
            frame,
            title: w.say(title)?,
            text,
            signed_out: matches!(step, SignInStep::SignedOut(_)),
            wrong: matches!(step, SignInStep::AskAgain(_)),
            ask: match step {
                SignInStep::Ask(to)
                | SignInStep::AskAgain(to)
                | SignInStep::Sent(to)
                | SignInStep::SignedOut(to)
                | SignInStep::Ended(to) => Some(to),
                SignInStep::Enter(_) => None,
            },
            again: matches!(step, SignInStep::Sent(_) | SignInStep::Ended(_)),
            enter: match step {
                SignInStep::Enter(to) => Some(to),
                _ => None,
            },
        };
        Ok(RenderedPage {
            html: template.render()?,
            content_security_policy,
        })
    }
}

#[derive(Template)]
#[template(path = "portal/step.html")]
struct StepTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    title: String,
    text: String,
    signed_out: bool,
    wrong: bool,
    /// Where the address is posted to.
    ask: Option<&'a str>,
    /// The form is for another link.
    again: bool,
    /// Where the button is posted to.
    enter: Option<&'a str>,
}
