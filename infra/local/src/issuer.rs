//! The stand-in for the issuer of tokens: anybody may sign in as anybody, for this machine is all
//! theirs. Its signatures are real, and so is everything that is checked of them; its key is made
//! when the host starts, so tokens of before count no more. Who comes with a browser is given a code, for the one client
//! and the one address that it knows, once, and for whoever knows what its challenge was made of (RFC 7636).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use remit_oidc::model::{self, ModelError, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::html;

/// For whom its tokens are.
pub const AUDIENCE: &str = "remit-local";
/// How long they count.
const LIFE_S: i64 = 3600;
/// How long a code counts (RFC 6749, 4.1.2: ten minutes at most).
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Who the owner of the example agency is here.
pub const OWNER: &str = "nora";
/// Fields of a question that are asked again with the answer.
const ASKED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];
/// OpenID Connect Core, 2.
const SUBJECT_CHARACTERS_MAX: usize = 255;

/// Its name, which is where it answers.
pub fn url(base_url: &str) -> String {
    format!("{base_url}/_local/oidc")
}

/// What a code stands for.
struct Grant {
    subject: String,
    nonce: Option<String>,
    challenge: String,
    until: Timestamp,
}

/// The issuer of a host.
pub struct Issuer {
    url: String,
    /// Where its client has people sent back to.
    redirect_uri: String,
    key: SigningKey,
    codes: Mutex<BTreeMap<String, Grant>>,
}

impl Issuer {
    /// That of the host at an address.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn new(base_url: &str) -> Result<Self, ModelError> {
        Ok(Self {
            url: url(base_url),
            redirect_uri: format!("{base_url}/overview/signed-in"),
            key: SigningKey::es256("local")?,
            codes: Mutex::default(),
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
        let subject = subject(fields)?;
        self.tokens(&subject, fields.get("email").map(String::as_str), None, now)
    }

    fn tokens(
        &self,
        subject: &str,
        email: Option<&str>,
        nonce: Option<&str>,
        now: Timestamp,
    ) -> Result<Value, String> {
        let now_s = now.as_second();
        let common = json!({
            "iss": self.url, "sub": subject, "iat": now_s, "auth_time": now_s,
            "exp": now_s + LIFE_S,
        });
        let mut id = common.clone();
        id["token_use"] = json!("id");
        id["aud"] = json!(AUDIENCE);
        id["email"] = json!(email);
        if let Some(nonce) = nonce {
            id["nonce"] = json!(nonce);
        }
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

    /// What is wrong with a question: then nobody is sent anywhere (RFC 6749, 4.1.2.1).
    fn check(&self, asked: &BTreeMap<String, String>) -> Result<(), String> {
        let said = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        let scopes = said("scope").split(' ').any(|scope| scope == "openid");
        for (holds, otherwise) in [
            (said("client_id") == AUDIENCE, "an unknown client_id"),
            (
                said("redirect_uri") == self.redirect_uri,
                "an unknown redirect_uri",
            ),
            (
                said("response_type") == "code",
                "response_type has to be code",
            ),
            (scopes, "the scope has to have openid"),
            (
                said("code_challenge_method") == "S256",
                "code_challenge_method has to be S256",
            ),
            (
                said("code_challenge").len() == 43,
                "code_challenge has to be SHA-256",
            ),
        ] {
            if !holds {
                return Err(otherwise.to_owned());
            }
        }
        Ok(())
    }

    /// The page on which somebody says who they are, on their way to a client.
    ///
    /// # Errors
    /// A text for a person: the question is not one that the client asks.
    pub fn authorize_page(&self, asked: &BTreeMap<String, String>) -> Result<String, String> {
        self.check(asked)?;
        let hidden: String = ASKED
            .iter()
            .filter_map(|name| Some((name, asked.get(*name)?)))
            .map(|(name, value)| {
                let value = html::escape(value);
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
            })
            .collect();
        let form = |inside: &str| {
            format!(
                "<form method=\"post\" action=\"/_local/oidc/authorize\">{hidden}{inside}</form>"
            )
        };
        let owner = form(&format!(
            "<input type=\"hidden\" name=\"sub\" value=\"{OWNER}\">\
             <button>Sign in as Nora Light, the owner</button>"
        ));
        let other = form(
            "<label>Subject <input name=\"sub\" required maxlength=\"255\"></label> \
             <button>Sign in</button>",
        );
        let none = html::escape(&self.back(asked, &[("error", "access_denied")]));
        let body = format!(
            "<p>The stand-in for the issuer: you are whoever you say you are. There is no password on this \
             machine.</p>{owner}<h2>Somebody else</h2>{other}\
             <p><a href=\"{none}\">Do not sign in</a></p>"
        );
        Ok(html::page("Who are you?", &body))
    }

    /// Back to the client, with an answer.
    fn back(&self, asked: &BTreeMap<String, String>, answer: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(answer);
        if let Some(state) = asked.get("state") {
            query.append_pair("state", state);
        }
        format!("{}?{}", self.redirect_uri, query.finish())
    }

    /// Somebody says who they are: where they go with this code.
    ///
    /// # Errors
    /// A text for a person: as [`Issuer::authorize_page`], or nobody was named.
    pub fn authorize(
        &self,
        fields: &BTreeMap<String, String>,
        code: String,
        now: Timestamp,
    ) -> Result<String, String> {
        self.check(fields)?;
        let grant = Grant {
            subject: subject(fields)?,
            nonce: fields.get("nonce").cloned(),
            challenge: fields.get("code_challenge").cloned().unwrap_or_default(),
            until: now + CODE_LIFE,
        };
        let address = self.back(fields, &[("code", &code)]);
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, grant| now < grant.until);
        codes.insert(code, grant);
        Ok(address)
    }

    /// What comes for a code, once: whoever tells it wrongly has used it up.
    ///
    /// # Errors
    /// The word of RFC 6749, 5.2.
    pub fn redeem(
        &self,
        fields: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Result<Value, String> {
        let said = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        if said("client_id") != AUDIENCE {
            return Err("invalid_client".to_owned());
        }
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let grant = codes.remove(said("code"));
        drop(codes);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(said("code_verifier")));
        let grant = grant.filter(|grant| {
            now < grant.until
                && grant.challenge == challenge
                && said("redirect_uri") == self.redirect_uri
        });
        let grant = grant.ok_or("invalid_grant")?;
        self.tokens(&grant.subject, None, grant.nonce.as_deref(), now)
    }
}

/// Who signs in.
fn subject(fields: &BTreeMap<String, String>) -> Result<String, String> {
    let subject = fields.get("sub").or_else(|| fields.get("email"));
    let subject = subject.filter(|subject| {
        (1..=SUBJECT_CHARACTERS_MAX).contains(&subject.len()) && subject.is_ascii()
    });
    let subject = subject.ok_or("say who signs in: sub=somebody, of ASCII characters")?;
    Ok(subject.clone())
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

    fn asked(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
        let verifier = "a-verifier-of-forty-three-characters-and-more";
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let mut asked: BTreeMap<String, String> = [
            ("response_type", "code"),
            ("client_id", AUDIENCE),
            ("redirect_uri", "http://127.0.0.1:3000/overview/signed-in"),
            ("scope", "openid"),
            ("state", "s&t"),
            ("nonce", "n"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("sub", "min"),
            ("grant_type", "authorization_code"),
            ("code_verifier", verifier),
            ("code", "code"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, value) in changes {
            asked.insert((*name).to_owned(), (*value).to_owned());
        }
        asked
    }

    #[test]
    fn a_code_counts_once_for_whoever_began() {
        let issuer = Issuer::new("http://127.0.0.1:3000").unwrap();
        let now: Timestamp = "2026-11-24T02:00:00Z".parse().unwrap();
        let give = || issuer.authorize(&asked(&[]), "code".to_owned(), now);
        let address = give().unwrap();
        assert_eq!(
            address,
            "http://127.0.0.1:3000/overview/signed-in?code=code&state=s%26t"
        );
        let tokens = issuer.redeem(&asked(&[]), now).unwrap();
        let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1);
        let claims = URL_SAFE_NO_PAD.decode(claims.unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            (&claims["nonce"], &claims["sub"]),
            (&json!("n"), &json!("min"))
        );
        let again = issuer.redeem(&asked(&[]), now);
        assert_eq!(again, Err("invalid_grant".to_owned()));
        for wrong in [
            (
                "code_verifier",
                "another-verifier-of-forty-three-characters!",
            ),
            ("redirect_uri", "http://127.0.0.1:3000/elsewhere"),
            ("code", "another"),
        ] {
            give().unwrap();
            let refused = issuer.redeem(&asked(&[wrong]), now);
            assert_eq!(refused, Err("invalid_grant".to_owned()), "{wrong:?}");
        }
        give().unwrap();
        let late = issuer.redeem(&asked(&[]), now + CODE_LIFE);
        assert_eq!(late, Err("invalid_grant".to_owned()));
    }

    #[test]
    fn nobody_is_sent_to_where_the_client_is_not() {
        let issuer = Issuer::new("http://127.0.0.1:3000").unwrap();
        let now: Timestamp = "2026-11-24T02:00:00Z".parse().unwrap();
        for wrong in [
            ("client_id", "other"),
            ("redirect_uri", "https://evil.example/overview/signed-in"),
            ("response_type", "token"),
            ("scope", "email"),
            ("code_challenge_method", "plain"),
            ("code_challenge", "short"),
        ] {
            let asked = asked(&[wrong]);
            assert!(issuer.authorize_page(&asked).is_err(), "{wrong:?}");
            let given = issuer.authorize(&asked, "code".to_owned(), now);
            assert!(given.is_err(), "{wrong:?}");
        }
        let page = issuer.authorize_page(&asked(&[("state", "\"><script>")]));
        assert!(!page.unwrap().contains("<script"));
    }
}
