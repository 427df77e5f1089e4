//! Reading single attributes of an item, and its size as DynamoDB reckons it.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::table::{Index, Item, Key, Start, TableError};

/// The partition of the primary key.
pub const PK: &str = "pk";
/// The place in the partition.
pub const SK: &str = "sk";
/// The type of the record.
pub const TYPE: &str = "type";
/// How often the item was written; 1 at first.
pub const VERSION: &str = "version";
/// What this write states, for the bus.
pub const EVENTS: &str = "events";
/// When DynamoDB may remove the item, in seconds since 1970.
pub const EXPIRES_AT: &str = "expires_at";

/// Longest partition key in bytes (DynamoDB quota).
pub(crate) const MAX_PARTITION_KEY_BYTES: usize = 2048;
/// Longest sort key in bytes (DynamoDB quota).
pub(crate) const MAX_SORT_KEY_BYTES: usize = 1024;

/// The text of an attribute, if it is there and a text.
pub fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// The primary key of an item.
///
/// # Errors
/// [`TableError::Rejected`] if a part is missing or not a text.
pub fn key_of(item: &Item) -> Result<Key, TableError> {
    match (text(item, PK), text(item, SK)) {
        (Some(pk), Some(sk)) => Ok(Key::new(pk, sk)),
        _ => Err(TableError::Rejected(
            "the item has no primary key of two texts".to_owned(),
        )),
    }
}

/// The version of an item, if it has one.
pub fn version_of(item: &Item) -> Option<u64> {
    item.get(VERSION)?.as_n().ok()?.parse().ok()
}

/// The place of an item in what a query reads, to go on behind it.
///
/// # Errors
/// [`TableError::Rejected`] if the item has no primary key or does not stand in the index.
pub fn start_behind(item: &Item, index: Option<Index>) -> Result<Start, TableError> {
    let key = key_of(item)?;
    let index_sort = match index {
        None => None,
        Some(index) => match text(item, index.sort_attribute()) {
            Some(sort) => Some(sort.to_owned()),
            None => {
                return Err(TableError::Rejected(format!(
                    "the item is not in {}",
                    index.name()
                )));
            }
        },
    };
    Ok(Start { key, index_sort })
}

/// Refuses a key that DynamoDB would not take.
pub(crate) fn check_key(key: &Key) -> Result<(), TableError> {
    check_key_text("the partition key", &key.pk, MAX_PARTITION_KEY_BYTES)?;
    check_key_text("the sort key", &key.sk, MAX_SORT_KEY_BYTES)
}

/// Refuses a text that may not be part of a key.
pub(crate) fn check_key_text(what: &str, text: &str, max_bytes: usize) -> Result<(), TableError> {
    if text.is_empty() {
        return Err(TableError::Rejected(format!("{what} is empty")));
    }
    if text.len() > max_bytes {
        let reason = format!("{what} is longer than {max_bytes} bytes");
        return Err(TableError::Rejected(reason));
    }
    Ok(())
}

/// The item that holds nothing but this key.
pub(crate) fn key_item(key: &Key) -> Item {
    Item::from([
        (PK.to_owned(), AttributeValue::S(key.pk.clone())),
        (SK.to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

/// The bytes that DynamoDB counts for an item: names and values in UTF-8, numbers about half a
/// byte a digit, lists and maps three bytes and one for each entry.
pub fn size_bytes(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number_bytes(number),
        AttributeValue::B(blob) => blob.as_ref().len(),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::L(values) => {
            3 + values
                .iter()
                .map(|value| 1 + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::M(values) => {
            3 + values
                .iter()
                .map(|(name, value)| 1 + name.len() + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|number| number_bytes(number)).sum(),
        AttributeValue::Bs(blobs) => blobs.iter().map(|blob| blob.as_ref().len()).sum(),
        _ => 0,
    }
}

fn number_bytes(number: &str) -> usize {
    let negative = usize::from(number.starts_with('-'));
    let digits = number.trim_start_matches('-').trim_matches('0').len();
    digits.div_ceil(2) + 1 + negative
}
