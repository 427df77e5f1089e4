//! A query of one partition: which range, in which order, from where.

use crate::item::{MAX_PARTITION_KEY_BYTES, MAX_SORT_KEY_BYTES, check_key_text};
use crate::table::{Index, Item, Key, TableError};

/// Which sort keys of the partition a query reads. Texts compare by the bytes of UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// The whole partition.
    All,
    /// Sort keys that start with this text; the empty text is the whole partition.
    Prefix(String),
    /// From the first to the second, both included.
    Between(String, String),
    /// This one and those after it.
    From(String),
    /// Those after this one.
    After(String),
    /// This one and those before it.
    UpTo(String),
    /// Those before this one.
    Before(String),
}

impl Range {
    /// Whether a sort key lies in the range.
    pub fn contains(&self, sort: &str) -> bool {
        match self {
            Range::All => true,
            Range::Prefix(prefix) => sort.starts_with(prefix.as_str()),
            Range::Between(first, last) => first.as_str() <= sort && sort <= last.as_str(),
            Range::From(first) => first.as_str() <= sort,
            Range::After(before) => before.as_str() < sort,
            Range::UpTo(last) => sort <= last.as_str(),
            Range::Before(after) => sort < after.as_str(),
        }
    }
}

/// Where a query goes on: behind this item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The primary key of the last item that was read.
    pub key: Key,
    /// Its sort key in the index, if an index is read.
    pub index_sort: Option<String>,
}

/// A query of one partition of the table or of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The index to read, or the table itself.
    pub index: Option<Index>,
    /// The partition.
    pub partition: String,
    /// Which part of it.
    pub range: Range,
    /// In rising order of the sort key, or falling.
    pub forward: bool,
    /// Most items to read, at least 1.
    pub limit: u32,
    /// Where to go on, if this is not the first page.
    pub start: Option<Start>,
    /// Strongly consistent; only for the table itself.
    pub consistent: bool,
}

impl Query {
    /// Items a query reads if it does not say otherwise.
    pub const DEFAULT_LIMIT: u32 = 100;

    /// All of one partition of the table, rising, eventually consistent.
    pub fn of(partition: impl Into<String>) -> Self {
        Self {
            index: None,
            partition: partition.into(),
            range: Range::All,
            forward: true,
            limit: Self::DEFAULT_LIMIT,
            start: None,
            consistent: false,
        }
    }

    /// All of one partition of an index, rising.
    pub fn on(index: Index, partition: impl Into<String>) -> Self {
        Self {
            index: Some(index),
            ..Self::of(partition)
        }
    }

    /// Only this part of the partition.
    #[must_use]
    pub fn range(mut self, range: Range) -> Self {
        self.range = range;
        self
    }

    /// In falling order.
    #[must_use]
    pub fn backward(mut self) -> Self {
        self.forward = false;
        self
    }

    /// At most so many items.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Behind this item.
    #[must_use]
    pub fn start(mut self, start: Option<Start>) -> Self {
        self.start = start;
        self
    }

    /// Strongly consistent.
    #[must_use]
    pub fn consistent(mut self) -> Self {
        self.consistent = true;
        self
    }
}

/// What a query read.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The items in order; from an index only their key attributes.
    pub items: Vec<Item>,
    /// Where to go on. As with DynamoDB, a full page has one even if nothing follows.
    pub next: Option<Start>,
}

/// Refuses what DynamoDB refuses of a query, before it is sent.
pub(crate) fn check_query(query: &Query) -> Result<(), TableError> {
    if query.limit == 0 {
        return Err(rejected("a query reads at least 1 item"));
    }
    if query.consistent && query.index.is_some() {
        return Err(rejected("an index has no consistent reads"));
    }
    check_key_text("the partition", &query.partition, MAX_PARTITION_KEY_BYTES)?;
    check_range(&query.range)?;
    match (&query.start, query.index) {
        (Some(start), None) if start.key.pk != query.partition => {
            Err(rejected("the start lies in another partition"))
        }
        (Some(start), None) if start.index_sort.is_some() => {
            Err(rejected("the start is of an index"))
        }
        (Some(start), None) if !query.range.contains(&start.key.sk) => {
            Err(rejected("the start lies outside the range"))
        }
        (Some(start), Some(_)) => match &start.index_sort {
            None => Err(rejected("the start is not of an index")),
            Some(sort) if !query.range.contains(sort) => {
                Err(rejected("the start lies outside the range"))
            }
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

fn check_range(range: &Range) -> Result<(), TableError> {
    let bound = |text: &str| check_key_text("a bound of the range", text, MAX_SORT_KEY_BYTES);
    match range {
        Range::All => Ok(()),
        Range::Prefix(prefix) if prefix.is_empty() => Ok(()),
        Range::Prefix(text)
        | Range::From(text)
        | Range::After(text)
        | Range::UpTo(text)
        | Range::Before(text) => bound(text),
        Range::Between(first, last) => {
            bound(first)?;
            bound(last)?;
            if first > last {
                return Err(rejected("the range ends before it starts"));
            }
            Ok(())
        }
    }
}

fn rejected(reason: &str) -> TableError {
    TableError::Rejected(reason.to_owned())
}
