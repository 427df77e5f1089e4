//! What DynamoDB refuses before it looks at any item.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::{key_of, size_bytes};
use crate::table::{
    Index, Item, Key, MAX_ITEM_BYTES, MAX_TRANSACTION_BYTES, MAX_WRITES, Query, Range, TableError,
    Write,
};

/// Longest partition key in bytes (DynamoDB quota).
const MAX_PARTITION_KEY_BYTES: usize = 2048;
/// Longest sort key in bytes (DynamoDB quota).
const MAX_SORT_KEY_BYTES: usize = 1024;
/// Digits of a number (DynamoDB quota).
const MAX_DIGITS: usize = 38;

fn rejected(reason: impl Into<String>) -> TableError {
    TableError::Rejected(reason.into())
}

/// The keys of the writes, if DynamoDB would take them.
pub(super) fn check_writes(writes: &[Write]) -> Result<Vec<Key>, TableError> {
    if writes.is_empty() || writes.len() > MAX_WRITES {
        let count = writes.len();
        return Err(rejected(format!(
            "{count} writes, 1 to {MAX_WRITES} are allowed"
        )));
    }
    let mut seen = BTreeSet::new();
    let mut keys = Vec::with_capacity(writes.len());
    let mut total_bytes = 0;
    for write in writes {
        let key = write.key()?;
        check_key(&key)?;
        if let Write::Put { item, .. } = write {
            total_bytes += check_item(item)?;
        }
        if !seen.insert(key.clone()) {
            return Err(rejected(format!("{key} stands in the transaction twice")));
        }
        keys.push(key);
    }
    if total_bytes > MAX_TRANSACTION_BYTES {
        return Err(rejected(format!("the transaction has {total_bytes} bytes")));
    }
    Ok(keys)
}

pub(super) fn check_key(key: &Key) -> Result<(), TableError> {
    check_key_text("the partition key", &key.pk, MAX_PARTITION_KEY_BYTES)?;
    check_key_text("the sort key", &key.sk, MAX_SORT_KEY_BYTES)
}

fn check_key_text(what: &str, text: &str, max_bytes: usize) -> Result<(), TableError> {
    if text.is_empty() {
        return Err(rejected(format!("{what} is empty")));
    }
    if text.len() > max_bytes {
        return Err(rejected(format!("{what} is longer than {max_bytes} bytes")));
    }
    Ok(())
}

/// The size of an item that DynamoDB would take.
fn check_item(item: &Item) -> Result<usize, TableError> {
    key_of(item)?;
    for index in Index::ALL {
        let places = [
            (index.partition_attribute(), MAX_PARTITION_KEY_BYTES),
            (index.sort_attribute(), MAX_SORT_KEY_BYTES),
        ];
        for (attribute, max_bytes) in places {
            match item.get(attribute) {
                None => {}
                Some(AttributeValue::S(text)) => check_key_text(attribute, text, max_bytes)?,
                Some(_) => return Err(rejected(format!("{attribute} is not a text"))),
            }
        }
    }
    item.values().try_for_each(check_value)?;
    let bytes = size_bytes(item);
    if bytes > MAX_ITEM_BYTES {
        return Err(rejected(format!("the item has {bytes} bytes")));
    }
    Ok(bytes)
}

fn check_value(value: &AttributeValue) -> Result<(), TableError> {
    match value {
        AttributeValue::N(number) => check_number(number),
        AttributeValue::L(values) => values.iter().try_for_each(check_value),
        AttributeValue::M(values) => values.values().try_for_each(check_value),
        AttributeValue::Ss(texts) if texts.is_empty() => Err(rejected("an empty set")),
        AttributeValue::Bs(blobs) if blobs.is_empty() => Err(rejected("an empty set")),
        AttributeValue::Ns(numbers) if numbers.is_empty() => Err(rejected("an empty set")),
        AttributeValue::Ns(numbers) => numbers.iter().try_for_each(|n| check_number(n)),
        _ => Ok(()),
    }
}

fn check_number(number: &str) -> Result<(), TableError> {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let integer = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if integer && digits.len() <= MAX_DIGITS {
        Ok(())
    } else {
        Err(rejected(
            "a number that is not an integer of up to 38 digits",
        ))
    }
}

pub(super) fn check_query(query: &Query) -> Result<(), TableError> {
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
