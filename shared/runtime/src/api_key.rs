//! The text of an API key: made once, shown once, stored only as its hash.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remit_billing::canonical::sha256_hex;
use remit_billing::fault::Fault;

/// Scanners of leaked secrets know a key by this.
const PREFIX: &str = "remit_";
const CHARACTERS_MAX: usize = 255;
/// Of a shorter text the end would give away too much.
const SHOWN_FROM_CHARACTERS: usize = 24;
const SHOWN_CHARACTERS: usize = 4;

/// The text of an API key. It never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyText(String);

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeyText(..)")
    }
}

impl ApiKeyText {
    /// A new key of 256 random bits.
    pub fn of_secret(secret: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret)))
    }

    /// A key as somebody sends it: 1 to 255 visible ASCII characters.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::ControlCharacter`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.len() > CHARACTERS_MAX {
            return Err(Fault::TooLong {
                max: CHARACTERS_MAX,
            });
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Fault::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, for the one who gets it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hex: what is stored. A key has 256 random bits, so no slow hash is needed.
    pub fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }

    /// The last characters, to tell keys apart; nothing of a short text.
    pub fn ends_with(&self) -> &str {
        if self.0.len() < SHOWN_FROM_CHARACTERS {
            return "";
        }
        self.0.get(self.0.len() - SHOWN_CHARACTERS..).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_hash_and_shows_nothing() {
        let key = ApiKeyText::of_secret([7; 32]);
        assert_eq!(
            key.reveal(),
            "remit_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
        );
        assert_eq!(key.ends_with(), "HBwc");
        assert_eq!(key.hash().len(), 64);
        assert_eq!(ApiKeyText::parse(key.reveal()).unwrap().hash(), key.hash());
        assert_eq!(format!("{key:?}"), "ApiKeyText(..)");
        assert_eq!(ApiKeyText::parse("local").unwrap().ends_with(), "");
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_no_key() {
        let long = "k".repeat(256);
        for bad in ["", "two words", "line\n", "ключ", long.as_str()] {
            assert!(ApiKeyText::parse(bad).is_err(), "{bad:?}");
        }
    }
}
