//! The table in DynamoDB, through the real SDK.
//!
//! The SDK retries throttling and lost connections by itself. What it does not retry is a
//! transaction that was cancelled because another one held the same items, and keys that a batch
//! left unread: that is done here, a bounded number of times.

mod errors;
mod expressions;

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConsumedCapacity, KeysAndAttributes, ReturnConsumedCapacity,
};

pub(crate) use self::errors::table_error;
use self::errors::{WriteFailure, single_write_failure, transaction_failure};
use self::expressions::{Condition, KeyCondition};
use crate::capacity::{CapacityMeter, Units};
use crate::item::{key_item, key_of, start_behind};
use crate::query::check_query;
use crate::table::{Item, Key, MAX_KEYS, Page, Query, Start, Table, TableError, Write, WriteError};

/// Attempts at a write that others hold up, and at keys that a batch leaves unread.
const MAX_ATTEMPTS: u32 = 8;
/// The longest pause after the first attempt; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause of all: eight attempts take under 2.5 seconds.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// One table of DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoTable {
    client: Client,
    table_name: String,
    meter: Option<Arc<CapacityMeter>>,
}

impl DynamoTable {
    /// The table of this name.
    pub fn new(client: Client, table_name: impl Into<String>) -> Self {
        Self {
            client,
            table_name: table_name.into(),
            meter: None,
        }
    }

    /// Counts what every request consumes.
    #[must_use]
    pub fn with_meter(mut self, meter: Arc<CapacityMeter>) -> Self {
        self.meter = Some(meter);
        self
    }

    /// Asks for the consumed capacity only if somebody counts it.
    fn capacity(&self) -> Option<ReturnConsumedCapacity> {
        self.meter.as_ref().map(|_| ReturnConsumedCapacity::Total)
    }

    fn count(&self, units: Units, consumed: &[ConsumedCapacity]) {
        if let Some(meter) = &self.meter {
            meter.count(units, consumed);
        }
    }

    fn count_one(&self, units: Units, consumed: Option<&ConsumedCapacity>) {
        self.count(units, consumed.map_or(&[], slice::from_ref));
    }

    async fn attempt(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteFailure> {
        match writes {
            [Write::Put { item, expect }] => self.put(item.clone(), Condition::of(*expect)).await,
            [Write::Delete { key, expect }] => self.delete(key, Condition::of(*expect)).await,
            writes => self.transact(writes, token).await,
        }
    }

    async fn put(&self, item: Item, condition: Condition) -> Result<(), WriteFailure> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.table_name)
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(condition.values)
            .set_return_consumed_capacity(self.capacity())
            .send()
            .await;
        let consumed = answer
            .as_ref()
            .ok()
            .and_then(|done| done.consumed_capacity());
        self.count_one(Units::Write, consumed);
        answer
            .map(|_| ())
            .map_err(|error| single_write_failure(&error))
    }

    async fn delete(&self, key: &Key, condition: Condition) -> Result<(), WriteFailure> {
        let answer = self
            .client
            .delete_item()
            .table_name(&self.table_name)
            .set_key(Some(key_item(key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(condition.values)
            .set_return_consumed_capacity(self.capacity())
            .send()
            .await;
        let consumed = answer
            .as_ref()
            .ok()
            .and_then(|done| done.consumed_capacity());
        self.count_one(Units::Write, consumed);
        answer
            .map(|_| ())
            .map_err(|error| single_write_failure(&error))
    }

    async fn transact(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteFailure> {
        let actions = writes
            .iter()
            .map(|write| expressions::action(&self.table_name, write))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| WriteFailure::Final(TableError::Rejected(error.to_string()).into()))?;
        // Without a token the SDK makes one for each request, so that its own retries are safe.
        let answer = self
            .client
            .transact_write_items()
            .set_transact_items(Some(actions))
            .set_client_request_token(token.map(str::to_owned))
            .set_return_consumed_capacity(self.capacity())
            .send()
            .await;
        let consumed = answer
            .as_ref()
            .map_or(&[][..], |done| done.consumed_capacity());
        self.count(Units::Write, consumed);
        answer
            .map(|_| ())
            .map_err(|error| transaction_failure(&error))
    }

    /// One request for keys: what was read goes to `found`, what was left unread is answered.
    async fn read_keys(
        &self,
        keys: Vec<Item>,
        found: &mut HashMap<Key, Item>,
    ) -> Result<Vec<Item>, TableError> {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(|error| TableError::Rejected(error.to_string()))?;
        let answer = self
            .client
            .batch_get_item()
            .request_items(&self.table_name, request)
            .set_return_consumed_capacity(self.capacity())
            .send()
            .await;
        let consumed = answer
            .as_ref()
            .map_or(&[][..], |done| done.consumed_capacity());
        self.count(Units::Read, consumed);
        let answer = answer.map_err(|error| table_error(&error))?;
        for item in answer
            .responses
            .into_iter()
            .flatten()
            .flat_map(|(_, items)| items)
        {
            found.insert(key_of(&item)?, item);
        }
        let unread = answer.unprocessed_keys.into_iter().flatten();
        Ok(unread.flat_map(|(_, rest)| rest.keys).collect())
    }
}

#[async_trait]
impl Table for DynamoTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table_name)
            .set_key(Some(key_item(key)))
            .consistent_read(true)
            .set_return_consumed_capacity(self.capacity())
            .send()
            .await;
        let consumed = answer
            .as_ref()
            .ok()
            .and_then(|done| done.consumed_capacity());
        self.count_one(Units::Read, consumed);
        Ok(answer.map_err(|error| table_error(&error))?.item)
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        if keys.len() > MAX_KEYS {
            let count = keys.len();
            let reason = format!("{count} keys, {MAX_KEYS} are allowed");
            return Err(TableError::Rejected(reason));
        }
        // DynamoDB refuses a key that stands there twice.
        let distinct: BTreeSet<&Key> = keys.iter().collect();
        let mut wanted: Vec<Item> = distinct.into_iter().map(key_item).collect();
        let mut found = HashMap::with_capacity(wanted.len());
        let mut attempts = 0;
        while !wanted.is_empty() {
            if attempts == MAX_ATTEMPTS {
                return Err(TableError::Throttled);
            }
            if attempts > 0 {
                pause(attempts).await;
            }
            wanted = self.read_keys(wanted, &mut found).await?;
            attempts += 1;
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        check_query(query)?;
        let condition = KeyCondition::of(query);
        let start = query.start.as_ref().map(|start| start_item(start, query));
        let limit = i32::try_from(query.limit).unwrap_or(i32::MAX);
        let answer = self
            .client
            .query()
            .table_name(&self.table_name)
            .set_index_name(query.index.map(|index| index.name().to_owned()))
            .key_condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .scan_index_forward(query.forward)
            .limit(limit)
            .consistent_read(query.consistent)
            .set_exclusive_start_key(start.transpose()?)
            .set_return_consumed_capacity(self.capacity())
            .send()
            .await;
        let consumed = answer
            .as_ref()
            .ok()
            .and_then(|done| done.consumed_capacity());
        self.count_one(Units::Read, consumed);
        let answer = answer.map_err(|error| table_error(&error))?;
        let last = answer.last_evaluated_key.filter(|last| !last.is_empty());
        let next = last.map(|last| start_behind(&last, query.index));
        Ok(Page {
            items: answer.items.unwrap_or_default(),
            next: next.transpose()?,
        })
    }

    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        if writes.is_empty() {
            return Err(TableError::Rejected("nothing to write".to_owned()).into());
        }
        for attempt in 1..=MAX_ATTEMPTS {
            match self.attempt(writes, token).await {
                Ok(()) => return Ok(()),
                Err(WriteFailure::Final(error)) => return Err(error),
                Err(WriteFailure::HeldUp) if attempt == MAX_ATTEMPTS => break,
                Err(WriteFailure::HeldUp) => {
                    tracing::debug!(attempt, "a write is held up by others");
                    pause(attempt).await;
                }
            }
        }
        Err(TableError::Throttled.into())
    }
}

/// The start key of a query: primary key and, in an index, the index key.
fn start_item(start: &Start, query: &Query) -> Result<Item, TableError> {
    let mut item = key_item(&start.key);
    match (query.index, &start.index_sort) {
        (None, None) => Ok(item),
        (Some(index), Some(sort)) => {
            let partition = AttributeValue::S(query.partition.clone());
            item.insert(index.partition_attribute().to_owned(), partition);
            let sort = AttributeValue::S(sort.clone());
            item.insert(index.sort_attribute().to_owned(), sort);
            Ok(item)
        }
        _ => Err(TableError::Rejected(
            "the start is not of what the query reads".to_owned(),
        )),
    }
}

/// Waits before the next attempt: anything up to a bound that doubles, so that those who hold
/// each other up do not meet again.
async fn pause(attempts_so_far: u32) {
    let doublings = attempts_so_far.saturating_sub(1).min(10);
    let bound = FIRST_PAUSE
        .saturating_mul(1 << doublings)
        .min(LONGEST_PAUSE);
    let bound_us = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
    // The standard library's random hasher: a spread in time needs nothing better.
    let random = RandomState::new().build_hasher().finish();
    tokio::time::sleep(Duration::from_micros(random % bound_us.max(1))).await;
}
