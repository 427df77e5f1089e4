//! Questions about a document: one thread for each, which the client and all members see.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::canonical::ContentHash;
use crate::delivery::DocumentId;
use crate::ids::{AccountId, ClientId, FileId, ProjectId};
use crate::numbering::DocumentNumber;
use crate::party::{EmailAddress, Paragraph};
use crate::refusal::{Refusal, RefusalKind};

/// Messages of one thread.
pub const MAX_MESSAGES: usize = 100;
/// Messages of the client's in a day: whoever has the link can write.
pub const ASKED_IN_A_DAY: usize = 10;
/// Attached files of a mail whose names are kept.
const MAX_FILE_NAMES: usize = 20;
/// Characters of such a name.
const MAX_FILE_NAME_CHARS: usize = 120;

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageBy {
    /// Somebody who has the client's link.
    Client {
        /// Whose link it is, where each has its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<EmailAddress>,
    },
    /// A member of the agency, or a key.
    Agency {
        /// Who.
        by: ActorId,
    },
    /// Somebody who writes from the agency's own mailbox.
    Mailbox {
        /// Its address.
        email: EmailAddress,
    },
}

/// The mail that a message came by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyMail {
    /// The SHA-256 of its `Message-ID`: the same mail may come twice.
    pub id: ContentHash,
    /// The mail as it came, kept as a file.
    pub file_id: FileId,
    /// What the files that came with it are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_names: Vec<String>,
    /// Whether its text was longer than a message.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

impl ReplyMail {
    /// What is kept of a mail.
    pub fn new(id: ContentHash, file_id: FileId, file_names: Vec<String>, cut: bool) -> Self {
        let names = file_names.into_iter().take(MAX_FILE_NAMES);
        Self {
            id,
            file_id,
            file_names: names
                .map(|name| name.chars().take(MAX_FILE_NAME_CHARS).collect())
                .collect(),
            cut,
        }
    }

    /// Whether the mail says more than its message.
    pub fn has_more(&self) -> bool {
        self.cut || !self.file_names.is_empty()
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who wrote it.
    #[serde(flatten)]
    pub by: MessageBy,
    /// The line of the invoice that it disputes, or is an answer about, by its place from zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What.
    pub text: Paragraph<2_000>,
    /// The mail that it came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<ReplyMail>,
    /// When (UTC).
    pub at: Timestamp,
}

impl Message {
    /// What somebody writes now.
    pub fn new(by: MessageBy, text: Paragraph<2_000>, at: Timestamp) -> Self {
        Self {
            by,
            line: None,
            text,
            mail: None,
            at,
        }
    }

    /// The same about a line of the invoice, by its place from zero.
    pub fn about_line(self, place: u32) -> Self {
        Self {
            line: Some(place),
            ..self
        }
    }

    /// The same, as it came by mail.
    pub fn by_mail(self, mail: ReplyMail) -> Self {
        Self {
            mail: Some(mail),
            ..self
        }
    }

    /// Whether the client wrote it.
    pub fn is_clients(&self) -> bool {
        matches!(self.by, MessageBy::Client { .. })
    }
}

/// The questions about a document, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Whose.
    pub account_id: AccountId,
    /// About what.
    pub document: DocumentId,
    /// Its number.
    pub number: DocumentNumber,
    /// Whose question it is.
    pub client_id: ClientId,
    /// The projects that the document is of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub project_ids: Vec<ProjectId>,
    /// In their order; there is one at least.
    pub messages: Vec<Message>,
}

/// A thread has as many messages as it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this thread holds {max} messages: write a mail, or give a call")]
pub struct ThreadFull {
    /// How many.
    pub max: usize,
}

impl Refusal for ThreadFull {
    fn code(&self) -> &'static str {
        "thread_full"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why a message is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ThreadRefusal {
    /// It has as many as it holds.
    #[error(transparent)]
    Full(#[from] ThreadFull),
    /// The client wrote too often today. Its page says so.
    #[error("so many messages came from this link today that no more are taken")]
    TooMany,
}

impl Thread {
    /// The thread with a message more.
    ///
    /// # Errors
    /// [`ThreadRefusal`].
    pub fn with(mut self, message: Message) -> Result<Self, ThreadRefusal> {
        let max = MAX_MESSAGES;
        if self.messages.len() >= max {
            return Err(ThreadFull { max }.into());
        }
        if message.is_clients() {
            let since = message.at.checked_sub(24.hours()).unwrap_or(message.at);
            let mut clients = self.messages.iter().filter(|of| of.is_clients());
            if clients.by_ref().filter(|of| of.at > since).count() >= ASKED_IN_A_DAY {
                return Err(ThreadRefusal::TooMany);
            }
        }
        self.messages.push(message);
        Ok(self)
    }

    /// Whether a mail's message is in it.
    pub fn has_mail(&self, id: ContentHash) -> bool {
        let mut mails = self.messages.iter().filter_map(|of| of.mail.as_ref());
        mails.any(|mail| mail.id == id)
    }

    /// Whether the client wrote last.
    pub fn waits(&self) -> bool {
        self.messages.last().is_some_and(Message::is_clients)
    }

    /// The word of the contract for where it stands.
    pub fn state(&self) -> &'static str {
        match self.waits() {
            true => "waiting",
            false => "answered",
        }
    }

    /// When the last message came (UTC).
    pub fn last_at(&self) -> Option<Timestamp> {
        self.messages.last().map(|message| message.at)
    }

    /// The place of the last message.
    pub fn last(&self) -> u32 {
        u32::try_from(self.messages.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// A message by its place.
    pub fn message(&self, place: u32) -> Option<&Message> {
        self.messages.get(usize::try_from(place).ok()?)
    }
}
