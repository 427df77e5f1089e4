//! A model of an issuer: it has keys, publishes them and signs what it is asked to sign. For tests
//! and for the local host's stand-in; the signatures are real, and nothing is left out when they
//! are checked. Never part of a deployed function.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::fetch::{Answered, Fetch, FetchError, Fetched};

/// No key could be made, or nothing signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the model of an issuer: {0}")]
pub struct ModelError(&'static str);

enum Pair {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A private key of an issuer's.
pub struct SigningKey {
    kid: String,
    pair: Pair,
}

/// What precedes the modulus of 2048 bits in the DER of an RSA key: a sequence, an integer, and a
/// byte so that it is not negative. What follows is an integer of three bytes.
const BEFORE_MODULUS_BYTES: usize = 9;
const MODULUS_BYTES: usize = 256;
const BEFORE_EXPONENT_BYTES: usize = 2;

impl SigningKey {
    /// A new key for ES256.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn es256(kid: &str) -> Result<Self, ModelError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        let pair = pair.map_err(|_| ModelError("no key for ES256"))?;
        Ok(Self {
            kid: kid.to_owned(),
            pair: Pair::P256(pair),
        })
    }

    /// A new key for RS256 and PS256.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn rsa(kid: &str) -> Result<Self, ModelError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048);
        let pair = pair.map_err(|_| ModelError("no key for RSA"))?;
        Ok(Self {
            kid: kid.to_owned(),
            pair: Pair::Rsa(pair),
        })
    }

    /// Its name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key, as it is published.
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
                json!({
                    "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
                    "kid": self.kid, "x": text(x), "y": text(y),
                })
            }
            Pair::Rsa(pair) => {
                let der = pair.public_key().as_ref();
                let (n, rest) = der
                    .get(BEFORE_MODULUS_BYTES..)
                    .unwrap_or_default()
                    .split_at(MODULUS_BYTES);
                let e = rest.get(BEFORE_EXPONENT_BYTES..).unwrap_or_default();
                json!({
                    "kty": "RSA", "use": "sig", "kid": self.kid, "n": text(n), "e": text(e),
                })
            }
        }
    }

    /// A token with this header and these claims, signed. The header is taken as it is, so that
    /// it may lie; signed is by what the key is for: PS256 where the header says so.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn sign(&self, header: &Value, claims: &str) -> Result<String, ModelError> {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!("{}.{}", part(&header.to_string()), part(claims));
        let random = SystemRandom::new();
        let failed = |_| ModelError("nothing was signed");
        let signature = match &self.pair {
            Pair::P256(pair) => {
                let signature = pair.sign(&random, signed.as_bytes()).map_err(failed)?;
                signature.as_ref().to_vec()
            }
            Pair::Rsa(pair) => {
                let by = match header["alg"].as_str() {
                    Some("PS256") => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(by, &random, signed.as_bytes(), &mut signature);
                signed.map_err(failed)?;
                signature
            }
        };
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The header of an honest token of this key.
    pub fn header(&self) -> Value {
        let alg = match self.pair {
            Pair::P256(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        };
        json!({"alg": alg, "typ": "JWT", "kid": self.kid})
    }
}

/// What discovery says of an issuer whose keys are beside it.
pub fn discovery(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks.json"),
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "id_token_signing_alg_values_supported": ["ES256"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
    })
}

/// Documents by their address, which can be changed and taken away, and a count of what was asked.
#[derive(Default)]
pub struct Documents {
    by_url: Mutex<BTreeMap<String, Fetched>>,
    asked: AtomicUsize,
    answers: Mutex<BTreeMap<String, Answered>>,
    forms: Mutex<Vec<(String, String)>>,
}

impl Documents {
    /// Those of an issuer with these keys.
    pub fn of_issuer(issuer: &str, keys: &[&SigningKey]) -> Self {
        let documents = Self::default();
        let url = format!("{issuer}/.well-known/openid-configuration");
        documents.put(&url, &discovery(issuer), None);
        documents.publish(issuer, keys);
        documents
    }

    fn by_url(&self) -> MutexGuard<'_, BTreeMap<String, Fetched>> {
        self.by_url.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a document at an address.
    pub fn put(&self, url: &str, document: &Value, max_age_s: Option<u64>) {
        let body = Bytes::from(document.to_string());
        let fetched = Fetched { body, max_age_s };
        self.by_url().insert(url.to_owned(), fetched);
    }

    /// Publishes other keys from now on.
    pub fn publish(&self, issuer: &str, keys: &[&SigningKey]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        let url = format!("{issuer}/jwks.json");
        self.put(&url, &json!({ "keys": keys }), None);
    }

    /// Answers every form at an address from now on with this.
    pub fn answer(&self, url: &str, status: u16, document: &Value) {
        let body = Bytes::from(document.to_string());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(url.to_owned(), Answered { status, body });
    }

    /// The forms that came, each with its address, the oldest first.
    pub fn forms(&self) -> Vec<(String, String)> {
        let forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        forms.clone()
    }

    /// Answers nothing any more.
    pub fn fall_silent(&self) {
        self.by_url().clear();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.clear();
    }

    /// How many documents were asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Fetch for Documents {
    async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // Others get a turn, as on a network.
        tokio::task::yield_now().await;
        let found = self.by_url().get(url).cloned();
        found.ok_or_else(|| FetchError::new(format!("{url}: no answer")))
    }

    async fn post_form(&self, url: &str, form: &str) -> Result<Answered, FetchError> {
        tokio::task::yield_now().await;
        let came = (url.to_owned(), form.to_owned());
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        forms.push(came);
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let found = answers.get(url).cloned();
        found.ok_or_else(|| FetchError::new(format!("{url}: no answer")))
    }
}
