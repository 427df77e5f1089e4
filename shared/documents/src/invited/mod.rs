//! What somebody sees who is invited to the team: the mail, the page with the button, and what
//! comes of it. In the agency's language.

use askama::Template;
use jiff::Timestamp;
use remit_billing::account::{Account, Role};
use remit_billing::member::Member;
use remit_billing::party::Language;

use crate::RenderError;
use crate::agency::Agency;
use crate::locale::{LocaleError, Words};
use crate::mail::RenderedMail;
use crate::mail::frame::{Frame as MailFrame, Panel};
use crate::mail::subject::one_line;
use crate::offered::View;
use crate::page::RenderedPage;
use crate::page::frame::Frame;

/// Who is invited, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Invited<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// The member.
    pub member: &'a Member,
}

/// Where somebody stands who opens the page of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining<'a> {
    /// The invitation can be accepted.
    Open {
        /// Where the form is posted.
        action: &'a str,
        /// Makes each page's form its own.
        with: &'a str,
    },
    /// It was accepted by this page's form.
    Joined {
        /// The key, to be kept.
        key: &'a str,
        /// Where an identity is linked, absolute.
        identity_url: &'a str,
    },
    /// It was accepted before.
    Used,
    /// Its time is over.
    Expired {
        /// Since when (UTC).
        at: Timestamp,
    },
}

impl Invited<'_> {
    /// The agency's language: the member's own is not known.
    pub fn language(&self) -> Language {
        self.account.language
    }

    fn say(&self, w: &Words, key: &str) -> Result<String, LocaleError> {
        let values = [
            ("agency", one_line(self.account.name.as_str()).into()),
            ("name", one_line(self.member.name.as_str()).into()),
            ("role", w.say(role_word(self.member.role))?.into()),
        ];
        w.say_with(key, &values)
    }

    fn day(&self, w: &Words, at: Timestamp) -> Result<String, LocaleError> {
        w.date(self.account.time_zone.date_of(at))
    }

    /// The last day of the invitation, in the agency's zone.
    fn until(&self, w: &Words) -> Result<Option<String>, LocaleError> {
        let invitation = self.member.invitation.as_ref();
        let day = invitation.map(|invitation| self.day(w, invitation.expires_at));
        day.transpose()
    }

    /// The mail, with the link to the page.
    ///
    /// # Errors
    /// When a word is missing; [`RenderError::Incomplete`] where there is no invitation.
    pub fn mail(&self, page_url: &str) -> Result<RenderedMail, RenderError> {
        let w = Words::of(self.language())?;
        let until = self.until(w)?.ok_or(RenderError::Incomplete)?;
        let mut panel = Panel::default();
        panel.add(w.say("invitation-may")?, w.say(may(self.member.role))?);
        panel.add(w.say("invitation-for")?, &self.member.email);
        panel.add(w.say("invitation-until")?, until);
        let mut frame = MailFrame::plain(
            w,
            &Agency::by_name(self.account),
            Some(self.member.name.as_str()),
        )?;
        frame.particulars.clear();
        let view = View {
            frame,
            heading: self.say(w, "invitation-heading")?,
            intro: vec![self.say(w, "invitation-intro")?],
            label: w.say("invitation-role")?,
            sum: w.say(role_word(self.member.role))?,
            rows: panel.0,
            button: Some((w.say("invitation-open")?, page_url)),
            outlook: vec![w.say("invitation-outlook")?],
        };
        view.render(w, &self.say(w, "invitation-subject")?)
    }

    /// The page.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn page(&self, joining: Joining<'_>) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.language())?;
        let frame = Frame::of(Some(&Agency::by_name(self.account)));
        let content_security_policy = frame.content_security_policy(&[])?;
        let v = &self.page_view(w, joining)?;
        Ok(RenderedPage {
            html: PageTemplate { w, frame, v }.render()?,
            content_security_policy,
        })
    }

    fn page_view(&self, w: &Words, joining: Joining<'_>) -> Result<PageView, LocaleError> {
        let say = |key: &str| self.say(w, key);
        let of = |title: &str, texts: Vec<String>| {
            Ok::<_, LocaleError>(PageView {
                title: say(title)?,
                texts,
                form: None,
                shown: Vec::new(),
            })
        };
        Ok(match joining {
            Joining::Open { action, with } => {
                let mut texts = vec![say("join-text")?, w.say(may(self.member.role))?];
                if let Some(until) = self.until(w)? {
                    texts.push(w.say1("join-until", "date", until)?);
                }
                PageView {
                    form: Some(Form {
                        action: action.to_owned(),
                        with: with.to_owned(),
                        label: w.say("join-action")?,
                    }),
                    ..of("invitation-heading", texts)?
                }
            }
            Joining::Joined { key, identity_url } => PageView {
                shown: vec![
                    (w.say("joined-key")?, key.to_owned()),
                    (w.say("joined-identity")?, format!("PUT {identity_url}")),
                ],
                ..of("joined-title", vec![say("joined-text")?])?
            },
            Joining::Used => of("join-used-title", vec![say("join-used-text")?])?,
            Joining::Expired { at } => {
                let text = w.say_with(
                    "join-expired-text",
                    &[
                        ("agency", one_line(self.account.name.as_str()).into()),
                        ("date", self.day(w, at)?.into()),
                    ],
                )?;
                of("join-expired-title", vec![text])?
            }
        })
    }
}

/// The word for a role.
pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "role-viewer",
        Role::Biller => "role-biller",
        Role::Manager => "role-manager",
        Role::Owner => "role-owner",
    }
}

/// The words for what a role may do.
fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "role-viewer-may",
        Role::Biller => "role-biller-may",
        Role::Manager => "role-manager-may",
        Role::Owner => "role-owner-may",
    }
}

struct Form {
    action: String,
    with: String,
    label: String,
}

struct PageView {
    title: String,
    texts: Vec<String>,
    form: Option<Form>,
    /// What has to be copied, each with what it is.
    shown: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "invited/page.html")]
struct PageTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    v: &'a PageView,
}
