//! Stripe's webhook signatures.
//!
//! The header is `Stripe-Signature: t=1492774577,v1=5257a8...,v0=...`; `v1` is the HMAC-SHA256 in
//! hexadecimal digits of `{t}.{raw body}` under the endpoint's signing secret, the `whsec_` prefix
//! included. While a secret is rotated, Stripe sends one `v1` per secret in use.
//! Source: <https://docs.stripe.com/webhooks#verify-manually>.

use jiff::Timestamp;
use subtle::{Choice, ConstantTimeEq};

use crate::digest::{Digest, from_hexadecimal, hexadecimal, hmac_sha256};
use crate::notification::SignatureFault;
use crate::reference::Secret;

/// The header's name.
pub const HEADER: &str = "stripe-signature";

/// How far the signed time may lie from now, both ways, in seconds.
pub const TOLERANCE_S: i64 = 5 * 60;

/// Longest header that is looked at, in bytes: about fifty signatures.
pub const MAX_HEADER_BYTES: usize = 4096;

/// The header that Stripe would send for this body.
///
/// For the local stand-in and for tests; Remit itself signs nothing for Stripe.
pub fn sign(raw_body: &[u8], secret: &Secret, now: Timestamp) -> String {
    let timestamp = now.as_second().to_string();
    let digest = digest(&timestamp, raw_body, secret);
    format!("t={timestamp},v1={}", hexadecimal(&digest))
}

/// Checks a header against the raw body. Every secret is tried against every signature, in time
/// that does not depend on where they differ.
pub fn verify(
    header: Option<&str>,
    raw_body: &[u8],
    secrets: &[Secret],
    now: Timestamp,
) -> Result<(), SignatureFault> {
    let header = header.ok_or(SignatureFault::MissingHeader)?;
    let signed = Signed::parse(header)?;
    if secrets.is_empty() {
        return Err(SignatureFault::NoSecrets);
    }

    let mut fits = Choice::from(0);
    for secret in secrets {
        let expected = digest(signed.timestamp, raw_body, secret);
        for given in &signed.digests {
            fits |= expected.ct_eq(given);
        }
    }
    if !bool::from(fits) {
        return Err(SignatureFault::Mismatch);
    }

    // Only a genuine time is worth a word about the clock.
    let age_s = now.as_second().saturating_sub(signed.at_s);
    if age_s > TOLERANCE_S {
        return Err(SignatureFault::TooOld { age_s });
    }
    if age_s < -TOLERANCE_S {
        return Err(SignatureFault::InTheFuture { ahead_s: -age_s });
    }
    Ok(())
}

struct Signed<'a> {
    /// As written: it is part of what was signed.
    timestamp: &'a str,
    at_s: i64,
    digests: Vec<Digest>,
}

impl<'a> Signed<'a> {
    fn parse(header: &'a str) -> Result<Self, SignatureFault> {
        if header.len() > MAX_HEADER_BYTES {
            return Err(SignatureFault::MalformedHeader);
        }
        let mut timestamp = None;
        let mut digests = Vec::new();
        let mut truncated = false;
        for element in header.split(',') {
            let (scheme, value) = element
                .trim()
                .split_once('=')
                .ok_or(SignatureFault::MalformedHeader)?;
            match scheme {
                "t" if timestamp.is_some() => return Err(SignatureFault::MalformedHeader),
                "t" => timestamp = Some(value),
                "v1" => match from_hexadecimal(value) {
                    Some(digest) => digests.push(digest),
                    None => truncated = true,
                },
                // v0 is for test events of other tools; later schemes are not ours to judge.
                _ => {}
            }
        }
        let timestamp = timestamp.ok_or(SignatureFault::MissingTimestamp)?;
        let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let at_s = timestamp
            .parse()
            .ok()
            .filter(|_| digits)
            .ok_or(SignatureFault::MalformedHeader)?;
        if digests.is_empty() {
            return Err(match truncated {
                true => SignatureFault::MalformedHeader,
                false => SignatureFault::MissingSignature,
            });
        }
        Ok(Self {
            timestamp,
            at_s,
            digests,
        })
    }
}

fn digest(timestamp: &str, raw_body: &[u8], secret: &Secret) -> Digest {
    hmac_sha256(secret, &[timestamp.as_bytes(), b".", raw_body])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const NOW_S: i64 = 1_790_000_000;

    fn secret(text: &str) -> Secret {
        text.parse().unwrap()
    }

    fn at(offset_s: i64) -> Timestamp {
        Timestamp::from_second(NOW_S + offset_s).unwrap()
    }

    fn v1(of: &str) -> String {
        sign(BODY, &secret(of), at(0))
            .split_once(",v1=")
            .unwrap()
            .1
            .to_owned()
    }

    #[test]
    fn the_digest_is_hmac_sha256_of_time_dot_body() {
        // From a second implementation:
        // printf '1790000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_one
        assert_eq!(
            sign(BODY, &secret("whsec_one"), at(0)),
            format!("t=1790000000,v1={OPENSSL_ONE}")
        );
        let long = format!("whsec_{}", "k".repeat(94));
        assert_eq!(
            sign(BODY, &secret(&long), at(0)),
            format!("t=1790000000,v1={OPENSSL_LONG}")
        );
    }
    const OPENSSL_ONE: &str = "8f6bdf50bcd352836dc145eb5c8cd031288c596f90d45b9440fd51b058a2e654";
    const OPENSSL_LONG: &str = "f72de579c9dd64aa0277c2ee784818cabfa57e0cb3a05dfebaf16de0fd78b694";

    #[test]
    fn every_header_has_its_verdict() {
        use SignatureFault::*;
        let one = v1("whsec_one");
        let two = v1("whsec_two");
        let other = v1("whsec_other");
        let t = NOW_S;
        let upper = one.to_uppercase();
        let cases: Vec<(&str, String, Result<(), SignatureFault>)> = vec![
            ("good", format!("t={t},v1={one}"), Ok(())),
            ("upper case digits", format!("t={t},v1={upper}"), Ok(())),
            ("second secret", format!("t={t},v1={two}"), Ok(())),
            (
                "several, the last fits",
                format!("t={t},v1={other},v1={two}"),
                Ok(()),
            ),
            (
                "several, one truncated",
                format!("t={t},v1={},v1={one}", &other[..20]),
                Ok(()),
            ),
            ("spaces after commas", format!("t={t}, v1={one}"), Ok(())),
            (
                "unknown scheme beside",
                format!("t={t},v0=ab,v1={one},v9=zz"),
                Ok(()),
            ),
            ("wrong secret", format!("t={t},v1={other}"), Err(Mismatch)),
            (
                "another time",
                format!("t={},v1={one}", t + 1),
                Err(Mismatch),
            ),
            (
                "leading zero in time",
                format!("t=0{t},v1={one}"),
                Err(Mismatch),
            ),
            (
                "truncated",
                format!("t={t},v1={}", &one[..63]),
                Err(MalformedHeader),
            ),
            ("too long", format!("t={t},v1={one}0"), Err(MalformedHeader)),
            (
                "not hexadecimal",
                format!("t={t},v1={}", "zz".repeat(32)),
                Err(MalformedHeader),
            ),
            (
                "missing v1",
                format!("t={t},v0={one}"),
                Err(MissingSignature),
            ),
            ("missing t", format!("v1={one}"), Err(MissingTimestamp)),
            (
                "two times",
                format!("t={t},t={t},v1={one}"),
                Err(MalformedHeader),
            ),
            (
                "time in words",
                format!("t=now,v1={one}"),
                Err(MalformedHeader),
            ),
            (
                "signed time",
                format!("t=+{t},v1={one}"),
                Err(MalformedHeader),
            ),
            (
                "time too large",
                format!("t=99999999999999999999,v1={one}"),
                Err(MalformedHeader),
            ),
            ("empty", String::new(), Err(MalformedHeader)),
            ("no pairs", "hello".to_owned(), Err(MalformedHeader)),
            (
                "endless",
                format!("t={t},v1={one},{}", "v0=0,".repeat(1000)),
                Err(MalformedHeader),
            ),
        ];
        let secrets = [secret("whsec_one"), secret("whsec_two")];
        for (name, header, expected) in cases {
            assert_eq!(
                verify(Some(&header), BODY, &secrets, at(0)),
                expected,
                "{name}"
            );
        }
        assert_eq!(verify(None, BODY, &secrets, at(0)), Err(MissingHeader));
        let good = format!("t={t},v1={one}");
        assert_eq!(verify(Some(&good), BODY, &[], at(0)), Err(NoSecrets));
        assert_eq!(
            verify(Some(&good), br#"{"id":"evt_2"}"#, &secrets, at(0)),
            Err(Mismatch)
        );
        assert_eq!(verify(Some(&good), b"", &secrets, at(0)), Err(Mismatch));
    }

    #[test]
    fn five_minutes_both_ways_and_not_a_second_more() {
        let secrets = [secret("whsec_one")];
        let header = sign(BODY, &secrets[0], at(0));
        for (now_offset_s, expected) in [
            (0, Ok(())),
            (300, Ok(())),
            (301, Err(SignatureFault::TooOld { age_s: 301 })),
            (-300, Ok(())),
            (-301, Err(SignatureFault::InTheFuture { ahead_s: 301 })),
            (86_400, Err(SignatureFault::TooOld { age_s: 86_400 })),
        ] {
            let verdict = verify(Some(&header), BODY, &secrets, at(now_offset_s));
            assert_eq!(verdict, expected, "{now_offset_s}");
        }
        // A forged time is a mismatch first: no oracle about our clock.
        let forged = header.replace("t=179", "t=100");
        assert_eq!(
            verify(Some(&forged), BODY, &secrets, at(0)),
            Err(SignatureFault::Mismatch)
        );
    }

    #[test]
    fn only_a_mismatch_asks_for_fresh_secrets() {
        assert!(SignatureFault::Mismatch.secrets_may_be_stale());
        assert!(SignatureFault::NoSecrets.secrets_may_be_stale());
        assert!(!SignatureFault::MissingHeader.secrets_may_be_stale());
        assert!(!SignatureFault::TooOld { age_s: 301 }.secrets_may_be_stale());
    }
}
