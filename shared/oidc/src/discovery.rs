//! What an issuer says of itself: OpenID Connect Discovery, 3 and 4.

use serde::Deserialize;

use crate::cache::IssuerSilent;
use crate::fetch::{Fetch, FetchError};

/// What matters of it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Discovery {
    issuer: String,
    pub jwks_uri: String,
    pub authorization_endpoint: Option<String>,
    pub token_endpoint: Option<String>,
}

impl Discovery {
    /// Asks the issuer, and holds the answer to be its own.
    pub async fn fetch(fetch: &dyn Fetch, issuer: &str) -> Result<Self, IssuerSilent> {
        let silent = |error: FetchError| IssuerSilent(error.to_string());
        let base = issuer.strip_suffix('/').unwrap_or(issuer);
        let url = format!("{base}/.well-known/openid-configuration");
        let found = fetch.get(&url).await.map_err(silent)?;
        let discovery: Self = serde_json::from_slice(&found.body)
            .map_err(|error| IssuerSilent(format!("{url}: {error}")))?;
        if discovery.issuer != issuer {
            let other = discovery.issuer;
            return Err(IssuerSilent(format!("{url} is that of {other}")));
        }
        Ok(discovery)
    }
}
