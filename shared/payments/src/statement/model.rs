//! What a statement says, whatever its format.

use jiff::civil::Date;
pub use remit_billing::bank_account::AccountIdentifier;
use remit_billing::bank_matching::IncomingTransfer;
use remit_billing::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::fault::Place;

/// Which way money went, seen from the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Money came.
    Credit,
    /// Money went.
    Debit,
}

/// What the bank calls an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum BankId {
    /// An id that the format promises to be of this entry alone.
    Own(String),
    /// A reference that other entries may have as well.
    Shared(String),
}

/// One booked movement of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The bank's own id, if it states one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_id: Option<BankId>,
    /// The day on which it was booked, as the bank reckons days.
    pub booked_on: Date,
    /// The day from which it counts for interest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_on: Option<Date>,
    /// How much, above zero.
    pub amount: Money,
    /// Which way.
    pub direction: Direction,
    /// It takes back an earlier entry. `direction` is that of this entry, not of the earlier one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reversal: bool,
    /// Who is on the other side: the payer of a credit, who was paid by a debit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// The account on the other side: an IBAN without spaces, or as the bank writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_account: Option<String>,
    /// The id that the payer gave the transfer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_to_end_id: Option<String>,
    /// A reference that the payer's bank passed on as such (ISO 11649 or a country's own).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_reference: Option<String>,
    /// What the payer wrote; empty where nothing.
    pub text: String,
    /// The reference of the batch that the bank booked it in, where one booking was several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// It is several transfers whose amounts the bank does not state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collective: bool,
    /// Where it stands in the file.
    pub place: Place,
}

impl Entry {
    /// What matching asks of a credit; none of a debit, and none of what takes back a debit, which
    /// is no client's payment.
    pub fn incoming(&self) -> Option<IncomingTransfer> {
        if self.direction == Direction::Debit || self.reversal {
            return None;
        }
        Some(IncomingTransfer {
            amount: self.amount,
            payer_name: self.payer_name.clone(),
            payer_account: self.payer_account.clone(),
            structured_reference: self.structured_reference.clone(),
            text: match &self.end_to_end_id {
                // Payers' software puts the invoice's number there.
                Some(id) => format!("{}\n{id}", self.text),
                None => self.text.clone(),
            },
            collective: self.collective,
        })
    }
}

/// Entries that were read and left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Not booked yet: they come again when they are.
    pub pending: u32,
    /// Never booked: for information, or corrections of entries that came before.
    pub informational: u32,
    /// Of no amount.
    pub without_amount: u32,
}

/// One account over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Whose.
    pub account: AccountIdentifier,
    /// Its currency; all amounts are in it.
    pub currency: Currency,
    /// What the bank calls the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_id: Option<String>,
    /// The first day that it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day that it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The balance before the first entry. None where it is not stated, or is not that of these
    /// entries, as on one page of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Money>,
    /// The balance after the last entry, on the same terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Money>,
    /// What was booked, in the order of the file.
    pub entries: Vec<Entry>,
    /// What was left out.
    pub skipped: Skipped,
    /// Where it begins in the file.
    pub place: Place,
}
