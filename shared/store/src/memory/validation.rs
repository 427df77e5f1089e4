//! What DynamoDB refuses before it looks at any item.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::{
    MAX_PARTITION_KEY_BYTES, MAX_SORT_KEY_BYTES, check_key, check_key_text, key_of, size_bytes,
};
use crate::table::{
    Index, Item, Key, MAX_ITEM_BYTES, MAX_TRANSACTION_BYTES, MAX_WRITES, TableError, Write,
};

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
