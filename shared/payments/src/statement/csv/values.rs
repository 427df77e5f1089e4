//! Days and amounts as a bank's tables write them.

use std::fmt;

use jiff::civil::Date;
use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::clean;
use super::mapping::{DecimalSeparator, ThousandsSeparator};

/// Characters of a pattern.
const MAX_PATTERN_CHARS: usize = 20;
/// Decimals that tables have whatever the currency.
const USUAL_DECIMALS: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Part {
    /// Four digits.
    Year,
    /// Two digits.
    ShortYear,
    /// Two digits, or one or two.
    Month {
        padded: bool,
    },
    /// Two digits, or one or two.
    Day {
        padded: bool,
    },
    Literal(char),
}

/// How days are written: `YYYY` or `YY`, `MM` or `M`, `DD` or `D`, and between them `- / .`,
/// spaces or nothing. `DD.MM.YYYY` reads 31.01.2026; `D/M/YY` reads 1/2/26.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DatePattern {
    text: String,
    parts: Vec<Part>,
}

impl DatePattern {
    /// Reads a pattern with a year, a month and a day, each once. Without anything between them,
    /// all have to have their full digits.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::BadDate`] for what is no pattern.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.len() > MAX_PATTERN_CHARS {
            let max = MAX_PATTERN_CHARS;
            return Err(Fault::TooLong { max });
        }
        let known = [
            ("YYYY", Part::Year),
            ("YY", Part::ShortYear),
            ("MM", Part::Month { padded: true }),
            ("M", Part::Month { padded: false }),
            ("DD", Part::Day { padded: true }),
            ("D", Part::Day { padded: false }),
        ];
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let found = known
                .iter()
                .find_map(|(word, part)| rest.strip_prefix(word).map(|rest| (*part, rest)));
            let (part, after) = match found {
                Some(found) => found,
                None if matches!(first, '-' | '/' | '.' | ' ') => {
                    (Part::Literal(first), rest.get(1..).unwrap_or_default())
                }
                None => return Err(Fault::BadDate),
            };
            // Digits without an end would run into the next.
            let open = |part: &Part| {
                matches!(
                    part,
                    Part::Month { padded: false } | Part::Day { padded: false }
                )
            };
            if parts.last().is_some_and(open) && !matches!(part, Part::Literal(_)) {
                return Err(Fault::BadDate);
            }
            parts.push(part);
            rest = after;
        }
        let once = |is: fn(&Part) -> bool| parts.iter().filter(|part| is(part)).count() == 1;
        let whole = once(|part| matches!(part, Part::Year | Part::ShortYear))
            && once(|part| matches!(part, Part::Month { .. }))
            && once(|part| matches!(part, Part::Day { .. }));
        if !whole {
            return Err(Fault::BadDate);
        }
        let text = text.to_owned();
        Ok(Self { text, parts })
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads a day. An hour may stand behind it, after a space or a `T`.
    ///
    /// # Errors
    /// [`Fault::BadDate`].
    pub fn read(&self, text: &str) -> Result<Date, Fault> {
        let mut rest = text.trim();
        let (mut year, mut month, mut day) = (String::new(), "", "");
        for part in &self.parts {
            match part {
                Part::Literal(literal) => {
                    rest = rest.strip_prefix(*literal).ok_or(Fault::BadDate)?;
                }
                Part::Year => year = digits(&mut rest, 4, 4)?.to_owned(),
                Part::ShortYear => year = clean::full_year(digits(&mut rest, 2, 2)?)?,
                Part::Month { padded } => month = digits(&mut rest, 1 + usize::from(*padded), 2)?,
                Part::Day { padded } => day = digits(&mut rest, 1 + usize::from(*padded), 2)?,
            }
        }
        let hour = rest.strip_prefix([' ', 'T']).unwrap_or_default();
        if !rest.is_empty() && !hour.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Fault::BadDate);
        }
        clean::date(&year, month, day)
    }
}

/// Takes digits: as many as there are, within the bounds.
fn digits<'a>(rest: &mut &'a str, least: usize, most: usize) -> Result<&'a str, Fault> {
    let count = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < least {
        return Err(Fault::BadDate);
    }
    let (taken, after) = rest.split_at_checked(count).ok_or(Fault::BadDate)?;
    *rest = after;
    Ok(taken)
}

impl fmt::Debug for DatePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for DatePattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DatePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Reads an amount with these separators and perhaps a sign, before or behind it. Groups of
/// thousands have three digits each, so that a table whose separators were mistaken is refused
/// rather than read a thousandfold.
///
/// # Errors
/// [`Fault::NotADecimal`], [`Fault::TooManyDecimals`], [`Fault::AmountTooLarge`].
pub(super) fn amount(
    text: &str,
    decimal: DecimalSeparator,
    thousands: Option<ThousandsSeparator>,
    currency: Currency,
) -> Result<Money, Fault> {
    let text = text.trim();
    let (negative, digits) = unsigned(text)?;
    let (whole, decimals) = match digits.split_once(decimal.character()) {
        Some((_, "")) => return Err(Fault::NotADecimal),
        Some((whole, decimals)) => (whole, decimals),
        None => (digits, ""),
    };
    // Three zeros are a thousand whose separator was taken for the decimals'. Two are usual even
    // where the currency has none.
    let max = currency.minor_digits();
    if decimals.len() > USUAL_DECIMALS.max(usize::try_from(max).unwrap_or_default()) {
        return Err(Fault::TooManyDecimals { max });
    }
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match thousands {
        Some(separator) => without_groups(whole, separator)?,
        None => whole.to_owned(),
    };
    if (whole.is_empty() && decimals.is_empty()) || !all_digits(&whole) || !all_digits(decimals) {
        return Err(Fault::NotADecimal);
    }
    let sign = if negative { "-" } else { "" };
    match decimals {
        "" => Money::parse(&format!("{sign}{whole}"), currency),
        _ => Money::parse(&format!("{sign}0{whole}.{decimals}"), currency),
    }
}

fn unsigned(text: &str) -> Result<(bool, &str), Fault> {
    const SIGNS: [char; 3] = ['-', '+', '\u{2212}'];
    let is_sign = |character: &char| SIGNS.contains(character);
    let first = text.chars().next().filter(is_sign);
    let last = text.chars().next_back().filter(is_sign);
    let sign = match (first, last) {
        (Some(_), Some(_)) => return Err(Fault::NotADecimal),
        (sign, None) | (None, sign) => sign,
    };
    let digits = match (first, last) {
        (Some(sign), _) => text.strip_prefix(sign),
        (_, Some(sign)) => text.strip_suffix(sign),
        _ => Some(text),
    };
    let digits = digits.unwrap_or_default().trim();
    Ok((sign.is_some_and(|sign| sign != '+'), digits))
}

fn without_groups(whole: &str, separator: ThousandsSeparator) -> Result<String, Fault> {
    let mut groups = whole.split(|character| separator.is(character));
    let first = groups.next().unwrap_or_default();
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return Err(Fault::NotADecimal);
        }
        plain.push_str(group);
    }
    Ok(plain)
}
