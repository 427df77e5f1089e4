//! An exact model of the table in memory: the same answers as DynamoDB to the same requests,
//! deterministic, for the simulation and for tests of use cases.
//!
//! Stricter in one thing: numbers must be integers. Remit writes no others (amounts are texts),
//! and a float that slips into an item is found here. Simulated faults, contention and stale
//! reads of indexes belong to whoever wraps a table, not here.

mod pages;
mod validation;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::item::{self, EXPIRES_AT};
use crate::query::check_query;
use crate::table::{
    Expect, Index, Item, Key, MAX_KEYS, Page, Query, Table, TableError, Write, WriteError,
};

/// How long a request token is remembered (DynamoDB: ten minutes).
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A table in memory.
#[derive(Debug, Default)]
pub struct MemoryTable {
    state: Mutex<State>,
}

/// A record of the stream: both images of one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Rising from 1 in the order of the changes.
    pub sequence: u64,
    /// The key of the item.
    pub key: Key,
    /// The item before; none if it is new.
    pub old: Option<Item>,
    /// The item after; none if it was removed.
    pub new: Option<Item>,
}

/// One partition: items by sort key.
type Partition = BTreeMap<String, Item>;
/// One partition of an index: index sort key and primary key.
type IndexPartition = BTreeSet<(String, Key)>;

#[derive(Debug, Default)]
struct State {
    partitions: BTreeMap<String, Partition>,
    indexes: BTreeMap<(Index, String), IndexPartition>,
    changes: Vec<Change>,
    sequence: u64,
    tokens: BTreeMap<String, (Timestamp, Vec<Write>)>,
    now: Timestamp,
}

impl MemoryTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the table what time it is: request tokens older than ten minutes are forgotten.
    /// Nothing expires by this; see [`MemoryTable::remove_expired`].
    pub fn advance_to(&self, now: Timestamp) {
        let mut state = self.state();
        state.now = now;
        state
            .tokens
            .retain(|_, (since, _)| now.duration_since(*since) < TOKEN_LIFE);
    }

    /// Takes the changes since the last call, in order, as the stream delivers them.
    pub fn drain_changes(&self) -> Vec<Change> {
        std::mem::take(&mut self.state().changes)
    }

    /// Removes the items whose `expires_at` lies before `now`, as DynamoDB does at some time
    /// within two days. Answers how many.
    pub fn remove_expired(&self, now: Timestamp) -> usize {
        let mut state = self.state();
        let expired = |item: &&Item| {
            let at = item.get(EXPIRES_AT).and_then(|at| at.as_n().ok());
            at.and_then(|at| at.parse::<i64>().ok())
                .is_some_and(|at| at < now.as_second())
        };
        let all = state.partitions.values().flat_map(BTreeMap::values);
        let keys = all
            .filter(expired)
            .filter_map(|item| item::key_of(item).ok());
        let keys: Vec<Key> = keys.collect();
        for key in &keys {
            state.store(key, None);
        }
        keys.len()
    }

    /// Every item in the order of its key: for checks of what must hold for all.
    pub fn items(&self) -> Vec<Item> {
        let state = self.state();
        let all = state.partitions.values().flat_map(BTreeMap::values);
        all.cloned().collect()
    }

    /// How many items are stored.
    pub fn len(&self) -> usize {
        self.state().partitions.values().map(BTreeMap::len).sum()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A panic elsewhere cannot leave the state half changed: changes do not panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn item(&self, key: &Key) -> Option<&Item> {
        self.partitions.get(&key.pk)?.get(&key.sk)
    }

    fn holds(&self, key: &Key, expect: Expect) -> bool {
        let stored = self.item(key);
        match expect {
            Expect::Absent => stored.is_none(),
            Expect::Version(version) => stored.and_then(item::version_of) == Some(version),
        }
    }

    fn write(&mut self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let keys = validation::check_writes(writes)?;
        // A single write is a PutItem or DeleteItem, which take no token.
        let token = token.filter(|_| writes.len() > 1);
        if let Some((_, before)) = token.and_then(|token| self.tokens.get(token)) {
            if before == writes {
                return Ok(());
            }
            let reused = "the request token was used for another transaction".to_owned();
            return Err(TableError::Rejected(reused).into());
        }
        let expects = writes.iter().map(Write::expect);
        let failed: Vec<usize> = keys
            .iter()
            .zip(expects)
            .enumerate()
            .filter(|(_, (key, expect))| !self.holds(key, *expect))
            .map(|(position, _)| position)
            .collect();
        if !failed.is_empty() {
            return Err(WriteError::Conflict { failed });
        }
        for (write, key) in writes.iter().zip(&keys) {
            match write {
                Write::Put { item, .. } => self.store(key, Some(item.clone())),
                Write::Delete { .. } => self.store(key, None),
                Write::Check { .. } => {}
            }
        }
        if let Some(token) = token {
            let entry = (self.now, writes.to_vec());
            self.tokens.insert(token.to_owned(), entry);
        }
        Ok(())
    }

    /// Puts or removes one item, with its places in the indexes and its record in the stream.
    fn store(&mut self, key: &Key, new: Option<Item>) {
        let partition = self.partitions.entry(key.pk.clone()).or_default();
        let old = match &new {
            Some(item) => partition.insert(key.sk.clone(), item.clone()),
            None => partition.remove(&key.sk),
        };
        if partition.is_empty() {
            self.partitions.remove(&key.pk);
        }
        // As in DynamoDB, what changes nothing leaves no record.
        if old == new {
            return;
        }
        for index in Index::ALL {
            let before = old.as_ref().and_then(|item| place(item, index));
            let after = new.as_ref().and_then(|item| place(item, index));
            if before == after {
                continue;
            }
            if let Some((partition, sort)) = before {
                let entries = self.indexes.entry((index, partition)).or_default();
                entries.remove(&(sort, key.clone()));
            }
            if let Some((partition, sort)) = after {
                let entries = self.indexes.entry((index, partition)).or_default();
                entries.insert((sort, key.clone()));
            }
        }
        self.sequence += 1;
        self.changes.push(Change {
            sequence: self.sequence,
            key: key.clone(),
            old,
            new,
        });
    }
}

/// Where an item stands in an index, if it does.
fn place(item: &Item, index: Index) -> Option<(String, String)> {
    let partition = item::text(item, index.partition_attribute())?;
    let sort = item::text(item, index.sort_attribute())?;
    Some((partition.to_owned(), sort.to_owned()))
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        item::check_key(key)?;
        Ok(self.state().item(key).cloned())
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        if keys.len() > MAX_KEYS {
            let count = keys.len();
            return Err(TableError::Rejected(format!(
                "{count} keys, {MAX_KEYS} are allowed"
            )));
        }
        keys.iter().try_for_each(item::check_key)?;
        let state = self.state();
        Ok(keys.iter().map(|key| state.item(key).cloned()).collect())
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        check_query(query)?;
        let state = self.state();
        Ok(match query.index {
            None => pages::of_table(state.partitions.get(&query.partition), query),
            Some(index) => {
                let partition = (index, query.partition.clone());
                pages::of_index(state.indexes.get(&partition), index, query)
            }
        })
    }

    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        self.state().write(writes, token)
    }
}
