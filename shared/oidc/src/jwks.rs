//! The issuer's keys (RFC 7517), and what they prove.

use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::token::{Algorithm, Token, TokenRefusal};

/// Keys of an issuer that are looked at.
const MAX_KEYS: usize = 100;
/// A coordinate of a point on P-256.
const P256_BYTES: usize = 32;
/// SEC 1, 2.3.3: a point that is written in full.
const UNCOMPRESSED: u8 = 4;

/// A key as it is published.
#[derive(Debug, Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256 { point: Vec<u8> },
}

/// A public key that signatures are checked with.
#[derive(Debug)]
pub(crate) struct Key {
    kid: Option<String>,
    /// The only algorithm that it is for, where it says so.
    alg: Option<Algorithm>,
    material: Material,
}

impl Key {
    /// A key of the set. Nothing for what is not understood: RFC 7517, 5 asks to pass over it.
    fn of(jwk: &Value) -> Option<Self> {
        let jwk = Jwk::deserialize(jwk).ok()?;
        let signs = jwk.usage.as_deref().is_none_or(|usage| usage == "sig");
        let verifies = |ops: &Vec<String>| ops.iter().any(|op| op == "verify");
        if !signs || !jwk.key_ops.as_ref().is_none_or(verifies) {
            return None;
        }
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa {
                n: bytes(&jwk.n)?,
                e: bytes(&jwk.e)?,
            },
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
                if x.len() != P256_BYTES || y.len() != P256_BYTES {
                    return None;
                }
                let point = [vec![UNCOMPRESSED], x, y].concat();
                Material::P256 { point }
            }
            _ => return None,
        };
        let alg = match jwk.alg.as_deref() {
            None => None,
            Some(name) => Some(Algorithm::parse(name)?),
        };
        let key = Self {
            kid: jwk.kid,
            alg,
            material,
        };
        // A key of one kind that is said to be for another fits nothing.
        let fits = |algorithm| key.fits(algorithm);
        [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256]
            .into_iter()
            .any(fits)
            .then_some(key)
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let of_kind = match self.material {
            Material::Rsa { .. } => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Material::P256 { .. } => algorithm == Algorithm::Es256,
        };
        of_kind && self.alg.is_none_or(|alg| alg == algorithm)
    }

    /// That a token was signed by the owner of this key, by the algorithm that the key is for.
    pub(crate) fn verify(&self, token: &Token<'_>) -> Result<(), TokenRefusal> {
        let rsa = |n: &[u8], e: &[u8], by: &'static RsaParameters| {
            RsaPublicKeyComponents { n, e }.verify(by, token.signed, &token.signature)
        };
        let proved = match (&self.material, token.algorithm) {
            (Material::Rsa { n, e }, Algorithm::Rs256) => rsa(n, e, &RSA_PKCS1_2048_8192_SHA256),
            (Material::Rsa { n, e }, Algorithm::Ps256) => rsa(n, e, &RSA_PSS_2048_8192_SHA256),
            (Material::P256 { point }, Algorithm::Es256) => {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(token.signed, &token.signature)
            }
            _ => return Err(TokenRefusal::WrongKey),
        };
        proved.map_err(|_| TokenRefusal::Signature)
    }
}

/// All keys of an issuer that anything can be checked with, and the names of the others.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    keys: Vec<Arc<Key>>,
    unfit: Vec<String>,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads what an issuer publishes.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        let Published { keys } = serde_json::from_slice(json)?;
        let mut set = Self::default();
        for jwk in keys.iter().take(MAX_KEYS) {
            match (Key::of(jwk), jwk["kid"].as_str()) {
                (Some(key), _) => set.keys.push(Arc::new(key)),
                (None, Some(kid)) => set.unfit.push(kid.to_owned()),
                (None, None) => {}
            }
        }
        Ok(set)
    }

    /// The key of a token: that of its `kid`, or where it names none the only one that fits.
    pub(crate) fn pick(&self, token: &Token<'_>) -> Result<Arc<Key>, TokenRefusal> {
        let Some(kid) = token.kid.as_deref() else {
            let mut fitting = self.keys.iter().filter(|key| key.fits(token.algorithm));
            return match (fitting.next(), fitting.next()) {
                (Some(key), None) => Ok(Arc::clone(key)),
                _ => Err(TokenRefusal::UnknownKey),
            };
        };
        let mut named = self
            .keys
            .iter()
            .filter(|key| key.kid.as_deref() == Some(kid));
        if let Some(key) = named.clone().find(|key| key.fits(token.algorithm)) {
            return Ok(Arc::clone(key));
        }
        // A key that is known and not for this is not asked for again.
        match named.next().is_some() || self.unfit.iter().any(|known| known == kid) {
            true => Err(TokenRefusal::WrongKey),
            false => Err(TokenRefusal::UnknownKey),
        }
    }
}
