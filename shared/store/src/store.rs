//! The typed face of the table: `get`, `query`, `commit`.

use std::sync::Arc;

use crate::audit;
use crate::commit::{Commit, CommitError, commit_error};
use crate::item;
use crate::record::{Record, Versioned, from_item};
use crate::table::{Item, Key, MAX_KEYS, Query, Start, Table, TableError, Write};

/// Ids that a line of the log names: blocks of many bills have more.
const TOLD_MAX: usize = 24;
/// The id of a contact is a hash of an address: who knows the address would find the person.
const UNTOLD: &str = "con";

/// Records behind a [`Table`].
#[derive(Clone)]
pub struct Store {
    table: Arc<dyn Table>,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Records<T> {
    /// The records in the order of the query.
    pub records: Vec<Versioned<T>>,
    /// Where to go on; none if nothing follows.
    pub next: Option<Start>,
}

/// A page of whole items, for partitions that hold several types.
#[derive(Debug, Clone, PartialEq)]
pub struct Items {
    /// The items in the order of the query.
    pub items: Vec<Item>,
    /// Where to go on; none if nothing follows.
    pub next: Option<Start>,
}

/// A page of what an index found, by its keys alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Each key with its place in the index, in the order of the query.
    pub found: Vec<(Key, String)>,
    /// Where to go on; none if nothing follows.
    pub next: Option<Start>,
}

/// A page of whole items, each with one that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    /// The items in the order of the query.
    pub items: Vec<(Item, Option<Item>)>,
    /// Where to go on; none if nothing follows.
    pub next: Option<Start>,
}

impl Store {
    /// The records of this table.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }

    /// The table behind it.
    pub fn table(&self) -> &Arc<dyn Table> {
        &self.table
    }

    /// Reads one record, strongly consistent.
    ///
    /// # Errors
    /// [`TableError`]; `Corrupt` if something else is stored there.
    pub async fn get<T: Record>(&self, key: &Key) -> Result<Option<Versioned<T>>, TableError> {
        self.table.get(key).await?.map(from_item).transpose()
    }

    /// Reads records of one type, strongly consistent, in the order of the keys.
    ///
    /// # Errors
    /// [`TableError`]; `Corrupt` if something else is stored there.
    pub async fn get_many<T: Record>(
        &self,
        keys: &[Key],
    ) -> Result<Vec<Option<Versioned<T>>>, TableError> {
        let items = self.get_many_items(keys).await?;
        let read = |item: Option<Item>| item.map(from_item).transpose();
        items.into_iter().map(read).collect()
    }

    /// Reads items of any types, strongly consistent, in the order of the keys, in requests of
    /// [`MAX_KEYS`]. Read them with [`from_item`].
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn get_many_items(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        let mut items = Vec::with_capacity(keys.len());
        for part in keys.chunks(MAX_KEYS) {
            items.append(&mut self.table.get_many(part).await?);
        }
        Ok(items)
    }

    /// Reads a page of records of one type. See [`Store::query_items`].
    ///
    /// # Errors
    /// [`TableError`]; `Corrupt` if the range holds a record of another type.
    pub async fn query<T: Record>(&self, query: &Query) -> Result<Records<T>, TableError> {
        let page = self.query_items(query).await?;
        let records = page.items.into_iter().map(from_item);
        Ok(Records {
            records: records.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    /// Reads a page of whole items. Behind an index the items themselves are loaded, strongly
    /// consistent; candidates that are gone, or are no longer in this range of the index, are left
    /// out, so a page may be shorter than its limit and still have a next one.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn query_items(&self, query: &Query) -> Result<Items, TableError> {
        if query.index.is_none() {
            let (items, next) = self.candidates(query).await?;
            return Ok(Items { items, next });
        }
        let found = self.query_with(query, |_| None).await?;
        let items = found.items.into_iter().map(|(item, _)| item).collect();
        Ok(Items {
            items,
            next: found.next,
        })
    }

    /// Reads a page behind an index as [`Store::query_items`] does and, in the same request, for
    /// each item one that belongs to it, if there is one.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn query_with(
        &self,
        query: &Query,
        beside: impl Fn(&Key) -> Option<Key>,
    ) -> Result<Pairs, TableError> {
        let (found, next) = self.candidates(query).await?;
        let keys = found.iter().map(item::key_of);
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let others: Vec<Option<Key>> = keys.iter().map(beside).collect();
        let all: Vec<Key> = keys
            .into_iter()
            .chain(others.iter().flatten().cloned())
            .collect();
        let mut loaded = self.get_many_items(&all).await?;
        let mut besides = loaded.split_off(others.len()).into_iter();
        let pairs = loaded.into_iter().zip(others).map(|(item, other)| {
            let other = other.and_then(|_| besides.next().flatten());
            item.map(|item| (item, other))
        });
        let pairs: Vec<_> = pairs.collect();
        let still_there = |item: &Item| {
            query.index.is_none_or(|index| {
                item::text(item, index.partition_attribute()) == Some(query.partition.as_str())
                    && item::text(item, index.sort_attribute())
                        .is_some_and(|sort| query.range.contains(sort))
            })
        };
        let items = pairs.into_iter().flatten();
        Ok(Pairs {
            items: items.filter(|(item, _)| still_there(item)).collect(),
            next,
        })
    }

    /// Reads a page of keys behind an index, and not the items: a thousand of them are what a handful of
    /// items is. Each may be gone by now; who acts on one reads its item first.
    ///
    /// # Errors
    /// [`TableError`]; `Rejected` for a query of the table itself.
    pub async fn query_keys(&self, query: &Query) -> Result<Keys, TableError> {
        let index = query
            .index
            .ok_or_else(|| TableError::Rejected("keys are read behind an index only".to_owned()))?;
        let (items, next) = self.candidates(query).await?;
        let found = items.iter().map(|item| {
            let key = item::key_of(item)?;
            // It is in the index by this very attribute.
            let sort = item::text(item, index.sort_attribute()).unwrap_or_default();
            Ok((key, sort.to_owned()))
        });
        Ok(Keys {
            found: found.collect::<Result<_, TableError>>()?,
            next,
        })
    }

    /// What a query finds, and where to go on.
    async fn candidates(&self, query: &Query) -> Result<(Vec<Item>, Option<Start>), TableError> {
        if query.limit == 0 {
            return Err(TableError::Rejected(
                "a query reads at least 1 item".to_owned(),
            ));
        }
        // One more than asked for tells whether anything follows.
        let wider = query.clone().limit(query.limit.saturating_add(1));
        let mut page = self.table.query(&wider).await?;
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        if page.items.len() <= limit {
            // Not full and still a start: the page ended by its size in bytes.
            return Ok((page.items, page.next));
        }
        page.items.truncate(limit);
        let last = page.items.last();
        let next = last.map(|last| item::start_behind(last, query.index));
        Ok((page.items, next.transpose()?))
    }

    /// Reads every item of a query, page after page, up to `most` items.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn query_all_items(
        &self,
        query: &Query,
        most: usize,
    ) -> Result<Vec<Item>, TableError> {
        let mut query = query.clone();
        let mut items = Vec::new();
        loop {
            let mut page = self.query_items(&query).await?;
            items.append(&mut page.items);
            if items.len() >= most || page.next.is_none() {
                items.truncate(most);
                return Ok(items);
            }
            query.start = page.next;
        }
    }

    /// Commits all of it or nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] if somebody was first, [`CommitError::Invalid`] if it could
    /// never succeed, else [`CommitError::Table`].
    pub async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let commit = audit::logged(self, commit).await?.checked()?;
        let Err(error) = self
            .table
            .write(&commit.writes, commit.token.as_deref())
            .await
        else {
            tell(&commit.keys);
            return Ok(());
        };
        let error = commit_error(error, &commit.keys);
        if let (CommitError::Conflict { .. }, [Write::Put { item, .. }], [key]) =
            (&error, commit.writes.as_slice(), commit.keys.as_slice())
        {
            // A write whose answer was lost is repeated by the SDK and then conflicts with
            // itself. A transaction has a token against that; a single put has only this.
            if self.table.get(key).await?.as_ref() == Some(item) {
                return Ok(());
            }
        }
        Err(error)
    }
}

/// Says which documents were written, by their ids and nothing else: so a log is searched by a document, and the line of
/// a request leads to the mails that it asked for, whose own lines have their ids.
fn tell(keys: &[Key]) {
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let parts = keys
        .iter()
        .flat_map(|key| key.pk.split('#').chain(key.sk.split('#')));
    let mut wrote: Vec<&str> = Vec::new();
    for id in parts.filter(|part| is_told(part)) {
        if !wrote.contains(&id) && wrote.len() < TOLD_MAX {
            wrote.push(id);
        }
    }
    if !wrote.is_empty() {
        tracing::info!(wrote = wrote.join(" "), "committed");
    }
}

/// Whether a part of a key is a TypeID, and none of a contact.
fn is_told(part: &str) -> bool {
    let Some((prefix, suffix)) = part.split_once('_') else {
        return false;
    };
    let is_id = prefix.len() == 3
        && suffix.len() == 26
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
        && suffix
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    is_id && prefix != UNTOLD
}
