//! Money received, given back and disputed: what each comes to, never dropped, never doubled.
//!
//! A payment is known by its rail and the rail's own reference (Stripe's payment intent). What is
//! received is applied to its invoice as far as something is due; the rest is the client's
//! balance; what names an invoice that nobody knows waits, booked and visible.

mod fees;
mod forgiven;
mod going_back;
mod in_books;
mod parts;
mod refunding;
mod reinstated;

pub use fees::{Fee, FeeLook, FeeOf, NoFee, check_transfer_fee};
pub use forgiven::Tolerance;
pub use going_back::RefundNews;
pub use refunding::{AskedRefund, RefundRefusal};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::ids::{AccountId, AttemptId, BankEntryId, ClientId, InvoiceId, PaymentId, WriteOffId};
use crate::ledger::{BookRate, Cause, LedgerAccount, Rail};
use crate::money::{Money, MoneyError};
use crate::standing::{Applied, AppliedPayment, Split, Standing, Status};

pub use parts::UndoRefusal;

const REFERENCE_CHARACTERS_MAX: usize = 255;
/// Invoices that one payment settles: what takes it back is one transaction.
pub const MAX_ALLOCATIONS: usize = 20;

/// The rail's own id of a payment, refund or dispute: letters, digits, `_` and `-` only, as it
/// is part of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RailReference(String);

impl RailReference {
    /// Reads a reference as a provider gives it.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.len() > REFERENCE_CHARACTERS_MAX {
            return Err(Fault::TooLong {
                max: REFERENCE_CHARACTERS_MAX,
            });
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !text.chars().all(plain) {
            return Err(Fault::BadReference);
        }
        Ok(Self(text.to_owned()))
    }

    /// The reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RailReference {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<RailReference> for String {
    fn from(reference: RailReference) -> Self {
        reference.0
    }
}

/// What of a payment settles which invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How much, less what was taken back.
    pub amount: Money,
}

/// Why a payment waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnmatchedReason {
    /// It names an invoice that is not there, or not issued, yet.
    InvoiceUnknown,
}

/// Whether a payment found its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "match_state", rename_all = "snake_case")]
pub enum MatchState {
    /// It is applied, or kept as the client's balance.
    Matched,
    /// It waits, and is looked at again.
    Unmatched {
        /// Why.
        reason: UnmatchedReason,
        /// When it is looked at again (UTC).
        look_at: Timestamp,
        /// How often it was.
        looks: u32,
    },
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The rail's id of the refund.
    pub reference: RailReference,
    /// How much.
    pub amount: Money,
    /// Whether it did not come through. It is kept, so that older news of it is known as old.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
}

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// The provider holds the money.
    Open,
    /// The agency keeps it.
    Won,
    /// The payer got it back.
    Lost,
}

/// A dispute of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The rail's id of the dispute.
    pub reference: RailReference,
    /// How much is disputed.
    pub amount: Money,
    /// Where it stands.
    pub state: DisputeState,
    /// Since when, by the provider's clock (UTC); none of what was kept without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_at: Option<Timestamp>,
}

/// Money received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Whose books.
    pub account_id: AccountId,
    /// Its id.
    pub id: PaymentId,
    /// How it came.
    pub rail: Rail,
    /// The rail's own id: with the rail, the key.
    pub reference: RailReference,
    /// How much.
    pub amount: Money,
    /// When it was received (UTC).
    pub received_at: Timestamp,
    /// The day of the books.
    pub received_on: Date,
    /// Whose money, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The invoice that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<InvoiceId>,
    /// The attempt that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<AttemptId>,
    /// What it settles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allocations: Vec<Allocation>,
    /// What of it is the client's balance, less what was taken back.
    pub to_balance: Money,
    /// What was given back in all: never less than the refunds known one by one that came through.
    pub refunded: Money,
    /// The refunds known one by one, failed ones too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Refund>,
    /// Refunds that were asked for and have no answer yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked_refunds: Vec<AskedRefund>,
    /// Its disputes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<Dispute>,
    /// What providers and banks kept of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// When its provider is asked for that, while it has not said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_look: Option<FeeLook>,
    /// Whether it found its place.
    #[serde(flatten)]
    pub match_state: MatchState,
    /// Words of the member who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The bank's entry that it is, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_entry_id: Option<BankEntryId>,
    /// When it was taken back, as it was not what it was taken for (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Timestamp>,
    /// The rate of its day to the books, where they are in another currency; none in those from before it was
    /// kept, which are booked at the rate of their invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<BookRate>,
    /// Whether its entries so far have no books' amounts, as no rate was known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub books_missing: bool,
}

/// What is known of money that arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// Whose books.
    pub account_id: AccountId,
    /// The id that the edge made for it.
    pub id: PaymentId,
    /// How it came.
    pub rail: Rail,
    /// The rail's own id.
    pub reference: RailReference,
    /// How much; above zero.
    pub amount: Money,
    /// When (UTC).
    pub received_at: Timestamp,
    /// The day of the books.
    pub received_on: Date,
    /// The invoice that it names.
    pub invoice_id: Option<InvoiceId>,
    /// The attempt that it names.
    pub attempt_id: Option<AttemptId>,
    /// Words of the member who recorded it.
    pub note: Option<String>,
}

/// What something about a payment comes to; all of it is committed at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The payment after it.
    pub payment: Payment,
    /// The invoices after it that are concerned.
    pub standings: Vec<Standing>,
    /// What the client's balance changes by.
    pub balance_change: Option<Money>,
    /// The entries of the ledger: one for each invoice, as each has a rate of its own.
    pub entries: Vec<SettledEntry>,
}

/// The sides of one ledger entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledEntry {
    /// The invoice whose rate it is booked at.
    pub invoice_id: Option<InvoiceId>,
    /// Accounts and amounts; zero in sum.
    pub sides: Vec<(LedgerAccount, Money)>,
    /// What it records, where that is not what all of it is committed for.
    pub cause: Option<Cause>,
    /// The write-off that it is about, where it is about one.
    pub document: Option<WriteOffId>,
}

impl SettledEntry {
    fn of(invoice_id: Option<InvoiceId>, sides: Vec<(LedgerAccount, Money)>) -> Vec<Self> {
        vec![Self {
            invoice_id,
            sides,
            cause: None,
            document: None,
        }]
    }
}

impl Payment {
    /// Takes money in. `standing` is that of the invoice it names, if that is issued.
    pub fn receive(
        received: Received,
        standing: Option<Standing>,
        now: Timestamp,
    ) -> Result<Settlement, MoneyError> {
        let payment = Payment::of(received);
        let cash = (LedgerAccount::cash(payment.rail), payment.amount);
        match standing {
            Some(standing) => payment.place(standing, cash.1, cash, Applied::AsItCame, now),
            None => Ok(Settlement {
                entries: SettledEntry::of(
                    None,
                    vec![
                        cash,
                        (LedgerAccount::UnmatchedReceipts, payment.amount.negated()),
                    ],
                ),
                payment: Payment {
                    match_state: MatchState::Unmatched {
                        reason: UnmatchedReason::InvoiceUnknown,
                        look_at: now + look_again_after(0),
                        looks: 0,
                    },
                    ..payment
                },
                standings: Vec::new(),
                balance_change: None,
            }),
        }
    }

    /// A payment that is applied to nothing yet.
    fn of(received: Received) -> Self {
        let zero = Money::zero(received.amount.currency());
        Payment {
            account_id: received.account_id,
            id: received.id,
            rail: received.rail,
            reference: received.reference,
            amount: received.amount,
            received_at: received.received_at,
            received_on: received.received_on,
            client_id: None,
            invoice_id: received.invoice_id,
            attempt_id: received.attempt_id,
            allocations: Vec::new(),
            to_balance: zero,
            refunded: zero,
            refunds: Vec::new(),
            asked_refunds: Vec::new(),
            disputes: Vec::new(),
            fees: Vec::new(),
            fee_look: None,
            match_state: MatchState::Matched,
            note: received.note,
            bank_entry_id: None,
            undone_at: None,
            rate: None,
            books_missing: false,
        }
    }

    /// Applies a waiting payment to its invoice, now that it is known.
    pub fn matched(self, standing: Standing, now: Timestamp) -> Result<Settlement, MoneyError> {
        let payment = Payment {
            match_state: MatchState::Matched,
            ..self
        };
        let held = payment.left()?;
        let source = (LedgerAccount::UnmatchedReceipts, held);
        let how = Applied::Later {
            at: now,
            from_balance: false,
        };
        payment.place(standing, held, source, how, now)
    }

    /// What is left of it: nothing once it was undone; below zero where more was lost and given back
    /// than came.
    fn left(&self) -> Result<Money, MoneyError> {
        if self.undone_at.is_some() {
            return Ok(Money::zero(self.amount.currency()));
        }
        let lost = self.disputes.iter();
        let lost = lost.filter(|dispute| dispute.state == DisputeState::Lost);
        lost.map(|dispute| dispute.amount)
            .try_fold(self.amount.checked_sub(self.refunded)?, Money::checked_sub)
    }

    /// A waiting payment that still has no invoice: later again.
    pub fn still_unmatched(self, now: Timestamp) -> Self {
        match self.match_state {
            MatchState::Unmatched { reason, looks, .. } => Self {
                match_state: MatchState::Unmatched {
                    reason,
                    look_at: now + look_again_after(looks + 1),
                    looks: looks + 1,
                },
                ..self
            },
            MatchState::Matched => self,
        }
    }

    /// Whether it waits for its invoice, and its look is due.
    pub fn is_unmatched_and_due(&self, now: Timestamp) -> bool {
        matches!(self.match_state, MatchState::Unmatched { look_at, .. } if look_at <= now)
    }

    /// When a sweep should look at it again (UTC).
    pub fn due_at(&self) -> Option<Timestamp> {
        let waits = match self.match_state {
            MatchState::Unmatched { look_at, .. } => Some(look_at),
            MatchState::Matched => None,
        };
        let asked = self.asked_refunds.iter().map(|asked| asked.look_at);
        let fee = self.fee_look.map(|look| look.look_at);
        waits.into_iter().chain(asked).chain(fee).min()
    }

    fn place(
        self,
        standing: Standing,
        amount: Money,
        source: (LedgerAccount, Money),
        how: Applied,
        now: Timestamp,
    ) -> Result<Settlement, MoneyError> {
        let zero = Money::zero(amount.currency());
        let split = if amount.currency() == standing.currency() && amount.is_positive() {
            standing.split(amount)?
        } else {
            // Money in another currency is never converted in silence: it is the client's. What
            // the client owes is no payment either.
            Split {
                due: zero,
                recovered: zero,
                rest: amount,
            }
        };
        let Split {
            due,
            recovered,
            rest,
        } = split;
        let applied = due.checked_add(recovered)?;
        let mut payment = Payment {
            client_id: Some(standing.client_id),
            to_balance: rest.max(zero)?,
            ..self
        };
        let mut standing = match payment.attempt_id {
            Some(attempt_id) => standing.without_processing(attempt_id),
            None => standing,
        };
        if !applied.is_zero() {
            standing = payment.settle_part(standing, applied, how, now)?;
        }
        let sides = vec![
            source,
            (LedgerAccount::Receivable, due.negated()),
            (LedgerAccount::Recoveries, recovered.negated()),
            (LedgerAccount::ClientBalance, rest.negated()),
        ];
        Ok(Settlement {
            entries: SettledEntry::of(Some(standing.invoice_id), sides),
            balance_change: (!rest.is_zero()).then_some(rest),
            payment,
            standings: vec![standing],
        })
    }

    /// Notes on both sides that so much of the payment settles the invoice.
    fn settle_part(
        &mut self,
        standing: Standing,
        amount: Money,
        applied: Applied,
        now: Timestamp,
    ) -> Result<Standing, MoneyError> {
        self.add_allocation(Allocation {
            invoice_id: standing.invoice_id,
            amount,
        })?;
        standing.applied(self.listed(amount, applied), now)
    }

    /// How an invoice lists so much of it.
    fn listed(&self, amount: Money, applied: Applied) -> AppliedPayment {
        AppliedPayment {
            id: self.id,
            on: self.received_on,
            amount,
            rail: self.rail,
            reference: Some(self.reference.clone()),
            applied_at: match applied {
                Applied::AsItCame => None,
                Applied::Later { at, .. } => Some(at),
            },
            from_balance: matches!(
                applied,
                Applied::Later {
                    from_balance: true,
                    ..
                }
            ),
        }
    }

    /// Applies what of it is the client's balance to an invoice: as much as is due there, was given up,
    /// is wanted and is left. None where that is nothing, or the payment settles as many invoices as it
    /// can.
    ///
    /// # Errors
    /// [`MoneyError`]: another currency than the invoice's.
    pub fn apply_balance(
        mut self,
        standing: Standing,
        wanted: Option<Money>,
        now: Timestamp,
    ) -> Result<Option<Settlement>, MoneyError> {
        let most = match wanted {
            Some(wanted) => wanted.min(self.to_balance)?,
            None => self.to_balance,
        };
        let split = standing.split(most)?;
        let applied = split.due.checked_add(split.recovered)?;
        let mut known = self.allocations.iter();
        let is_known = known.any(|known| known.invoice_id == standing.invoice_id);
        let is_full = !is_known && self.allocations.len() >= MAX_ALLOCATIONS;
        if !applied.is_positive() || is_full {
            return Ok(None);
        }
        self.to_balance = self.to_balance.checked_sub(applied)?;
        let invoice_id = standing.invoice_id;
        let later = Applied::Later {
            at: now,
            from_balance: true,
        };
        let standing = self.settle_part(standing, applied, later, now)?;
        let sides = vec![
            (LedgerAccount::ClientBalance, applied),
            (LedgerAccount::Receivable, split.due.negated()),
            (LedgerAccount::Recoveries, split.recovered.negated()),
        ];
        Ok(Some(Settlement {
            payment: self,
            standings: vec![standing],
            balance_change: Some(applied.negated()),
            entries: SettledEntry::of(Some(invoice_id), sides),
        }))
    }

    /// The payment once a part of it no longer settles an invoice that was credited: the client's
    /// balance. None where the invoice does not have so much of it.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn set_free(
        mut self,
        invoice_id: InvoiceId,
        amount: Money,
    ) -> Result<Option<Self>, MoneyError> {
        let mut allocations = self.allocations.iter_mut();
        let Some(found) = allocations.find(|known| known.invoice_id == invoice_id) else {
            return Ok(None);
        };
        found.amount = found.amount.checked_sub(amount)?;
        if found.amount.is_negative() {
            return Ok(None);
        }
        self.allocations.retain(|known| !known.amount.is_zero());
        self.to_balance = self.to_balance.checked_add(amount)?;
        Ok(Some(self))
    }

    fn add_allocation(&mut self, added: Allocation) -> Result<(), MoneyError> {
        match self
            .allocations
            .iter_mut()
            .find(|known| known.invoice_id == added.invoice_id)
        {
            Some(known) => known.amount = known.amount.checked_add(added.amount)?,
            None => self.allocations.push(added),
        }
        Ok(())
    }

    /// The invoices that a reversal concerns: those of its allocations, the newest first; else the one
    /// that it names.
    pub fn concerned_invoices(&self) -> impl Iterator<Item = InvoiceId> {
        let applied = self.allocations.iter().rev().map(|known| known.invoice_id);
        let named = self.invoice_id.filter(|_| self.allocations.is_empty());
        applied.chain(named)
    }

    /// One word for where the money is, for people.
    pub fn whereabouts(&self) -> &'static str {
        match (&self.match_state, self.allocations.is_empty()) {
            (MatchState::Unmatched { .. }, _) => "unmatched",
            _ if self.undone_at.is_some() => "undone",
            (MatchState::Matched, true) if self.to_balance.is_zero() => {
                let lost = |dispute: &Dispute| dispute.state == DisputeState::Lost;
                if self.disputes.iter().any(lost) {
                    "charged_back"
                } else {
                    "refunded"
                }
            }
            (MatchState::Matched, true) => "balance",
            (MatchState::Matched, false) if self.to_balance.is_zero() => "applied",
            (MatchState::Matched, false) => "partly_applied",
        }
    }
}

/// Waiting money is looked at after 5 minutes, an hour, then daily, as notifications end.
fn look_again_after(looks: u32) -> SignedDuration {
    match looks {
        0 => SignedDuration::from_mins(5),
        1 => SignedDuration::from_hours(1),
        _ => SignedDuration::from_hours(24),
    }
}

/// Whether an invoice can take money now, and if not, why: for the pay button.
pub fn payable_now(standing: &Standing, now: Timestamp) -> Result<Option<Money>, MoneyError> {
    match standing.status {
        Status::Open => standing
            .asked(now)
            .map(|asked| asked.is_positive().then_some(asked)),
        Status::Paid { .. } | Status::Uncollectible { .. } | Status::Void { .. } => Ok(None),
    }
}
