//! Ways to pay beside the providers' pages: the agency's bank accounts, Interac e-Transfer, and
//! parts of the payer's choice.

use serde::{Deserialize, Serialize};

use crate::bank_account::{AccountIdentifier, Bic};
use crate::bank_text::normalised_number;
use crate::creditor_reference::{CreditorReference, MAX_BODY_CHARS};
use crate::ids::BankAccountId;
use crate::money::{Currency, Money, MoneyError};
use crate::number::Percent;
use crate::numbering::DocumentNumber;
use crate::party::{EmailAddress, Name};
use crate::standing::{Standing, Status};

/// The one currency of Interac e-Transfer.
pub const INTERAC_CURRENCY: Currency = Currency::CAD;
/// Currencies that have a least part of their own.
pub const MAX_PART_AMOUNTS: usize = 20;
/// Characters that are read of an amount that somebody typed.
const MAX_TYPED_CHARS: usize = 40;

/// A bank account that clients pay to: what they need to fill in a transfer.
///
/// It is what the agency's record of the account says, kept with the agency itself, which every page
/// and mail reads anyway; both change in one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferAccount {
    /// The account that it is.
    pub id: BankAccountId,
    /// Whose it is; none where that is the agency under its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Name>,
    /// The account.
    pub identifier: AccountIdentifier,
    /// The bank, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<Bic>,
    /// The bank, as payers find it: its name, or with a sort code or routing number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<Name>,
    /// What it takes.
    pub currency: Currency,
}

/// Interac e-Transfer: where clients send the money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interac {
    /// The address that is registered for Autodeposit, so that nobody asks a security question.
    pub email: EmailAddress,
}

/// What a payer writes so that the money finds its invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentReference {
    /// A creditor reference, which banks carry whole and which finds typing errors.
    Creditor(CreditorReference),
    /// The number itself, where a reference would leave a part of it out: then it might be that of
    /// another invoice as well.
    Number(DocumentNumber),
}

impl PaymentReference {
    /// That of an invoice. Statements are matched by either, for this very invoice.
    pub fn of(number: &DocumentNumber) -> Self {
        let fits = normalised_number(number).len() <= MAX_BODY_CHARS;
        match CreditorReference::of_number(number) {
            Ok(reference) if fits => Self::Creditor(reference),
            _ => Self::Number(number.clone()),
        }
    }

    /// As it is typed, without spaces where it can be.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Creditor(reference) => reference.as_str(),
            Self::Number(number) => number.as_str(),
        }
    }

    /// As people read it: a creditor reference in groups of four.
    pub fn printed(&self) -> String {
        match self {
            Self::Creditor(reference) => reference.printed(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// That payers choose how much they pay, and the least they may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPayments {
    /// The least part in percent of what the invoice comes to; none where only the currencies below
    /// may be paid in parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_percent: Option<Percent>,
    /// The least part in a currency, in place of the percentage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimum_amounts: Vec<Money>,
}

/// What of that is otherwise for a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClientPartPayments {
    /// It chooses, within these bounds.
    Allowed(PartPayments),
    /// It pays what is asked for.
    Never,
}

/// Between what a payer may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartBounds {
    /// The least: the agency's, or all that is left where that is less.
    pub least: Money,
    /// The most: what is due and not disputed.
    pub most: Money,
}

/// Why the amount that a payer chose is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartRefusal {
    /// It cannot be read, or could be read in two ways.
    #[error("this is no amount in {currency}")]
    Unreadable {
        /// The invoice's currency.
        currency: Currency,
    },
    /// It is less than the agency takes.
    #[error("the least that can be paid is {least}")]
    TooSmall {
        /// The least.
        least: Money,
    },
    /// It is more than is due.
    #[error("the most that can be paid is {most}")]
    TooLarge {
        /// What is due.
        most: Money,
    },
}

impl PartPayments {
    /// Between what the payer of an invoice may choose now. None where there is nothing to choose: it
    /// is not open, money is on its way, its currency is not paid in parts, or so little is left that
    /// only all of it can be paid.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn bounds(&self, standing: &Standing) -> Result<Option<PartBounds>, MoneyError> {
        if !matches!(standing.status, Status::Open) || !standing.processing.is_empty() {
            return Ok(None);
        }
        let Some(minimum) = self.minimum(standing.payable)? else {
            return Ok(None);
        };
        let most = standing.undisputed()?;
        let least = minimum.min(most)?;
        let is_a_choice = most.is_positive() && least != most;
        Ok(is_a_choice.then_some(PartBounds { least, most }))
    }

    /// The least part of an invoice that comes to so much, never nothing; none where its currency is
    /// not paid in parts. A percentage is rounded to the currency, half away from zero.
    fn minimum(&self, payable: Money) -> Result<Option<Money>, MoneyError> {
        let currency = payable.currency();
        let mut named = self.minimum_amounts.iter();
        if let Some(amount) = named.find(|amount| amount.currency() == currency) {
            return Ok(Some(*amount));
        }
        let Some(percent) = self.minimum_percent else {
            return Ok(None);
        };
        let share = payable.amount() * percent.decimal() / rust_decimal::Decimal::ONE_HUNDRED;
        let share = Money::rounded(share, currency)?;
        let smallest = Money::from_minor_units(1, currency)?;
        Ok(Some(share.max(smallest)?))
    }
}

impl PartBounds {
    /// Reads what a payer typed.
    ///
    /// # Errors
    /// [`PartRefusal`].
    pub fn read(&self, typed: &str) -> Result<Money, PartRefusal> {
        let currency = self.most.currency();
        let unreadable = PartRefusal::Unreadable { currency };
        let amount = typed_amount(typed, currency).ok_or(unreadable)?;
        if amount.amount() < self.least.amount() {
            return Err(PartRefusal::TooSmall { least: self.least });
        }
        if amount.amount() > self.most.amount() {
            return Err(PartRefusal::TooLarge { most: self.most });
        }
        Ok(amount)
    }
}

/// An amount as people type it: `50`, `50.5`, `50,50`, `1,250.00`, `1.250,00`, `1 250`, with the
/// currency before or behind it. None where it is not one, or could be two: `1,250` is 1250 in euros,
/// which have no third decimal, and in dinars, which have one, nobody knows.
pub fn typed_amount(typed: &str, currency: Currency) -> Option<Money> {
    if typed.chars().count() > MAX_TYPED_CHARS {
        return None;
    }
    let code = currency.code();
    let trimmed = typed.trim().to_uppercase();
    let bare = trimmed
        .strip_prefix(code)
        .or_else(|| trimmed.strip_suffix(code))
        .unwrap_or(&trimmed)
        .trim()
        .trim_matches(|c: char| matches!(c, '€' | '$' | '£' | '₩' | '¥' | '원'));
    let plain: String = bare
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'' && *c != '’')
        .collect();
    let digits = usize::try_from(currency.minor_digits()).ok()?;
    let text = with_point(&plain, digits)?;
    let amount = Money::parse(&text, currency).ok()?;
    amount.is_positive().then_some(amount)
}

/// The number with a point before its decimals and nothing between its thousands.
fn with_point(plain: &str, digits: usize) -> Option<String> {
    let marks: Vec<(usize, char)> = plain
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | ','))
        .collect();
    let Some(&(last, mark)) = marks.last() else {
        return Some(plain.to_owned());
    };
    let (whole, decimals) = (plain.get(..last)?, plain.get(last + 1..)?);
    let is_alone = marks.iter().filter(|(_, other)| *other == mark).count() == 1;
    let is_mixed = marks.iter().any(|(_, other)| *other != mark);
    let may_part = is_alone && !decimals.is_empty() && decimals.len() <= digits;
    let may_group = !is_mixed && is_grouped(plain, mark);
    match (may_part, may_group) {
        (true, false) => {
            let other = if mark == '.' { ',' } else { '.' };
            let grouped = !whole.contains(other) || is_grouped(whole, other);
            let whole = whole.replace(other, "");
            grouped.then(|| format!("{whole}.{decimals}"))
        }
        (false, true) => Some(plain.replace(mark, "")),
        // Two readings, or none.
        _ => None,
    }
}

/// Whether a mark stands between thousands: one to three digits, then three each.
fn is_grouped(number: &str, mark: char) -> bool {
    let mut groups = number.split(mark);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && first != "0"
        && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, code: &str) -> Option<String> {
        let currency = Currency::parse(code).unwrap();
        typed_amount(text, currency).map(|amount| amount.amount_text())
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, code, wanted) in [
            ("50", "EUR", "50.00"),
            (" 50.5 ", "EUR", "50.50"),
            ("50,50", "EUR", "50.50"),
            ("1,250.00", "EUR", "1250.00"),
            ("1.250,00", "EUR", "1250.00"),
            ("1.250.000,5", "EUR", "1250000.50"),
            ("1,250", "EUR", "1250.00"),
            ("1.250", "EUR", "1250.00"),
            ("1 250,00 €", "EUR", "1250.00"),
            ("€1,250.00", "EUR", "1250.00"),
            ("eur 20", "EUR", "20.00"),
            ("20 EUR", "EUR", "20.00"),
            ("1'250.00", "CHF", "1250.00"),
            ("50,000", "KRW", "50000"),
            ("50.000", "KRW", "50000"),
            ("50000원", "KRW", "50000"),
            ("1,250.500", "BHD", "1250.500"),
            ("0.5", "EUR", "0.50"),
            ("0.500", "BHD", "0.500"),
        ] {
            assert_eq!(typed(text, code).as_deref(), Some(wanted), "{text} {code}");
        }
    }

    #[test]
    fn what_is_no_amount_or_two_is_not_read() {
        for (text, code) in [
            ("", "EUR"),
            ("all", "EUR"),
            ("-5", "EUR"),
            ("0", "EUR"),
            ("0.00", "EUR"),
            ("5.", "EUR"),
            (".", "EUR"),
            (",5,5", "EUR"),
            ("1,25,00", "EUR"),
            ("12,50,000", "EUR"),
            ("0,500", "EUR"),
            ("1.2.3,4", "EUR"),
            ("1,250.00.00", "EUR"),
            ("5e3", "EUR"),
            ("٥", "EUR"),
            ("50.5", "KRW"),
            // A thousand dinars and more, or one dinar and a quarter: nobody knows.
            ("1,250", "BHD"),
            ("1.250", "BHD"),
            ("20 USD", "EUR"),
            ("99999999999999999999999999", "EUR"),
        ] {
            assert_eq!(typed(text, code), None, "{text:?} {code}");
        }
    }

    #[test]
    fn a_reference_is_of_one_number_alone() {
        let number = |text: &str| DocumentNumber::parse(text).unwrap();
        let short = PaymentReference::of(&number("INV-2026-00007"));
        assert_eq!(short.as_str().len(), 4 + "INV202600007".len());
        assert!(matches!(short, PaymentReference::Creditor(_)));
        assert!(short.printed().starts_with("RF"));
        // Two numbers that end in the same fourteen characters have one creditor reference.
        let long = |start: &str| number(&format!("{start}-INV-2026-00007-BERLIN"));
        let (one, other) = (
            PaymentReference::of(&long("A")),
            PaymentReference::of(&long("B")),
        );
        assert_ne!(one.as_str(), other.as_str());
        assert_eq!(one.as_str(), long("A").as_str());
    }
}
