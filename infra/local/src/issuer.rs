//! The stand-in for the issuer of tokens: anybody may sign in as anybody, for this machine is all
//! theirs. Its signatures are real, and so is everything that is checked of them; its key is made
//! when the host starts, so tokens of before count no more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use remit_oidc::model::{self, ModelError, SigningKey};
use serde_json::{Value, json};

use crate::html;

/// For whom its tokens are.
pub const AUDIENCE: &str = "remit-local";
/// How long they count.
const LIFE_S: i64 = 3600;
/// OpenID Connect Core, 2.
const SUBJECT_CHARACTERS_MAX: usize = 255;

/// Its name, which is where it answers.
pub fn url(base_url: &str) -> String {
    format!("{base_url}/_local/oidc")
}

/// The issuer of a host.
pub struct Issuer {
    url: String,
    key: SigningKey,
}

impl Issuer {
    /// That of the host at an address.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn new(base_url: &str) -> Result<Self, ModelError> {
        Ok(Self {
            url: url(base_url),
            key: SigningKey::es256("local")?,
        })
    }

    /// Where its keys are.
    pub fn discovery(&self) -> Value {
        model::discovery(&self.url)
    }

    /// Its keys.
    pub fn keys(&self) -> Value {
        json!({ "keys": [self.key.jwk()] })
    }

    /// What somebody gets who signs in, as Cognito answers: an ID token, and an access token that
    /// names the client and no audience.
    ///
    /// # Errors
    /// A text for who asked: there is no subject.
    pub fn sign_in(
        &self,
        fields: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Result<Value, String> {
        let subject = fields.get("sub").or_else(|| fields.get("email"));
        let subject = subject.filter(|subject| {
            (1..=SUBJECT_CHARACTERS_MAX).contains(&subject.len()) && subject.is_ascii()
        });
        let subject = subject.ok_or("say who signs in: sub=somebody, of ASCII characters")?;
        let now_s = now.as_second();
        let common = json!({
            "iss": self.url, "sub": subject, "iat": now_s, "auth_time": now_s,
            "exp": now_s + LIFE_S,
        });
        let mut id = common.clone();
        id["token_use"] = json!("id");
        id["aud"] = json!(AUDIENCE);
        id["email"] = json!(fields.get("email"));
        let mut access = common;
        access["token_use"] = json!("access");
        access["client_id"] = json!(AUDIENCE);
        let signed = |claims: Value| {
            let token = self.key.sign(&self.key.header(), &claims.to_string());
            token.map_err(|error| error.to_string())
        };
        Ok(json!({
            "id_token": signed(id)?,
            "access_token": signed(access)?,
            "token_type": "Bearer",
            "expires_in": LIFE_S,
        }))
    }
}

/// Where a person signs in.
pub fn page() -> String {
    let body = "<p>The stand-in for the issuer of tokens: whoever you say you are, you get tokens. \
         Whose they are, Remit knows once the identity is linked to a member.</p>\
         <form method=\"post\" action=\"/_local/oidc/token\">\
         <label>Subject <input name=\"sub\" required maxlength=\"255\"></label> \
         <button>Sign in</button></form>";
    html::page("Sign in", body)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use remit_oidc::Verifier;
    use remit_oidc::model::Documents;

    use super::*;

    #[tokio::test]
    async fn its_tokens_are_good_ones() {
        let issuer = Issuer::new("http://127.0.0.1:3000").unwrap();
        let documents = Documents::default();
        let found = format!("{}/.well-known/openid-configuration", issuer.url);
        documents.put(&found, &issuer.discovery(), None);
        let keys = format!("{}/jwks.json", issuer.url);
        documents.put(&keys, &issuer.keys(), None);
        let verifier = Verifier::new(&issuer.url, AUDIENCE, Arc::new(documents)).unwrap();
        let now = "2026-11-24T02:00:00Z".parse().unwrap();
        let fields = BTreeMap::from([("sub".to_owned(), "min".to_owned())]);
        let tokens = issuer.sign_in(&fields, now).unwrap();
        for name in ["id_token", "access_token"] {
            let token = tokens[name].as_str().unwrap();
            let identity = verifier.verify(token, now).await.unwrap();
            assert_eq!(identity.subject, "min");
        }
        assert!(issuer.sign_in(&BTreeMap::new(), now).is_err());
    }
}
