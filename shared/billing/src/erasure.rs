//! Erasing what is personal of a client's contact, and what of it stays because the law wants it.
//!
//! A contact is known by its [`ContactId`], a hash of account and address: so what is erased is found wherever the
//! address stands, and a repetition is the same erasure, without the address being kept for it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::audit::{AuditEntry, By};
use crate::client::Client;
use crate::estimate::{Estimate, SentEstimate};
use crate::ids::{AccountId, ClientId, ContactId, EstimateId, FileId};
use crate::party::EmailAddress;
use crate::portal_access::PortalAccess;
use crate::refusal::{Refusal, RefusalKind};
use crate::thread::{MessageBy, Thread};

/// Stands where an address stood that a record cannot do without. Nothing can be sent there (RFC 2606).
const NOBODY: &str = "erased@erased.invalid";

/// What is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureChapter {
    /// The client's estimates.
    Estimates,
    /// The client's invoices.
    Invoices,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasurePlace {
    /// What is gone through.
    pub chapter: ErasureChapter,
    /// Behind what of it; none at its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl ErasurePlace {
    /// The beginning.
    pub const FIRST: ErasurePlace = ErasurePlace {
        chapter: ErasureChapter::Estimates,
        after: None,
    };

    /// Where it goes on behind a page; none at the end.
    pub fn behind(&self, next: Option<String>) -> Option<Self> {
        match (next, self.chapter) {
            (Some(after), chapter) => Some(Self {
                chapter,
                after: Some(after),
            }),
            (None, ErasureChapter::Estimates) => Some(Self {
                chapter: ErasureChapter::Invoices,
                after: None,
            }),
            (None, ErasureChapter::Invoices) => None,
        }
    }
}

/// What was taken out, and what was met that stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureCounts {
    /// Places among the client's contacts.
    pub contacts: u64,
    /// Authors of messages.
    pub messages: u64,
    /// Mails as they came in.
    pub mails: u64,
    /// Signers of versions that were not accepted.
    pub signers: u64,
    /// Addresses and programs in the audit log.
    pub origins: u64,
    /// Invoices that were issued: they name the client and none of its contacts.
    pub invoices: u64,
    /// Acceptances, with the signatures and whom they were asked of.
    pub acceptances: u64,
    /// Offers and drafts that wait for the contact's signature.
    pub open_estimates: u64,
    /// The last day for which invoices are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoices_until: Option<Date>,
    /// The last day for which acceptances are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptances_until: Option<Date>,
}

impl ErasureCounts {
    /// These and those.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            contacts: self.contacts + more.contacts,
            messages: self.messages + more.messages,
            mails: self.mails + more.mails,
            signers: self.signers + more.signers,
            origins: self.origins + more.origins,
            invoices: self.invoices + more.invoices,
            acceptances: self.acceptances + more.acceptances,
            open_estimates: self.open_estimates + more.open_estimates,
            invoices_until: self.invoices_until.max(more.invoices_until),
            acceptances_until: self.acceptances_until.max(more.acceptances_until),
        }
    }
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ErasureState {
    /// The client itself is seen to; its documents are gone through.
    Running {
        /// Where it goes on.
        place: ErasurePlace,
        /// Gone on with from then on (UTC).
        due_at: Timestamp,
    },
    /// All of it is done.
    Done {
        /// Since when (UTC).
        at: Timestamp,
    },
}

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Whose client.
    pub account_id: AccountId,
    /// The client.
    pub client_id: ClientId,
    /// The contact.
    pub contact_id: ContactId,
    /// Who asked for it last; none where the agency's retention did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<ActorId>,
    /// When (UTC).
    pub requested_at: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: ErasureState,
    /// What it came to so far.
    pub counts: ErasureCounts,
}

/// Why nothing is erased.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErasureRefusal {
    /// Something waits for the contact's signature.
    #[error(
        "this address is asked to sign what is not answered yet: withdraw, change or throw away {} first",
        listed(.estimates)
    )]
    IsSigner {
        /// Which estimates.
        estimates: Vec<EstimateId>,
    },
}

fn listed(estimates: &[EstimateId]) -> String {
    let ids = estimates.iter().map(ToString::to_string);
    ids.collect::<Vec<_>>().join(", ")
}

impl Refusal for ErasureRefusal {
    fn code(&self) -> &'static str {
        "contact_is_signer"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl Erasure {
    /// One that is asked for now: the client's own part is done in the same commit.
    pub fn requested(
        client: &Client,
        contact_id: ContactId,
        by: Option<ActorId>,
        now: Timestamp,
    ) -> Self {
        Self {
            account_id: client.account_id,
            client_id: client.id,
            contact_id,
            requested_by: by,
            requested_at: now,
            state: ErasureState::Running {
                place: ErasurePlace::FIRST,
                due_at: now,
            },
            counts: ErasureCounts::default(),
        }
    }

    /// Where it goes on; none once it is done.
    pub fn place(&self) -> Option<&ErasurePlace> {
        match &self.state {
            ErasureState::Running { place, .. } => Some(place),
            ErasureState::Done { .. } => None,
        }
    }

    /// From when on it is gone on with (UTC); none once it is done.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            ErasureState::Running { due_at, .. } => Some(due_at),
            ErasureState::Done { .. } => None,
        }
    }

    /// The same behind a page.
    #[must_use]
    pub fn went_on(
        self,
        counts: ErasureCounts,
        next: Option<ErasurePlace>,
        now: Timestamp,
    ) -> Self {
        let state = match next {
            Some(place) => ErasureState::Running { place, due_at: now },
            None => ErasureState::Done { at: now },
        };
        Self {
            state,
            counts: self.counts.and(counts),
            ..self
        }
    }

    fn is(&self, email: &EmailAddress) -> bool {
        ContactId::of(self.account_id, email) == self.contact_id
    }

    /// The client without the contact, and how many places that were.
    pub fn of_client(&self, client: Client) -> (Client, u64) {
        let mut client = client;
        let had = client.contacts.len();
        client.contacts.retain(|contact| !self.is(&contact.email));
        client
            .follow_ups
            .bounced
            .retain(|bounced| !self.is(&bounced.email));
        let gone = had - client.contacts.len();
        (client, gone as u64)
    }

    /// A thread without the contact as an author, and the mails that came from there; none where it is no author.
    pub fn of_thread(&self, thread: &Thread) -> Option<ErasedThread> {
        let mut after = thread.clone();
        let mut counts = ErasureCounts::default();
        let mut mails = Vec::new();
        for message in &mut after.messages {
            let MessageBy::Client { email } = &mut message.by else {
                continue;
            };
            if email.as_ref().is_some_and(|email| self.is(email)) {
                *email = None;
                counts.messages += 1;
                if let Some(mail) = message.mail.take() {
                    counts.mails += 1;
                    mails.push(mail.file_id);
                }
            }
        }
        (counts.messages > 0).then_some(ErasedThread {
            thread: after,
            mails,
            counts,
        })
    }

    /// Whether an estimate waits for the contact's signature.
    pub fn waits_in(
        &self,
        estimate: &Estimate,
        sent: Option<&SentEstimate>,
        now: Timestamp,
    ) -> bool {
        let drafted = estimate.draft.as_ref().is_some_and(|draft| {
            let mut signers = draft.content.signers.iter();
            signers.any(|signer| self.is(&signer.email))
        });
        let offered = sent.is_some_and(|sent| {
            let open = estimate.open_offer(sent.version, now).is_ok();
            open && self.signs(sent)
        });
        drafted || offered
    }

    /// Whether the contact was asked to sign a version.
    pub fn signs(&self, sent: &SentEstimate) -> bool {
        sent.signers.iter().any(|signer| self.is(&signer.email))
    }

    /// A version as it was sent, where the contact is a signer of it: nothing is sent there any more. Who signed
    /// it, or was asked to sign what was accepted, is evidence and stays; in what was not, it is taken out.
    pub fn of_sent(&self, sent: &SentEstimate, is_accepted: bool) -> Option<SentEstimate> {
        let mut after = sent.clone();
        for signer in &mut after.signers {
            if !self.is(&signer.email) {
                continue;
            }
            if !after.erased.contains(&signer.id) {
                after.erased.push(signer.id);
            }
            if !is_accepted && let Ok(nobody) = EmailAddress::parse(NOBODY) {
                signer.name = None;
                signer.email = nobody;
            }
        }
        if !is_accepted {
            let named = |email: &EmailAddress| self.is(email);
            after.content.signers.retain(|signer| !named(&signer.email));
        }
        (after != *sent).then_some(after)
    }

    /// How the contact gets in: not any more, wherever it is signed in.
    pub fn of_access(&self, access: PortalAccess) -> PortalAccess {
        let access = access.sign_out();
        PortalAccess {
            email: EmailAddress::parse(NOBODY).unwrap_or(access.email),
            name: None,
            asked: Vec::new(),
            ..access
        }
    }

    /// An entry of the audit log without where a client came from; none where it says nothing of that.
    pub fn of_entry(&self, entry: &AuditEntry) -> Option<AuditEntry> {
        let personal = entry.by == By::Client && entry.from.is_some();
        personal.then(|| AuditEntry {
            from: None,
            ..entry.clone()
        })
    }
}

/// A thread after the erasure of an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedThread {
    /// The thread.
    pub thread: Thread,
    /// The files of mails that are to be forgotten.
    pub mails: Vec<FileId>,
    /// What was taken out.
    pub counts: ErasureCounts,
}
