//! Questions about a document: the mails, and how a page shows them.

use remit_billing::delivery::HoldReason;
use remit_billing::ids::FileId;
use remit_billing::party::{EmailAddress, ZoneName};
use remit_billing::thread::{Message, Thread};

use crate::RenderError;
use crate::agency::Agency;
use crate::locale::{LocaleError, Words};
use crate::mail::frame::{Frame, Panel};
use crate::mail::subject::one_line;
use crate::offered::View;

/// What a mail about a message says beside it.
pub(crate) struct Told<'w> {
    pub w: &'w Words,
    pub sender: Agency,
    /// Who reads, where that is the client.
    pub reader: Option<String>,
    pub client: String,
    /// The word for the document, as a heading and within a sentence.
    pub kind: String,
    pub document: String,
    pub number: String,
    pub about: Option<String>,
    /// The line that the message is about.
    pub line: Option<String>,
    /// The mail that is attached as it came, and what the files in it are called.
    pub original: Option<(FileId, Vec<String>)>,
}

/// The mail that a message came by, where that says more than the message.
pub(crate) fn original(message: Option<&Message>) -> Option<(FileId, Vec<String>)> {
    let mail = message?.mail.as_ref().filter(|mail| mail.has_more())?;
    Some((mail.file_id, mail.file_names.clone()))
}

impl Told<'_> {
    fn say(&self, key: &str) -> Result<String, LocaleError> {
        let values = [
            ("client", self.client.as_str().into()),
            ("agency", one_line(&self.sender.name).into()),
            ("document", self.document.as_str().into()),
            ("number", one_line(&self.number).into()),
        ];
        self.w.say_with(key, &values)
    }

    fn view<'o>(
        &self,
        heading: String,
        intro: Vec<String>,
        frame: Frame,
    ) -> Result<View<'o>, LocaleError> {
        let mut panel = Panel::default();
        if let Some(about) = &self.about {
            panel.add(self.w.say("mail-about")?, about);
        }
        if let Some(line) = &self.line {
            panel.add(self.w.say("dispute-line")?, line);
        }
        if let Some((file_id, names)) = &self.original {
            if !names.is_empty() {
                panel.add(self.w.say("question-files")?, names.join(", "));
            }
            let original = self
                .w
                .say1("question-original", "file", file_id.to_string())?;
            panel.add(self.w.say("question-mail")?, original);
        }
        Ok(View {
            frame,
            heading,
            intro,
            label: self.kind.clone(),
            sum: self.number.clone(),
            rows: panel.0,
            button: None,
            outlook: Vec::new(),
        })
    }

    /// To the agency: its client asks. The subject, and the rest.
    pub(crate) fn question<'o>(
        &self,
        message: &Message,
    ) -> Result<(String, View<'o>), RenderError> {
        let mut frame = Frame::plain(self.w, &self.sender, None)?;
        frame.questions = self.w.say("answered-reply")?;
        frame.particulars.clear();
        let [subject, intro, outlook] = match (message.line, &message.mail) {
            (Some(_), _) => ["dispute-subject", "dispute-intro", "dispute-outlook"],
            (None, None) => ["question-subject", "question-intro", "question-outlook"],
            (None, Some(_)) => ["reply-subject", "reply-intro", "question-outlook"],
        };
        let subject = self.say(subject)?;
        let intro = vec![self.say(intro)?, message.text.to_string()];
        let mut view = self.view(subject.clone(), intro, frame)?;
        view.outlook = vec![self.w.say(outlook)?];
        Ok((subject, view))
    }

    /// To the agency: a reply came that is not in the thread. The subject, and the rest.
    pub(crate) fn held<'o>(&self, why: HoldReason) -> Result<(String, View<'o>), RenderError> {
        let mut frame = Frame::plain(self.w, &self.sender, None)?;
        frame.questions = self.w.say("answered-reply")?;
        frame.particulars.clear();
        let intro = match why {
            HoldReason::SenderUnknown => "held-sender-unknown",
            HoldReason::ThreadFull => "held-thread-full",
            HoldReason::TooMany => "held-too-many",
        };
        let subject = self.say("held-subject")?;
        let intro = vec![self.say("held-intro")?, self.say(intro)?];
        let mut view = self.view(subject.clone(), intro, frame)?;
        view.outlook = vec![self.say("held-outlook")?];
        Ok((subject, view))
    }

    /// To the agency: a mail about it came back for good. The subject, and the rest.
    pub(crate) fn returned<'o>(
        &self,
        addresses: &[EmailAddress],
    ) -> Result<(String, View<'o>), RenderError> {
        let mut frame = Frame::of(self.w, &self.sender, None)?;
        frame.questions = self.w.say("answered-reply")?;
        frame.particulars.clear();
        let intro = vec![self.say("returned-intro")?];
        let mut view = self.view(self.w.say("returned-heading")?, intro, frame)?;
        let addresses = addresses.iter().map(ToString::to_string);
        let addresses: Vec<String> = addresses.collect();
        if !addresses.is_empty() {
            let mut panel = Panel::default();
            panel.add(self.w.say("returned-address")?, addresses.join(", "));
            view.rows.extend(panel.0);
        }
        view.outlook = vec![self.say("returned-outlook")?];
        Ok((self.say("returned-subject")?, view))
    }

    /// To the client: the agency answers. The subject, and the rest.
    pub(crate) fn answer<'o>(
        &self,
        message: &Message,
        page_url: &'o str,
    ) -> Result<(String, View<'o>), RenderError> {
        let frame = Frame::plain(self.w, &self.sender, self.reader.as_deref())?;
        let intro = vec![self.say("answer-intro")?, message.text.to_string()];
        let mut view = self.view(self.say("answer-heading")?, intro, frame)?;
        view.button = Some((self.w.say("answer-open")?, page_url));
        Ok((self.say("answer-subject")?, view))
    }
}

/// What only the portal knows of the questions on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionForm {
    /// Where the form is posted.
    pub action: String,
    /// Makes each page's form its own, and the proof that binds it to the page.
    pub with: String,
}

/// The questions on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions {
    /// What was asked and answered, in its order.
    pub messages: Vec<ShownMessage>,
    /// The form, while more can be asked.
    pub form: Option<QuestionForm>,
}

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownMessage {
    /// Who wrote it.
    pub by: String,
    /// When.
    pub when: String,
    /// The line that it is about.
    pub about: Option<String>,
    /// What.
    pub text: String,
}

impl Questions {
    /// A thread as the client reads it.
    pub(crate) fn of(
        w: &Words,
        thread: Option<&Thread>,
        form: Option<QuestionForm>,
        agency: &str,
        zone: &ZoneName,
        line: impl Fn(u32) -> Option<String>,
    ) -> Result<Self, LocaleError> {
        let messages = thread.iter().flat_map(|thread| &thread.messages);
        let messages = messages.map(|message| {
            Ok(ShownMessage {
                by: match message.is_clients() {
                    true => w.say("question-you")?,
                    false => agency.to_owned(),
                },
                when: w.date(zone.date_of(message.at))?,
                about: message.line.and_then(&line),
                text: message.text.to_string(),
            })
        });
        Ok(Self {
            messages: messages.collect::<Result<_, LocaleError>>()?,
            form,
        })
    }
}
