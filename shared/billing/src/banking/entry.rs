//! One entry of a bank statement: what the bank says, and what became of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::actor::ActorId;
use crate::bank_matching::{Candidate, IncomingTransfer, MatchReason, PayerHash};
use crate::fault::Fault;
use crate::ids::{
    AccountId, BankAccountId, BankEntryId, BankStatementId, ClientId, PaymentId, TypedId as _,
};
use crate::ledger::Rail;
use crate::money::Money;
use crate::payment::{Payment, RailReference};
use crate::payout::PayoutCandidate;
use crate::refusal::{Refusal, RefusalKind};

/// Days between what a member recorded and what the bank booked, within which the two may be one.
pub const RECORDED_DAYS: i32 = 10;

/// What kind of entry is kept: what clients pay, and what banks take back of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Money came.
    Incoming,
    /// The bank took back what had come before: a person undoes that, as nothing tells which it was.
    Returned,
}

/// What the bank says of it. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFacts {
    /// Which it is.
    pub kind: EntryKind,
    /// The day on which it was booked, as the bank reckons days.
    pub booked_on: Date,
    /// The day from which it counts for interest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_on: Option<Date>,
    /// How much, above zero.
    pub amount: Money,
    /// Who is on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// The account on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_account: Option<String>,
    /// The reference that was passed on as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_reference: Option<String>,
    /// What the payer wrote, with the payer's own id of the transfer.
    pub text: String,
    /// It is several transfers that the bank booked as one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collective: bool,
}

/// How an entry was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedEntry {
    /// The payment that it is.
    pub payment_id: PaymentId,
    /// The reference under which that is kept.
    pub payment_reference: RailReference,
    /// Whether a member had recorded the payment before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub linked: bool,
    /// Who chose; none where it was certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ActorId>,
    /// When (UTC).
    pub at: Timestamp,
    /// Why it was certain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<MatchReason>,
    /// The payer who was learned by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<(ClientId, PayerHash)>,
}

/// A payment that an entry takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedEntry {
    /// The payment.
    pub payment_id: PaymentId,
    /// The reference under which that is kept.
    pub payment_reference: RailReference,
    /// The name of the loss in the payment.
    pub reference: RailReference,
    /// Who chose.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
}

/// What a provider paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOutEntry {
    /// Which provider's money it is.
    pub rail: Rail,
    /// Who chose; none where it was certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ActorId>,
    /// When (UTC).
    pub at: Timestamp,
    /// The payout, where the provider has told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<RailReference>,
    /// Why it was certain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<MatchReason>,
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EntryState {
    /// For a person.
    Waiting,
    /// It is a payment.
    Applied(AppliedEntry),
    /// It takes a payment back.
    Returned(ReturnedEntry),
    /// It is what a payment provider pays out.
    PaidOut(PaidOutEntry),
    /// It is nothing that a client owes.
    Ignored {
        /// Who said so.
        by: ActorId,
        /// When (UTC).
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// It waits again, as what was chosen was taken back.
    Undone {
        /// Who did.
        by: ActorId,
        /// When (UTC).
        at: Timestamp,
    },
}

impl EntryState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &[
        "waiting", "applied", "returned", "paid_out", "ignored", "undone",
    ];

    /// A word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse_word(text: &str) -> Result<&'static str, Fault> {
        let found = Self::WORDS.iter().find(|word| **word == text);
        found.copied().ok_or(Fault::UnknownValue {
            allowed: Self::WORDS,
        })
    }

    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            EntryState::Waiting => "waiting",
            EntryState::Applied(_) => "applied",
            EntryState::Returned(_) => "returned",
            EntryState::PaidOut(_) => "paid_out",
            EntryState::Ignored { .. } => "ignored",
            EntryState::Undone { .. } => "undone",
        }
    }
}

/// An entry of a bank statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankEntry {
    /// Whose.
    pub account_id: AccountId,
    /// Its id: made of its identity.
    pub id: BankEntryId,
    /// What makes it the same entry in every file.
    pub identity: RailReference,
    /// On which bank account.
    pub bank_account_id: BankAccountId,
    /// The file that brought it first.
    pub statement_id: BankStatementId,
    /// What the bank says.
    #[serde(flatten)]
    pub facts: EntryFacts,
    /// How to place it, as things stood when it came: the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// Payments that members recorded and that it may be; of money that the bank took back, payments that
    /// it may take back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recorded: Vec<PaymentId>,
    /// Payouts of providers that it may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payouts: Vec<PayoutCandidate>,
    /// How often it became a payment, or took one back.
    #[serde(default)]
    pub applications: u32,
    /// Where it stands.
    #[serde(flatten)]
    pub state: EntryState,
}

/// Why nothing is done with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryRefusal {
    /// It does not wait.
    #[error("this entry is {state}: undo that first")]
    NotWaiting {
        /// What it is.
        state: &'static str,
    },
    /// It waits: there is nothing to undo.
    #[error("this entry waits: there is nothing to undo")]
    Waits,
    /// The bank took money back with it.
    #[error("the bank took money back with this entry: say which payment it takes back")]
    NotIncoming,
    /// The bank brought money with it.
    #[error("the bank brought money with this entry: it takes no payment back")]
    NotReturned,
    /// More than what is left of the payment, or another currency.
    #[error("{left} is left of this payment: an entry takes that much back at most")]
    ReturnDiffers {
        /// What is left.
        left: Money,
    },
    /// The payment is of another amount.
    #[error("the payment is of {amount}: an entry is linked to a payment of its own amount")]
    LinkDiffers {
        /// The payment's.
        amount: Money,
    },
    /// The payment is an entry of the bank already, or was taken back.
    #[error("this payment has an entry of the bank already, or was given back or undone")]
    Linked,
}

impl Refusal for EntryRefusal {
    fn code(&self) -> &'static str {
        match self {
            EntryRefusal::NotWaiting { .. } => "entry_not_waiting",
            EntryRefusal::Waits => "entry_waits",
            EntryRefusal::NotIncoming => "entry_not_incoming",
            EntryRefusal::NotReturned => "entry_not_returned",
            EntryRefusal::ReturnDiffers { .. } => "return_differs",
            EntryRefusal::LinkDiffers { .. } => "link_differs",
            EntryRefusal::Linked => "payment_linked",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// An identity is more than an id holds; 128 bits of its hash are nobody's chance.
const ID_BYTES: usize = 16;

impl BankEntry {
    /// The id of the entry with this identity: the same in every file.
    pub fn id_of(identity: &RailReference) -> BankEntryId {
        let digest = Sha256::digest(identity.as_str());
        let mut bytes = [0; ID_BYTES];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        BankEntryId::from_uuid(Uuid::from_bytes(bytes))
    }

    /// What matching asks of it; none of money that was taken back.
    pub fn incoming(&self) -> Option<IncomingTransfer> {
        let facts = &self.facts;
        (facts.kind == EntryKind::Incoming).then(|| IncomingTransfer {
            amount: facts.amount,
            payer_name: facts.payer_name.clone(),
            payer_account: facts.payer_account.clone(),
            structured_reference: facts.structured_reference.clone(),
            text: facts.text.clone(),
            collective: facts.collective,
        })
    }

    /// Whether a person may decide on it.
    ///
    /// # Errors
    /// [`EntryRefusal::NotWaiting`].
    pub fn check_waiting(&self) -> Result<(), EntryRefusal> {
        match &self.state {
            EntryState::Waiting | EntryState::Undone { .. } => Ok(()),
            other => Err(EntryRefusal::NotWaiting {
                state: other.as_str(),
            }),
        }
    }

    /// Whether it may become a payment.
    ///
    /// # Errors
    /// [`EntryRefusal`].
    pub fn check_applicable(&self) -> Result<(), EntryRefusal> {
        self.check_waiting()?;
        match self.facts.kind {
            EntryKind::Incoming => Ok(()),
            EntryKind::Returned => Err(EntryRefusal::NotIncoming),
        }
    }

    /// Whether it may take a payment back.
    ///
    /// # Errors
    /// [`EntryRefusal`].
    pub fn check_return(&self) -> Result<(), EntryRefusal> {
        self.check_waiting()?;
        match self.facts.kind {
            EntryKind::Returned => Ok(()),
            EntryKind::Incoming => Err(EntryRefusal::NotReturned),
        }
    }

    /// Whether it may be this payment, which a member recorded.
    ///
    /// # Errors
    /// [`EntryRefusal`].
    pub fn check_link(&self, payment: &Payment) -> Result<(), EntryRefusal> {
        self.check_applicable()?;
        if !payment.awaits_statement() {
            return Err(EntryRefusal::Linked);
        }
        if payment.arrived() != Ok(self.facts.amount) {
            let amount = payment.amount;
            return Err(EntryRefusal::LinkDiffers { amount });
        }
        Ok(())
    }

    /// Whether nothing else speaks against a payout that it is for certain: what names its payout is that,
    /// whatever else is due to the same amount; what also pays an invoice, or may be known already, is for a
    /// person.
    pub fn is_free_for(&self, payout: &PayoutCandidate) -> bool {
        self.recorded.is_empty()
            && (self.candidates.is_empty() || payout.reasons.contains(&MatchReason::ReferenceNamed))
    }

    /// Whether a recorded payment may be this very money: the same amount, within some days.
    pub fn may_be(&self, payment: &Payment) -> bool {
        let apart = (payment.received_on - self.facts.booked_on).get_days();
        payment.awaits_statement()
            && payment.arrived() == Ok(self.facts.amount)
            && apart.abs() <= RECORDED_DAYS
    }

    /// The reference of the payment that it becomes next. A payment that was undone keeps its own.
    ///
    /// # Errors
    /// None in practice: an identity leaves room.
    pub fn next_reference(&self) -> Result<RailReference, Fault> {
        match self.applications {
            0 => Ok(self.identity.clone()),
            before => {
                let identity = self.identity.as_str();
                RailReference::parse(&format!("{identity}-{}", before.saturating_add(1)))
            }
        }
    }

    /// The entry once it is a payment.
    #[must_use]
    pub fn applied(mut self, applied: AppliedEntry) -> Self {
        if !applied.linked {
            self.applications = self.applications.saturating_add(1);
        }
        self.state = EntryState::Applied(applied);
        self
    }

    /// The entry once it takes a payment back.
    #[must_use]
    pub fn returned(mut self, returned: ReturnedEntry) -> Self {
        self.applications = self.applications.saturating_add(1);
        self.state = EntryState::Returned(returned);
        self
    }

    /// By what its payer is known: the account, else the name.
    pub fn payer(&self) -> Option<PayerHash> {
        let account = self.facts.payer_account.as_deref();
        let name = self.facts.payer_name.as_deref();
        let account = account.and_then(PayerHash::of_account);
        account.or_else(|| name.and_then(PayerHash::of_name))
    }
}

/// Whose payments come from an account or under a name: what a member's choice taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPayer {
    /// Whose.
    pub account_id: AccountId,
    /// The account or the name, as a hash.
    pub payer: PayerHash,
    /// The client.
    pub client_id: ClientId,
    /// The entry that taught it.
    pub entry_id: BankEntryId,
    /// Whose choice it was.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
}
