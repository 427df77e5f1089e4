//! Records: typed values that live in one item each.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use remit_billing::event::Event;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::commit::InvalidCommit;
use crate::item::{self, EVENTS, EXPIRES_AT, PK, SK, TYPE, VERSION};
use crate::stated;
use crate::table::{Index, Item, Key, TableError};

/// A value that is stored as one item.
///
/// Its fields are attributes at the top level of the item, written by serde: decimals, money, ids
/// and times are texts. The names in [`RESERVED`] belong to the store; a record may not use them.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync {
    /// The `type` attribute: snake_case, never changed once stored.
    const TYPE: &'static str;

    /// Whether every write of it has an entry in its document's audit log.
    const AUDITED: bool = false;

    /// Where it is stored; a function of fields that never change.
    fn key(&self) -> Key;

    /// Where it is found beside its key.
    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    /// When DynamoDB may remove it: not before, and up to two days after. Whoever reads it
    /// looks at the time again.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}

/// Attributes that the store writes; a record may not have fields of these names.
pub const RESERVED: [&str; 14] = [
    PK,
    SK,
    TYPE,
    VERSION,
    EVENTS,
    EXPIRES_AT,
    Index::ByClient.partition_attribute(),
    Index::ByClient.sort_attribute(),
    Index::ByStatus.partition_attribute(),
    Index::ByStatus.sort_attribute(),
    Index::ByDate.partition_attribute(),
    Index::ByDate.sort_attribute(),
    Index::ByDue.partition_attribute(),
    Index::ByDue.sort_attribute(),
];

/// Partition and sort key of a record in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    /// The partition in the index.
    pub partition: String,
    /// The place in it.
    pub sort: String,
}

impl IndexKey {
    /// The index key of these parts.
    pub fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self {
            partition: partition.into(),
            sort: sort.into(),
        }
    }
}

/// The places of a record in the indexes; where it has none, it is not in the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indexes {
    /// In [`Index::ByClient`].
    pub client: Option<IndexKey>,
    /// In [`Index::ByStatus`].
    pub status: Option<IndexKey>,
    /// In [`Index::ByDate`].
    pub date: Option<IndexKey>,
    /// In [`Index::ByDue`].
    pub due: Option<IndexKey>,
}

impl Indexes {
    /// The place in one index.
    pub fn in_index(&self, index: Index) -> Option<&IndexKey> {
        match index {
            Index::ByClient => self.client.as_ref(),
            Index::ByStatus => self.status.as_ref(),
            Index::ByDate => self.date.as_ref(),
            Index::ByDue => self.due.as_ref(),
        }
    }
}

/// A record as it was read: what a replacement has to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The record.
    pub value: T,
    /// The version at which it was read.
    pub version: u64,
}

impl<T> Versioned<T> {
    /// A record at a version.
    pub fn new(value: T, version: u64) -> Self {
        Self { value, version }
    }

    /// The same version with something made of the value, such as one variant of it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Versioned<U> {
        Versioned {
            value: change(self.value),
            version: self.version,
        }
    }
}

/// The item of a record.
///
/// # Errors
/// [`InvalidCommit`] if the record has a reserved field or cannot be written at all.
pub fn to_item<T: Record>(
    record: &T,
    version: u64,
    events: &[Event],
) -> Result<Item, InvalidCommit> {
    let unwritable = |detail: String| InvalidCommit::Unwritable {
        record: T::TYPE,
        detail,
    };
    let mut item: Item = serde_dynamo::to_item(record).map_err(|e| unwritable(e.to_string()))?;
    if let Some(name) = RESERVED.iter().find(|name| item.contains_key(**name)) {
        return Err(InvalidCommit::ReservedAttribute {
            record: T::TYPE,
            attribute: name,
        });
    }
    let key = record.key();
    item.insert(PK.to_owned(), AttributeValue::S(key.pk));
    item.insert(SK.to_owned(), AttributeValue::S(key.sk));
    item.insert(TYPE.to_owned(), AttributeValue::S(T::TYPE.to_owned()));
    item.insert(VERSION.to_owned(), AttributeValue::N(version.to_string()));
    let indexes = record.indexes();
    for index in Index::ALL {
        if let Some(place) = indexes.in_index(index) {
            let partition = AttributeValue::S(place.partition.clone());
            let sort = AttributeValue::S(place.sort.clone());
            item.insert(index.partition_attribute().to_owned(), partition);
            item.insert(index.sort_attribute().to_owned(), sort);
        }
    }
    if let Some(at) = record.expires_at() {
        let seconds = AttributeValue::N(at.as_second().to_string());
        item.insert(EXPIRES_AT.to_owned(), seconds);
    }
    stated::add(&mut item, events).map_err(|e| unwritable(e.to_string()))?;
    Ok(item)
}

/// The record of an item.
///
/// # Errors
/// [`TableError::Corrupt`] if it is of another type, of an unknown shape, without a version, or
/// stored under a key that is not its own.
pub fn from_item<T: Record>(mut item: Item) -> Result<Versioned<T>, TableError> {
    let key = stored_key(&item, T::TYPE)?;
    let corrupt = |detail: String| TableError::Corrupt {
        record: T::TYPE.to_owned(),
        key: key.clone(),
        detail,
    };
    match type_of(&item) {
        Some(found) if found == T::TYPE => {}
        Some(found) => return Err(corrupt(format!("it is a {found}"))),
        None => return Err(corrupt("it has no type".to_owned())),
    }
    let version = item::version_of(&item).ok_or_else(|| corrupt("it has no version".to_owned()))?;
    for name in RESERVED {
        item.remove(name);
    }
    let value: T = serde_dynamo::from_item(item).map_err(|e| corrupt(e.to_string()))?;
    let own = value.key();
    if own != key {
        return Err(corrupt(format!("its own key is {own}")));
    }
    Ok(Versioned { value, version })
}

/// The type of a stored item, for partitions that hold several.
pub fn type_of(item: &Item) -> Option<&str> {
    item::text(item, TYPE)
}

/// What a change of an item states: the events of the new image, if its version is another than
/// the old one's. A removal states nothing.
///
/// # Errors
/// [`TableError::Corrupt`] if an image has no version or its events cannot be read.
pub fn stated_events(old: Option<&Item>, new: Option<&Item>) -> Result<Vec<Event>, TableError> {
    let Some(new) = new else {
        return Ok(Vec::new());
    };
    let record = type_of(new).unwrap_or("item").to_owned();
    let key = stored_key(new, &record)?;
    let corrupt = |detail: String| TableError::Corrupt {
        record: record.clone(),
        key: key.clone(),
        detail,
    };
    let version_of = |item: &Item| {
        item::version_of(item).ok_or_else(|| corrupt("an image has no version".to_owned()))
    };
    let version = version_of(new)?;
    if let Some(old) = old
        && version_of(old)? == version
    {
        return Ok(Vec::new());
    }
    stated::read(new).map_err(|e| corrupt(format!("its events: {e}")))
}

fn stored_key(item: &Item, record: &str) -> Result<Key, TableError> {
    item::key_of(item).map_err(|_| TableError::Corrupt {
        record: record.to_owned(),
        key: Key::new(
            item::text(item, PK).unwrap_or_default(),
            item::text(item, SK).unwrap_or_default(),
        ),
        detail: "it has no primary key of two texts".to_owned(),
    })
}
