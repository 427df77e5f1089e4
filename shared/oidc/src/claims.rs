//! What a token says, once it is known what has to be said.

use jiff::{SignedDuration, Timestamp};
use remit_billing::canonical::sha256_hex;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::token::TokenRefusal;

/// How far the issuer's clock may be before ours. Nothing is added to a token's end.
const CLOCK_LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// OpenID Connect Core, 2: a subject has 255 ASCII characters at most.
const SUBJECT_CHARACTERS_MAX: usize = 255;

/// Who somebody is, by the word of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who says so.
    pub issuer: String,
    /// Whom it means; of this issuer's, never anybody else's again.
    pub subject: String,
}

impl Identity {
    /// SHA-256 of both, in hex: what is stored, and found by.
    pub fn hash(&self) -> String {
        // As JSON, so that no end of the one can be taken for a beginning of the other.
        sha256_hex(json!([self.issuer, self.subject]).to_string().as_bytes())
    }
}

/// One audience, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn any(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        match self {
            Audience::One(one) => is_ours(one),
            Audience::Several(several) => several.iter().any(|one| is_ours(one)),
        }
    }
}

/// Moments are whole seconds since 1970. A claim that is there twice, or of another kind, is
/// refused by the derived reader; claims that do not matter are not read.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    /// Cognito's: what the token is used for.
    token_use: Option<String>,
    /// Cognito's access tokens have this, and no `aud`.
    client_id: Option<String>,
    /// RFC 8417: a security event, such as a logout.
    events: Option<IgnoredAny>,
    /// RFC 7800: it counts only together with the proof of a key (RFC 8705, RFC 9449).
    cnf: Option<IgnoredAny>,
}

impl Claims {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, TokenRefusal> {
        serde_json::from_slice(json).map_err(|_| TokenRefusal::Malformed)
    }

    /// Whom they name, if they are of this issuer's, for one of these audiences, and count now.
    pub(crate) fn check(
        self,
        issuer: &str,
        audiences: &[String],
        now: Timestamp,
    ) -> Result<Identity, TokenRefusal> {
        if self.iss.as_deref() != Some(issuer) {
            return Err(TokenRefusal::Issuer);
        }
        let purpose = self.token_use.as_deref();
        if self.events.is_some()
            || self.cnf.is_some()
            || !matches!(purpose, None | Some("id" | "access"))
        {
            return Err(TokenRefusal::Purpose);
        }
        let is_ours = |one: &str| audiences.iter().any(|known| known == one);
        let is_for_us = match (&self.aud, &self.client_id, purpose) {
            (Some(aud), _, _) => aud.any(is_ours),
            (None, Some(client), Some("access")) => is_ours(client),
            _ => false,
        };
        if !is_for_us {
            return Err(TokenRefusal::Audience);
        }
        let now_s = now.as_second();
        if self.exp.is_none_or(|exp| exp <= now_s) {
            return Err(TokenRefusal::Expired);
        }
        let latest_s = now_s.saturating_add(CLOCK_LEEWAY.as_secs());
        if [self.nbf, self.iat]
            .iter()
            .flatten()
            .any(|at| *at > latest_s)
        {
            return Err(TokenRefusal::NotYet);
        }
        let subject = self
            .sub
            .filter(|sub| (1..=SUBJECT_CHARACTERS_MAX).contains(&sub.len()) && sub.is_ascii());
        Ok(Identity {
            issuer: issuer.to_owned(),
            subject: subject.ok_or(TokenRefusal::Subject)?,
        })
    }
}

/// What an ID token says beside that: to which attempt it is the answer, and at which client.
#[derive(Debug, Deserialize)]
pub(crate) struct AnswerClaims {
    aud: Audience,
    azp: Option<String>,
    nonce: Option<String>,
    token_use: Option<String>,
}

impl AnswerClaims {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, TokenRefusal> {
        serde_json::from_slice(json).map_err(|_| TokenRefusal::Malformed)
    }

    /// Whether they are an ID token's for this client, in answer to this attempt.
    ///
    /// Source: OpenID Connect Core, 3.1.3.7: who stands beside the client in `aud` is not trusted, unless the issuer says that the
    /// client is the one who asked.
    pub(crate) fn check(&self, client: &str, nonce: &str) -> Result<(), TokenRefusal> {
        if !matches!(self.token_use.as_deref(), None | Some("id")) {
            return Err(TokenRefusal::Purpose);
        }
        let is_alone = match &self.aud {
            Audience::One(_) => true,
            Audience::Several(several) => several.len() == 1,
        };
        let asked = match &self.azp {
            Some(azp) => azp == client,
            None => is_alone,
        };
        if !asked || !self.aud.any(|one| one == client) {
            return Err(TokenRefusal::Audience);
        }
        if self.nonce.as_deref() != Some(nonce) {
            return Err(TokenRefusal::Nonce);
        }
        Ok(())
    }
}
