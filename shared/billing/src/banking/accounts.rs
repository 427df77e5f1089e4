//! Bank accounts of an agency: few, so they are one record, in which none is there twice.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bank_account::{AccountIdentifier, Bic};
use crate::ids::{AccountId, BankAccountId};
use crate::money::Currency;
use crate::party::Name;
use crate::refusal::{Refusal, RefusalKind};
use crate::ways_to_pay::TransferAccount;

/// Bank accounts of one agency, archived ones too.
pub const MAX_BANK_ACCOUNTS: usize = 20;

/// The one kind of file that an account's statements come in: two of them would state the same
/// money twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StatementFormat {
    /// ISO 20022, camt.053.
    Camt053,
    /// SWIFT MT940.
    Mt940,
    /// OFX or QFX.
    Ofx,
    /// CSV.
    Csv {
        /// What stands where, as `remit_payments` writes and checks it.
        mapping: Value,
    },
}

impl StatementFormat {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["camt053", "mt940", "ofx", "csv"];

    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            StatementFormat::Camt053 => "camt053",
            StatementFormat::Mt940 => "mt940",
            StatementFormat::Ofx => "ofx",
            StatementFormat::Csv { .. } => "csv",
        }
    }
}

/// A bank account of the agency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its id.
    pub id: BankAccountId,
    /// What the agency calls it.
    pub name: Name,
    /// What the bank calls it. It never changes, as entries are known by it.
    pub identifier: AccountIdentifier,
    /// The bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<Bic>,
    /// Whose it is, as payers write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Name>,
    /// The bank, as payers find it: its name, or with a sort code or routing number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<Name>,
    /// Whether clients are told to pay to it. Not unless somebody says so: an account that statements
    /// are imported of need not be one that is given away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_clients: bool,
    /// Its currency.
    pub currency: Currency,
    /// How its statements come.
    pub format: StatementFormat,
    /// Whether it is out of use.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

/// The bank accounts of an agency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BankAccounts {
    /// Whose.
    pub account_id: AccountId,
    /// The accounts, in the order in which they were made.
    pub accounts: Vec<BankAccount>,
}

/// Why a bank account is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankAccountRefusal {
    /// It is there, perhaps archived.
    #[error("this bank account is there already, as {id}")]
    Known {
        /// Its id.
        id: BankAccountId,
    },
    /// There are too many.
    #[error("an agency has {MAX_BANK_ACCOUNTS} bank accounts at most")]
    TooMany,
}

impl Refusal for BankAccountRefusal {
    fn code(&self) -> &'static str {
        match self {
            BankAccountRefusal::Known { .. } => "bank_account_known",
            BankAccountRefusal::TooMany => "too_many_bank_accounts",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl BankAccounts {
    /// None yet.
    pub fn none(account_id: AccountId) -> Self {
        Self {
            account_id,
            accounts: Vec::new(),
        }
    }

    /// The account with this id.
    pub fn get(&self, id: BankAccountId) -> Option<&BankAccount> {
        self.accounts.iter().find(|known| known.id == id)
    }

    /// The account that a bank names so. Archived ones count: their entries are known.
    pub fn named(
        &self,
        identifier: &AccountIdentifier,
        currency: Currency,
    ) -> Option<&BankAccount> {
        let mut known = self.accounts.iter();
        known.find(|known| known.identifier == *identifier && known.currency == currency)
    }

    /// Those that clients pay to, as they are told.
    pub fn for_clients(&self) -> Vec<TransferAccount> {
        let shown = |account: &&BankAccount| account.for_clients && !account.archived;
        let told = |account: &BankAccount| TransferAccount {
            id: account.id,
            holder: account.holder.clone(),
            identifier: account.identifier.clone(),
            bic: account.bic.clone(),
            bank: account.bank.clone(),
            currency: account.currency,
        };
        self.accounts.iter().filter(shown).map(told).collect()
    }

    /// With one more.
    ///
    /// # Errors
    /// [`BankAccountRefusal`].
    pub fn with(mut self, new: BankAccount) -> Result<Self, BankAccountRefusal> {
        if let Some(known) = self.named(&new.identifier, new.currency) {
            return Err(BankAccountRefusal::Known { id: known.id });
        }
        if self.accounts.len() >= MAX_BANK_ACCOUNTS {
            return Err(BankAccountRefusal::TooMany);
        }
        self.accounts.push(new);
        Ok(self)
    }

    /// With this in the place of the account of its id.
    #[must_use]
    pub fn replaced(mut self, changed: BankAccount) -> Self {
        for known in &mut self.accounts {
            if known.id == changed.id {
                *known = changed;
                break;
            }
        }
        self
    }
}
