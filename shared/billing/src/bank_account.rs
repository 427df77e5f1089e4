//! Bank accounts as banks write them: the IBAN of ISO 13616 and the BIC of ISO 9362.
//!
//! Both are kept without spaces and in capitals, so that two ways to write one account are one
//! account. That an account exists, its bank alone knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;

/// Characters of an IBAN in each country of the registry of ISO 13616, by country code.
const IBAN_LENGTHS: [(&str, usize); 89] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// Longer text is no IBAN, however it is spaced.
const MAX_TEXT_BYTES: usize = 100;

/// The remainder by 97 of letters and digits, letters counting as 10 to 35 (ISO 7064, MOD 97-10).
/// None where something else stands among them.
pub(crate) fn remainder_97<'a>(parts: impl IntoIterator<Item = &'a str>) -> Option<u32> {
    let mut rest = 0_u32;
    for character in parts.into_iter().flat_map(str::chars) {
        let value = character
            .is_ascii_alphanumeric()
            .then(|| character.to_digit(36))
            .flatten()?;
        let factor = if value < 10 { 10 } else { 100 };
        rest = (rest * factor + value) % 97;
    }
    Some(rest)
}

/// The text without white space, in capitals; none where it is too long or not ASCII.
pub(crate) fn compact(text: &str) -> Option<String> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let kept = text.chars().filter(|character| !character.is_whitespace());
    let compact: String = kept
        .map(|character| character.to_ascii_uppercase())
        .collect();
    compact.is_ascii().then_some(compact)
}

/// Writes in groups of four, as people read them.
pub(crate) fn grouped(text: &str) -> String {
    let mut printed = String::with_capacity(text.len() + text.len() / 4);
    for (place, character) in text.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            printed.push(' ');
        }
        printed.push(character);
    }
    printed
}

macro_rules! compact_text {
    ($name:ident) => {
        impl $name {
            /// The text without spaces, in capitals.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Fault;
            fn from_str(text: &str) -> Result<Self, Fault> {
                Self::parse(text)
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

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use compact_text;

/// An international bank account number of ISO 13616.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iban(String);

impl Iban {
    /// Reads an IBAN in any case, spaces allowed: country, its length, and the check digits.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::BadIban`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Err(Fault::Empty);
        }
        let iban = compact(text).ok_or(Fault::BadIban)?;
        let (head, body) = iban.split_at_checked(4).ok_or(Fault::BadIban)?;
        let (country, check) = head.split_at_checked(2).ok_or(Fault::BadIban)?;
        let length = IBAN_LENGTHS
            .iter()
            .find(|(code, _)| *code == country)
            .map(|(_, length)| *length);
        let right = length == Some(iban.len())
            && check.bytes().all(|byte| byte.is_ascii_digit())
            // 00, 01 and 99 leave the right remainder for some accounts, but are never given.
            && !matches!(check, "00" | "01" | "99")
            && remainder_97([body, head]) == Some(1);
        if right {
            Ok(Self(iban))
        } else {
            Err(Fault::BadIban)
        }
    }

    /// The country code, such as `DE`.
    pub fn country(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// In groups of four, as it is printed.
    pub fn printed(&self) -> String {
        grouped(&self.0)
    }
}

compact_text!(Iban);

/// A business identifier code of ISO 9362: 8 characters, or 11 with a branch.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bic(String);

impl Bic {
    /// Reads a BIC in any case: four of the bank, two letters of the country, two of the place,
    /// three of the branch where there is one.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::BadBic`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Err(Fault::Empty);
        }
        let bic = compact(text).ok_or(Fault::BadBic)?;
        let country = bic.get(4..6).ok_or(Fault::BadBic)?;
        let right = matches!(bic.len(), 8 | 11)
            && bic.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && country.bytes().all(|byte| byte.is_ascii_uppercase());
        if right {
            Ok(Self(bic))
        } else {
            Err(Fault::BadBic)
        }
    }

    /// The country code, such as `DE`.
    pub fn country(&self) -> &str {
        self.0.get(4..6).unwrap_or_default()
    }
}

compact_text!(Bic);

/// Characters of an account number that is no IBAN.
const MAX_ACCOUNT_CHARS: usize = 64;

/// How a bank names an account: whose statement it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AccountIdentifier {
    /// An IBAN.
    Iban(Iban),
    /// What the bank calls the account: letters, digits and `- / .`, in capitals.
    Other(String),
}

impl AccountIdentifier {
    /// Reads an account as banks write it: an IBAN where it is one, else its letters, digits and
    /// `- / .` in capitals, so that spaces make no difference.
    ///
    /// # Errors
    /// [`Fault::Empty`] without a letter or digit, [`Fault::TooLong`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if let Ok(iban) = Iban::parse(text) {
            return Ok(Self::Iban(iban));
        }
        let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.');
        let kept: String = text.chars().filter(plain).collect();
        if !kept.contains(|c: char| c.is_ascii_alphanumeric()) {
            return Err(Fault::Empty);
        }
        if kept.len() > MAX_ACCOUNT_CHARS {
            let max = MAX_ACCOUNT_CHARS;
            return Err(Fault::TooLong { max });
        }
        Ok(Self::Other(kept.to_ascii_uppercase()))
    }

    /// The text: an IBAN without spaces, or what the bank calls the account.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Iban(iban) => iban.as_str(),
            Self::Other(text) => text,
        }
    }
}

impl Serialize for AccountIdentifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AccountIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
