//! Who the agency bills.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::account::Account;
use crate::e_invoice::Profile;
use crate::fault::Fault;
use crate::follow_up::ClientFollowUps;
use crate::ids::{AccountId, ClientId, TypedId as _};
use crate::late_fee::LateFeeAgreement;
use crate::ledger::{LedgerAccount, Posting};
use crate::money::{Currency, Money, MoneyError};
use crate::notices::ClientNotices;
use crate::party::{
    Address, Contact, ElectronicAddress, EmailAddress, Language, Name, TaxId, Text, ZoneName,
};
use crate::terms::PaymentTerms;
use crate::ways_to_pay::{ClientPartPayments, PartPayments};

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
    /// What e-invoices it wants: nothing is issued to it that cannot be one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_invoice_profile: Option<Profile>,
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
    /// What it agreed to on late payment, outside of estimates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee_agreement: Option<LateFeeAgreement>,
    /// Whether it chooses how much it pays; none is as the agency has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_payments: Option<ClientPartPayments>,
    /// What of its follow-ups is not as the agency has it.
    #[serde(default, skip_serializing_if = "ClientFollowUps::is_default")]
    pub follow_ups: ClientFollowUps,
    /// What of what it is told by itself is not as the agency has it.
    #[serde(default, skip_serializing_if = "ClientNotices::is_default")]
    pub notices: ClientNotices,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
    /// Since when it is out of use (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
}

impl Client {
    /// Within what bounds it chooses how much it pays; none where it pays what is asked for.
    pub fn part_payments<'a>(&'a self, agency: &'a Account) -> Option<&'a PartPayments> {
        match &self.part_payments {
            None => agency.part_payments.as_ref(),
            Some(ClientPartPayments::Allowed(own)) => Some(own),
            Some(ClientPartPayments::Never) => None,
        }
    }
}

/// What another program knows a client by: 1 to 100 visible characters. It makes the client that is taken
/// over from there once, as the client's id is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignReference(Text<100>);

/// An id holds 128 bits; as many of a hash are nobody's chance.
const ID_BYTES: usize = 16;

impl ForeignReference {
    /// Reads one.
    ///
    /// # Errors
    /// A text that is empty or too long, or with characters that are none.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Text::parse(text).map(Self)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The id of the client that is taken over under it: the same whenever it is.
    pub fn client_id(&self, account_id: AccountId) -> ClientId {
        let digest = Sha256::digest(format!("{account_id}\nclient\n{}", self.as_str()));
        let mut bytes = [0; ID_BYTES];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        ClientId::from_uuid(Uuid::from_bytes(bytes))
    }
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

    /// Who follow-ups go to: not where mail came back from for good.
    pub fn follow_up_recipients(&self) -> Vec<EmailAddress> {
        let bounced = &self.follow_ups.bounced;
        let mut all = self.recipients();
        all.retain(|email| bounced.iter().all(|of| of.email != *email));
        all
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
    /// What the books carry it at, where they are in another currency: the sum of what its payments came for.
    /// None where it was never moved since that is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub books: Option<Money>,
}

impl ClientBalance {
    /// An empty balance.
    pub fn empty(account_id: AccountId, client_id: ClientId, currency: Currency) -> Self {
        Self {
            account_id,
            client_id,
            amount: Money::zero(currency),
            books: None,
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

    /// The balance after so much came (or, negative, went), and the postings of that. `worth` is the change
    /// at the rate of the payment that it belongs to; none where no rate is known. Once nothing is left of the
    /// balance, nothing is left of it in the books either.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn moved(
        &self,
        change: Money,
        worth: Option<Money>,
    ) -> Result<(Self, [Posting; 2]), MoneyError> {
        let [has, owes] = self.sides(change)?;
        let mut after = Self {
            amount: self.amount.checked_add(change)?,
            ..self.clone()
        };
        let [has_books, owes_books] = match worth {
            None => [None, None],
            Some(worth) if worth.currency() == change.currency() => [Some(has.1), Some(owes.1)],
            Some(worth) => {
                let (before, now) = self.carried(after.amount, change, worth)?;
                after.books = Some(now);
                let zero = Money::zero(worth.currency());
                let posted = |belongs: fn(&Money) -> bool| {
                    let part = |amount: Money, books| if belongs(&amount) { books } else { zero };
                    part(self.amount, before).checked_sub(part(after.amount, now))
                };
                [
                    Some(posted(Money::is_positive)?),
                    Some(posted(Money::is_negative)?),
                ]
            }
        };
        let posting = |(account, amount): (LedgerAccount, Money), books| Posting {
            account,
            amount,
            books,
        };
        Ok((after, [posting(has, has_books), posting(owes, owes_books)]))
    }

    /// What the books carry before and after a change.
    fn carried(
        &self,
        after: Money,
        change: Money,
        worth: Money,
    ) -> Result<(Money, Money), MoneyError> {
        let zero = Money::zero(worth.currency());
        let share = |of: Money| -> Result<Money, MoneyError> {
            if change.is_zero() {
                return Ok(zero);
            }
            let share = worth.amount().checked_mul(of.amount());
            let share = share.and_then(|product| product.checked_div(change.amount()));
            Money::rounded(share.ok_or(MoneyError::Overflow)?, worth.currency())
        };
        let before = match self.books {
            Some(books) => books,
            // From before it was kept: taken to have come at the same rate.
            None => share(self.amount)?,
        };
        let crosses = self.amount.is_negative() != after.is_negative();
        let now = match (self.amount.is_zero(), after.is_zero()) {
            (_, true) => zero,
            (true, false) => worth,
            (false, false) if crosses => share(after)?,
            (false, false) => before.checked_add(worth)?,
        };
        Ok((before, now))
    }
}
