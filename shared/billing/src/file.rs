//! Files that the agency keeps beside its documents: a signed contract, a purchase order, a receipt.
//!
//! A file is announced with its size and SHA-256 before its bytes come. What is stored under its id
//! has exactly those, and never changes.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::canonical::ContentHash;
use crate::fault::Fault;
use crate::ids::{AccountId, FileId};
use crate::party::Name;
use crate::refusal::{Refusal, RefusalKind};

/// Bytes of one file.
pub const MAX_FILE_BYTES: u64 = 10_000_000;
/// Days for which a file that was announced and never came is kept in mind.
const WAITS_DAYS: i64 = 2;

/// A media type such as `application/pdf`, without parameters (RFC 6838, section 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaType(String);

impl MediaType {
    /// Reads one.
    ///
    /// # Errors
    /// [`Fault::BadMediaType`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let is_name = |name: &str| {
            (1..=63).contains(&name.len())
                && name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        match text.split_once('/') {
            Some((kind, name)) if is_name(kind) && is_name(name) => Ok(Self(text.to_owned())),
            _ => Err(Fault::BadMediaType),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MediaType {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<MediaType> for String {
    fn from(media_type: MediaType) -> Self {
        media_type.0
    }
}

/// What a file is said to be before it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// What it is called.
    pub name: Name,
    /// What kind of file it is.
    pub media_type: MediaType,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: ContentHash,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: FileId,
    /// What it is.
    #[serde(flatten)]
    pub facts: FileFacts,
    /// Who brought it; none where it is a mail that came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<ActorId>,
    /// When it was announced (UTC).
    pub created_at: Timestamp,
    /// When it was found stored (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_at: Option<Timestamp>,
}

/// What is stored of a file, as the store says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredBytes {
    /// How many.
    pub bytes: u64,
    /// Their SHA-256, as it was reckoned when they came.
    pub sha256: Option<ContentHash>,
}

/// Why a file is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileRefusal {
    /// Its bytes did not come yet.
    #[error("the bytes of this file did not come yet: put them to its upload address first")]
    Missing,
    /// Other bytes came.
    #[error("what came is not what was announced: {bytes} bytes, and another SHA-256 or none")]
    Differs {
        /// How many came.
        bytes: u64,
    },
}

impl Refusal for FileRefusal {
    fn code(&self) -> &'static str {
        match self {
            FileRefusal::Missing => "file_missing",
            FileRefusal::Differs { .. } => "file_differs",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl File {
    /// The bytes of one file in the bucket.
    pub fn object_key_of(account_id: AccountId, id: FileId) -> String {
        format!("{account_id}/{id}")
    }

    /// The name of its bytes in the bucket.
    pub fn object_key(&self) -> String {
        Self::object_key_of(self.account_id, self.id)
    }

    /// When it is forgotten unless its bytes come (UTC).
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.stored_at {
            Some(_) => None,
            None => self.created_at.checked_add((WAITS_DAYS * 24).hours()).ok(),
        }
    }

    /// The file once its bytes are there; it stays as it is where they were before.
    ///
    /// # Errors
    /// [`FileRefusal`]: nothing came, or something else.
    pub fn stored(
        mut self,
        found: Option<StoredBytes>,
        now: Timestamp,
    ) -> Result<Self, FileRefusal> {
        let found = found.ok_or(FileRefusal::Missing)?;
        let same = found.bytes == self.facts.bytes && found.sha256 == Some(self.facts.sha256);
        if !same {
            let bytes = found.bytes;
            return Err(FileRefusal::Differs { bytes });
        }
        self.stored_at = self.stored_at.or(Some(now));
        Ok(self)
    }

    /// Whether it can be used.
    ///
    /// # Errors
    /// [`FileRefusal::Missing`].
    pub fn check_stored(&self) -> Result<(), FileRefusal> {
        self.stored_at.map(|_| ()).ok_or(FileRefusal::Missing)
    }
}
