//! Values as files write them, into the values of the model.

use jiff::civil::Date;
use remit_billing::bank_account::Iban;
use remit_billing::fault::Fault;
use remit_billing::money::{Currency, Money};

use super::{MAX_NAME_CHARS, MAX_REFERENCE_CHARS, MAX_TEXT_CHARS};

/// Words that banks write where a reference would stand and there is none, or stands elsewhere.
const NO_REFERENCE: [&str; 9] = [
    "NOTPROVIDED",
    "NONREF",
    "NOREF",
    "NOT PROVIDED",
    "NOTAVAILABLE",
    "NONE",
    "EREF",
    "PREF",
    "MARF",
];

/// One line: white space and control characters as one space, marks that turn the direction of
/// writing left out, cut to `max` characters.
fn line(text: &str, max: usize) -> String {
    let mut cleaned = String::new();
    let mut chars = 0;
    let mut gap = false;
    for character in text.chars() {
        match character {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\u{feff}' | '\u{fffd}' => {}
            _ if character.is_whitespace() || character.is_control() => gap = true,
            _ => {
                if gap && !cleaned.is_empty() {
                    cleaned.push(' ');
                    chars += 1;
                }
                gap = false;
                if chars >= max {
                    break;
                }
                cleaned.push(character);
                chars += 1;
            }
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// A name, or nothing.
pub(super) fn name(text: &str) -> Option<String> {
    Some(line(text, MAX_NAME_CHARS)).filter(|name| !name.is_empty())
}

/// An account: an IBAN without spaces, else as the bank writes it.
pub(super) fn account(text: &str) -> Option<String> {
    match Iban::parse(text) {
        Ok(iban) => Some(iban.as_str().to_owned()),
        Err(_) => name(text),
    }
}

/// A reference; nothing where the bank says that there is none.
pub(super) fn reference(text: &str) -> Option<String> {
    let reference = line(text, MAX_REFERENCE_CHARS);
    let none = NO_REFERENCE
        .iter()
        .any(|word| reference.eq_ignore_ascii_case(word));
    (!none && reference.contains(char::is_alphanumeric)).then_some(reference)
}

/// The bank's own id; nothing where it is too long to be kept whole, as a part of it could be
/// that of another entry.
pub(super) fn bank_id(text: &str) -> Option<String> {
    let whole = text.chars().count() <= MAX_REFERENCE_CHARS;
    reference(text).filter(|_| whole)
}

/// What the payer wrote.
pub(super) fn text(text: &str) -> String {
    line(text, MAX_TEXT_CHARS)
}

/// Parts of what the payer wrote, in order, each once.
pub(super) fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in parts {
        let part = part.trim();
        if !part.is_empty() && kept.len() < MAX_TEXT_CHARS && kept.last() != Some(&part) {
            kept.push(part);
        }
    }
    text(&kept.join(" "))
}

/// An amount with a point or a comma before its decimals, perhaps with a sign, as XML, MT940 and
/// OFX write it: `12.50`, `12,`, `-.5`, `+7`. Exact, on the currency's grid.
///
/// # Errors
/// [`Fault::NotADecimal`], [`Fault::TooManyDecimals`], [`Fault::AmountTooLarge`].
pub(super) fn amount(text: &str, currency: Currency) -> Result<Money, Fault> {
    let text = text.trim();
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && decimals.is_empty()) || !all_digits(whole) || !all_digits(decimals) {
        return Err(Fault::NotADecimal);
    }
    let plain = match decimals {
        "" => format!("{minus}{whole}"),
        _ => format!("{minus}0{whole}.{decimals}"),
    };
    Money::parse(&plain, currency)
}

/// A day out of its digits.
pub(super) fn date(year: &str, month: &str, day: &str) -> Result<Date, Fault> {
    let number = |text: &str| -> Result<i16, Fault> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Fault::BadDate);
        }
        text.parse().map_err(|_| Fault::BadDate)
    };
    let small = |text: &str| i8::try_from(number(text)?).map_err(|_| Fault::BadDate);
    let year = number(year)?;
    // A year that no bank books in: columns or digits that were mistaken.
    if !(1970..=2200).contains(&year) {
        return Err(Fault::BadDate);
    }
    Date::new(year, small(month)?, small(day)?).map_err(|_| Fault::BadDate)
}

/// A year of two digits: 80 to 99 are of the last century, as SWIFT reads them.
pub(super) fn full_year(two_digits: &str) -> Result<String, Fault> {
    match two_digits.as_bytes() {
        [b'8' | b'9', b'0'..=b'9'] => Ok(format!("19{two_digits}")),
        [b'0'..=b'7', b'0'..=b'9'] => Ok(format!("20{two_digits}")),
        _ => Err(Fault::BadDate),
    }
}
