//! Tokens as people and attackers send them, and the issuer's keys as they come and go.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attacks;
mod code_flow;
mod keys;

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use remit_oidc::model::{Documents, SigningKey};
use remit_oidc::{Identity, TokenRefusal, Verifier, VerifyError};
use serde_json::{Value, json};

const ISSUER: &str = "https://issuer.example/pool";
const CLIENT: &str = "remit-client";
/// 2026-11-24T02:00:00Z.
const NOW_S: i64 = 1_795_485_600;

static ES: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::es256("es").unwrap());
static RSA: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::rsa("rsa").unwrap());

/// A verifier and its issuer.
struct House {
    verifier: Verifier,
    issuer: Arc<Documents>,
}

impl House {
    fn new() -> Self {
        Self::with(&[&ES, &RSA])
    }

    fn with(keys: &[&SigningKey]) -> Self {
        let issuer = Arc::new(Documents::of_issuer(ISSUER, keys));
        let audiences = format!("other, {CLIENT}");
        let verifier = Verifier::new(ISSUER, &audiences, Arc::clone(&issuer) as _).unwrap();
        Self { verifier, issuer }
    }

    async fn at(&self, token: &str, seconds: i64) -> Result<Identity, VerifyError> {
        let now = Timestamp::from_second(NOW_S + seconds).unwrap();
        self.verifier.verify(token, now).await
    }

    async fn now(&self, token: &str) -> Result<Identity, VerifyError> {
        self.at(token, 0).await
    }
}

/// The claims of an honest ID token.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "subject-1", "aud": CLIENT,
        "iat": NOW_S - 60, "exp": NOW_S + 3600,
        "email": "min@studio.example", "email_verified": true,
    })
}

/// Those with some of them changed; null takes one away.
fn with(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn signed(key: &SigningKey, claims: &Value) -> String {
    key.sign(&key.header(), &claims.to_string()).unwrap()
}

fn refused(answer: Result<Identity, VerifyError>) -> TokenRefusal {
    match answer {
        Err(VerifyError::Refused(refusal)) => refusal,
        other => unreachable!("{other:?}"),
    }
}
