//! Canonical JSON (RFC 8785) and its SHA-256: the same content has the same hash for ever, and
//! whoever has the JSON can reckon it anew with any tool.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::fault::Fault;

const HASH_BYTES: usize = 32;

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash([u8; HASH_BYTES]);

impl ContentHash {
    /// That of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// That of these bytes.
    pub fn from_bytes(bytes: [u8; HASH_BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`Fault::BadHash`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let digits = text.as_bytes();
        if digits.len() != 2 * HASH_BYTES {
            return Err(Fault::BadHash);
        }
        let mut bytes = [0; HASH_BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            let (high, low) = (digit(pair[0]), digit(pair[1]));
            let value = high.zip(low).map(|(high, low)| high * 16 + low);
            *byte = value
                .and_then(|value| u8::try_from(value).ok())
                .ok_or(Fault::BadHash)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hex = String::with_capacity(2 * HASH_BYTES);
        for byte in self.0 {
            write!(hex, "{byte:02x}")?;
        }
        f.pad(&hex)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContentHash {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The SHA-256 of some bytes in hexadecimal digits, where it is a key and not a value to compare.
pub fn sha256_hex(bytes: &[u8]) -> String {
    ContentHash::of(bytes).to_string()
}

/// A text in canonical form, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// The JSON of RFC 8785.
    pub text: String,
    /// Its SHA-256.
    pub hash: ContentHash,
}

/// A value has no JSON: a defect of its type, as none of ours holds such a one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be written as canonical JSON: {0}")]
pub struct NotCanonical(String);

/// The canonical form of a value.
///
/// # Errors
/// [`NotCanonical`] for what JSON cannot hold.
pub fn canonical<T: Serialize>(value: &T) -> Result<Canonical, NotCanonical> {
    // Through a value first: `serde_json` and the canonical form then agree on every map key.
    let value = serde_json::to_value(value).map_err(|error| NotCanonical(error.to_string()))?;
    let text = serde_json_canonicalizer::to_string(&value)
        .map_err(|error| NotCanonical(error.to_string()))?;
    let hash = ContentHash::of(text.as_bytes());
    Ok(Canonical { text, hash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_fields_does_not_matter_and_everything_else_does() {
        let one = canonical(&json!({"b": "2", "a": ["x", {"d": null, "c": true}]})).unwrap();
        let two = canonical(&json!({"a": ["x", {"c": true, "d": null}], "b": "2"})).unwrap();
        assert_eq!(one, two);
        assert_eq!(one.text, r#"{"a":["x",{"c":true,"d":null}],"b":"2"}"#);
        let other = canonical(&json!({"a": ["x", {"c": true, "d": null}], "b": "3"})).unwrap();
        assert_ne!(one.hash, other.hash);
    }

    #[test]
    fn names_are_sorted_as_rfc_8785_says() {
        // The example of section 3.2.3, shortened: by UTF-16 code units.
        let sorted = canonical(&json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew",
            "1": "One", "\u{1f600}": "Emoji", "\u{80}": "Control", "\u{f6}": "o umlaut"
        }));
        assert_eq!(
            sorted.unwrap().text,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"o umlaut\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji\",\"\u{fb33}\":\"Hebrew\"}"
        );
    }

    #[test]
    fn a_hash_reads_back_and_nothing_else_does() {
        let hash = ContentHash::of(b"");
        // SHA-256 of nothing, as every tool says it.
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash.to_string(), known);
        assert_eq!(ContentHash::parse(known), Ok(hash));
        for bad in ["", "e3", &known[1..], &known.replace('e', "g")] {
            assert_eq!(ContentHash::parse(bad), Err(Fault::BadHash), "{bad}");
        }
    }
}
