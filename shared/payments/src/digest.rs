//! Keyed digests of what providers send, and their hexadecimal digits.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::reference::Secret;

/// A SHA-256, or an HMAC with it.
pub(crate) type Digest = [u8; 32];

/// HMAC-SHA256 under a secret over the parts, one after the other.
pub(crate) fn hmac_sha256(secret: &Secret, parts: &[&[u8]]) -> Digest {
    let key = secret.expose().as_bytes();
    // HMAC takes keys of any length: a longer one than a block is hashed first (RFC 2104).
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        use sha2::Digest as _;
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case digits.
pub(crate) fn hexadecimal(digest: &Digest) -> String {
    use std::fmt::Write;
    digest
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing into a String cannot fail.
            let _infallible = write!(text, "{byte:02x}");
            text
        })
}

/// Exactly 64 digits, of either case.
pub(crate) fn from_hexadecimal(text: &str) -> Option<Digest> {
    let text = text.as_bytes();
    if text.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(text.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(digest)
}
