//! The page that asks a member to sign in. It is the same for all agencies of a deployment: whose the reader is, is not known yet.

use askama::Template;
use remit_billing::party::Language;

use super::frame;
use crate::RenderError;
use crate::locale::Words;
use crate::page::RenderedPage;
use crate::page::frame::Frame;

/// Where somebody stands who is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoorStep {
    /// They may sign in.
    Ask,
    /// They signed out.
    SignedOut,
    /// Signing in did not come to its end, whatever was wrong.
    Again,
    /// They signed in, and are nobody's member.
    Unknown,
}

/// The way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door<'a> {
    /// The reader's language, as the browser says.
    pub language: Language,
    /// Where the button is posted to, and the origin of the issuer that it leads on to; none where the deployment
    /// has no way in.
    pub button: Option<(&'a str, &'a str)>,
}

impl Door<'_> {
    /// The page of a step.
    ///
    /// # Errors
    /// When a word is missing, or the issuer's origin is none.
    pub fn page(&self, step: DoorStep) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.language)?;
        let frame = frame(None);
        let origins: Vec<String> = self.button.iter().map(|(_, at)| (*at).to_owned()).collect();
        let content_security_policy = frame.content_security_policy(&origins)?;
        let (title, text) = match (self.button, step) {
            (None, _) => ("overview-title", "overview-closed"),
            (_, DoorStep::Ask | DoorStep::SignedOut) => ("overview-title", "overview-ask"),
            (_, DoorStep::Again) => ("overview-again-title", "overview-again"),
            (_, DoorStep::Unknown) => ("overview-unknown-title", "overview-unknown"),
        };
        let template = DoorTemplate {
            w,
            frame,
            title: w.say(title)?,
            text: w.say(text)?,
            signed_out: step == DoorStep::SignedOut,
            to: self.button.map(|(to, _)| to),
        };
        Ok(RenderedPage {
            html: template.render()?,
            content_security_policy,
        })
    }
}

#[derive(Template)]
#[template(path = "overview/door.html")]
struct DoorTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    title: String,
    text: String,
    signed_out: bool,
    to: Option<&'a str>,
}
