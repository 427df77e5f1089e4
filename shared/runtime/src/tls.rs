//! How AWS is reached over TLS: by Amazon's own roots first, and by those of the system where they do not lead to it.
//!
//! The system's are some 140 certificates; to read and parse them took more than half of what a function needed until
//! its first answer. All endpoints of AWS lead to the five of Amazon Trust Services. Should one lead elsewhere, by a new
//! root, a partition with others, or a proxy that opens what passes, its issuer is unknown once, and from then on the
//! process asks by the system's roots, as it would have without this. So nothing is trusted that was not before, and
//! nothing ends when a root does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, HttpClientError};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::function::BoxError;

const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");
/// What rustls says of a certificate that no root leads to.
const UNKNOWN_ISSUER: &str = "UnknownIssuer";

/// The one client that all of AWS is asked by.
///
/// # Errors
/// None as yet: to describe TLS may fail.
pub(crate) fn http_client() -> Result<SharedHttpClient, BoxError> {
    // Who names certificates wants those.
    #[expect(
        clippy::disallowed_methods,
        reason = "OpenSSL's own names, which rustls reads"
    )]
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(std::env::var_os);
    if named.iter().any(Option::is_some) {
        return Ok(trusting(TrustStore::default())?);
    }
    Ok(amazon_first()?)
}

/// A client that trusts Amazon's roots, and then the system's.
///
/// # Errors
/// None as yet.
pub fn amazon_first() -> Result<SharedHttpClient, HttpClientError> {
    let amazon = trusting(TrustStore::empty().with_pem_certificate(AMAZON_ROOTS))?;
    let system = trusting(TrustStore::default())?;
    Ok(SharedHttpClient::new(FirstThen::new(amazon, system)))
}

/// A client over TLS that trusts these; nothing is read before it is first used.
///
/// # Errors
/// None as yet.
pub fn trusting(roots: TrustStore) -> Result<SharedHttpClient, HttpClientError> {
    let context = TlsContext::builder().with_trust_store(roots).build()?;
    let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    Ok(builder.tls_context(context).build_https())
}

/// Asks by one client, and by another from the first certificate on whose issuer the one does not know.
#[derive(Debug)]
pub struct FirstThen {
    first: SharedHttpClient,
    then: SharedHttpClient,
    is_over: Arc<AtomicBool>,
}

impl FirstThen {
    /// Of these two.
    pub fn new(first: SharedHttpClient, then: SharedHttpClient) -> Self {
        Self {
            first,
            then,
            is_over: Arc::default(),
        }
    }
}

impl HttpClient for FirstThen {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        if self.is_over.load(Ordering::Relaxed) {
            return self.then.http_connector(settings, components);
        }
        SharedHttpConnector::new(Connecting {
            first: self.first.http_connector(settings, components),
            then: self.then.clone(),
            is_over: Arc::clone(&self.is_over),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

#[derive(Debug)]
struct Connecting {
    first: SharedHttpConnector,
    then: SharedHttpClient,
    is_over: Arc<AtomicBool>,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Connecting {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        // A body that streams is sent once; the SDK repeats what it can.
        let again = request.try_clone();
        let first = self.first.call(request);
        let then = self.then.clone();
        let is_over = Arc::clone(&self.is_over);
        let (settings, components) = (self.settings.clone(), self.components.clone());
        HttpConnectorFuture::new(async move {
            let error = match first.await {
                Err(error) if is_of_unknown_issuer(&error) => error,
                answer => return answer,
            };
            is_over.store(true, Ordering::Relaxed);
            tracing::warn!(
                "a certificate of AWS leads to none of Amazon's roots: the system's are asked"
            );
            match again {
                Some(request) => {
                    then.http_connector(&settings, &components)
                        .call(request)
                        .await
                }
                None => Err(error),
            }
        })
    }
}

fn is_of_unknown_issuer(error: &ConnectorError) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains(UNKNOWN_ISSUER) {
            return true;
        }
        cause = error.source();
    }
    false
}
