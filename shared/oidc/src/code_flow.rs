//! Signing in with a browser: the authorization code flow of OpenID Connect Core, 3.1, as a public client with PKCE
//! (RFC 7636) and no secret. What the browser brings back is a code, and nothing of it is believed: it is told to the
//! issuer together with what only who began can know, and the ID token that comes for it is verified as any other.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde::Deserialize;

use crate::cache::IssuerSilent;
use crate::claims::Identity;
use crate::discovery::Discovery;
use crate::fetch::Fetch;
use crate::token::TokenRefusal;
use crate::verifier::{SettingsError, Verifier, VerifyError, may_be_told};

/// How long what the issuer says of itself is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// What the issuer is asked, once somebody wants to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// What it gives back unread.
    pub state: &'a str,
    /// What its token has to say.
    pub nonce: &'a str,
    /// S256 of what is told with the code.
    pub challenge: &'a str,
}

/// What there is once somebody comes back.
#[derive(Debug, Clone, Copy)]
pub struct Coming<'a> {
    /// The code that the browser brought.
    pub code: &'a str,
    /// What the challenge was made of.
    pub verifier: &'a str,
    /// What the token has to say.
    pub nonce: &'a str,
}

/// Why a code does not say who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The issuer takes the code for none: used, too old, of another client or verifier.
    #[error("the issuer refuses the code: {0}")]
    Refused(u16),
    /// The token that came for it is not good.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    /// It cannot be told: a failure, not a refusal.
    #[error(transparent)]
    Silent(#[from] IssuerSilent),
}

impl From<VerifyError> for CodeError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Refused(refusal) => Self::Token(refusal),
            VerifyError::Silent(silent) => Self::Silent(silent),
        }
    }
}

/// Where the issuer lets people in, and where it takes codes.
#[derive(Debug, Clone)]
struct Endpoints {
    authorization: Url,
    token: Url,
}

/// Has people sign in at one issuer, for one client, on their way to one address.
pub struct CodeFlow {
    issuer: String,
    client: String,
    redirect_uri: String,
    tokens: Verifier,
    fetch: Arc<dyn Fetch>,
    known: Mutex<Option<(Timestamp, Endpoints)>>,
}

/// What comes for a code. What it may be used for besides is not looked at.
#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
}

impl CodeFlow {
    /// That of a client of an issuer's; none where either is not named.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(
        issuer: &str,
        client: &str,
        redirect_uri: String,
        fetch: Arc<dyn Fetch>,
    ) -> Result<Option<Self>, SettingsError> {
        if issuer.is_empty() || client.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            issuer: issuer.to_owned(),
            client: client.to_owned(),
            redirect_uri,
            tokens: Verifier::new(issuer, client, Arc::clone(&fetch))?,
            fetch,
            known: Mutex::default(),
        }))
    }

    async fn endpoints(&self, now: Timestamp) -> Result<Endpoints, IssuerSilent> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, endpoints)) = known().as_ref()
            && now.duration_since(*since).abs() < KEPT
        {
            return Ok(endpoints.clone());
        }
        let found = Discovery::fetch(&*self.fetch, &self.issuer).await?;
        let endpoint = |name: &str, address: Option<String>| {
            let address = address.ok_or_else(|| IssuerSilent(format!("it has no {name}")))?;
            let told = may_be_told(&address, &self.issuer);
            let url = Url::parse(&address).ok().filter(|_| told);
            url.ok_or_else(|| IssuerSilent(format!("its {name} {address} is not https by name")))
        };
        let endpoints = Endpoints {
            authorization: endpoint("authorization_endpoint", found.authorization_endpoint)?,
            token: endpoint("token_endpoint", found.token_endpoint)?,
        };
        *known() = Some((now, endpoints.clone()));
        Ok(endpoints)
    }

    /// The origin at which people sign in, for the policy of the page with the button: browsers hold a form's
    /// redirect to it.
    ///
    /// # Errors
    /// The issuer does not answer, or lets nobody in with a browser.
    pub async fn origin(&self, now: Timestamp) -> Result<String, IssuerSilent> {
        let endpoints = self.endpoints(now).await?;
        Ok(endpoints.authorization.origin().ascii_serialization())
    }

    /// Where somebody goes to sign in.
    ///
    /// # Errors
    /// As [`CodeFlow::origin`].
    pub async fn address(
        &self,
        asking: Asking<'_>,
        now: Timestamp,
    ) -> Result<String, IssuerSilent> {
        let mut url = self.endpoints(now).await?.authorization;
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", self.client.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            // Who they are is all that is asked.
            ("scope", "openid"),
            ("state", asking.state),
            ("nonce", asking.nonce),
            ("code_challenge", asking.challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url.into())
    }

    /// Who came back with a code.
    ///
    /// # Errors
    /// [`CodeError`].
    pub async fn identity(
        &self,
        coming: Coming<'_>,
        now: Timestamp,
    ) -> Result<Identity, CodeError> {
        let endpoint = self.endpoints(now).await?.token;
        let silent = |text: String| IssuerSilent(format!("{endpoint}: {text}"));
        // The fields of a form are written as those of an address are.
        let mut form = endpoint.clone();
        form.set_query(None);
        form.query_pairs_mut().extend_pairs([
            ("grant_type", "authorization_code"),
            ("code", coming.code),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("client_id", self.client.as_str()),
            ("code_verifier", coming.verifier),
        ]);
        let form = form.query().unwrap_or_default();
        let answered = self.fetch.post_form(endpoint.as_str(), form).await;
        let answered = answered.map_err(|error| silent(error.to_string()))?;
        match answered.status {
            200 => {}
            status @ 400..=403 => return Err(CodeError::Refused(status)),
            status => return Err(silent(format!("it answers {status}")).into()),
        }
        let tokens: Tokens =
            serde_json::from_slice(&answered.body).map_err(|error| silent(error.to_string()))?;
        let token = tokens.id_token;
        let token = token.ok_or_else(|| silent("there is no ID token".to_owned()))?;
        let (client, nonce) = (&self.client, coming.nonce);
        Ok(self
            .tokens
            .verify_answer(&token, client, nonce, now)
            .await?)
    }
}
