//! GoCardless' webhook signatures.
//!
//! The header is `Webhook-Signature`: the HMAC-SHA256 of the raw body in hexadecimal digits, under
//! the endpoint's secret. It states no time, so an old call cannot be told from a new one: what
//! protects is that every event has an id and takes effect once.
//! Source: <https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks>.

use subtle::{Choice, ConstantTimeEq};

use crate::digest::{from_hexadecimal, hexadecimal, hmac_sha256};
use crate::notification::SignatureFault;
use crate::reference::Secret;

/// The header's name.
pub const HEADER: &str = "webhook-signature";

/// The header that GoCardless would send for this body.
///
/// For the local stand-in and for tests; Remit itself signs nothing for GoCardless.
pub fn sign(raw_body: &[u8], secret: &Secret) -> String {
    hexadecimal(&hmac_sha256(secret, &[raw_body]))
}

/// Checks a header against the raw body. Every secret is tried, in time that does not depend on
/// where they differ.
pub fn verify(
    header: Option<&str>,
    raw_body: &[u8],
    secrets: &[Secret],
) -> Result<(), SignatureFault> {
    let header = header.ok_or(SignatureFault::MissingHeader)?;
    let given = from_hexadecimal(header.trim()).ok_or(SignatureFault::MalformedHeader)?;
    if secrets.is_empty() {
        return Err(SignatureFault::NoSecrets);
    }
    let mut fits = Choice::from(0);
    for secret in secrets {
        fits |= hmac_sha256(secret, &[raw_body]).ct_eq(&given);
    }
    match bool::from(fits) {
        true => Ok(()),
        false => Err(SignatureFault::Mismatch),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_header_is_the_hmac_of_the_body() {
        // printf '{"events":[]}' | openssl dgst -sha256 -hmac gc_hook_one
        let expected = OPENSSL;
        let one: Secret = "gc_hook_one".parse().unwrap();
        let other: Secret = "gc_hook_other".parse().unwrap();
        let body = br#"{"events":[]}"#;
        assert_eq!(sign(body, &one), expected);
        let secrets = [other.clone(), one];
        assert_eq!(verify(Some(expected), body, &secrets), Ok(()));
        let upper = expected.to_uppercase();
        assert_eq!(verify(Some(&upper), body, &secrets), Ok(()));
        let mismatch = Err(SignatureFault::Mismatch);
        assert_eq!(verify(Some(expected), b"{}", &secrets), mismatch);
        assert_eq!(verify(Some(expected), body, &[other]), mismatch);
        let none = Err(SignatureFault::NoSecrets);
        assert_eq!(verify(Some(expected), body, &[]), none);
        let missing = Err(SignatureFault::MissingHeader);
        assert_eq!(verify(None, body, &secrets), missing);
        for bad in ["", "00", &expected[1..], "zz"] {
            let malformed = Err(SignatureFault::MalformedHeader);
            assert_eq!(verify(Some(bad), body, &secrets), malformed, "{bad}");
        }
    }
    const OPENSSL: &str = "c1ee7268a9a6fdae519fc7f00bbcfb76580cf1f40ba4ac9e94d4a6e031834577";
}
