//! The tables' streams, read on behalf of the functions that take from them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use remit_embedded_table::EmbeddedTable;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::shelf::{Shelf, ShelfError};
use crate::template::{StreamMapping, Template};

const KIND: &str = "stream";
const ASIDE: &str = "stream_aside";
/// Between the tries of a batch that failed.
const BACKOFF: SignedDuration = SignedDuration::from_secs(1);
const BACKOFF_MAX: SignedDuration = SignedDuration::from_secs(60);

/// A stream cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The engine refused.
    #[error("the stream: {0}")]
    Engine(String),
    /// The shelf failed.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

/// How far a mapping has read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Position {
    /// The last record that is done with.
    pub after: Option<String>,
    /// How often the next batch was tried.
    pub tries: u32,
    /// Not before (UTC).
    pub not_before: Option<Timestamp>,
    /// A halved batch: no more records than this.
    pub limit: Option<usize>,
}

/// Where every mapping stands.
pub struct Streams {
    shelf: Shelf,
    positions: Mutex<BTreeMap<String, Position>>,
    arns: Mutex<BTreeMap<String, (String, String)>>,
    dirty: AtomicBool,
}

impl Streams {
    /// The mappings as they were left. What was written meanwhile is read first.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf, template: &Template) -> Result<Self, ShelfError> {
        let mut positions = BTreeMap::new();
        for mapping in &template.stream_mappings {
            let position = shelf.get(KIND, &key(mapping))?.unwrap_or_default();
            positions.insert(key(mapping), position);
        }
        Ok(Self {
            shelf,
            positions: Mutex::new(positions),
            arns: Mutex::new(BTreeMap::new()),
            dirty: AtomicBool::new(true),
        })
    }

    /// Something was written to a table.
    pub fn touch(&self) {
        self.dirty.store(true, Ordering::SeqCst);
    }

    /// Whether something was written since the last time that this was asked.
    pub fn take_touch(&self) -> bool {
        self.dirty.swap(false, Ordering::SeqCst)
    }

    /// Whether something was written since.
    pub fn is_touched(&self) -> bool {
        self.dirty.load(Ordering::SeqCst)
    }

    /// When the next batch that failed is tried again.
    pub fn next_due(&self) -> Option<Timestamp> {
        let positions = self
            .positions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        positions
            .values()
            .filter_map(|position| position.not_before)
            .min()
    }

    /// Where a mapping stands.
    pub fn position(&self, mapping: &StreamMapping) -> Position {
        let positions = self
            .positions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        positions.get(&key(mapping)).cloned().unwrap_or_default()
    }

    /// Puts a mapping to a position.
    ///
    /// # Errors
    /// The shelf's.
    pub fn put(&self, mapping: &StreamMapping, position: Position) -> Result<(), ShelfError> {
        let mut positions = self
            .positions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.shelf.put(KIND, &key(mapping), &position)?;
        positions.insert(key(mapping), position);
        Ok(())
    }

    /// Keeps records that a function could not handle, as the bucket of the unpublished would.
    ///
    /// # Errors
    /// The shelf's.
    pub fn put_aside(&self, records: &[Value]) -> Result<(), ShelfError> {
        for record in records {
            let number = sequence_number(record).unwrap_or_default();
            self.shelf.put(ASIDE, number, record)?;
        }
        Ok(())
    }

    /// The records that were put aside.
    ///
    /// # Errors
    /// The shelf's.
    pub fn aside(&self) -> Result<Vec<Value>, ShelfError> {
        Ok(self
            .shelf
            .all(ASIDE)?
            .into_iter()
            .map(|(_, record)| record)
            .collect())
    }

    /// The next records of a mapping, in order.
    ///
    /// # Errors
    /// [`StreamError`].
    pub fn read(
        &self,
        table: &EmbeddedTable,
        mapping: &StreamMapping,
    ) -> Result<Vec<Value>, StreamError> {
        let position = self.position(mapping);
        let (arn, shard) = self.shard(table, &mapping.table)?;
        let mut from = json!({"StreamArn": arn, "ShardId": shard});
        match &position.after {
            None => from["ShardIteratorType"] = "TRIM_HORIZON".into(),
            Some(sequence_number) => {
                from["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER".into();
                from["SequenceNumber"] = sequence_number.as_str().into();
            }
        }
        let iterator = call(table, "GetShardIterator", &from)?;
        let limit = position.limit.unwrap_or(mapping.batch_max).clamp(1, 1_000);
        let read = json!({"ShardIterator": iterator["ShardIterator"], "Limit": limit});
        let mut answer = call(table, "GetRecords", &read)?;
        let Value::Array(mut records) = answer["Records"].take() else {
            return Err(StreamError::Engine("an answer without records".to_owned()));
        };
        for record in &mut records {
            record["eventSourceARN"] = arn.as_str().into();
        }
        Ok(records)
    }

    /// The stream of a table has one shard here, for as long as the table is there.
    fn shard(&self, table: &EmbeddedTable, name: &str) -> Result<(String, String), StreamError> {
        let mut arns = self.arns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = arns.get(name) {
            return Ok(known.clone());
        }
        let streams = call(table, "ListStreams", &json!({"TableName": name}))?;
        let arn = streams["Streams"][0]["StreamArn"].as_str();
        let arn = arn
            .ok_or_else(|| StreamError::Engine(format!("{name} has none")))?
            .to_owned();
        let stream = call(table, "DescribeStream", &json!({"StreamArn": arn}))?;
        let shard = stream["StreamDescription"]["Shards"][0]["ShardId"].as_str();
        let shard = shard
            .ok_or_else(|| StreamError::Engine("no shard".to_owned()))?
            .to_owned();
        arns.insert(name.to_owned(), (arn.clone(), shard.clone()));
        Ok((arn, shard))
    }
}

impl Position {
    /// After these records.
    pub fn past(record: &Value) -> Self {
        Self {
            after: sequence_number(record).map(str::to_owned),
            ..Self::default()
        }
    }

    /// The same records once more, later; halved where the mapping says so.
    pub fn again(&self, now: Timestamp, halved: Option<usize>) -> Self {
        let exponent = self.tries.min(6);
        let wait = BACKOFF
            .checked_mul(1 << exponent)
            .unwrap_or(BACKOFF_MAX)
            .min(BACKOFF_MAX);
        Self {
            after: self.after.clone(),
            tries: self.tries + 1,
            not_before: now.saturating_add(wait).ok(),
            limit: halved.or(self.limit),
        }
    }
}

/// A record's place in the stream.
pub fn sequence_number(record: &Value) -> Option<&str> {
    record.pointer("/dynamodb/SequenceNumber")?.as_str()
}

fn key(mapping: &StreamMapping) -> String {
    format!("{}/{}", mapping.function, mapping.table)
}

fn call(table: &EmbeddedTable, operation: &str, body: &Value) -> Result<Value, StreamError> {
    let target = format!("DynamoDBStreams_20120810.{operation}");
    let (status, answer) = table.call(&target, body.to_string().as_bytes());
    if status != 200 {
        let answer = String::from_utf8_lossy(&answer);
        return Err(StreamError::Engine(format!("{operation}: {answer}")));
    }
    serde_json::from_slice(&answer).map_err(|error| StreamError::Engine(error.to_string()))
}
