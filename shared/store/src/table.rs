//! The narrow face of the table: get, get many, query, write.
//!
//! Three things stand behind it: the real table ([`crate::dynamo::DynamoTable`]), an exact model
//! in memory ([`crate::memory::MemoryTable`]), and whatever the simulation wraps around either.
//! One contract suite (`tests/contract.rs`) holds them to the same answers. There is no scan.

use std::collections::HashMap;
use std::fmt;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

pub use crate::query::{Page, Query, Range, Start};

/// An item as the table keeps it.
pub type Item = HashMap<String, AttributeValue>;

/// Most actions in one transaction (DynamoDB quota).
pub const MAX_WRITES: usize = 100;
/// Most keys in one [`Table::get_many`] (BatchGetItem quota).
pub const MAX_KEYS: usize = 100;
/// Largest item in bytes, attribute names included: 400 KB (DynamoDB quota).
pub const MAX_ITEM_BYTES: usize = 400 * 1024;
/// Largest transaction in bytes: 4 MB (DynamoDB quota).
pub const MAX_TRANSACTION_BYTES: usize = 4 * 1024 * 1024;

/// The primary key of an item. Sorts as the table sorts: by the bytes of UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place in it.
    pub sk: String,
}

impl Key {
    /// The key of these parts.
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.pk, self.sk)
    }
}

/// What must be true of the stored item for a write to take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Nothing is stored under the key.
    Absent,
    /// The item is stored at this version.
    Version(u64),
}

/// One action of a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Stores the whole item, replacing what was there.
    Put {
        /// The item, with its key and version.
        item: Item,
        /// The condition.
        expect: Expect,
    },
    /// Changes nothing; the transaction fails unless it holds.
    Check {
        /// The item that is looked at.
        key: Key,
        /// The condition.
        expect: Expect,
    },
    /// Removes an item. For drafts only: nothing that was issued is ever removed.
    Delete {
        /// The item that goes.
        key: Key,
        /// The condition.
        expect: Expect,
    },
}

impl Write {
    /// The key that this action is about.
    ///
    /// # Errors
    /// [`TableError::Rejected`] if an item to put has no text key.
    pub fn key(&self) -> Result<Key, TableError> {
        match self {
            Write::Put { item, .. } => crate::item::key_of(item),
            Write::Check { key, .. } | Write::Delete { key, .. } => Ok(key.clone()),
        }
    }

    /// The condition of this action.
    pub fn expect(&self) -> Expect {
        match self {
            Write::Put { expect, .. }
            | Write::Check { expect, .. }
            | Write::Delete { expect, .. } => *expect,
        }
    }
}

/// A global secondary index. All are sparse and project only keys: an index finds candidates,
/// the primary key decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// Documents of one client.
    ByClient,
    /// Documents of one account by their state.
    ByStatus,
    /// Documents of one account by date.
    ByDate,
    /// What falls due, by shard.
    ByDue,
}

impl Index {
    /// Every index.
    pub const ALL: [Index; 4] = [
        Index::ByClient,
        Index::ByStatus,
        Index::ByDate,
        Index::ByDue,
    ];

    /// The name of the index in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Index::ByClient => "by_client",
            Index::ByStatus => "by_status",
            Index::ByDate => "by_date",
            Index::ByDue => "by_due",
        }
    }

    /// The attribute that holds its partition.
    pub const fn partition_attribute(self) -> &'static str {
        match self {
            Index::ByClient => "client_pk",
            Index::ByStatus => "status_pk",
            Index::ByDate => "date_pk",
            Index::ByDue => "due_pk",
        }
    }

    /// The attribute that holds its sort key.
    pub const fn sort_attribute(self) -> &'static str {
        match self {
            Index::ByClient => "client_sk",
            Index::ByStatus => "status_sk",
            Index::ByDate => "date_sk",
            Index::ByDue => "due_sk",
        }
    }
}

/// The table could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Too many requests, or too many at the same items; already retried for a while.
    #[error("the table is throttled or the items are contended")]
    Throttled,
    /// No answer in time. A write may or may not have taken effect.
    #[error("the table did not answer in time")]
    Timeout,
    /// The table cannot be reached or has a fault. A write may or may not have taken effect.
    #[error("the table is not available: {0}")]
    Unavailable(String),
    /// The request can never succeed as it stands: a bug or a missing permission.
    #[error("the table refused the request: {0}")]
    Rejected(String),
    /// A stored item has a shape that this version of Remit does not know.
    #[error("the stored {record} at {key} cannot be read: {detail}")]
    Corrupt {
        /// The type of record that was expected.
        record: String,
        /// The key of the item.
        key: Key,
        /// What is wrong with it.
        detail: String,
    },
}

impl TableError {
    /// Whether the same request may succeed a little later.
    pub fn retryable(&self) -> bool {
        match self {
            TableError::Throttled | TableError::Timeout | TableError::Unavailable(_) => true,
            TableError::Rejected(_) | TableError::Corrupt { .. } => false,
        }
    }
}

/// A write did not take effect, or it is not known whether it did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A condition did not hold; nothing was written. Load again and decide again.
    #[error("{} condition(s) of the write did not hold", failed.len())]
    Conflict {
        /// Positions in the list of writes, rising.
        failed: Vec<usize>,
    },
    /// The table could not do it.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl WriteError {
    /// Whether the very same write may succeed a little later.
    pub fn retryable(&self) -> bool {
        match self {
            WriteError::Conflict { .. } => false,
            WriteError::Table(error) => error.retryable(),
        }
    }
}

/// The table.
#[async_trait]
pub trait Table: Send + Sync + 'static {
    /// Reads one item, strongly consistent.
    ///
    /// # Errors
    /// [`TableError`], never `Corrupt`.
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError>;

    /// Reads up to [`MAX_KEYS`] items, strongly consistent, in the order of the keys. A key that
    /// stands there twice is answered twice.
    ///
    /// # Errors
    /// [`TableError`], never `Corrupt`.
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError>;

    /// Reads one page of a partition.
    ///
    /// # Errors
    /// [`TableError`], never `Corrupt`.
    async fn query(&self, query: &Query) -> Result<Page, TableError>;

    /// Writes all or nothing. A `token` (at most 36 characters) makes a repetition of the same
    /// transaction within ten minutes a success without effect; a single write has none: after
    /// an answer that was lost it may be answered by a conflict with itself.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] if a condition does not hold; nothing was written then.
    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError>;
}
