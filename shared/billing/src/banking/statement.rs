//! A file of a bank that was brought in, and how far its import is.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::ids::{AccountId, BankAccountId, BankStatementId, FileId};

/// After so long without an end the import is asked for again.
pub const RETRY: SignedDuration = SignedDuration::from_mins(15);
/// How often it is asked for: more than that, and somebody has to look.
pub const MAX_TRIES: u32 = 20;

/// What is wrong with a file, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFault {
    /// The stable code.
    pub code: String,
    /// Where in the file, counted from one.
    pub place: String,
    /// What, in words.
    pub detail: String,
}

/// What became of the entries of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Entries that this file brought first.
    pub imported: u32,
    /// Entries that another file had brought before.
    pub known: u32,
    /// What was read and is not kept: money that went, pending entries, information.
    pub skipped: u32,
    /// Of what was imported, what was applied by itself.
    pub applied: u32,
    /// Of what was imported, what waited for a person when it came.
    pub waiting: u32,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ImportState {
    /// It is under way.
    Importing {
        /// Entries that are done.
        done: u32,
        /// When to ask for it again (UTC).
        due_at: Timestamp,
        /// How often it was asked for.
        tries: u32,
    },
    /// All of it is there.
    Imported {
        /// Since when (UTC).
        at: Timestamp,
    },
    /// None of it can be taken, or not the rest of it.
    Refused {
        /// Since when (UTC).
        at: Timestamp,
        /// Why.
        faults: Vec<ImportFault>,
    },
}

impl ImportState {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            ImportState::Importing { .. } => "importing",
            ImportState::Imported { .. } => "imported",
            ImportState::Refused { .. } => "refused",
        }
    }
}

/// A file of a bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankStatement {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: BankStatementId,
    /// The file.
    pub file_id: FileId,
    /// The bank account that it has to be of; else the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_account_id: Option<BankAccountId>,
    /// Who brought it.
    pub created_by: ActorId,
    /// When (UTC).
    pub created_at: Timestamp,
    /// Entries in it that are kept or known, once it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<u32>,
    /// The first day that something was booked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day that something was booked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What became of them so far.
    pub counts: ImportCounts,
    /// How far it is.
    #[serde(flatten)]
    pub state: ImportState,
}

impl BankStatement {
    /// When a sweep should ask for it again (UTC).
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            ImportState::Importing { due_at, .. } => Some(due_at),
            ImportState::Imported { .. } | ImportState::Refused { .. } => None,
        }
    }

    /// The same, asked for once more; refused where that was too often.
    #[must_use]
    pub fn asked_again(self, now: Timestamp) -> Self {
        let ImportState::Importing { done, tries, .. } = self.state else {
            return self;
        };
        let state = if tries >= MAX_TRIES {
            let detail = "the import failed too often: bring the file in again";
            ImportState::Refused {
                at: now,
                faults: vec![ImportFault {
                    code: "given_up".to_owned(),
                    place: "file".to_owned(),
                    detail: detail.to_owned(),
                }],
            }
        } else {
            ImportState::Importing {
                done,
                due_at: now + RETRY,
                tries: tries + 1,
            }
        };
        Self { state, ..self }
    }
}
