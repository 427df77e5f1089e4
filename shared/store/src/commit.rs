//! A commit: everything that one use case writes, all or nothing.

use remit_billing::audit::Written;
use remit_billing::event::Event;

use crate::audit::{self, Audited};
use crate::item;
use crate::record::{Record, Versioned, to_item};
use crate::table::{
    Expect, Key, MAX_ITEM_BYTES, MAX_TRANSACTION_BYTES, MAX_WRITES, TableError, Write, WriteError,
};

/// Most characters of a request token (DynamoDB quota).
pub const MAX_TOKEN_CHARACTERS: usize = 36;

/// What one use case writes. Creates, replaces at a version, checks, removes drafts; states
/// events in the very items whose change they are.
///
/// A fault in what is added is kept and answered by [`crate::store::Store::commit`], so that
/// additions can be chained.
#[derive(Debug, Clone, Default)]
#[must_use = "a commit does nothing before the store commits it"]
pub struct Commit {
    writes: Vec<Write>,
    keys: Vec<Key>,
    audited: Vec<Audited>,
    token: Option<String>,
    fault: Option<InvalidCommit>,
}

/// A commit that keeps all limits.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedCommit {
    /// What is written, in order.
    pub writes: Vec<Write>,
    /// The key of each write.
    pub keys: Vec<Key>,
    /// What makes a repetition harmless.
    pub token: Option<String>,
}

/// A commit that could never succeed: a bug in the use case, or a document that is too large.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCommit {
    /// It writes nothing.
    #[error("the commit is empty")]
    Empty,
    /// More actions than a transaction may have.
    #[error("the commit has {count} writes, {MAX_WRITES} are allowed")]
    TooManyWrites {
        /// Actions in the commit.
        count: usize,
    },
    /// The same item twice.
    #[error("the commit writes {key} twice")]
    SameItemTwice {
        /// The key of the item.
        key: Key,
    },
    /// A replacement that is stored elsewhere than what it replaces.
    #[error("the replacement of {old} would be stored at {new}")]
    KeyChanged {
        /// The key that was read.
        old: Key,
        /// The key of the replacement.
        new: Key,
    },
    /// A record has a field whose name belongs to the store.
    #[error("the field {attribute} of {record} has a name that belongs to the store")]
    ReservedAttribute {
        /// The type of the record.
        record: &'static str,
        /// The name.
        attribute: &'static str,
    },
    /// A record cannot be written as an item.
    #[error("the {record} cannot be written: {detail}")]
    Unwritable {
        /// The type of the record.
        record: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// An item above 400 KB.
    #[error("{key} has {bytes} bytes, {MAX_ITEM_BYTES} are allowed")]
    ItemTooLarge {
        /// The key of the item.
        key: Key,
        /// Its size.
        bytes: usize,
    },
    /// All items together above 4 MB.
    #[error("the commit has {bytes} bytes, {MAX_TRANSACTION_BYTES} are allowed")]
    CommitTooLarge {
        /// The size of all items.
        bytes: usize,
    },
    /// A token that is empty or longer than [`MAX_TOKEN_CHARACTERS`].
    #[error("the token of the commit must have 1 to {MAX_TOKEN_CHARACTERS} characters")]
    BadToken,
}

/// A commit did not take effect, or it is not known whether it did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Somebody else was first; nothing was written. Load again and decide again.
    #[error("{} item(s) of the commit were changed by somebody else", keys.len())]
    Conflict {
        /// The items whose condition did not hold, in the order of the commit.
        keys: Vec<Key>,
    },
    /// The table could not do it.
    #[error(transparent)]
    Table(#[from] TableError),
    /// It could never succeed.
    #[error(transparent)]
    Invalid(#[from] InvalidCommit),
}

impl CommitError {
    /// Whether the very same commit may succeed a little later.
    pub fn retryable(&self) -> bool {
        match self {
            CommitError::Conflict { .. } | CommitError::Invalid(_) => false,
            CommitError::Table(error) => error.retryable(),
        }
    }

    /// Whether the condition of this item did not hold.
    pub fn conflicts_at(&self, key: &Key) -> bool {
        match self {
            CommitError::Conflict { keys } => keys.contains(key),
            CommitError::Table(_) | CommitError::Invalid(_) => false,
        }
    }
}

impl Commit {
    /// An empty commit.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores a new record, at version 1; a conflict if there is one already.
    pub fn create<T: Record>(self, record: &T, events: Vec<Event>) -> Self {
        self.put(record, 1, Expect::Absent, &events)
    }

    /// Stores `new` in the place of `old`, if that is still at the version that was read.
    pub fn replace<Old: Record, New: Record>(
        mut self,
        old: &Versioned<Old>,
        new: &New,
        events: Vec<Event>,
    ) -> Self {
        let (old_key, new_key) = (old.value.key(), new.key());
        if old_key != new_key {
            self.fail(InvalidCommit::KeyChanged {
                old: old_key,
                new: new_key,
            });
            return self;
        }
        // 2^64 writes of one item do not happen; a stored u64::MAX would be a forgery.
        let version = old.version.saturating_add(1);
        self.put(new, version, Expect::Version(old.version), &events)
    }

    /// Goes through only if the record is still at the version that was read.
    pub fn check<T: Record>(self, record: &Versioned<T>) -> Self {
        let key = record.value.key();
        let expect = Expect::Version(record.version);
        self.push(key.clone(), Write::Check { key, expect })
    }

    /// Goes through only if nothing is stored there.
    pub fn check_absent(self, key: Key) -> Self {
        let expect = Expect::Absent;
        self.push(key.clone(), Write::Check { key, expect })
    }

    /// Removes a record, if it is still at the version that was read. For drafts only.
    pub fn delete<T: Record>(mut self, record: &Versioned<T>) -> Self {
        let key = record.value.key();
        if T::AUDITED {
            self.audited.push(Audited {
                partition: key.pk.clone(),
                written: Written {
                    record: T::TYPE.to_owned(),
                    place: key.sk.clone(),
                    version: None,
                    sha256: None,
                },
                facts: Vec::new(),
            });
        }
        let expect = Expect::Version(record.version);
        self.push(key.clone(), Write::Delete { key, expect })
    }

    /// Makes a repetition of this commit within ten minutes a success without effect. Counts only
    /// for commits of more than one write.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        if token.is_empty() || token.chars().count() > MAX_TOKEN_CHARACTERS {
            self.fail(InvalidCommit::BadToken);
        }
        self.token = Some(token);
        self
    }

    /// How many writes it has.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// The keys of its writes, in order.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Everything of another commit behind this one's; the token of this one stays.
    pub fn and(mut self, other: Commit) -> Self {
        if let Some(fault) = other.fault {
            self.fail(fault);
        }
        self.writes.extend(other.writes);
        self.keys.extend(other.keys);
        self.audited.extend(other.audited);
        self.token = self.token.or(other.token);
        self
    }

    /// What it writes of audited records: from then on it writes nothing of them.
    pub(crate) fn take_audited(&mut self) -> Vec<Audited> {
        std::mem::take(&mut self.audited)
    }

    /// The commit as the table takes it, if it keeps all limits.
    ///
    /// # Errors
    /// [`InvalidCommit`] for the first rule that it breaks.
    pub fn checked(self) -> Result<CheckedCommit, InvalidCommit> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        check_limits(&self.writes, &self.keys)?;
        Ok(CheckedCommit {
            writes: self.writes,
            keys: self.keys,
            token: self.token,
        })
    }

    fn put<T: Record>(
        mut self,
        record: &T,
        version: u64,
        expect: Expect,
        events: &[Event],
    ) -> Self {
        let key = record.key();
        if T::AUDITED {
            match audit::written(record, &key, version) {
                Ok(written) => self.audited.push(Audited {
                    partition: key.pk.clone(),
                    written,
                    facts: events.iter().map(|event| event.kind.to_string()).collect(),
                }),
                Err(fault) => self.fail(fault),
            }
        }
        match to_item(record, version, events) {
            Ok(item) => self.push(key, Write::Put { item, expect }),
            Err(fault) => {
                self.fail(fault);
                self
            }
        }
    }

    fn push(mut self, key: Key, write: Write) -> Self {
        self.keys.push(key);
        self.writes.push(write);
        self
    }

    /// The first fault is the one that is told.
    fn fail(&mut self, fault: InvalidCommit) {
        self.fault.get_or_insert(fault);
    }
}

fn check_limits(writes: &[Write], keys: &[Key]) -> Result<(), InvalidCommit> {
    if writes.is_empty() {
        return Err(InvalidCommit::Empty);
    }
    if writes.len() > MAX_WRITES {
        return Err(InvalidCommit::TooManyWrites {
            count: writes.len(),
        });
    }
    let mut sorted: Vec<&Key> = keys.iter().collect();
    sorted.sort_unstable();
    if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        let key = twice[0].clone();
        return Err(InvalidCommit::SameItemTwice { key });
    }
    let mut total_bytes = 0;
    for (write, key) in writes.iter().zip(keys) {
        let Write::Put { item, .. } = write else {
            continue;
        };
        let bytes = item::size_bytes(item);
        if bytes > MAX_ITEM_BYTES {
            let key = key.clone();
            return Err(InvalidCommit::ItemTooLarge { key, bytes });
        }
        total_bytes += bytes;
    }
    if total_bytes > MAX_TRANSACTION_BYTES {
        return Err(InvalidCommit::CommitTooLarge { bytes: total_bytes });
    }
    Ok(())
}

/// Names the items of a failed write.
pub(crate) fn commit_error(error: WriteError, keys: &[Key]) -> CommitError {
    match error {
        WriteError::Conflict { failed } => CommitError::Conflict {
            keys: failed
                .into_iter()
                .filter_map(|position| keys.get(position).cloned())
                .collect(),
        },
        WriteError::Table(error) => CommitError::Table(error),
    }
}
