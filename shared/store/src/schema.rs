//! The definition of the table, as plain data: what the template deploys, the local host makes
//! and the tests use. A test holds template.yaml against it.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TableStatus,
    TimeToLiveSpecification,
};

use crate::dynamo::table_error;
use crate::item::{EXPIRES_AT, PK, SK};
use crate::table::{Index, TableError};

/// Keys, indexes, stream and expiry of the table. All key attributes are texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSchema {
    /// The attribute of the partition key.
    pub partition_key: &'static str,
    /// The attribute of the sort key.
    pub sort_key: &'static str,
    /// Its global secondary indexes.
    pub indexes: Vec<IndexSchema>,
    /// What stream records carry, as the template writes it.
    pub stream_view_type: &'static str,
    /// The attribute after which items expire.
    pub expiry_attribute: &'static str,
    /// How it is paid, as the template writes it.
    pub billing_mode: &'static str,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSchema {
    /// Its name.
    pub name: &'static str,
    /// The attribute of its partition key.
    pub partition_key: &'static str,
    /// The attribute of its sort key.
    pub sort_key: &'static str,
    /// What it projects, as the template writes it.
    pub projection: &'static str,
}

/// The table.
pub fn table_schema() -> TableSchema {
    TableSchema {
        partition_key: PK,
        sort_key: SK,
        indexes: Index::ALL.map(index_schema).to_vec(),
        stream_view_type: "NEW_AND_OLD_IMAGES",
        expiry_attribute: EXPIRES_AT,
        billing_mode: "PAY_PER_REQUEST",
    }
}

fn index_schema(index: Index) -> IndexSchema {
    IndexSchema {
        name: index.name(),
        partition_key: index.partition_attribute(),
        sort_key: index.sort_attribute(),
        projection: "KEYS_ONLY",
    }
}

/// How often, and how long apart, a new table is looked at until it is active.
const ACTIVE_POLLS: u32 = 120;
const ACTIVE_POLL: Duration = Duration::from_millis(500);

/// Makes the table, unless it is there already, and waits until it is active. For the local host
/// and tests; in the cloud the template makes it. Answers whether it was made.
///
/// # Errors
/// [`TableError`]; `Timeout` if it is not active within a minute.
pub async fn create_table(client: &Client, name: &str) -> Result<bool, TableError> {
    let schema = table_schema();
    let request = definition(client, name, &schema).map_err(bad_definition)?;
    if let Err(error) = request.send().await {
        let exists = matches!(
            error.as_service_error(),
            Some(CreateTableError::ResourceInUseException(_))
        );
        return if exists {
            Ok(false)
        } else {
            Err(table_error(&error))
        };
    }
    wait_until_active(client, name).await?;
    let expiry = TimeToLiveSpecification::builder()
        .attribute_name(schema.expiry_attribute)
        .enabled(true)
        .build()
        .map_err(bad_definition)?;
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expiry)
        .send()
        .await
        .map_err(|error| table_error(&error))?;
    Ok(true)
}

fn bad_definition(error: BuildError) -> TableError {
    TableError::Rejected(error.to_string())
}

fn definition(
    client: &Client,
    name: &str,
    schema: &TableSchema,
) -> Result<aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder, BuildError>
{
    let mut request = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::from(schema.billing_mode));
    let keys = schema
        .indexes
        .iter()
        .map(|index| (index.partition_key, index.sort_key));
    for (partition, sort) in keys.chain([(schema.partition_key, schema.sort_key)]) {
        for attribute in [partition, sort] {
            let text = AttributeDefinition::builder()
                .attribute_name(attribute)
                .attribute_type(ScalarAttributeType::S)
                .build()?;
            request = request.attribute_definitions(text);
        }
    }
    for element in key_schema(schema.partition_key, schema.sort_key)? {
        request = request.key_schema(element);
    }
    for index in &schema.indexes {
        let projection = Projection::builder()
            .projection_type(ProjectionType::from(index.projection))
            .build();
        let definition = GlobalSecondaryIndex::builder()
            .index_name(index.name)
            .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)?))
            .projection(projection)
            .build()?;
        request = request.global_secondary_indexes(definition);
    }
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(schema.stream_view_type))
        .build()?;
    Ok(request.stream_specification(stream))
}

fn key_schema(partition: &str, sort: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    [(partition, KeyType::Hash), (sort, KeyType::Range)]
        .into_iter()
        .map(|(attribute, kind)| {
            KeySchemaElement::builder()
                .attribute_name(attribute)
                .key_type(kind)
                .build()
        })
        .collect()
}

async fn wait_until_active(client: &Client, name: &str) -> Result<(), TableError> {
    for _ in 0..ACTIVE_POLLS {
        let answer = client.describe_table().table_name(name).send().await;
        let answer = answer.map_err(|error| table_error(&error))?;
        let status = answer.table.and_then(|table| table.table_status);
        if status == Some(TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(ACTIVE_POLL).await;
    }
    Err(TableError::Timeout)
}
