//! The text of the QR code with which a banking app fills in a SEPA credit transfer (EPC069-12,
//! version 002). Only the text: how it is drawn is the page's affair.
//!
//! Version 002 leaves the BIC optional. The character set is UTF-8 (`1`), a line ends with LF,
//! and empty lines at the end are left out.

use rust_decimal::Decimal;

use crate::bank_account::{Bic, Iban};
use crate::creditor_reference::CreditorReference;
use crate::fault::Fault;
use crate::money::{Currency, Money};
use crate::party::Text;

/// Bytes of the whole text: what a code of version 13 with correction M holds.
pub const MAX_BYTES: usize = 331;

/// The least and the largest amount, in cents.
const AMOUNT_CENTS: std::ops::RangeInclusive<i64> = 1..=99_999_999_999;

/// What the payer's bank passes on to the creditor: one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remittance {
    /// A reference with check digits.
    Reference(CreditorReference),
    /// A line of text.
    Text(Text<140>),
}

/// A transfer that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpcTransfer {
    /// Who is paid, as the bank knows them.
    pub name: Text<70>,
    /// The account that is paid to.
    pub iban: Iban,
    /// The bank of the account; the payer's bank finds it out where it is left out.
    pub bic: Option<Bic>,
    /// How much: 0.01 to 999999999.99 EUR.
    pub amount: Money,
    /// What it is for.
    pub remittance: Remittance,
}

impl EpcTransfer {
    /// The text of the code.
    ///
    /// # Errors
    /// [`Fault::CurrencyMismatch`] for what is not in euro, [`Fault::OutOfRange`] for an amount
    /// that the code cannot ask for, [`Fault::TooLong`] (in bytes) where name and text have so
    /// many letters outside ASCII that the code cannot hold them.
    pub fn text(&self) -> Result<String, Fault> {
        if self.amount.currency() != Currency::EUR {
            let expected = Currency::EUR.code().to_owned();
            return Err(Fault::CurrencyMismatch { expected });
        }
        if !AMOUNT_CENTS.contains(&self.amount.minor_units()?) {
            return Err(Fault::OutOfRange {
                min: Decimal::new(*AMOUNT_CENTS.start(), 2),
                max: Decimal::new(*AMOUNT_CENTS.end(), 2),
            });
        }
        let (reference, text) = match &self.remittance {
            Remittance::Reference(reference) => (reference.as_str(), ""),
            Remittance::Text(text) => ("", text.as_str()),
        };
        let amount = format!("EUR{}", self.amount.amount_text());
        let lines = [
            "BCD",
            "002",
            "1",
            "SCT",
            self.bic.as_ref().map_or("", Bic::as_str),
            self.name.as_str(),
            self.iban.as_str(),
            &amount,
            // The purpose, a code that nobody asks for.
            "",
            reference,
            text,
        ];
        let whole = lines.join("\n");
        let whole = whole.trim_end_matches('\n');
        if whole.len() > MAX_BYTES {
            return Err(Fault::TooLong { max: MAX_BYTES });
        }
        Ok(whole.to_owned())
    }
}
