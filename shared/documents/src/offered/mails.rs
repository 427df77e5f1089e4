//! The mails to a signer: the offer, the code, the certificate, and that it is withdrawn.

use askama::Template;
use jiff::civil::Date;
use remit_billing::delivery::OfferDeliveryKind;
use remit_billing::estimate::{Acceptance, Accepted, OfferState};
use remit_billing::mail_text::{OwnWords, Placeholder, TextKind, Values};
use remit_billing::thread::Message;

use super::Offered;
use crate::RenderError;
use crate::agency::Agency;
use crate::locale::Words;
use crate::mail::frame::{Frame, Panel, PanelRow};
use crate::mail::subject::one_line;
use crate::mail::{Own, RenderedMail, Subject};
use crate::question::{self, Told};

/// What only the sender knows about the mail that it makes.
#[derive(Debug, Clone, Copy)]
pub struct OfferMailOptions<'a> {
    /// The page's address, absolute.
    pub page_url: &'a str,
    /// The code, for the mail that brings one.
    pub code: Option<&'a str>,
    /// The message, for the mail that is about one.
    pub message: Option<&'a Message>,
    /// The agency's own words for mails to this client.
    pub own_words: &'a OwnWords,
}

/// A mail of a heading, some words, a panel and perhaps a button.
pub(crate) struct View<'a> {
    pub frame: Frame,
    pub heading: String,
    pub intro: Vec<String>,
    pub label: String,
    pub sum: String,
    pub rows: Vec<PanelRow>,
    /// The label of the button and where it leads.
    pub button: Option<(String, &'a str)>,
    pub outlook: Vec<String>,
}

impl View<'_> {
    pub(crate) fn render(&self, w: &Words, subject: &str) -> Result<RenderedMail, RenderError> {
        let subject = Subject::new(subject);
        let preheader = self.intro.first().map_or("", String::as_str);
        Ok(RenderedMail {
            text: TextTemplate { w, v: self }.render()?,
            html: HtmlTemplate {
                w,
                frame: &self.frame,
                subject: subject.as_str(),
                preheader,
                v: self,
            }
            .render()?,
            subject,
        })
    }
}

#[derive(Template)]
#[template(path = "offered/body.txt")]
struct TextTemplate<'a> {
    w: &'a Words,
    v: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "offered/body.html")]
struct HtmlTemplate<'a> {
    w: &'a Words,
    frame: &'a Frame,
    subject: &'a str,
    preheader: &'a str,
    v: &'a View<'a>,
}

impl Offered<'_> {
    /// The mail of a delivery about this offer.
    ///
    /// # Errors
    /// When a word is missing; [`RenderError::Incomplete`] where the code or the acceptance that
    /// the mail is about is not there.
    pub fn mail(
        &self,
        kind: OfferDeliveryKind,
        options: OfferMailOptions<'_>,
    ) -> Result<RenderedMail, RenderError> {
        // The agency reads its own language, and the client the one of the offer.
        let w = match kind {
            OfferDeliveryKind::EstimateAnswered
            | OfferDeliveryKind::EstimateQuestion { .. }
            | OfferDeliveryKind::EstimateReplyHeld(_)
            | OfferDeliveryKind::EstimateMailReturned(_) => Words::of(self.account.language)?,
            _ => Words::of(self.language())?,
        };
        let (subject, view) = match kind {
            OfferDeliveryKind::Estimate => self.offer_mail(w, options, TextKind::Estimate)?,
            OfferDeliveryKind::EstimateExpiring => {
                self.offer_mail(w, options, TextKind::EstimateExpiring)?
            }
            OfferDeliveryKind::SigningCode => {
                let code = options.code.ok_or(RenderError::Incomplete)?;
                self.code_mail(w, code)?
            }
            OfferDeliveryKind::EstimateCertificate => {
                let acceptance = self.acceptance.ok_or(RenderError::Incomplete)?;
                self.certificate_mail(w, acceptance, options)?
            }
            OfferDeliveryKind::EstimateWithdrawn => self.withdrawn_mail(w, options)?,
            OfferDeliveryKind::EstimateAnswered => self.answered_mail(w)?,
            OfferDeliveryKind::EstimateQuestion { .. } => {
                let message = options.message.ok_or(RenderError::Incomplete)?;
                self.told(w, Some(message))?.question(message)?
            }
            OfferDeliveryKind::EstimateAnswer { .. } => {
                let message = options.message.ok_or(RenderError::Incomplete)?;
                self.told(w, Some(message))?
                    .answer(message, options.page_url)?
            }
            OfferDeliveryKind::EstimateReplyHeld(held) => {
                let mut told = self.told(w, None)?;
                told.original = Some((held.file_id, Vec::new()));
                told.held(held.why)?
            }
            OfferDeliveryKind::EstimateMailReturned(_) => {
                let bounced = std::slice::from_ref(&self.signer.email);
                self.told(w, None)?.returned(bounced)?
            }
        };
        view.render(w, &subject)
    }

    fn told<'w>(&self, w: &'w Words, message: Option<&Message>) -> Result<Told<'w>, RenderError> {
        let name = self.signer.name.as_ref().map(|name| name.as_str());
        Ok(Told {
            w,
            sender: self.sender()?,
            reader: name.map(str::to_owned),
            client: one_line(self.sent.buyer.name.as_str()).to_string(),
            kind: self.kind(w)?,
            document: self.document(w)?,
            number: self.sent.number.to_string(),
            about: Some(self.sent.content.title.to_string()),
            line: None,
            original: question::original(message),
        })
    }

    fn frame(&self, w: &Words) -> Result<Frame, RenderError> {
        let name = self.signer.name.as_ref().map(|name| name.as_str());
        Ok(Frame::plain(w, &self.sender()?, name)?)
    }

    fn say(&self, w: &Words, key: &str, date: Option<String>) -> Result<String, RenderError> {
        let mut values = vec![
            ("kind", self.kind(w)?.into()),
            ("document", self.document(w)?.into()),
            ("number", one_line(&self.sent.number.to_string()).into()),
            ("agency", one_line(self.account.name.as_str()).into()),
            ("title", one_line(self.sent.content.title.as_str()).into()),
        ];
        values.extend(date.map(|date| ("date", date.into())));
        Ok(w.say_with(key, &values)?)
    }

    fn panel(&self, w: &Words) -> Result<Panel, RenderError> {
        let mut panel = Panel::default();
        panel.add(self.kind(w)?, self.sent.number.to_string());
        if let Some(amendment) = self.amendment() {
            let of = w.say1("change-of-estimate", "number", amendment.number.to_string())?;
            panel.add(w.say("change-amends")?, of);
        }
        panel.add(w.say("mail-about")?, self.sent.content.title.as_str());
        if self.sent.version > 1 {
            panel.add(w.say("offer-version")?, self.sent.version.to_string());
        }
        Ok(panel)
    }

    fn sum_label(&self, w: &Words) -> Result<String, RenderError> {
        Ok(match self.amendment() {
            Some(_) => w.say("change-total")?,
            None => w.say("total")?,
        })
    }

    fn offer_mail<'o>(
        &self,
        w: &Words,
        options: OfferMailOptions<'o>,
        kind: TextKind,
    ) -> Result<(String, View<'o>), RenderError> {
        let name = self.signer.name.as_ref().map(|name| name.as_str());
        let told = OfferMail {
            agency: self.sender()?,
            recipient: name.map(str::to_owned),
            kind: self.kind(w)?,
            document: self.document(w)?,
            number: self.sent.number.to_string(),
            title: self.sent.content.title.to_string(),
            amends: self.amendment().map(|of| of.number.to_string()),
            panel: self.panel(w)?,
            label: self.sum_label(w)?,
            total: self.total(w, &self.sent.total()),
            valid_until: self.sent.valid_until,
            expiring: kind == TextKind::EstimateExpiring,
            own: Own {
                wording: options.own_words.of(self.language(), kind),
                client: Some(self.sent.buyer.name.to_string()),
            },
            page_url: options.page_url,
        };
        told.view(w)
    }

    fn code_mail<'o>(&self, w: &Words, code: &str) -> Result<(String, View<'o>), RenderError> {
        let view = View {
            frame: self.frame(w)?,
            heading: w.say("code-mail-heading")?,
            intro: vec![self.say(w, "code-mail-intro", None)?],
            label: w.say("offer-code")?,
            sum: spaced(code),
            rows: self.panel(w)?.0,
            button: None,
            outlook: vec![w.say("code-mail-outlook")?],
        };
        Ok((self.say(w, "code-mail-subject", None)?, view))
    }

    fn certificate_mail<'o>(
        &self,
        w: &Words,
        acceptance: &Acceptance,
        options: OfferMailOptions<'o>,
    ) -> Result<(String, View<'o>), RenderError> {
        let day = w.date(self.zone().date_of(acceptance.accepted_at))?;
        let mut panel = self.panel(w)?;
        panel.add(w.say("certificate-accepted-on")?, &day);
        if let Accepted::Elsewhere(elsewhere) = &acceptance.accepted {
            panel.add(w.say("certificate-accepted-by")?, &elsewhere.name);
            if let Some(reference) = &elsewhere.reference {
                panel.add(w.say("certificate-reference")?, reference);
            }
            panel.add(w.say("certificate-file")?, &elsewhere.file.name);
        }
        if let Accepted::Signed(signatures) = &acceptance.accepted {
            for signature in signatures {
                let said = w.say_with(
                    "certificate-signature",
                    &[
                        ("name", signature.name.to_string().into()),
                        ("email", signature.email.to_string().into()),
                        // To the second, in the form that needs no zone to be read.
                        ("time", format!("{:.0}", signature.signed_at).into()),
                    ],
                )?;
                panel.add(w.say("certificate-signed-by")?, said);
            }
        }
        panel.add(
            w.say("certificate-hash")?,
            acceptance.document_hash.to_string(),
        );
        let view = View {
            frame: self.frame(w)?,
            heading: w.say("certificate-heading")?,
            intro: vec![self.say(w, "certificate-intro", None)?],
            label: match self.amendment() {
                Some(_) => w.say("change-total")?,
                None => w.say("certificate-total")?,
            },
            sum: self.total(w, &acceptance.total),
            rows: panel.0,
            button: Some((self.say(w, "offer-mail-open", None)?, options.page_url)),
            outlook: vec![w.say("certificate-outlook")?],
        };
        Ok((self.say(w, "certificate-subject", None)?, view))
    }

    /// To the agency: what its client answered.
    fn answered_mail<'o>(&self, w: &Words) -> Result<(String, View<'o>), RenderError> {
        let client = one_line(self.sent.buyer.name.as_str());
        let number = self.sent.number.to_string();
        let title = one_line(self.sent.content.title.as_str());
        let document = self.document(w)?;
        let say = |key: &str| {
            let values = [
                ("document", document.as_str().into()),
                ("client", client.as_str().into()),
                ("number", number.as_str().into()),
                ("title", title.as_str().into()),
            ];
            w.say_with(key, &values)
        };
        let mut panel = self.panel(w)?;
        panel.add(w.say("answered-by")?, &self.signer.email);
        let declined = match self.current().map(|offer| &offer.state) {
            Some(OfferState::Declined { reason, .. }) => Some(reason.to_string()),
            _ => None,
        };
        let accepted = self.acceptance.filter(|_| declined.is_none());
        let total = accepted.map_or(self.sent.total(), |acceptance| acceptance.total);
        let (subject, intro) = match &declined {
            Some(_) => (say("answered-declined-subject")?, say("answered-declined")?),
            None => (say("answered-accepted-subject")?, say("answered-accepted")?),
        };
        let mut frame = Frame::plain(w, &self.sender()?, None)?;
        frame.questions = w.say("answered-reply")?;
        frame.particulars.clear();
        let view = View {
            frame,
            heading: subject.clone(),
            intro: std::iter::once(intro).chain(declined).collect(),
            label: self.sum_label(w)?,
            sum: self.total(w, &total),
            rows: panel.0,
            button: None,
            outlook: Vec::new(),
        };
        Ok((subject, view))
    }

    fn withdrawn_mail<'o>(
        &self,
        w: &Words,
        options: OfferMailOptions<'o>,
    ) -> Result<(String, View<'o>), RenderError> {
        let mut intro = vec![self.say(w, "offer-withdrawn-intro", None)?];
        intro.extend(self.withdrawal());
        let view = View {
            frame: self.frame(w)?,
            heading: self.say(w, "offer-withdrawn-heading", None)?,
            intro,
            label: self.say(w, "offer-withdrawn-sum", None)?,
            sum: self.total(w, &self.sent.total()),
            rows: self.panel(w)?.0,
            button: Some((self.say(w, "offer-mail-open", None)?, options.page_url)),
            outlook: Vec::new(),
        };
        Ok((self.say(w, "offer-withdrawn-subject", None)?, view))
    }
}

/// The mail that brings an offer, or says that it ends soon.
pub(crate) struct OfferMail<'a> {
    pub agency: Agency,
    pub recipient: Option<String>,
    /// The word for it, as a heading and within a sentence.
    pub kind: String,
    pub document: String,
    pub number: String,
    pub title: String,
    /// The number of the estimate that it changes.
    pub amends: Option<String>,
    pub panel: Panel,
    pub label: String,
    pub total: String,
    pub valid_until: Date,
    /// It was brought before, and ends soon.
    pub expiring: bool,
    pub own: Own,
    pub page_url: &'a str,
}

impl<'a> OfferMail<'a> {
    /// The subject, and the rest.
    pub(crate) fn view(self, w: &Words) -> Result<(String, View<'a>), RenderError> {
        let until = w.date(self.valid_until)?;
        let (number, title) = (one_line(&self.number), one_line(&self.title));
        let recipient = self.recipient.as_deref();
        let frame = Frame::plain(w, &self.agency, recipient)?;
        let values = Values::default()
            .with(Placeholder::EstimateNumber, number.as_str())
            .with(Placeholder::EstimateTitle, title.as_str())
            .with(Placeholder::EstimateTotal, self.total.as_str())
            .with(Placeholder::ValidUntil, until.as_str());
        let said = self.own.said(&frame, recipient, values);
        let named = [
            ("kind", self.kind.as_str().into()),
            ("document", self.document.as_str().into()),
            ("number", number.as_str().into()),
            ("agency", frame.agency.as_str().into()),
            ("title", title.as_str().into()),
            ("date", until.as_str().into()),
        ];
        let say = |key: &str| w.say_with(key, &named);
        let subject = say(match self.expiring {
            true => "expiring-subject",
            false => "offer-mail-subject",
        })?;
        let (heading, open) = (say("offer-title")?, say("offer-mail-open")?);
        let intro = match (said.opening.clone(), self.amends) {
            (Some(opening), _) => opening,
            (None, _) if self.expiring => say("expiring-intro")?,
            (None, None) => say("offer-mail-intro")?,
            (None, Some(amends)) => {
                let values = [("amends", amends.into()), ("title", title.as_str().into())];
                w.say_with("change-mail-intro", &values)?
            }
        };
        let mut panel = self.panel;
        panel.add(w.say("offer-valid-until")?, &until);
        let view = View {
            frame: frame.in_own_words(&said),
            heading,
            intro: vec![intro],
            label: self.label,
            sum: self.total,
            rows: panel.0,
            button: Some((open, self.page_url)),
            outlook: vec![w.say("offer-mail-outlook")?],
        };
        Ok((subject, view))
    }
}

/// Three digits and three, as people read a code out.
fn spaced(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((first, rest)) => format!("{first} {rest}"),
        None => code.to_owned(),
    }
}
