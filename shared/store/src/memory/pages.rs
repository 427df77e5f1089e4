//! Pages of a query, in the order of the sort key.

use std::ops::Bound;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{IndexPartition, Partition};
use crate::item::{key_item, size_bytes, start_behind};
use crate::table::{Index, Item, Key, Page, Query, Range};

/// A page ends with the item that brings it to 1 MB (DynamoDB quota).
const MAX_PAGE_BYTES: usize = 1024 * 1024;

/// The sort keys from the first, included, to the second, excluded.
struct HalfOpen {
    first: String,
    end: Option<String>,
}

pub(super) fn of_table(partition: Option<&Partition>, query: &Query) -> Page {
    let Some(partition) = partition else {
        return empty();
    };
    let HalfOpen { first, end } = half_open(&query.range);
    let start = query.start.as_ref().map(|start| start.key.sk.clone());
    let (lower, upper) = bounds(first, end, start, query.forward);
    if is_empty_range(&lower, &upper) {
        return empty();
    }
    let items = partition
        .range((lower, upper))
        .map(|(_, item)| item.clone());
    page(items, query)
}

pub(super) fn of_index(partition: Option<&IndexPartition>, index: Index, query: &Query) -> Page {
    let Some(partition) = partition else {
        return empty();
    };
    let HalfOpen { first, end } = half_open(&query.range);
    // Below every key of an item, as keys are not empty.
    let before_all = Key::new("", "");
    let start = query.start.as_ref().map(|start| {
        let sort = start.index_sort.clone().unwrap_or_default();
        (sort, start.key.clone())
    });
    let first = (first, before_all.clone());
    let end = end.map(|end| (end, before_all));
    let (lower, upper) = bounds(first, end, start, query.forward);
    if is_empty_range(&lower, &upper) {
        return empty();
    }
    let items = partition.range((lower, upper)).map(|(sort, key)| {
        let mut item = key_item(key);
        let partition = AttributeValue::S(query.partition.clone());
        item.insert(index.partition_attribute().to_owned(), partition);
        let sort = AttributeValue::S(sort.clone());
        item.insert(index.sort_attribute().to_owned(), sort);
        item
    });
    page(items, query)
}

fn empty() -> Page {
    Page {
        items: Vec::new(),
        next: None,
    }
}

fn half_open(range: &Range) -> HalfOpen {
    let all = String::new();
    let (first, end) = match range {
        Range::All => (all, None),
        Range::Prefix(prefix) => (prefix.clone(), after_prefix(prefix)),
        Range::Between(first, last) => (first.clone(), Some(just_after(last))),
        Range::From(first) => (first.clone(), None),
        Range::After(before) => (just_after(before), None),
        Range::UpTo(last) => (all, Some(just_after(last))),
        Range::Before(end) => (all, Some(end.clone())),
    };
    HalfOpen { first, end }
}

/// The text that follows this one with nothing between.
fn just_after(text: &str) -> String {
    format!("{text}\0")
}

/// The first text behind all that start with this one.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

fn bounds<K: Ord>(
    first: K,
    end: Option<K>,
    start: Option<K>,
    forward: bool,
) -> (Bound<K>, Bound<K>) {
    let end = end.map_or(Bound::Unbounded, Bound::Excluded);
    match start {
        None => (Bound::Included(first), end),
        Some(start) if forward => (Bound::Excluded(start), end),
        Some(start) => (Bound::Included(first), Bound::Excluded(start)),
    }
}

/// `BTreeMap::range` panics on ranges that are the wrong way round.
fn is_empty_range<K: Ord>(lower: &Bound<K>, upper: &Bound<K>) -> bool {
    match (lower, upper) {
        (Bound::Included(lower) | Bound::Excluded(lower), Bound::Excluded(upper)) => lower >= upper,
        _ => false,
    }
}

fn page(items: impl DoubleEndedIterator<Item = Item>, query: &Query) -> Page {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    if query.forward {
        take(items, limit, query.index)
    } else {
        take(items.rev(), limit, query.index)
    }
}

fn take(items: impl Iterator<Item = Item>, limit: usize, index: Option<Index>) -> Page {
    let mut page = empty();
    let mut bytes = 0;
    for item in items {
        bytes += size_bytes(&item);
        page.items.push(item);
        if page.items.len() >= limit || bytes >= MAX_PAGE_BYTES {
            let last = page.items.last();
            page.next = last.and_then(|last| start_behind(last, index).ok());
            break;
        }
    }
    page
}
