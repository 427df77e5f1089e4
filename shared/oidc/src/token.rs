//! A signed token as it comes: three parts, none of which proves anything yet.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remit_billing::refusal::{Refusal, RefusalKind};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A longer token is not looked at: all headers of a request to the gateway have 10,240 bytes.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// How a token may be signed: by a private key that only the issuer has. `none` is not a
/// signature, and the `HS` family would take the public key, which everybody has, for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256: what every issuer has to offer.
    Rs256,
    /// RSA, PSS, SHA-256.
    Ps256,
    /// ECDSA, P-256, SHA-256.
    Es256,
}

impl Algorithm {
    /// The algorithm of a name of RFC 7518; nothing for all that are not allowed.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// Why a token proves nobody. None of them says more than who has the token knows already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// This deployment has no issuer.
    #[error("this deployment takes no tokens: use an API key")]
    NoIssuer,
    /// It is longer than [`MAX_TOKEN_BYTES`].
    #[error("a token may have {MAX_TOKEN_BYTES} bytes at most")]
    TooLong,
    /// It is not three parts of base64url with a header and claims in JSON.
    #[error("this is not a signed token in compact form")]
    Malformed,
    /// Its header says that it is something else: a token to log out, to refresh.
    #[error("the token is of another type than JWT or at+jwt")]
    Type,
    /// Its header asks for rules that are not known here.
    #[error("the token's header has crit, of which nothing is understood here")]
    Critical,
    /// Its algorithm is not allowed.
    #[error("the token's algorithm is none of RS256, PS256 and ES256")]
    Algorithm,
    /// The issuer has no such key.
    #[error("the issuer has no key of the token's kid")]
    UnknownKey,
    /// The issuer has the key, but not for this.
    #[error("the key of the token's kid is not for its algorithm, or not to sign with")]
    WrongKey,
    /// The signature is not the issuer's.
    #[error("the signature is not the issuer's")]
    Signature,
    /// Another issuer made it.
    #[error("the token is of another issuer")]
    Issuer,
    /// It was made for somebody else.
    #[error("the token is for another audience")]
    Audience,
    /// Its time is over, or it names none.
    #[error("the token has expired, or does not say when it does: sign in again")]
    Expired,
    /// Its time has not come, or it was made in the future.
    #[error("the token does not count yet")]
    NotYet,
    /// It names nobody.
    #[error("the token names no subject")]
    Subject,
    /// It answers another attempt to sign in, or none.
    #[error("the token does not answer this attempt to sign in")]
    Nonce,
    /// It proves an event, or has to be held together with a key.
    #[error("the token is not one that its bearer may sign in with")]
    Purpose,
}

impl Refusal for TokenRefusal {
    fn code(&self) -> &'static str {
        "identity_token_refused"
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Invalid
    }
}

/// What of a header matters. Keys that it brings along (`jwk`, `jku`, `x5u`) are not read.
#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<IgnoredAny>,
}

/// A token that was taken apart.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    pub algorithm: Algorithm,
    /// Which key of the issuer's.
    pub kid: Option<String>,
    /// The claims' JSON.
    pub claims: Vec<u8>,
    /// What is signed.
    pub signed: &'a [u8],
    pub signature: Vec<u8>,
}

/// Whether a text has the shape of a signed token: three parts, the first of them a JSON object.
/// API keys have no such shape, so that a bearer's text is one or the other.
pub fn is_token(text: &str) -> bool {
    let Some((header, _, _)) = parts(text) else {
        return false;
    };
    decoded(header).is_ok_and(|json| json.first() == Some(&b'{'))
}

fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    (!claims.contains('.')).then_some((header, claims, signature))
}

impl<'a> Token<'a> {
    /// Takes a text apart.
    pub(crate) fn parse(text: &'a str) -> Result<Self, TokenRefusal> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(TokenRefusal::TooLong);
        }
        let (header, claims, signature) = parts(text).ok_or(TokenRefusal::Malformed)?;
        let signed = text.as_bytes().get(..header.len() + 1 + claims.len());
        let signed = signed.ok_or(TokenRefusal::Malformed)?;
        // What is there twice is refused by the derived reader.
        let header: Header = serde_json::from_slice(&decoded(header)?).map_err(malformed)?;
        if header.crit.is_some() {
            return Err(TokenRefusal::Critical);
        }
        if header.typ.as_deref().is_some_and(|typ| !is_signing_in(typ)) {
            return Err(TokenRefusal::Type);
        }
        Ok(Self {
            algorithm: Algorithm::parse(&header.alg).ok_or(TokenRefusal::Algorithm)?,
            kid: header.kid,
            claims: decoded(claims)?,
            signed,
            signature: decoded(signature)?,
        })
    }
}

/// The types of ID tokens and of access tokens (RFC 9068); those of other tokens must not pass as
/// one (RFC 8725, 3.11).
fn is_signing_in(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    let short = typ.strip_prefix("application/").unwrap_or(&typ);
    matches!(short, "jwt" | "at+jwt")
}

fn decoded(part: &str) -> Result<Vec<u8>, TokenRefusal> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenRefusal::Malformed)
}

fn malformed(_: serde_json::Error) -> TokenRefusal {
    TokenRefusal::Malformed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_from_an_api_key_by_its_shape() {
        assert!(is_token("eyJhbGciOiJub25lIn0.e30."));
        assert!(is_token("eyAgICJhbGciOiJub25lIn0.e30.AA"));
        for key in [
            "",
            "local",
            "remit_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
            "eyJhbGciOiJub25lIn0",
            "eyJhbGciOiJub25lIn0.e30",
            "a.b.c",
            "e30.a.b.c",
        ] {
            assert!(!is_token(key), "{key}");
        }
    }
}
