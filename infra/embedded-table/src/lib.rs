//! DynamoDB in this process: the engine of `dynoxide`, behind the real SDK, without a socket.
//!
//! The SDK's HTTP client is replaced by one that hands the operation and the body of a request to
//! the engine. So everything above it is what runs in the cloud: serialisation, signing, retries
//! and errors. For the local host and for tests; never part of a deployed function.

mod dispatch;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynoxide::Database;
use rusqlite::{Connection, OpenFlags};

/// At every write the engine looks for the last sequence number of the stream. Without this index
/// it reads the whole stream for it, and gets slower with every record.
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS remit_stream_sequence \
     ON _stream_records(table_name, CAST(sequence_number AS INTEGER))";

/// The database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The path is not UTF-8.
    #[error("the path of the database is not UTF-8")]
    Path,
    /// The engine refused it.
    #[error("the database cannot be opened: {0}")]
    Engine(#[from] dynoxide::DynoxideError),
    /// The index of the stream could not be made.
    #[error("the index of the stream cannot be made: {0}")]
    Index(#[from] rusqlite::Error),
}

/// A DynamoDB of its own. Clones share it.
#[derive(Clone)]
pub struct EmbeddedTable {
    database: Database,
    /// Keeps a database in memory alive as long as any clone.
    _anchor: Option<Arc<std::sync::Mutex<Connection>>>,
}

impl std::fmt::Debug for EmbeddedTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmbeddedTable")
    }
}

impl EmbeddedTable {
    /// An empty one in memory.
    ///
    /// # Errors
    /// [`OpenError`] if the engine refuses.
    pub fn memory() -> Result<Self, OpenError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        // Under a name, so that a second connection can reach it to make the index.
        let address = format!("file:remit-embedded-{number}?mode=memory&cache=shared");
        let database = Database::new(&address)?;
        let anchor = make_stream_index(&address)?;
        Ok(Self {
            database,
            _anchor: Some(Arc::new(std::sync::Mutex::new(anchor))),
        })
    }

    /// The one in this file, made if it is not there. What is committed survives a kill.
    ///
    /// # Errors
    /// [`OpenError`] if the file is not a database, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let path = path.to_str().ok_or(OpenError::Path)?;
        let database = Database::new(path)?;
        drop(make_stream_index(path)?);
        Ok(Self {
            database,
            _anchor: None,
        })
    }

    /// The engine itself.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Performs one request: the value of `X-Amz-Target`, such as `DynamoDB_20120810.GetItem` or
    /// `DynamoDBStreams_20120810.GetRecords`, and the JSON body. Answers the HTTP status and the
    /// JSON body.
    pub fn call(&self, target: &str, body: &[u8]) -> (u16, Vec<u8>) {
        dispatch::call(&self.database, target, body)
    }

    /// An HTTP client for the SDK whose every request ends here.
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(Connector(self.clone()))
    }

    /// What the SDK needs to talk to this database: a region and a key of no meaning, and the
    /// HTTP client.
    pub fn sdk_config(&self) -> SdkConfig {
        let credentials = Credentials::new("embedded", "embedded", None, None, "embedded");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.http_client())
            .build()
    }
}

fn make_stream_index(address: &str) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(address, flags)?;
    connection.execute_batch(STREAM_INDEX)?;
    Ok(connection)
}

/// Hands requests of the SDK to the engine.
#[derive(Debug)]
struct Connector(EmbeddedTable);

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.clone()))
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(self.answer(&request))
    }
}

impl Connector {
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request
            .body()
            .bytes()
            .ok_or_else(|| ConnectorError::user("a streamed body".into()))?;
        let (status, answer) = self.0.call(target, body);
        let status = StatusCode::try_from(status)
            .map_err(|error| ConnectorError::other(error.into(), None))?;
        let mut response = HttpResponse::new(status, SdkBody::from(answer));
        response
            .headers_mut()
            .insert("content-type", "application/x-amz-json-1.0");
        Ok(response)
    }
}
