//! AWS over TLS: by Amazon's roots, and by the system's where those lead nowhere.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::TrustStore;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rcgen::{CertificateParams, DnType, KeyPair};
use remit_runtime::tls::{FirstThen, amazon_first, trusting};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What a table answers that lists no tables.
const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\n\
                      content-length: 17\r\nconnection: close\r\n\r\n{\"TableNames\":[]}";

/// After so long nobody connects any more.
const PATIENCE: Duration = Duration::from_secs(20);

/// An endpoint of a table, with a certificate that nobody knows.
struct Endpoint {
    url: String,
    /// Its certificate, which is its root too.
    root: String,
    /// What became of each connection, in order: whether it was trusted.
    trusted: UnboundedReceiver<bool>,
}

impl Endpoint {
    async fn open(name: &str) -> Self {
        let mut wanted = CertificateParams::new(["localhost".to_owned()]).unwrap();
        wanted.distinguished_name.push(DnType::CommonName, name);
        let pair = KeyPair::generate().unwrap();
        let made = wanted.self_signed(&pair).unwrap();
        let key = PrivateKeyDer::try_from(pair.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (told, trusted) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, told) = (acceptor.clone(), told.clone());
                tokio::spawn(async move {
                    let stream = acceptor.accept(stream).await;
                    told.send(stream.is_ok()).unwrap();
                    let Ok(mut stream) = stream else { return };
                    let mut asked = [0; 4_096];
                    if stream.read(&mut asked).await.is_ok_and(|read| read > 0) {
                        stream.write_all(ANSWER.as_bytes()).await.unwrap();
                        stream.shutdown().await.unwrap();
                    }
                });
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            root: made.pem(),
            trusted,
        }
    }

    /// Whether it answers who asks by this client.
    async fn answers(&self, client: &SharedHttpClient) -> bool {
        let credentials = Credentials::new("test", "test", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(aws_config::retry::RetryConfig::disabled())
            .endpoint_url(&self.url)
            .http_client(client.clone())
            .build();
        let table = aws_sdk_dynamodb::Client::new(&config);
        table.list_tables().send().await.is_ok()
    }

    /// What became of the next connections.
    async fn was_trusted<const N: usize>(&mut self) -> [bool; N] {
        let mut all = [false; N];
        for trusted in &mut all {
            let told = tokio::time::timeout(PATIENCE, self.trusted.recv()).await;
            *trusted = told.expect("a connection").unwrap();
        }
        all
    }
}

fn only(root: &str) -> SharedHttpClient {
    trusting(TrustStore::empty().with_pem_certificate(root)).unwrap()
}

#[tokio::test]
async fn who_has_an_unknown_issuer_is_asked_by_the_other_roots_from_then_on() {
    let (mut endpoint, other) = (Endpoint::open("one").await, Endpoint::open("two").await);
    let roots = FirstThen::new(only(&other.root), only(&endpoint.root));
    let client = SharedHttpClient::new(roots);
    assert!(endpoint.answers(&client).await);
    assert_eq!(endpoint.was_trusted().await, [false, true]);
    assert!(endpoint.answers(&client).await);
    assert_eq!(endpoint.was_trusted().await, [true]);
}

#[tokio::test]
async fn who_is_known_is_not_asked_twice() {
    let (mut endpoint, other) = (Endpoint::open("one").await, Endpoint::open("two").await);
    let roots = FirstThen::new(only(&endpoint.root), only(&other.root));
    let client = SharedHttpClient::new(roots);
    assert!(endpoint.answers(&client).await);
    assert_eq!(endpoint.was_trusted().await, [true]);
}

/// Neither Amazon's roots nor the system's lead to it: nobody is trusted for want of a better one.
#[tokio::test]
async fn whom_no_root_leads_to_is_not_trusted() {
    let mut endpoint = Endpoint::open("one").await;
    let client = amazon_first().unwrap();
    assert!(!endpoint.answers(&client).await);
    assert_eq!(endpoint.was_trusted().await, [false, false]);
}
