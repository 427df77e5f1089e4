//! How an agency looks to its clients: its colour and its logo.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::canonical::ContentHash;
use crate::fault::Fault;
use crate::ids::AccountId;

/// A colour in sRGB, written as `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Of red, green and blue.
    pub const fn of(parts: [u8; 3]) -> Self {
        Self(parts)
    }

    /// Reads `#` and six hexadecimal digits.
    ///
    /// # Errors
    /// [`Fault::BadColour`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let digits = text.strip_prefix('#').ok_or(Fault::BadColour)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Fault::BadColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| Fault::BadColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// Red, green and blue.
    pub const fn parts(self) -> [u8; 3] {
        self.0
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Colour {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// How an agency looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Its colour; none is ink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// Its logo; without one its name stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoFacts>,
}

impl Brand {
    /// Neither a colour nor a logo.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What is to be known of a logo without its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoFacts {
    /// That of the picture: which it is.
    pub sha256: ContentHash,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl LogoFacts {
    /// Whether it is a sign more than a word: the agency's name stands beside it then.
    pub const fn is_sign(&self) -> bool {
        self.width < 2 * self.height
    }

    /// Width and height of the picture as large as it goes into a space of these; at least one of each.
    pub fn within(&self, width: u32, height: u32) -> (u32, u32) {
        let of = |side: u32, by: u32, whole: u32| {
            let scaled = u64::from(side) * u64::from(by) / u64::from(whole.max(1));
            u32::try_from(scaled).unwrap_or(side).max(1)
        };
        let at_full_height = of(self.width, height, self.height);
        match at_full_height <= width {
            true => (at_full_height, height),
            false => (width, of(self.height, width, self.width)),
        }
    }
}

/// The picture of a logo: a PNG of Remit's own making, and never what somebody sent.
///
/// It is known by its content and never changes, so that what names it finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Whose.
    pub account_id: AccountId,
    /// Which it is, and how large.
    #[serde(flatten)]
    pub facts: LogoFacts,
    /// The PNG.
    #[serde(with = "in_base64")]
    pub png: Vec<u8>,
    /// When it was first kept (UTC).
    pub created_at: Timestamp,
}

/// Bytes in JSON.
mod in_base64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        STANDARD
            .decode(text.as_bytes())
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        for text in [
            "",
            "1f6f5c",
            "#fff",
            "#1f6f5g",
            "#1f6f5c;}",
            "#+f6f5c",
            "red",
        ] {
            assert_eq!(Colour::parse(text), Err(Fault::BadColour), "{text}");
        }
        let colour = Colour::parse("#1D4ed8").unwrap();
        assert_eq!(colour.parts(), [0x1d, 0x4e, 0xd8]);
        assert_eq!(colour.to_string(), "#1d4ed8");
    }

    #[test]
    fn a_logo_keeps_its_shape_in_any_space() {
        let logo = |width, height| LogoFacts {
            sha256: ContentHash::of(b""),
            width,
            height,
        };
        for (facts, is_sign, within) in [
            (logo(600, 100), false, (240, 40)),
            (logo(600, 60), false, (240, 24)),
            (logo(160, 160), true, (40, 40)),
            (logo(20, 160), true, (5, 40)),
            (logo(600, 1), false, (240, 1)),
            (logo(1, 160), true, (1, 40)),
        ] {
            assert_eq!(facts.is_sign(), is_sign, "{facts:?}");
            assert_eq!(facts.within(240, 40), within, "{facts:?}");
        }
    }
}
