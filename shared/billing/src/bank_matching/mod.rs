//! Which invoices a transfer pays: certain, to be chosen by a person, or nothing.
//!
//! Nothing is guessed. In this order:
//!
//! 1. **What the payer names** decides: a creditor reference, or document numbers in the text.
//!    One open invoice of the transfer's currency is certain, whatever the amount (less is a part
//!    payment, more leaves the rest as the client's balance). Several are certain only where they
//!    are of one client, whose payment it then is, and what is due of them is exactly the amount:
//!    how to part another sum, nobody said. A named invoice
//!    that is settled already, or of another currency, is for a person.
//!    A number that is nothing but digits may be a date or a telephone number: it counts only
//!    together with the exact amount, and if it is short, not at all; nor does what two invoices
//!    share once hyphens are left out, nor a number without its letters.
//! 2. Where nothing is named, **amount and payer together**: the one open invoice of a known payer
//!    with exactly this amount due. The amount without the payer is never more than a candidate.
//!    What digits alone may name decides nothing, but it holds a decision up that goes against it:
//!    who pays 20260004 a second time does not pay 20260005.
//! 3. **All that a known payer owes**, to the cent, and two invoices or more: certain, as it
//!    settles everything of that client in that currency and leaves nothing to choose.
//!
//! A payer is known where account and name, as learned, and the client's own name point to one
//! client; where they point to two, the payer is not known. Two equally good ways are candidates.
//!
//! A decision holds for the dues as they were: [`MatchIndex::apply`] it before the next transfer
//! is looked at, so that the second of two transfers for one invoice finds it settled.

mod decide;
mod index;
mod payer;
mod propose;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, InvoiceId};
use crate::money::Money;
use crate::numbering::DocumentNumber;

pub use index::MatchIndex;
pub use payer::{LearnedPayer, PayerHash, normalised_name};

/// Candidates that are told of one transfer; more help nobody to choose.
pub const MAX_CANDIDATES: usize = 10;
/// Invoices that one transfer settles, or that one candidate holds: what one transaction takes.
pub const MAX_INVOICES: usize = 20;

/// An issued invoice on which something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Who owes it.
    pub client_id: ClientId,
    /// Its number.
    pub number: DocumentNumber,
    /// What is due, above zero; its currency is the invoice's.
    pub balance_due: Money,
    /// The day of issue.
    pub issued_on: Date,
    /// The due day.
    pub due_on: Date,
}

/// How an invoice that is no longer open ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Nothing is due any more.
    Paid,
    /// It was withdrawn.
    Void,
}

/// An issued invoice on which nothing is due, so that a transfer that names it is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledInvoice {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: DocumentNumber,
    /// How it ended.
    pub settled: Settled,
}

/// Money that came, as a bank states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingTransfer {
    /// How much, above zero.
    pub amount: Money,
    /// Who paid, as the bank writes it.
    pub payer_name: Option<String>,
    /// The account it came from, as the bank writes it.
    pub payer_account: Option<String>,
    /// The reference that the payer's bank passed on as such.
    pub structured_reference: Option<String>,
    /// What the payer wrote.
    pub text: String,
    /// Several transfers that the bank booked as one: nothing about it is certain.
    pub collective: bool,
}

/// Why an invoice is thought of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchReason {
    /// Its creditor reference is named.
    ReferenceNamed,
    /// Its number is named.
    NumberNamed,
    /// Its number may be named: digits that could be anything.
    NumberPerhapsNamed,
    /// More than one invoice is named.
    SeveralNamed,
    /// The amount is exactly what is due.
    AmountEqual,
    /// The amount is less than what is due.
    AmountBelow,
    /// The amount is more than what is due.
    AmountAbove,
    /// It is due in another currency.
    CurrencyDiffers,
    /// The payer's account or name was seen with this client before.
    PayerLearned,
    /// The payer's name is the client's.
    PayerNamed,
    /// All that this client owes in this currency.
    AllOfClient,
    /// Another fits as well.
    NotTheOnlyOne,
    /// More invoices than one transfer settles.
    TooMany,
    /// It is named, and paid already.
    AlreadyPaid,
    /// It is named, and was voided.
    AlreadyVoid,
    /// The provider that paid out is named.
    ProviderNamed,
}

/// One way to place a transfer, for a person to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The invoices, those due first before the others; the first [`MAX_INVOICES`] of them.
    pub invoices: Vec<InvoiceId>,
    /// Why, in order, each once.
    pub reasons: Vec<MatchReason>,
}

/// What of a transfer settles which invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedPart {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How much, above zero and at most what is due.
    pub amount: Money,
}

/// What a transfer pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "match", rename_all = "snake_case")]
pub enum MatchDecision {
    /// This, without a doubt. What the parts leave of the amount is the client's balance.
    Certain {
        /// Who paid.
        client_id: ClientId,
        /// The parts, all of this client.
        allocations: Vec<MatchedPart>,
        /// Why.
        reasons: Vec<MatchReason>,
    },
    /// Perhaps one of these: the best first.
    Candidates {
        /// At most [`MAX_CANDIDATES`].
        candidates: Vec<Candidate>,
    },
    /// Nothing fits.
    Nothing,
}

/// What matching took, so that a test can hold it to be linear.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatchWork {
    /// Look-ups in the index, and invoices that were looked at.
    pub look_ups: u64,
}
