//! Who bills and who is billed: names, addresses, tax ids, languages, zones.
//!
//! Every text is bounded and free of what could break a header, a page or a reader's eye:
//! control characters, line breaks where none belong, marks that turn the direction of writing.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;

/// A value that is one checked string in JSON and in records.
macro_rules! checked_text {
    ($name:ty $(, $($generic:tt)+)?) => {
        impl $(<$($generic)+>)? $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $(<$($generic)+>)? FromStr for $name {
            type Err = Fault;
            fn from_str(text: &str) -> Result<Self, Fault> {
                Self::parse(text)
            }
        }

        impl $(<$($generic)+>)? AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl $(<$($generic)+>)? fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $(<$($generic)+>)? fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl $(<$($generic)+>)? Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de, $($($generic)+)?> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Marks that make a text read otherwise than it is written, and separators that browsers and
/// mail readers take for line breaks.
fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn bounded(text: &str, max: usize) -> Result<String, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.chars().count() > max {
        return Err(Fault::TooLong { max });
    }
    Ok(text.to_owned())
}

/// One line of text: trimmed, not empty, at most `MAX` characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Trims and checks.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::ControlCharacter`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.chars().any(misleads) {
            return Err(Fault::ControlCharacter);
        }
        bounded(text, MAX).map(Self)
    }
}

checked_text!(Text<MAX>, const MAX: usize);

/// Text of several lines: as [`Text`], with `\n` between lines (`\r\n` is read as one) and tabs
/// read as spaces.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Paragraph<const MAX: usize>(String);

impl<const MAX: usize> Paragraph<MAX> {
    /// Trims and checks.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::ControlCharacter`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim().replace("\r\n", "\n").replace('\t', " ");
        if text
            .chars()
            .any(|character| character != '\n' && misleads(character))
        {
            return Err(Fault::ControlCharacter);
        }
        bounded(&text, MAX).map(Self)
    }

    /// What of a text can be kept, and whether it is less than all: for words that must not be
    /// lost because of a stray character or of their length. None where nothing is said.
    pub fn fitted(text: &str) -> Option<(Self, bool)> {
        let plain = |c: char| match c {
            '\n' => '\n',
            c if misleads(c) => ' ',
            c => c,
        };
        let text: String = text.replace("\r\n", "\n").chars().map(plain).collect();
        let text = text.trim();
        if text.chars().count() <= MAX {
            return Self::parse(text).ok().map(|whole| (whole, false));
        }
        let mut cut: String = text.chars().take(MAX.saturating_sub(2)).collect();
        cut.truncate(cut.trim_end().len());
        cut.push_str(" …");
        Self::parse(&cut).ok().map(|kept| (kept, true))
    }
}

checked_text!(Paragraph<MAX>, const MAX: usize);

/// A name of a person or a company.
pub type Name = Text<200>;

/// An e-mail address that can be written to through SES: ASCII, at most 254 characters, with a
/// domain of two labels or more. The domain is kept in lower case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Trims and checks. What passes can stand in a header as it is: no spaces, quotes,
    /// brackets, commas or line breaks.
    ///
    /// # Errors
    /// [`Fault::BadEmail`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(Fault::BadEmail)?;
        if text.len() > 254 || !is_local_part(local) || !is_domain(domain) {
            return Err(Fault::BadEmail);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

checked_text!(EmailAddress);

/// A dot-atom of RFC 5322, at most 64 characters (RFC 5321).
fn is_local_part(local: &str) -> bool {
    local.len() <= 64
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
                })
        })
}

/// Labels of RFC 1035; the last is no number, so that no IP address passes.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let Some((_, last)) = domain.rsplit_once('.') else {
        return false;
    };
    domain.split('.').all(is_label)
        && last.len() >= 2
        && last.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// ISO 3166-1 alpha-2, the officially assigned codes.
const COUNTRIES: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC \
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// A country code of ISO 3166-1, such as `DE`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode(String);

impl CountryCode {
    /// Checks a code in capitals.
    ///
    /// # Errors
    /// [`Fault::UnknownCountry`].
    pub fn parse(code: &str) -> Result<Self, Fault> {
        if code.len() == 2 && COUNTRIES.split(' ').any(|known| known == code) {
            return Ok(Self(code.to_owned()));
        }
        Err(Fault::UnknownCountry)
    }
}

checked_text!(CountryCode);

/// A unit of measure: a code of UN/ECE recommendation 20 or 21, such as `HUR` (hours) or `C62`.
/// Its form is checked, not the list, which grows every year.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitCode(String);

impl UnitCode {
    /// Checks two or three capitals or digits.
    ///
    /// # Errors
    /// [`Fault::BadUnitCode`].
    pub fn parse(code: &str) -> Result<Self, Fault> {
        if is_code(code, 2, 3) {
            return Ok(Self(code.to_owned()));
        }
        Err(Fault::BadUnitCode)
    }
}

checked_text!(UnitCode);

fn is_code(code: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// A postal address. Only the first line, the city and the country are there everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    pub line1: Name,
    /// What else is on the envelope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<Name>,
    /// City.
    pub city: Text<100>,
    /// State, province, county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<100>>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<20>>,
    /// Country.
    pub country: CountryCode,
}

/// A number under which a party is known to a tax office.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaxId {
    /// What kind of number it is, such as `eu_vat` or `kr_brn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Text<32>>,
    /// The number as it stands on documents.
    pub value: Text<40>,
}

/// The list that an electronic address is from: a code of the list EAS, such as `0088` or `EM`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressScheme(String);

impl AddressScheme {
    /// Checks four digits or two capitals.
    ///
    /// # Errors
    /// [`Fault::BadAddressScheme`].
    pub fn parse(code: &str) -> Result<Self, Fault> {
        let digits = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
        let letters = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if digits || letters {
            return Ok(Self(code.to_owned()));
        }
        Err(Fault::BadAddressScheme)
    }
}

checked_text!(AddressScheme);

/// Where e-invoices reach a party (BT-34, BT-49).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ElectronicAddress {
    /// The list it is from.
    pub scheme: AddressScheme,
    /// The address.
    pub value: Text<100>,
}

/// Somebody who gets documents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Contact {
    /// The name to greet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The address to write to.
    pub email: EmailAddress,
    /// Whether documents go there as a copy only.
    #[serde(default)]
    pub copy: bool,
}

/// A language that documents and mails are written in (BCP 47).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Korean.
    #[serde(rename = "ko")]
    Ko,
    /// German.
    #[serde(rename = "de")]
    De,
    /// French.
    #[serde(rename = "fr")]
    Fr,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Japanese.
    #[serde(rename = "ja")]
    Ja,
}

impl Language {
    /// Every language that there are words for.
    pub const ALL: &'static [Language] = &[
        Language::En,
        Language::Ko,
        Language::De,
        Language::Fr,
        Language::Es,
        Language::Ja,
    ];
    /// Their tags.
    pub const TAGS: &'static [&'static str] = &["en", "ko", "de", "fr", "es", "ja"];

    /// Reads a tag.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(tag: &str) -> Result<Self, Fault> {
        match tag {
            "en" => Ok(Self::En),
            "ko" => Ok(Self::Ko),
            "de" => Ok(Self::De),
            "fr" => Ok(Self::Fr),
            "es" => Ok(Self::Es),
            "ja" => Ok(Self::Ja),
            _ => Err(Fault::UnknownValue {
                allowed: Self::TAGS,
            }),
        }
    }

    /// The tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ja => "ja",
        }
    }
}

impl FromStr for Language {
    type Err = Fault;
    fn from_str(tag: &str) -> Result<Self, Fault> {
        Self::parse(tag)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The zones that are compiled in: nothing of the machine is read, so that every machine gives
/// the same dates.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone of the IANA database, such as `Europe/Berlin`.
#[derive(Clone, PartialEq, Eq)]
pub struct ZoneName(TimeZone);

impl ZoneName {
    /// Finds a zone by its name; capitals do not matter and are kept as the database has them.
    ///
    /// # Errors
    /// [`Fault::UnknownTimeZone`].
    pub fn parse(name: &str) -> Result<Self, Fault> {
        let zone = ZONES.get(name).map_err(|_| Fault::UnknownTimeZone)?;
        if zone.iana_name().is_none() || zone.is_unknown() {
            return Err(Fault::UnknownTimeZone);
        }
        Ok(Self(zone))
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone, to reckon with.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The civil date of an instant in this zone.
    pub fn date_of(&self, instant: jiff::Timestamp) -> Date {
        self.0.to_datetime(instant).date()
    }
}

impl FromStr for ZoneName {
    type Err = Fault;
    fn from_str(name: &str) -> Result<Self, Fault> {
        Self::parse(name)
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for ZoneName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ZoneName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "PeriodFields")]
pub struct Period {
    from: Date,
    to: Date,
}

#[derive(Deserialize)]
struct PeriodFields {
    from: Date,
    to: Date,
}

impl TryFrom<PeriodFields> for Period {
    type Error = Fault;
    fn try_from(fields: PeriodFields) -> Result<Self, Fault> {
        Self::new(fields.from, fields.to)
    }
}

impl Period {
    /// A period of at least one day.
    ///
    /// # Errors
    /// [`Fault::EndsBeforeStart`].
    pub fn new(from: Date, to: Date) -> Result<Self, Fault> {
        if to < from {
            return Err(Fault::EndsBeforeStart);
        }
        Ok(Self { from, to })
    }

    /// The first day.
    pub fn from(&self) -> Date {
        self.from
    }

    /// The last day.
    pub fn to(&self) -> Date {
        self.to
    }
}
