//! The agency: profile, numbering, taxes, reminders, ways to pay.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::ApprovalPolicies;
use crate::brand::Brand;
use crate::e_invoice::transmission::NetworkName;
use crate::follow_up::AgencyFollowUps;
use crate::ids::AccountId;
use crate::late_fee::{FeeAutomation, ReferenceRates};
use crate::ledger::BookRate;
use crate::money::Currency;
use crate::notices::AgencyNotices;
use crate::numbering::{DocumentKind, NumberPattern};
use crate::party::{
    Address, ElectronicAddress, EmailAddress, Language, Name, Paragraph, TaxId, Text, ZoneName,
};
use crate::payment::Tolerance;
use crate::reminder::Ladder;
use crate::retention::Retention;
use crate::tax::{RoundTo, Tax};
use crate::terms::PaymentTerms;
use crate::ways_to_pay::{Interac, PartPayments, TransferAccount};

/// What a principal may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads, and notes own work.
    Viewer,
    /// Bills: clients, invoices, payments.
    Biller,
    /// Bills, and changes settings.
    Manager,
    /// Everything, API keys and provider secrets included.
    Owner,
}

impl Role {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["viewer", "biller", "manager", "owner"];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Biller => "biller",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "viewer" => Some(Role::Viewer),
            "biller" => Some(Role::Biller),
            "manager" => Some(Role::Manager),
            "owner" => Some(Role::Owner),
            _ => None,
        }
    }
}

/// How to pay by hand, for clients of one currency or of any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentInstruction {
    /// Only for documents in this currency; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What it is called, such as "Bank transfer".
    pub title: Name,
    /// What to do, in lines.
    pub text: Paragraph<2_000>,
}

/// A payment provider that is set up. Its secrets stand elsewhere and are never read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSetup {
    /// Since when (UTC).
    pub configured_at: Timestamp,
    /// Whether real money moves; none where it was set up before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livemode: Option<bool>,
    /// What payers are offered, in the contract's words; none where there is nothing to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// One agency and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What clients know it by.
    pub name: Name,
    /// The name of the law, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<Name>,
    /// Where answers to mails go.
    pub email: EmailAddress,
    /// Where it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Tax and register numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_ids: Vec<TaxId>,
    /// Where e-invoices name it (BT-34).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
    /// The network that e-invoices are handed over to; none where they go by mail alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_invoice_network: Option<NetworkName>,
    /// Its telephone number, for whoever asks about a document (BT-42).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text<40>>,
    /// How it looks to its clients.
    #[serde(default, skip_serializing_if = "Brand::is_default")]
    pub brand: Brand,
    /// The zone of issue dates, numbers and books.
    pub time_zone: ZoneName,
    /// The currency of the books.
    pub currency: Currency,
    /// The language of documents to clients that name none.
    pub language: Language,
    /// Terms where a client has none.
    pub terms: PaymentTerms,
    /// The pattern of invoice numbers.
    pub invoice_numbers: NumberPattern,
    /// The pattern of estimate numbers.
    #[serde(default = "NumberPattern::of_estimates")]
    pub estimate_numbers: NumberPattern,
    /// The pattern of change order numbers.
    #[serde(default = "NumberPattern::of_change_orders")]
    pub change_order_numbers: NumberPattern,
    /// The pattern of credit note numbers.
    #[serde(default = "NumberPattern::of_credit_notes")]
    pub credit_note_numbers: NumberPattern,
    /// When documents need another member's approval.
    #[serde(default, skip_serializing_if = "ApprovalPolicies::is_default")]
    pub approvals: ApprovalPolicies,
    /// Taxes to choose from, by a short name.
    #[serde(default)]
    pub tax_rates: Vec<Tax>,
    /// When reminders leave.
    pub reminder_ladder: Ladder,
    /// At which times and on which days they leave.
    #[serde(default, skip_serializing_if = "AgencyFollowUps::is_default")]
    pub follow_ups: AgencyFollowUps,
    /// What clients are told by itself beside documents and follow-ups.
    #[serde(default, skip_serializing_if = "AgencyNotices::is_default")]
    pub notices: AgencyNotices,
    /// How long things are kept.
    #[serde(default, skip_serializing_if = "Retention::is_default")]
    pub retention: Retention,
    /// Ways to pay by hand.
    #[serde(default)]
    pub payment_instructions: Vec<PaymentInstruction>,
    /// The bank accounts that clients pay to, as their own record says them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transfer_accounts: Vec<TransferAccount>,
    /// Where Canadian dollars are sent by Interac e-Transfer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interac: Option<Interac>,
    /// Whether payers choose how much they pay; none where they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_payments: Option<PartPayments>,
    /// Providers that are set up, by name.
    #[serde(default)]
    pub payment_providers: BTreeMap<String, ProviderSetup>,
    /// Rates to the books' currency, by the document's currency.
    #[serde(default)]
    pub exchange_rates: BTreeMap<String, BookRate>,
    /// How what is payable is rounded, by the document's currency, where custom does so (CHF 0.05).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cash_rounding: BTreeMap<String, RoundTo>,
    /// How short a payment may be for its invoice to be paid all the same.
    #[serde(default, skip_serializing_if = "Tolerance::is_off")]
    pub short_payment_tolerance: Tolerance,
    /// Whether a client's balance is applied to its invoices as they are issued.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apply_balance_at_issue: bool,
    /// Central banks' rates that agreements on late payment name, by half-year.
    #[serde(default, skip_serializing_if = "ReferenceRates::is_empty")]
    pub reference_rates: ReferenceRates,
    /// What becomes of fees for paying late.
    #[serde(default, skip_serializing_if = "FeeAutomation::is_default")]
    pub late_fees: FeeAutomation,
    /// The last day of the books that is closed; none while all are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub books_locked_until: Option<Date>,
    /// Nothing is issued or sent while an account is held: after a restore, say.
    #[serde(default)]
    pub held: bool,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

impl Account {
    /// Today, where the books are.
    pub fn today(&self, now: Timestamp) -> Date {
        self.time_zone.date_of(now)
    }

    /// How numbers of a kind of document read.
    pub fn numbers(&self, kind: DocumentKind) -> &NumberPattern {
        match kind {
            DocumentKind::Estimate => &self.estimate_numbers,
            DocumentKind::ChangeOrder => &self.change_order_numbers,
            DocumentKind::Invoice => &self.invoice_numbers,
            DocumentKind::CreditNote => &self.credit_note_numbers,
        }
    }

    /// How what is payable is rounded in a currency; none where it is not.
    pub fn cash_rounding(&self, currency: Currency) -> Option<RoundTo> {
        self.cash_rounding.get(currency.code()).copied()
    }

    /// The rate from a currency to the books'; none in the books' own.
    pub fn rate_from(&self, currency: Currency) -> Option<&BookRate> {
        (currency != self.currency)
            .then(|| self.exchange_rates.get(currency.code()))
            .flatten()
            .filter(|rate| rate.currency == self.currency)
    }
}
