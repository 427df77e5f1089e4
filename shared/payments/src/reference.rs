//! What a provider calls its things, and the secrets it gave us.
//!
//! A provider's id becomes part of storage keys, so it is held to a narrow alphabet when it comes
//! in: what passes here can stand in a key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// Longest id that is taken, in bytes. Stripe's checkout sessions are the longest known: 66.
pub const MAX_REFERENCE_BYTES: usize = 255;

/// A text that is no provider's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected 1 to 255 letters, digits, - or _")]
pub struct BadReference;

fn check(text: &str) -> Result<(), BadReference> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if text.is_empty() || text.len() > MAX_REFERENCE_BYTES || !text.bytes().all(allowed) {
        return Err(BadReference);
    }
    Ok(())
}

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
            #[serde(transparent)]
            pub struct $name(String);

            impl $name {
                /// The id as the provider writes it.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl FromStr for $name {
                type Err = BadReference;
                fn from_str(text: &str) -> Result<Self, BadReference> {
                    check(text)?;
                    Ok(Self(text.to_owned()))
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )+
    };
}

references! {
    /// One movement of money, from its first try to its last refund: the key of a payment.
    PaymentIntent;
    /// One checkout page.
    SessionId;
    /// Money given back.
    RefundReference;
    /// A payment that the payer contests at the bank.
    DisputeReference;
    /// Money that the provider sends to the agency's bank.
    PayoutReference;
    /// A payer's leave to debit an account again and again.
    MandateId;
    /// One notification; the same notification comes again under the same id.
    ProviderEventId;
}

/// A secret of a provider's: never shown, only handed out by [`Secret::expose`].
///
/// Holds 1 to 255 visible ASCII characters, so that it can stand in an HTTP header.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

/// A text that can be no secret: empty, too long, or with characters that no key has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 255 visible ASCII characters")]
pub struct BadSecret;

impl Secret {
    /// The secret itself: only for signing and for the authorization header.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = BadSecret;
    fn from_str(text: &str) -> Result<Self, BadSecret> {
        let visible = |byte: u8| byte.is_ascii_graphic();
        if text.is_empty() || text.len() > MAX_REFERENCE_BYTES || !text.bytes().all(visible) {
            return Err(BadSecret);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn only_what_can_stand_in_a_key_is_an_id() {
        assert_eq!(
            "pi_3Abc-9".parse::<PaymentIntent>().unwrap().as_str(),
            "pi_3Abc-9"
        );
        let long = "x".repeat(256);
        for bad in ["", "pi_1#inv_2", "pi 1", "pi_1\n", "pi_é", long.as_str()] {
            assert_eq!(bad.parse::<PaymentIntent>(), Err(BadReference), "{bad:?}");
        }
        assert!(serde_json::from_str::<PaymentIntent>("\"a#b\"").is_err());
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret: Secret = "whsec_very_private".parse().unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(redacted)");
        assert_eq!(secret.expose(), "whsec_very_private");
        for bad in ["", "two words", "line\r\nbreak", "ключ"] {
            assert_eq!(bad.parse::<Secret>(), Err(BadSecret), "{bad:?}");
        }
    }
}
