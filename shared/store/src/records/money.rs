//! Payments, notifications, the ledger and the counters of numbers.

use jiff::Timestamp;
use remit_billing::exchange::ExchangeRate;
use remit_billing::ids::{AccountId, EventId, InvoiceId};
use remit_billing::ledger::LedgerTransaction;
use remit_billing::ledger_codes::LedgerCodes;
use remit_billing::numbering::{Counter, DocumentNumber};
use remit_billing::payment::{MatchState, Payment, RailReference};
use remit_billing::saved_method::SavedMethod;
use serde::{Deserialize, Serialize};

use crate::keys::{self, DueKind};
use crate::record::{IndexKey, Indexes, Record};
use crate::table::Key;

impl Record for Payment {
    const TYPE: &'static str = "payment";
    fn key(&self) -> Key {
        keys::payment(self.account_id, self.rail, &self.reference)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            client: self.client_id.map(|client| {
                IndexKey::new(
                    keys::client_partition(self.account_id, client),
                    keys::client_payment(self.id),
                )
            }),
            status: place_of_waiting(self),
            date: Some(IndexKey::new(
                keys::payments(self.account_id),
                self.id.to_string(),
            )),
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Payment, at, self.id)),
        }
    }
}

impl Record for SavedMethod {
    const TYPE: &'static str = "saved_method";
    fn key(&self) -> Key {
        keys::saved_method(self.account_id, self.client_id, self.id)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            due: self
                .due_at()
                .map(|at| keys::due(DueKind::Attempt, at, self.id)),
            ..Indexes::default()
        }
    }
}

/// What waits is found without going through all that does not. Of a transfer by hand that is more than
/// what was due, its balance is looked for first.
fn place_of_waiting(payment: &Payment) -> Option<IndexKey> {
    let account = payment.account_id;
    let by_id = |partition| Some(IndexKey::new(partition, payment.id.to_string()));
    match (&payment.match_state, payment.client_id) {
        (MatchState::Unmatched { .. }, _) => by_id(keys::payments_unmatched(account)),
        (MatchState::Matched, Some(client)) if !payment.to_balance.is_zero() => {
            by_id(keys::payments_with_balance(account, client))
        }
        (MatchState::Matched, _) if payment.awaits_statement() => Some(IndexKey::new(
            keys::payments_by_hand(account),
            keys::payment_by_day(payment.received_on, payment.id),
        )),
        (MatchState::Matched, _) => None,
    }
}

impl Record for LedgerTransaction {
    const TYPE: &'static str = "ledger_transaction";
    fn key(&self) -> Key {
        Key::new(
            keys::ledger(self.account_id, self.booked_on),
            format!("{}#{}", self.booked_on, self.id),
        )
    }
}

/// The number of an open invoice that was taken over from another program: it is taken over once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningNumber {
    /// Whose.
    pub account_id: AccountId,
    /// The number.
    pub number: DocumentNumber,
    /// The invoice that has it.
    pub invoice_id: InvoiceId,
}

impl Record for OpeningNumber {
    const TYPE: &'static str = "opening_number";
    fn key(&self) -> Key {
        keys::opening_number(self.account_id, &self.number)
    }
}

impl Record for LedgerCodes {
    const TYPE: &'static str = "ledger_codes";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::ledger_codes(self.account_id)
    }
}

impl Record for ExchangeRate {
    const TYPE: &'static str = "exchange_rate";
    fn key(&self) -> Key {
        keys::exchange_rate(self.account_id, self.currency, self.on)
    }
}

/// Where an account's numbers of one kind stand: in the commit of every issue, so no number is
/// lost. The name of its type is from when there were invoices alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberCounter {
    /// Whose.
    pub account_id: AccountId,
    /// The series and its next number.
    #[serde(flatten)]
    pub counter: Counter,
}

impl Record for NumberCounter {
    const TYPE: &'static str = "invoice_counter";
    fn key(&self) -> Key {
        keys::counter(self.account_id, self.counter.series)
    }
}

/// Where a provider's notification stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum NotificationState {
    /// It names a payment that is not known yet: looked at again.
    Waiting {
        /// When (UTC).
        look_at: Timestamp,
        /// How often it was.
        looks: u32,
    },
    /// It took effect.
    Applied,
    /// It is signed, but not about anything of Remit's: kept, never applied.
    Foreign,
    /// Nothing is known to do with it: acknowledged and kept.
    Unknown,
    /// It waited long enough: somebody has to look.
    GivenUp,
    /// It is signed and cannot be read: somebody has to look, as it may speak of money.
    Unreadable,
}

impl NotificationState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &[
        "waiting",
        "applied",
        "foreign",
        "unknown",
        "given_up",
        "unreadable",
    ];

    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            NotificationState::Waiting { .. } => "waiting",
            NotificationState::Applied => "applied",
            NotificationState::Foreign => "foreign",
            NotificationState::Unknown => "unknown",
            NotificationState::GivenUp => "given_up",
            NotificationState::Unreadable => "unreadable",
        }
    }
}

/// A provider's notification that did not take effect as a payment of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Whose.
    pub account_id: AccountId,
    /// Its id here; orders lists.
    pub id: EventId,
    /// The provider.
    pub provider: String,
    /// The provider's own id of it.
    pub reference: RailReference,
    /// The provider's word for what it is about.
    pub subject: String,
    /// Where it stands.
    #[serde(flatten)]
    pub state: NotificationState,
    /// The body as it came, signed and verified.
    pub body: String,
    /// When it came (UTC).
    pub received_at: Timestamp,
}

impl Record for Notification {
    const TYPE: &'static str = "notification";
    fn key(&self) -> Key {
        keys::notification(self.account_id, &self.provider, &self.reference)
    }
    fn indexes(&self) -> Indexes {
        Indexes {
            status: Some(IndexKey::new(
                keys::notifications_of_state(self.account_id, self.state.as_str()),
                self.id.to_string(),
            )),
            due: match self.state {
                NotificationState::Waiting { look_at, .. } => {
                    Some(keys::due(DueKind::Payment, look_at, self.id))
                }
                _ => None,
            },
            ..Indexes::default()
        }
    }
}
