//! The creditor reference of ISO 11649, `RF` and check digits: a reference that banks carry
//! whole and that a payer's typing error does not pass.
//!
//! Remit makes one of a document number, at most 18 characters, so that it fits wherever banks
//! cut. Two numbers may share one (only the last 14 letters and digits are taken): who looks one
//! up has to expect several.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::bank_account::{compact, compact_text, grouped, remainder_97};
use crate::bank_text::{each_run, normalised_number, words};
use crate::fault::Fault;
use crate::numbering::DocumentNumber;

/// Characters of a reference in the standard.
pub const MAX_REFERENCE_CHARS: usize = 25;
/// Characters that Remit takes of a document number.
pub const MAX_BODY_CHARS: usize = 14;

/// `RF` and two check digits.
const HEAD_CHARS: usize = 4;

/// A creditor reference of ISO 11649, its check digits right.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditorReference(String);

impl CreditorReference {
    /// The reference of a document number: its ASCII letters and digits in capitals, the last 14
    /// of them. The same number gives the same reference.
    ///
    /// # Errors
    /// [`Fault::BadCreditorReference`] where the number has no letter and no digit.
    pub fn of_number(number: &DocumentNumber) -> Result<Self, Fault> {
        let characters = normalised_number(number);
        let from = characters.len().saturating_sub(MAX_BODY_CHARS);
        let body = characters.get(from..).unwrap_or_default();
        if body.is_empty() {
            return Err(Fault::BadCreditorReference);
        }
        let rest = remainder_97([body, "RF00"]).ok_or(Fault::BadCreditorReference)?;
        Ok(Self(format!("RF{:02}{body}", 98 - rest)))
    }

    /// Reads a reference in any case, spaces allowed, up to the standard's 25 characters.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::BadCreditorReference`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Err(Fault::Empty);
        }
        let compact = compact(text).ok_or(Fault::BadCreditorReference)?;
        if is_reference(&compact) {
            Ok(Self(compact))
        } else {
            Err(Fault::BadCreditorReference)
        }
    }

    /// All that can be read as a reference in a free text, whatever stands between its groups.
    ///
    /// A word behind a reference makes a valid longer one by chance once in 97: both are told,
    /// and who knows which references were given takes that one.
    pub fn find_all(text: &str) -> Vec<Self> {
        let mut found = Vec::new();
        each_run(&words(text), MAX_REFERENCE_CHARS, |run| {
            if is_reference(run.text) {
                let reference = Self(run.text.to_owned());
                if !found.contains(&reference) {
                    found.push(reference);
                }
            }
        });
        found
    }

    /// What stands behind the check digits.
    pub fn body(&self) -> &str {
        self.0.get(HEAD_CHARS..).unwrap_or_default()
    }

    /// In groups of four, as it is printed.
    pub fn printed(&self) -> String {
        grouped(&self.0)
    }
}

/// `text` is compact and in capitals.
fn is_reference(text: &str) -> bool {
    let Some((head, body)) = text.split_at_checked(HEAD_CHARS) else {
        return false;
    };
    let Some(check) = head.strip_prefix("RF") else {
        return false;
    };
    text.len() <= MAX_REFERENCE_CHARS
        && !body.is_empty()
        && check.bytes().all(|byte| byte.is_ascii_digit())
        // The check digits that are given are 02 to 98.
        && !matches!(check, "00" | "01" | "99")
        && remainder_97([body, head]) == Some(1)
}

compact_text!(CreditorReference);
