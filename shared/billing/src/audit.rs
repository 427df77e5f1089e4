//! The audit log: who did what to which document, when and from where, chained by hashes.
//!
//! Each document has a chain of its own: an entry names the hash of the one before it, and what of
//! the document it wrote by the SHA-256 of its content. So nothing in the middle can be changed,
//! left out or put in unseen. A day's heads are chained once more for each account
//! ([`AuditSeal`]), so that a whole chain cannot go either. What is personal, an address and an
//! agent, stands beside the hash and is in it as a salted digest only: taking it out breaks nothing.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::canonical::{ContentHash, NotCanonical, canonical};
use crate::ids::AccountId;

/// Names what is hashed, so that other things with the same fields have other hashes.
const ENTRY_FORMAT: &str = "remit.audit-entry/1";
const SEAL_FORMAT: &str = "remit.audit-seal/1";
/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A member, or a key.
    Actor(ActorId),
    /// Whoever has a client's link.
    Client,
    /// Whoever was invited, with the token of the invitation.
    Invited,
    /// A payment provider, by its signature.
    Provider(String),
    /// Whoever operates the deployment, with the rights of AWS: AWS's own log says who that was.
    Operator,
    /// Remit itself: a schedule, or what follows from an event.
    Remit,
}

/// Where it was done from: personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// What the caller calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Random, in hexadecimal: without it, short texts could be guessed from their digest.
    pub salt: String,
}

impl Provenance {
    /// The digest that is part of an entry's hash.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn digest(&self) -> Result<ContentHash, NotCanonical> {
        Ok(canonical(self)?.hash)
    }
}

/// What was written of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The type of the record.
    pub record: String,
    /// Its place in the document.
    pub place: String,
    /// The version that it has now; none where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The SHA-256 of its content as canonical JSON; none where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<ContentHash>,
}

/// What an entry is made of, before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Whose document.
    pub account_id: AccountId,
    /// Which: its id, or `account`, `team`, `keys`.
    pub document: String,
    /// When (UTC).
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// What was asked for: a route, or the function that did it by itself.
    pub action: String,
    /// What was written of it.
    pub wrote: Vec<Written>,
    /// What became true by it, as on the bus.
    pub facts: Vec<String>,
    /// Where from.
    pub from: Option<Provenance>,
}

/// One entry of a document's chain. It never changes; what is personal can be taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Whose document.
    pub account_id: AccountId,
    /// Which: its id, or `account`, `team`, `keys`.
    pub document: String,
    /// 1, 2, 3 ... without a gap.
    pub sequence: u64,
    /// When (UTC).
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// What was asked for: a route, or the function that did it by itself.
    pub action: String,
    /// What was written of it.
    pub wrote: Vec<Written>,
    /// What became true by it, as on the bus.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Where from, unless that was taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Provenance>,
    /// The digest of where from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_sha256: Option<ContentHash>,
    /// The hash of the entry before; none in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ContentHash>,
    /// The SHA-256 of all this as canonical JSON, but for `from`.
    pub hash: ContentHash,
}

#[derive(Serialize)]
struct HashedEntry<'a> {
    format: &'static str,
    account_id: AccountId,
    document: &'a str,
    sequence: u64,
    at: Timestamp,
    by: &'a By,
    action: &'a str,
    wrote: &'a [Written],
    facts: &'a [String],
    from_sha256: Option<ContentHash>,
    previous: Option<ContentHash>,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is not there.
    #[error("{document}: entry {sequence} is missing")]
    Missing {
        /// Which document.
        document: String,
        /// Which entry.
        sequence: u64,
    },
    /// An entry says something else than when it was made.
    #[error("{document}: entry {sequence} was changed")]
    Changed {
        /// Which document.
        document: String,
        /// Which entry.
        sequence: u64,
    },
    /// An entry does not follow on the one before it.
    #[error("{document}: entry {sequence} does not follow on the one before it")]
    Unlinked {
        /// Which document.
        document: String,
        /// Which entry.
        sequence: u64,
    },
    /// A seal says something else than when it was made, or than the entries of its day.
    #[error("the seal of {day} does not hold")]
    Seal {
        /// Which day.
        day: Date,
    },
    /// A seal does not follow on the one before it.
    #[error("the seal of {day} does not follow on the one before it")]
    SealUnlinked {
        /// Which day.
        day: Date,
    },
}

impl AuditEntry {
    /// The next entry of a chain; the first where nothing is before it.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn after(previous: Option<&AuditEntry>, act: Act) -> Result<Self, NotCanonical> {
        let from_sha256 = act.from.as_ref().map(Provenance::digest).transpose()?;
        let mut entry = Self {
            account_id: act.account_id,
            document: act.document,
            sequence: previous.map_or(1, |previous| previous.sequence.saturating_add(1)),
            at: act.at,
            by: act.by,
            action: act.action,
            wrote: act.wrote,
            facts: act.facts,
            from: act.from,
            from_sha256,
            previous: previous.map(|previous| previous.hash),
            hash: ContentHash::of(&[]),
        };
        entry.hash = entry.reckoned()?;
        Ok(entry)
    }

    fn reckoned(&self) -> Result<ContentHash, NotCanonical> {
        let hashed = HashedEntry {
            format: ENTRY_FORMAT,
            account_id: self.account_id,
            document: &self.document,
            sequence: self.sequence,
            at: self.at,
            by: &self.by,
            action: &self.action,
            wrote: &self.wrote,
            facts: &self.facts,
            from_sha256: self.from_sha256,
            previous: self.previous,
        };
        Ok(canonical(&hashed)?.hash)
    }

    /// Whether it says what it said when it was made.
    fn is_whole(&self) -> bool {
        let from = match &self.from {
            Some(from) => from.digest().ok() == self.from_sha256,
            None => true,
        };
        from && self.reckoned().is_ok_and(|hash| hash == self.hash)
    }
}

/// Checks the whole chain of one document, from its first entry on; its last hash.
///
/// # Errors
/// The first place where it is [`Broken`].
pub fn check_chain(entries: &[AuditEntry]) -> Result<Option<ContentHash>, Broken> {
    let mut previous: Option<&AuditEntry> = None;
    for entry in entries {
        let document = entry.document.clone();
        let sequence = previous.map_or(1, |previous| previous.sequence.saturating_add(1));
        if entry.sequence != sequence {
            return Err(Broken::Missing { document, sequence });
        }
        if !entry.is_whole() {
            return Err(Broken::Changed { document, sequence });
        }
        if entry.previous != previous.map(|previous| previous.hash) {
            return Err(Broken::Unlinked { document, sequence });
        }
        previous = Some(entry);
    }
    Ok(previous.map(|last| last.hash))
}

/// The last entry of a document on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Head {
    /// Which document.
    pub document: String,
    /// Its last entry of the day.
    pub sequence: u64,
    /// That entry's hash, as text: it sorts.
    pub sha256: String,
}

/// The last entries of a day's documents, each once, in the order of the documents.
pub fn heads<'a>(entries: impl IntoIterator<Item = &'a AuditEntry>) -> Vec<Head> {
    let mut heads = std::collections::BTreeMap::<&str, &AuditEntry>::new();
    for entry in entries {
        let head = heads.entry(&entry.document).or_insert(entry);
        if entry.sequence > head.sequence {
            *head = entry;
        }
    }
    heads
        .into_values()
        .map(|entry| Head {
            document: entry.document.clone(),
            sequence: entry.sequence,
            sha256: entry.hash.to_string(),
        })
        .collect()
}

/// What seals a day of an account: all its documents' chains as they ended then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSeal {
    /// Whose.
    pub account_id: AccountId,
    /// The day (UTC).
    pub day: Date,
    /// How many documents something was done to.
    pub documents: u64,
    /// The SHA-256 of their heads as canonical JSON.
    pub heads_sha256: ContentHash,
    /// The hash of the seal before; none in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ContentHash>,
    /// The SHA-256 of all this as canonical JSON, but for when it was sealed.
    pub hash: ContentHash,
    /// When it was sealed (UTC).
    pub sealed_at: Timestamp,
}

#[derive(Serialize)]
struct HashedSeal {
    format: &'static str,
    account_id: AccountId,
    day: Date,
    documents: u64,
    heads_sha256: ContentHash,
    previous: Option<ContentHash>,
}

impl AuditSeal {
    /// Seals a day.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn of(
        account_id: AccountId,
        day: Date,
        heads: &[Head],
        previous: Option<&AuditSeal>,
        now: Timestamp,
    ) -> Result<Self, NotCanonical> {
        let mut seal = Self {
            account_id,
            day,
            documents: u64::try_from(heads.len()).unwrap_or(u64::MAX),
            heads_sha256: canonical(&heads)?.hash,
            previous: previous.map(|previous| previous.hash),
            hash: ContentHash::of(&[]),
            sealed_at: now,
        };
        seal.hash = seal.reckoned()?;
        Ok(seal)
    }

    fn reckoned(&self) -> Result<ContentHash, NotCanonical> {
        let hashed = HashedSeal {
            format: SEAL_FORMAT,
            account_id: self.account_id,
            day: self.day,
            documents: self.documents,
            heads_sha256: self.heads_sha256,
            previous: self.previous,
        };
        Ok(canonical(&hashed)?.hash)
    }
}

/// Checks an account's seals, the first one on, against the entries of each one's day.
///
/// # Errors
/// The first place where they are [`Broken`].
pub fn check_seals<'a>(
    seals: &[AuditSeal],
    entries: impl Iterator<Item = &'a AuditEntry> + Clone,
) -> Result<(), Broken> {
    let mut previous: Option<&AuditSeal> = None;
    for seal in seals {
        let day = seal.day;
        let of_day = entries.clone().filter(|entry| day_of(entry.at) == day);
        let holds = canonical(&heads(of_day)).is_ok_and(|heads| heads.hash == seal.heads_sha256)
            && seal.reckoned().is_ok_and(|hash| hash == seal.hash);
        if !holds {
            return Err(Broken::Seal { day });
        }
        if seal.previous != previous.map(|previous| previous.hash) {
            return Err(Broken::SealUnlinked { day });
        }
        previous = Some(seal);
    }
    Ok(())
}

/// The day that an entry is sealed with (UTC).
pub fn day_of(at: Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(at).date()
}
