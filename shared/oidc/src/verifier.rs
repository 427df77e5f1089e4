//! One issuer, and whom its tokens have to be for.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Url;

use crate::cache::{IssuerSilent, KeyCache};
use crate::claims::{AnswerClaims, Claims, Identity};
use crate::fetch::Fetch;
use crate::token::{Token, TokenRefusal};

/// The deployment's settings name an issuer that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not an address that is safe to ask.
    #[error("the issuer {0} is no https address without query and fragment")]
    Issuer(String),
    /// A token of anybody's would be taken.
    #[error("the issuer {0} needs at least one audience")]
    NoAudience(String),
}

/// Why a token does not say who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The token is not good.
    #[error(transparent)]
    Refused(#[from] TokenRefusal),
    /// It cannot be told: a failure, not a refusal.
    #[error(transparent)]
    Silent(#[from] IssuerSilent),
}

struct Trusted {
    issuer: String,
    audiences: Vec<String>,
    keys: KeyCache,
}

/// Says whose a token is. The default has no issuer, and takes no token.
#[derive(Default)]
pub struct Verifier(Option<Trusted>);

impl Verifier {
    /// One that takes tokens of an issuer, for one of these audiences (separated by commas); none
    /// at all, where no issuer is named.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(
        issuer: &str,
        audiences: &str,
        fetch: Arc<dyn Fetch>,
    ) -> Result<Self, SettingsError> {
        if issuer.is_empty() {
            return Ok(Self(None));
        }
        if !may_be_asked(issuer, issuer) {
            return Err(SettingsError::Issuer(issuer.to_owned()));
        }
        let audiences = audiences.split(',').map(str::trim);
        let audiences: Vec<String> = audiences
            .filter(|audience| !audience.is_empty())
            .map(str::to_owned)
            .collect();
        if audiences.is_empty() {
            return Err(SettingsError::NoAudience(issuer.to_owned()));
        }
        Ok(Self(Some(Trusted {
            issuer: issuer.to_owned(),
            audiences,
            keys: KeyCache::new(issuer.to_owned(), fetch),
        })))
    }

    /// Whose a token is. First what costs nothing: its size and shape, its header, its claims;
    /// what is wrong there has no key fetched. Then the issuer's key of its `kid`, and the
    /// signature. Nothing that the token says is believed before that.
    ///
    /// # Errors
    /// [`VerifyError::Refused`] for a token that is not good, [`VerifyError::Silent`] where the
    /// issuer's keys cannot be had.
    pub async fn verify(&self, text: &str, now: Timestamp) -> Result<Identity, VerifyError> {
        let trusted = self.0.as_ref().ok_or(TokenRefusal::NoIssuer)?;
        trusted.verify(&Token::parse(text)?, now).await
    }

    /// Whose an ID token is that answers an attempt of this client's to sign in; all of
    /// [`Verifier::verify`] holds for it too.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub(crate) async fn verify_answer(
        &self,
        text: &str,
        client: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Identity, VerifyError> {
        let trusted = self.0.as_ref().ok_or(TokenRefusal::NoIssuer)?;
        let token = Token::parse(text)?;
        AnswerClaims::parse(&token.claims)?.check(client, nonce)?;
        trusted.verify(&token, now).await
    }
}

impl Trusted {
    async fn verify(&self, token: &Token<'_>, now: Timestamp) -> Result<Identity, VerifyError> {
        let claims = Claims::parse(&token.claims)?;
        let claimed = claims.check(&self.issuer, &self.audiences, now)?;
        let key = self.keys.key(token, now).await?;
        key.verify(token)?;
        Ok(claimed)
    }
}

/// Whether an issuer's document may be asked for at an address: only under https, but on the very
/// machine, where the issuer itself is there.
pub(crate) fn may_be_asked(address: &str, issuer: &str) -> bool {
    let (Ok(url), Ok(issuer)) = (Url::parse(address), Url::parse(issuer)) else {
        return false;
    };
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && (url.query().is_none() || url != issuer);
    let is_local = |url: &Url| url.scheme() == "http" && is_loopback(url);
    is_plain && (url.scheme() == "https" || (is_local(&url) && is_local(&issuer)))
}

/// Whether somebody may be sent to an address of the issuer's, or a code be told there: as [`may_be_asked`], and under
/// https only to a host by its name, which its certificate is for.
pub(crate) fn may_be_told(address: &str, issuer: &str) -> bool {
    let by_name = |url: Url| {
        let host = url.host_str().unwrap_or_default();
        let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
        !is_address && host.contains('.')
    };
    let is_local = address.starts_with("http:");
    may_be_asked(address, issuer) && (is_local || Url::parse(address).is_ok_and(by_name))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_asked_for_under_https_or_on_the_machine_itself() {
        let good = "https://issuer.example/pool";
        let local = "http://127.0.0.1:3000/_local/oidc";
        for (address, issuer, may) in [
            (good, good, true),
            ("https://keys.example/jwks?v=2", good, true),
            ("http://issuer.example/jwks", good, false),
            ("http://127.0.0.1/jwks", good, false),
            (local, local, true),
            ("http://[::1]:3000/jwks", local, true),
            ("http://localhost/jwks", local, false),
            ("http://issuer.example/jwks", local, false),
            ("https://a:b@issuer.example/jwks", good, false),
            ("https://issuer.example/jwks#x", good, false),
            ("file:///etc/passwd", good, false),
            ("issuer.example", "issuer.example", false),
            (
                "https://issuer.example/?a",
                "https://issuer.example/?a",
                false,
            ),
        ] {
            assert_eq!(may_be_asked(address, issuer), may, "{address}");
        }
    }

    #[test]
    fn a_code_is_told_to_a_named_host_only() {
        let good = "https://issuer.example/pool";
        let local = "http://127.0.0.1:3000/_local/oidc";
        for (address, issuer, may) in [
            ("https://issuer.example/token", good, true),
            ("https://signin.pool.example/oauth2/token", good, true),
            ("https://issuer.example:8443/token", good, true),
            ("https://10.0.0.7/token", good, false),
            ("https://[fd00::1]/token", good, false),
            ("https://169.254.169.254/latest", good, false),
            ("https://localhost/token", good, false),
            ("http://issuer.example/token", good, false),
            ("http://127.0.0.1:3000/_local/oidc/token", good, false),
            ("http://127.0.0.1:3000/_local/oidc/token", local, true),
            ("https://a:b@issuer.example/token", good, false),
            ("javascript:alert(1)", good, false),
        ] {
            assert_eq!(may_be_told(address, issuer), may, "{address}");
        }
    }
}
