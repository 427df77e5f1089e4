//! Who the agency bills.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, ClientId};
use crate::ledger::LedgerAccount;
use crate::money::{Currency, Money, MoneyError};
use crate::party::{
    Address, Contact, ElectronicAddress, EmailAddress, Language, Name, TaxId, ZoneName,
};
use crate::terms::PaymentTerms;

/// A client of the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Whose client.
    pub account_id: AccountId,
    /// Its id.
    pub id: ClientId,
    /// What the agency calls it.
    pub name: Name,
    /// The name of the law, where it differs (BT-44).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<Name>,
    /// Who gets invoices, and who gets copies.
    pub contacts: Vec<Contact>,
    /// The currency of its documents unless they say otherwise.
    pub currency: Currency,
    /// The language of what it reads.
    pub language: Language,
    /// The zone of its due days and reminders.
    pub time_zone: ZoneName,
    /// Its payment terms.
    pub terms: PaymentTerms,
    /// Where it sits (BG-8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Tax and register numbers (BT-46 to BT-48).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_ids: Vec<TaxId>,
    /// Where e-invoices go (BT-49).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
    /// Whether an invoice without a purchase order may not be issued.
    #[serde(default)]
    pub purchase_order_required: bool,
    /// Whether reminders go to this client.
    pub reminders: bool,
    /// How it wants several projects billed.
    #[serde(default)]
    pub grouping: InvoiceGrouping,
    /// Whether its balance is applied to its invoices as they are issued; none is as the agency has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_balance_at_issue: Option<bool>,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
    /// Since when it is out of use (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
}

/// How a client wants several projects billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceGrouping {
    /// One invoice a month over all of them.
    #[default]
    OneAMonth,
    /// One invoice for each.
    OnePerProject,
}

impl InvoiceGrouping {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["one_a_month", "one_per_project"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "one_a_month" => Some(InvoiceGrouping::OneAMonth),
            "one_per_project" => Some(InvoiceGrouping::OnePerProject),
            _ => None,
        }
    }
}

impl Client {
    /// Who mails go to.
    pub fn recipients(&self) -> Vec<EmailAddress> {
        self.addressed(false)
    }

    /// Who gets copies.
    pub fn copies(&self) -> Vec<EmailAddress> {
        self.addressed(true)
    }

    fn addressed(&self, copy: bool) -> Vec<EmailAddress> {
        self.contacts
            .iter()
            .filter(|contact| contact.copy == copy)
            .map(|contact| contact.email.clone())
            .collect()
    }
}

/// A client's money of one currency that is not yet applied: it belongs to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientBalance {
    /// Whose client.
    pub account_id: AccountId,
    /// The client.
    pub client_id: ClientId,
    /// How much; below zero only where refunded money had been used already.
    pub amount: Money,
}

impl ClientBalance {
    /// An empty balance.
    pub fn empty(account_id: AccountId, client_id: ClientId, currency: Currency) -> Self {
        Self {
            account_id,
            client_id,
            amount: Money::zero(currency),
        }
    }

    /// How the ledger shows that so much came (or, negative, went): what a client has is a liability; what
    /// it owes, because money was taken back that had been used, is receivable.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn sides(&self, change: Money) -> Result<[(LedgerAccount, Money); 2], MoneyError> {
        let zero = Money::zero(change.currency());
        let after = self.amount.checked_add(change)?;
        let has = after.max(zero)?.checked_sub(self.amount.max(zero)?)?;
        let owes = self.amount.min(zero)?.checked_sub(after.min(zero)?)?;
        Ok([
            (LedgerAccount::ClientBalance, has.negated()),
            (LedgerAccount::Receivable, owes),
        ])
    }

    /// The balance after so much came (or, negative, went).
    pub fn changed_by(&self, amount: Money) -> Result<Self, MoneyError> {
        Ok(Self {
            amount: self.amount.checked_add(amount)?,
            ..self.clone()
        })
    }
}
