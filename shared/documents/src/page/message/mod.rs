//! A page that says one thing: what has happened, and what to do now.

use askama::Template;
use remit_billing::party::Language;

use super::RenderedPage;
use super::frame::Frame;
use crate::RenderError;
use crate::agency::Agency;
use crate::locale::Words;

/// A message to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagePage {
    /// What is said.
    pub message: Message,
    /// Who says it; `None` where it may not be told, as for an unknown link.
    pub agency: Option<Agency>,
    /// Where to go on: the invoice's page.
    pub action: Option<String>,
}

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// The link leads nowhere. The same words whether it never did or was revoked.
    LinkUnknown,
    /// The link was good until its day: whoever it was sent to may sign in.
    LinkEnded,
    /// The client comes back from the provider: the payment is being confirmed.
    PaymentConfirming,
    /// Nothing is left to pay: paid meanwhile, or withdrawn.
    NothingToPay,
    /// The invoice has changed since its page was opened.
    InvoiceChanged,
    /// The payment provider does not answer; nothing was paid.
    CheckoutUnavailable,
    /// The form is too old or came from elsewhere; nothing was paid.
    FormExpired,
    /// The client can stop the reminders of an invoice: the action is posted to.
    StopReminders,
    /// No more reminders of this invoice leave.
    RemindersStopped,
    /// The client can have an end of what is a courtesy: the action is posted to.
    StopCourtesies,
    /// No more of what is a courtesy leaves.
    CourtesiesStopped,
    /// An estimate that the reader is not asked to sign.
    NotSigner,
    /// A payment without a receipt.
    NoReceipt,
    /// More files than go into one archive.
    TooManyFiles,
    /// A form of a member's page that is too old or came from elsewhere.
    MemberFormExpired,
    /// Something failed while a member looked at the agency's own page.
    MemberProblem,
    /// Too many requests.
    Busy,
    /// Something failed on our side.
    Problem,
}

/// The page of a message.
///
/// # Errors
/// When a word is missing.
pub fn render(page: &MessagePage, language: Language) -> Result<RenderedPage, RenderError> {
    let w = Words::of(language)?;
    let frame = Frame::of(page.agency.as_ref());
    let content_security_policy = frame.content_security_policy(&[])?;
    let (title, text) = match page.message {
        Message::LinkUnknown => (w.say("link-unknown-title")?, w.say("link-unknown-text")?),
        Message::LinkEnded => (w.say("link-ended-title")?, w.say("link-ended-text")?),
        Message::PaymentConfirming => (w.say("confirming-title")?, w.say("confirming-text")?),
        Message::NothingToPay => (w.say("nothing-title")?, w.say("nothing-text")?),
        Message::InvoiceChanged => (w.say("changed-title")?, w.say("changed-text")?),
        Message::CheckoutUnavailable => (w.say("unavailable-title")?, w.say("unavailable-text")?),
        Message::FormExpired => (w.say("expired-title")?, w.say("expired-text")?),
        Message::StopReminders => (w.say("stop-title")?, w.say("stop-text")?),
        Message::RemindersStopped => (w.say("stopped-title")?, w.say("stopped-text")?),
        Message::StopCourtesies => (w.say("courtesy-title")?, w.say("courtesy-text")?),
        Message::CourtesiesStopped => (
            w.say("courtesy-stopped-title")?,
            w.say("courtesy-stopped-text")?,
        ),
        Message::NotSigner => (
            w.say("portal-not-signer-title")?,
            w.say("portal-not-signer")?,
        ),
        Message::NoReceipt => (
            w.say("portal-no-receipt-title")?,
            w.say("portal-no-receipt")?,
        ),
        Message::TooManyFiles => (
            w.say("portal-files-many-title")?,
            w.say("portal-files-many")?,
        ),
        Message::MemberFormExpired => (w.say("overview-again-title")?, w.say("overview-form-old")?),
        Message::MemberProblem => (w.say("problem-title")?, w.say("overview-problem")?),
        Message::Busy => (w.say("busy-title")?, w.say("busy-text")?),
        Message::Problem => (w.say("problem-title")?, w.say("problem-text")?),
    };
    let template = MessageTemplate {
        w,
        title,
        text,
        action_label: match page.message {
            Message::LinkEnded => w.say("link-ended-action")?,
            Message::StopReminders => w.say("stop-action")?,
            Message::StopCourtesies => w.say("courtesy-action")?,
            Message::NotSigner | Message::NoReceipt | Message::TooManyFiles => {
                w.say("portal-back")?
            }
            Message::MemberFormExpired => w.say("overview-return")?,
            _ => w.say("message-action")?,
        },
        posts: matches!(
            page.message,
            Message::StopReminders | Message::StopCourtesies
        ),
        frame,
        p: page,
    };
    Ok(RenderedPage {
        html: template.render()?,
        content_security_policy,
    })
}

#[derive(Template)]
#[template(path = "page/message/page.html")]
struct MessageTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    p: &'a MessagePage,
    title: String,
    text: String,
    action_label: String,
    /// The action is a form's, not a link's: a GET never changes anything.
    posts: bool,
}
