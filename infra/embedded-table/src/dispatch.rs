//! From the name of an operation to the engine's method.

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

const TABLE_SERVICE: &str = "DynamoDB_20120810";
const STREAM_SERVICE: &str = "DynamoDBStreams_20120810";

/// Performs one request; answers the HTTP status and the body.
pub(crate) fn call(database: &Database, target: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let answer = match target.split_once('.') {
        Some((TABLE_SERVICE, operation)) => table_operation(database, operation, body),
        Some((STREAM_SERVICE, operation)) => stream_operation(database, operation, body),
        _ => None,
    };
    match answer {
        Some(Ok(answer)) => (200, answer),
        Some(Err(error)) => (error.status_code(), error.to_json().into_bytes()),
        None => (
            400,
            br#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#.to_vec(),
        ),
    }
}

type Answer = Result<Vec<u8>, DynoxideError>;

fn table_operation(database: &Database, operation: &str, body: &[u8]) -> Option<Answer> {
    Some(match operation {
        "CreateTable" => perform(body, |request| database.create_table(request)),
        "DeleteTable" => perform(body, |request| database.delete_table(request)),
        "DescribeTable" => perform(body, |request| database.describe_table(request)),
        "ListTables" => perform(body, |request| database.list_tables(request)),
        "UpdateTimeToLive" => perform(body, |request| database.update_time_to_live(request)),
        "DescribeTimeToLive" => perform(body, |request| database.describe_time_to_live(request)),
        "PutItem" => perform(body, |request| database.put_item(request)),
        "GetItem" => perform(body, |request| database.get_item(request)),
        "UpdateItem" => perform(body, |request| database.update_item(request)),
        "DeleteItem" => perform(body, |request| database.delete_item(request)),
        "BatchGetItem" => perform(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => perform(body, |request| database.batch_write_item(request)),
        "Query" => perform(body, |request| database.query(request)),
        // Remit's functions never scan; a person at the local host's table may.
        "Scan" => perform(body, |request| database.scan(request)),
        "TransactWriteItems" => perform(body, |request| database.transact_write_items(request)),
        "TransactGetItems" => perform(body, |request| database.transact_get_items(request)),
        _ => return None,
    })
}

fn stream_operation(database: &Database, operation: &str, body: &[u8]) -> Option<Answer> {
    Some(match operation {
        "ListStreams" => perform(body, |request| database.list_streams(request)),
        "DescribeStream" => perform(body, |request| database.describe_stream(request)),
        "GetShardIterator" => perform(body, |request| database.get_shard_iterator(request)),
        "GetRecords" => perform(body, |request| database.get_records(request)),
        _ => return None,
    })
}

fn perform<Request: DeserializeOwned, Response: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Request) -> Result<Response, DynoxideError>,
) -> Answer {
    let request = serde_json::from_slice(body)
        .map_err(|error| DynoxideError::SerializationException(error.to_string()))?;
    let response = operation(request)?;
    serde_json::to_vec(&response)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}
