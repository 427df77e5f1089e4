//! The tables that the contract is held against, and items to hold it with.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use remit_embedded_table::EmbeddedTable;
use remit_store::schema::create_table;
use remit_store::{DynamoTable, Expect, Item, MemoryTable, Store, Table, Write};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Longer than ten letters: some clients refuse the stream ids of shorter ones.
const TABLE_NAME: &str = "remit-contract";

/// A table and keys that no other check uses.
pub struct Engine {
    pub table: Arc<dyn Table>,
    pub store: Store,
    space: String,
}

impl Engine {
    fn new(table: Arc<dyn Table>, space: String) -> Self {
        let store = Store::new(Arc::clone(&table));
        Self {
            table,
            store,
            space,
        }
    }

    pub fn memory(check: &str) -> Self {
        Self::new(Arc::new(MemoryTable::new()), check.to_owned())
    }

    pub async fn embedded(check: &str) -> Self {
        let (table, _) = embedded_table().await;
        Self::new(table, check.to_owned())
    }

    /// The engine that the environment names, with one table for the whole run.
    pub async fn endpoint(check: &str) -> Option<Self> {
        static NAME: OnceCell<String> = OnceCell::const_new();
        let client = endpoint_client()?;
        let name = NAME.get_or_init(|| fresh_table(&client)).await;
        let table = Arc::new(DynamoTable::new(client, name));
        Some(Self::new(table, check.to_owned()))
    }

    /// A partition of this check.
    pub fn pk(&self, name: &str) -> String {
        format!("{}#{name}", self.space)
    }
}

/// The real SDK on an engine in memory.
pub async fn embedded_table() -> (Arc<DynamoTable>, EmbeddedTable) {
    let embedded = EmbeddedTable::memory().expect("an engine");
    let client = Client::new(&embedded.sdk_config());
    let made = create_table(&client, TABLE_NAME).await;
    assert_eq!(made, Ok(true));
    (Arc::new(DynamoTable::new(client, TABLE_NAME)), embedded)
}

/// A table of its own on the engine that the environment names.
pub async fn endpoint_table() -> Option<DynamoTable> {
    let client = endpoint_client()?;
    let name = fresh_table(&client).await;
    Some(DynamoTable::new(client, name))
}

async fn fresh_table(client: &Client) -> String {
    let name = format!("{TABLE_NAME}-{}", fresh().simple());
    create_table(client, &name).await.expect("a table");
    name
}

fn endpoint_client() -> Option<Client> {
    #[expect(clippy::disallowed_methods, reason = "a test is told its endpoint")]
    let endpoint = std::env::var("REMIT_TABLE_ENDPOINT").ok()?;
    Some(Client::new(&endpoint_config(&endpoint)))
}

fn endpoint_config(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "contract");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .build()
}

/// An id that nobody used: endpoints keep what earlier runs wrote.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing of a check depends on which id it is"
)]
pub fn fresh() -> Uuid {
    Uuid::now_v7()
}

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub fn n(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// An item with a key, a version and what else.
pub fn item(pk: &str, sk: &str, version: u64, more: &[(&str, AttributeValue)]) -> Item {
    let mut item = Item::from([
        ("pk".to_owned(), s(pk)),
        ("sk".to_owned(), s(sk)),
        ("version".to_owned(), n(version)),
    ]);
    for (name, value) in more {
        item.insert((*name).to_owned(), value.clone());
    }
    item
}

pub fn create(item: Item) -> Write {
    let expect = Expect::Absent;
    Write::Put { item, expect }
}

pub fn replace(item: Item, version: u64) -> Write {
    let expect = Expect::Version(version);
    Write::Put { item, expect }
}
