//! Answers by mail: the words come into the document's thread, the mail as it came is kept.
//!
//! Who writes for the agency is proved by the address's domain (DMARC, SPF), not by the address that
//! they write to alone: a mail that is passed on takes that along. Nothing is thrown away in silence: what
//! cannot be put into the thread the agency gets as it came.

use std::sync::{Mutex, PoisonError};

use remit_billing::account::{Account, Role};
use remit_billing::actor::ActorId;
use remit_billing::audit::By;
use remit_billing::canonical::ContentHash;
use remit_billing::delivery::{HeldReply, HoldReason};
use remit_billing::file::{File, FileFacts, MediaType};
use remit_billing::ids::{AccountId, FileId, TypedId};
use remit_billing::link::{ReplyAddress, ReplySide};
use remit_billing::member::Roster;
use remit_billing::party::{EmailAddress, Name, Paragraph};
use remit_billing::thread::{MessageBy, ReplyMail, Thread, ThreadRefusal};
use remit_notify::{Incoming, Reply};
use remit_runtime::Objects;
use remit_runtime::permissions::{self, Access};
use remit_runtime::problem::Problem;
use remit_store::audit::acting_as;
use remit_store::{Commit, Versioned, keys};
use uuid::{Builder, Variant, Version};

use crate::facts::Facts;
use crate::load::Batch;
use crate::ports::Ports;
use crate::threads::{self, Subject, Written};

/// What a mail as it came is called as a file, and its media type.
pub const ORIGINAL_NAME: &str = "reply.eml";
/// That of RFC 2046, section 5.2.1.
pub const ORIGINAL_MEDIA_TYPE: &str = "message/rfc822";
/// Who may write by mail may do this by the API.
const WRITES: &str = "POST /v1/threads/{document_id}/messages";

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is in the thread.
    Written,
    /// It was in the thread, or with the agency, before.
    Known,
    /// The agency gets it as it came.
    Held(HoldReason),
    /// A machine answered, or nobody said anything.
    Nothing,
}

/// A mail that came to an address of a document's.
#[derive(Debug, Clone, Copy)]
pub struct Mailed<'a> {
    /// The address.
    pub address: ReplyAddress,
    /// What the mail service says of it.
    pub incoming: &'a Incoming,
    /// What was read in it.
    pub reply: &'a Reply,
    /// As it came.
    pub raw: &'a [u8],
}

/// Takes a mail in. What it changes is logged as its author's.
///
/// # Errors
/// 404 for a document that is gone, 409 for one that its client does not have, 503.
pub async fn take(
    ports: &Ports,
    objects: &dyn Objects,
    mailed: Mailed<'_>,
) -> Result<Taken, Problem> {
    let (address, reply) = (mailed.address, mailed.reply);
    if reply.is_automatic || mailed.incoming.has_no_return_path() {
        return Ok(Taken::Nothing);
    }
    let named = reply.file_names.join(", ");
    let said = Paragraph::fitted(&reply.text).or_else(|| Paragraph::fitted(&named));
    let Some((text, cut)) = said else {
        return Ok(Taken::Nothing);
    };
    let author = reply.from.clone();
    let author = author.filter(|author| mailed.incoming.is_from(author));
    let file = original(ports, address.account_id(), mailed.raw)?;
    let mail = ReplyMail::new(reply.id, file.id, reply.file_names.clone(), cut);
    let known = Known::load(ports, address, &file).await?;
    let by = known.by(address.side(), author.as_ref());
    let logged_as = match &by {
        Some(MessageBy::Agency { by }) => By::Actor(*by),
        Some(MessageBy::Client { .. }) => By::Client,
        Some(MessageBy::Mailbox { .. }) | None => By::Remit,
    };
    let first = &Mutex::new(Some(known));
    let work = ports.perform(async || {
        let read = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let known = match read {
            Some(known) => known,
            None => Known::load(ports, address, &file).await?,
        };
        let before = known.thread.as_ref();
        if before.is_some_and(|thread| thread.value.has_mail(mail.id)) {
            return Ok((Commit::new(), Taken::Known));
        }
        // The bytes first: what is committed is there.
        let key = file.object_key();
        objects.keep(&key, ORIGINAL_MEDIA_TYPE, mailed.raw).await?;
        let why = match by.clone() {
            None => HoldReason::SenderUnknown,
            Some(by) => {
                let words = Written {
                    by,
                    text: text.clone(),
                    mail: Some(mail.clone()),
                };
                match threads::plan(ports, &known.subject, before, words).await? {
                    Ok((commit, _)) if known.has_file => return Ok((commit, Taken::Written)),
                    Ok((commit, _)) => {
                        return Ok((commit.create(&file, Vec::new()), Taken::Written));
                    }
                    Err(ThreadRefusal::Full(_)) => HoldReason::ThreadFull,
                    Err(ThreadRefusal::TooMany) => HoldReason::TooMany,
                }
            }
        };
        if known.has_file {
            return Ok((Commit::new(), Taken::Known));
        }
        let file_id = file.id;
        let facts = Facts::new(ports, file.account_id, ports.now());
        let about = known
            .subject
            .holds(author.as_ref(), HeldReply { file_id, why })?;
        let commit = Commit::new().create(&file, Vec::new());
        let commit = facts.ask_for_mail(commit, known.subject.client_id(), about)?;
        Ok((commit, Taken::Held(why)))
    });
    acting_as(logged_as, work).await
}

/// What is known of a mail's document and of who may write about it.
struct Known {
    subject: Subject,
    account: Account,
    roster: Option<Roster>,
    thread: Option<Versioned<Thread>>,
    has_file: bool,
}

impl Known {
    async fn load(ports: &Ports, address: ReplyAddress, file: &File) -> Result<Self, Problem> {
        let (account_id, document) = (address.account_id(), address.document());
        let wanted = [
            Subject::key(account_id, document)?,
            keys::account(account_id),
            keys::roster(account_id),
            keys::thread(account_id, document),
            keys::file(account_id, file.id),
        ];
        let mut batch = Batch::read(&ports.store, &wanted).await?;
        Ok(Self {
            subject: Subject::taken(ports, &mut batch, document).await?,
            account: batch.need::<Account>()?.value,
            roster: batch.take::<Roster>()?.map(|found| found.value),
            thread: batch.take::<Thread>()?,
            has_file: batch.take::<File>()?.is_some(),
        })
    }

    /// Who writes; none where it is the agency's address and nobody who may write for the agency.
    fn by(&self, side: ReplySide, author: Option<&EmailAddress>) -> Option<MessageBy> {
        let is_author = |known: &EmailAddress| {
            author.is_some_and(|author| known.as_str().eq_ignore_ascii_case(author.as_str()))
        };
        let members = self.roster.iter().flat_map(|roster| &roster.members);
        let mut members = members.filter(|member| member.is_active() && may_write(member.role));
        if let Some(member) = members.find(|member| is_author(&member.email)) {
            let by = ActorId::Member(member.id);
            return Some(MessageBy::Agency { by });
        }
        let email = author.cloned();
        match (is_author(&self.account.email), email, side) {
            (true, Some(email), _) => Some(MessageBy::Mailbox { email }),
            (_, email, ReplySide::Client) => Some(MessageBy::Client { email }),
            (_, _, ReplySide::Agency) => None,
        }
    }
}

fn may_write(role: Role) -> bool {
    matches!(permissions::access(WRITES), Some(Access::Role { least, .. }) if role >= least)
}

/// The mail as a file. Its id follows from its bytes, so that the same mail is the same file.
fn original(ports: &Ports, account_id: AccountId, raw: &[u8]) -> Result<File, Problem> {
    let sha256 = ContentHash::of(raw);
    let (id, _) = sha256
        .as_bytes()
        .split_first_chunk::<16>()
        .ok_or_else(|| Problem::internal("a hash of less than 16 bytes"))?;
    let id = Builder::from_bytes(*id)
        .with_variant(Variant::RFC4122)
        .with_version(Version::Custom)
        .into_uuid();
    let now = ports.now();
    Ok(File {
        account_id,
        id: FileId::from_uuid(id),
        facts: FileFacts {
            name: Name::parse(ORIGINAL_NAME).map_err(Problem::internal)?,
            media_type: MediaType::parse(ORIGINAL_MEDIA_TYPE).map_err(Problem::internal)?,
            bytes: u64::try_from(raw.len()).map_err(Problem::internal)?,
            sha256,
        },
        created_by: None,
        created_at: now,
        stored_at: Some(now),
    })
}
