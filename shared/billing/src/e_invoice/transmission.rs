//! One e-invoice through a network: claimed before it is handed over, settled after.
//!
//! A claim is a lease, as a mail's. A network takes the same document under the same name once, so one whose outcome
//! nobody knows is handed over again. What the network says later, that it arrived or was not taken, ends it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Profile;
use crate::client::Client;
use crate::delivery::{LEASE, SWEEP_AFTER};
use crate::fault::Fault;
use crate::ids::{AccountId, ClaimId, ClientId, CreditNoteId, InvoiceId};
use crate::party::{ElectronicAddress, Paragraph};
use crate::refusal::{Refusal, RefusalKind};

/// After so many claims somebody has to look: with the waits between them, most of a day.
pub const TRIES_MAX: u32 = 24;
/// The longest wait between two tries.
const WAIT_MAX_S: i64 = 3600;
const WAIT_BASE_S: i64 = 60;
/// Electronic mail as a scheme of addresses (EAS): no network carries it.
const MAIL_SCHEME: &str = "EM";

/// A network that e-invoices are handed over to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkName {
    /// A folder, which the program of an access point empties.
    FileDrop,
}

impl NetworkName {
    /// The words of the contract for a choice of one, or none.
    pub const CHOICES: &'static [&'static str] = &["none", "file_drop"];

    /// Reads a choice.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse_choice(text: &str) -> Result<Option<Self>, Fault> {
        match text {
            "none" => Ok(None),
            "file_drop" => Ok(Some(Self::FileDrop)),
            _ => Err(Fault::UnknownValue {
                allowed: Self::CHOICES,
            }),
        }
    }

    /// The word of the contract for a choice.
    pub fn choice(chosen: Option<Self>) -> &'static str {
        match chosen {
            None => "none",
            Some(Self::FileDrop) => "file_drop",
        }
    }
}

/// What is handed over: an issued document of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Transmitted {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// The credit note of it; none is the invoice itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_note_id: Option<CreditNoteId>,
}

impl std::fmt::Display for Transmitted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.credit_note_id {
            Some(id) => id.fmt(f),
            None => self.invoice_id.fmt(f),
        }
    }
}

/// How and to whom a client's e-invoices go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Through which network.
    pub network: NetworkName,
    /// What they follow.
    pub profile: Profile,
    /// The client's address in it.
    pub to: ElectronicAddress,
}

impl Route {
    /// That of a client; none where the agency uses no network, or the client is not reached by one: Factur-X is a
    /// file for people too and goes by mail, and so does what has no address but that of a mailbox.
    pub fn of(network: Option<NetworkName>, client: &Client) -> Option<Self> {
        let network = network?;
        let profile = client.e_invoice_profile?;
        let to = client.electronic_address.clone()?;
        let by_network = match profile {
            Profile::PeppolBis3 | Profile::Xrechnung => true,
            Profile::FacturX => false,
        };
        (by_network && to.scheme.as_str() != MAIL_SCHEME).then_some(Self {
            network,
            profile,
            to,
        })
    }
}

/// Why nothing is handed over, and nothing will be as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedReason {
    /// The document is no e-invoice of its profile: `GET .../xml` says what is lacking.
    NotAnEInvoice,
    /// The invoice was voided before it left.
    Void,
    /// The network does not take it.
    NotTaken,
}

/// Where a transmission stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TransmissionState {
    /// To be handed over from this moment on.
    Requested {
        /// Not before (UTC).
        not_before: Timestamp,
    },
    /// Somebody is handing it over.
    Claimed {
        /// Whose claim it is: of two at the same instant, only one finds its own stored.
        claim_id: ClaimId,
        /// When the claim runs out (UTC).
        until: Timestamp,
    },
    /// The network has it.
    HandedOver {
        /// When (UTC).
        at: Timestamp,
        /// What the network calls it.
        reference: String,
    },
    /// The network says that it arrived.
    Delivered {
        /// When (UTC).
        at: Timestamp,
        /// What the network calls it.
        reference: String,
    },
    /// The network says that its receiver, or an administration, did not take it.
    Rejected {
        /// When (UTC).
        at: Timestamp,
        /// In the network's words.
        said: Paragraph<500>,
    },
    /// It is not handed over: somebody should look.
    Refused {
        /// Since when (UTC).
        at: Timestamp,
        /// Why.
        reason: RefusedReason,
    },
    /// It was tried often enough: somebody should look.
    Failed {
        /// Since when (UTC).
        at: Timestamp,
    },
}

/// One document through a network. There is one for each document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EInvoiceTransmission {
    /// Whose.
    pub account_id: AccountId,
    /// What.
    #[serde(flatten)]
    pub document: Transmitted,
    /// To which client.
    pub client_id: ClientId,
    /// How, and to which address, as it was when the document was issued.
    #[serde(flatten)]
    pub route: Route,
    /// Where it stands.
    #[serde(flatten)]
    pub state: TransmissionState,
    /// Claims so far, since it was last asked for.
    pub tries: u32,
    /// When it was last asked for (UTC).
    pub requested_at: Timestamp,
}

/// What claiming comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransmissionClaim {
    /// Commit this, then hand it over.
    HandOver(EInvoiceTransmission),
    /// Commit this; nothing is handed over.
    Close(EInvoiceTransmission),
    /// Somebody else has it, it is settled, or it is too early: do nothing.
    Leave,
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandOverOutcome {
    /// The network has it, and calls it so.
    Taken {
        /// Its name there.
        reference: String,
    },
    /// It was not to be reached, or nobody knows: later again.
    Later,
    /// It takes it neither now nor later.
    Refused(RefusedReason),
}

/// What a network says of what it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkWord {
    /// It arrived.
    Delivered,
    /// It was not taken.
    Rejected(Paragraph<500>),
}

/// Why a transmission is not asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAskedAgain {
    /// None of the invoice's failed.
    #[error(
        "no e-invoice of this invoice failed on its way to a network: GET .../e-invoice-transmissions says where each stands"
    )]
    NoneFailed,
}

impl Refusal for NotAskedAgain {
    fn code(&self) -> &'static str {
        match self {
            Self::NoneFailed => "no_failed_transmission",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl EInvoiceTransmission {
    /// One to be handed over at once; the sweep takes it if no event does.
    pub fn requested(
        account_id: AccountId,
        document: Transmitted,
        client_id: ClientId,
        route: Route,
        now: Timestamp,
    ) -> Self {
        Self {
            account_id,
            document,
            client_id,
            route,
            state: TransmissionState::Requested { not_before: now },
            tries: 0,
            requested_at: now,
        }
    }

    /// When a sweep should look at it (UTC); none once it is settled.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            TransmissionState::Requested { not_before } => Some(not_before + SWEEP_AFTER),
            TransmissionState::Claimed { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Claims it, if it waits, or its claim ran out.
    pub fn claim(self, claim_id: ClaimId, now: Timestamp) -> TransmissionClaim {
        let is_free = match self.state {
            TransmissionState::Requested { not_before } => not_before <= now,
            TransmissionState::Claimed { until, .. } => until <= now,
            _ => false,
        };
        if !is_free {
            return TransmissionClaim::Leave;
        }
        if self.tries >= TRIES_MAX {
            return TransmissionClaim::Close(self.with(TransmissionState::Failed { at: now }));
        }
        let tries = self.tries + 1;
        let claimed = self.with(TransmissionState::Claimed {
            claim_id,
            until: now + LEASE,
        });
        TransmissionClaim::HandOver(Self { tries, ..claimed })
    }

    /// Settles a claim by what the try came to; as it is, where it is not claimed.
    #[must_use]
    pub fn settle(self, outcome: HandOverOutcome, now: Timestamp) -> Self {
        if !matches!(self.state, TransmissionState::Claimed { .. }) {
            return self;
        }
        let state = match outcome {
            HandOverOutcome::Taken { reference } => {
                TransmissionState::HandedOver { at: now, reference }
            }
            HandOverOutcome::Later if self.tries >= TRIES_MAX => {
                TransmissionState::Failed { at: now }
            }
            HandOverOutcome::Later => TransmissionState::Requested {
                not_before: now + wait(self.tries),
            },
            HandOverOutcome::Refused(reason) => TransmissionState::Refused { at: now, reason },
        };
        self.with(state)
    }

    /// The same after what its network says of it; none where that changes nothing: it is no longer on its way, or
    /// the network never had it.
    pub fn told(self, word: NetworkWord, at: Timestamp) -> Option<Self> {
        let TransmissionState::HandedOver { reference, .. } = &self.state else {
            return None;
        };
        let state = match word {
            NetworkWord::Delivered => TransmissionState::Delivered {
                at,
                reference: reference.clone(),
            },
            NetworkWord::Rejected(said) => TransmissionState::Rejected { at, said },
        };
        Some(self.with(state))
    }

    /// The same, asked for once more; none where it did not fail. What was rejected stays so, as the network has it:
    /// a credit note and another invoice are the way.
    pub fn asked_again(self, now: Timestamp) -> Option<Self> {
        match self.state {
            TransmissionState::Refused { .. } | TransmissionState::Failed { .. } => Some(Self {
                tries: 0,
                requested_at: now,
                state: TransmissionState::Requested { not_before: now },
                ..self
            }),
            _ => None,
        }
    }

    /// Why it came to nothing, as a code; none where it did not.
    pub fn failure(&self) -> Option<&'static str> {
        match &self.state {
            TransmissionState::Refused { reason, .. } => Some(match reason {
                RefusedReason::NotAnEInvoice => "not_an_e_invoice",
                RefusedReason::Void => "void",
                RefusedReason::NotTaken => "not_taken",
            }),
            TransmissionState::Failed { .. } => Some("tries_exhausted"),
            TransmissionState::Rejected { .. } => Some("rejected"),
            _ => None,
        }
    }

    fn with(self, state: TransmissionState) -> Self {
        Self { state, ..self }
    }
}

/// 1, 2, 4 ... minutes, an hour at most.
fn wait(tries: u32) -> SignedDuration {
    let factor = 1_i64 << tries.saturating_sub(1).min(6);
    SignedDuration::from_secs((WAIT_BASE_S * factor).min(WAIT_MAX_S))
}
