//! An agency over a table that is metered, into which any number of documents is put.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use remit_embedded_table::EmbeddedTable;
use remit_runtime::Function;
use remit_runtime::model::MemoryQueue;
use remit_store::schema::table_schema;
use remit_store::{
    CapacityMeter, DynamoTable, Index, Item, Key, Page, Query, Table, TableError, Usage, Write,
    WriteError, keys,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::agency::Agency;
use crate::life::image;
use crate::scale;

const TABLE: &str = "remit-scale-table";
/// Items of one transaction of the load: some tens of megabytes.
const LOAD: usize = 10_000;

/// Counts what was committed, and what met somebody who was faster.
pub struct Counted {
    inner: Arc<dyn Table>,
    transactions: AtomicU64,
    conflicts: AtomicU64,
}

impl Counted {
    /// Transactions, and those that have to be decided anew, since this was last asked.
    pub fn take(&self) -> (u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        (take(&self.transactions), take(&self.conflicts))
    }
}

#[async_trait]
impl Table for Counted {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        // Others run between any two requests, as they do over a network.
        tokio::task::yield_now().await;
        self.inner.get_many(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.inner.query(query).await
    }

    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        tokio::task::yield_now().await;
        let outcome = self.inner.write(writes, token).await;
        match &outcome {
            Ok(()) if writes.len() > 1 => self.transactions.fetch_add(1, Ordering::Relaxed),
            Err(WriteError::Conflict { .. }) => self.conflicts.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
        outcome
    }
}

/// An agency and its table.
pub struct Site {
    pub agency: Agency,
    pub counted: Arc<Counted>,
    pub meter: Arc<CapacityMeter>,
    /// The table behind everything that counts or remembers.
    table: Arc<dyn Table>,
    embedded: EmbeddedTable,
    /// Keeps the file of a large table.
    _folder: tempfile::TempDir,
}

impl Site {
    pub async fn new(now: Timestamp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let embedded = match scale() {
            1 => EmbeddedTable::memory(),
            _ => EmbeddedTable::open(&folder.path().join("table")),
        };
        let embedded = embedded.unwrap();
        // What a crash would lose is made again.
        embedded.database().enable_bulk_loading().unwrap();
        make_table(&embedded);
        let client = aws_sdk_dynamodb::Client::new(&embedded.sdk_config());
        let meter = Arc::new(CapacityMeter::new());
        meter.start("setting up");
        let table = DynamoTable::new(client, TABLE).with_meter(Arc::clone(&meter));
        let table: Arc<dyn Table> = Arc::new(table);
        let counted = Arc::new(Counted {
            inner: Arc::clone(&table),
            transactions: AtomicU64::new(0),
            conflicts: AtomicU64::new(0),
        });
        let agency = Agency::over(Arc::clone(&counted) as _, now).await;
        agency.tap.take();
        Self {
            agency,
            counted,
            meter,
            table,
            embedded,
            _folder: folder,
        }
    }

    /// What is stored under a key.
    pub async fn stored(&self, key: &Key) -> Item {
        self.table.get(key).await.unwrap().unwrap()
    }

    /// Puts items there, as the load before the test: many of them in one transaction of the engine's.
    pub fn put(&self, items: impl IntoIterator<Item = Item>) {
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            let part = items.by_ref().take(LOAD);
            let part = part.map(|item| serde_json::from_value(image(&item)).unwrap());
            let part = part.collect();
            let database = self.embedded.database();
            let loaded = database.import_items(TABLE, part, Default::default());
            loaded.unwrap();
        }
    }

    /// What was taken since this word was said first.
    pub async fn metered<T>(&self, of: &str, work: impl Future<Output = T>) -> (T, Usage) {
        self.meter.start(of);
        let done = work.await;
        self.meter.start("between");
        (done, self.meter.usage(of))
    }
}

/// The table of the code without its stream, which nothing reads here, and which takes most of the time.
fn make_table(embedded: &EmbeddedTable) {
    let schema = table_schema();
    let keys = |partition: &str, sort: &str| {
        json!([
            {"AttributeName": partition, "KeyType": "HASH"},
            {"AttributeName": sort, "KeyType": "RANGE"},
        ])
    };
    let names = schema.indexes.iter();
    let names = names.flat_map(|index| [index.partition_key, index.sort_key]);
    let names = [schema.partition_key, schema.sort_key]
        .into_iter()
        .chain(names);
    let attributes = names.map(|name| json!({"AttributeName": name, "AttributeType": "S"}));
    let indexes = schema.indexes.iter().map(|index| {
        json!({
            "IndexName": index.name,
            "KeySchema": keys(index.partition_key, index.sort_key),
            "Projection": {"ProjectionType": index.projection},
        })
    });
    let request = json!({
        "TableName": TABLE,
        "BillingMode": schema.billing_mode,
        "KeySchema": keys(schema.partition_key, schema.sort_key),
        "AttributeDefinitions": attributes.collect::<Value>(),
        "GlobalSecondaryIndexes": indexes.collect::<Value>(),
    });
    let (status, body) = embedded.call(
        "DynamoDB_20120810.CreateTable",
        request.to_string().as_bytes(),
    );
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
}

/// A number as the random part of an id.
pub fn uuid(number: usize) -> Uuid {
    Uuid::from_u128((0x0193_5000_0000_7000_8000 << 48) | u128::try_from(number).unwrap())
}

/// The same item of other ids. What is due of it lies in the shard of the new one.
pub fn of_others(item: &Item, ids: &[(&str, &str)], shard: u8) -> Item {
    let mut copy: Item = item.clone();
    for value in copy.values_mut() {
        replace(value, ids);
    }
    let due = Index::ByDue.partition_attribute();
    if let Some(AttributeValue::S(partition)) = copy.get_mut(due) {
        let kind = partition.rsplit_once('#').unwrap().0;
        *partition = format!("{kind}#{}", shard % keys::DUE_SHARDS);
    }
    copy
}

fn replace(value: &mut AttributeValue, ids: &[(&str, &str)]) {
    match value {
        AttributeValue::S(text) => {
            for (from, to) in ids {
                if text.contains(from) {
                    *text = text.replace(from, to);
                }
            }
        }
        AttributeValue::M(fields) => fields.values_mut().for_each(|value| replace(value, ids)),
        AttributeValue::L(values) => values.iter_mut().for_each(|value| replace(value, ids)),
        _ => {}
    }
}

/// One run for at most so many messages of a queue; how many it took, and what the function said.
pub async fn take_in(queue: &MemoryQueue, function: &dyn Function, most: usize) -> usize {
    let taken = queue.take(most);
    if taken.is_empty() {
        return 0;
    }
    let answer = function.invoke(MemoryQueue::payload(&taken)).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    queue.end(&taken, &answer);
    taken.len()
}
