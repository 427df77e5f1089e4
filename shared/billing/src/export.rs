//! Exports: all that is kept of an account, or of one of its clients, as archives to take away.
//!
//! An export is made part by part, each an archive of its own, and knows how far it is: whoever makes it may end at
//! any point, and goes on behind the last part that was kept.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::canonical::ContentHash;
use crate::ids::{AccountId, ClientId, ExportId};

/// Parts of one export.
pub const MAX_PARTS: usize = 1_000;
/// What lies idle for so long is asked for again.
const ASK_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// Times that it is asked for again without a further part: then it is given up.
const MAX_TRIES: u32 = 8;
/// How long its archives can be had. The bucket drops each seven days after it was made, and the first is made
/// after the export was asked for.
const KEPT: SignedDuration = SignedDuration::from_hours(6 * 24);

/// Of what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum ExportOf {
    /// The whole account.
    Account,
    /// One client, with all its documents.
    Client {
        /// Which.
        client_id: ClientId,
    },
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPlace {
    /// What is read: a list of the account's.
    pub chapter: String,
    /// Behind what of it; none at its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// An archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPart {
    /// Its SHA-256.
    pub sha256: ContentHash,
    /// Its size.
    pub bytes: u64,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFailure {
    /// It did not get any further, however often it was asked for.
    GivenUp,
    /// It takes more than [`MAX_PARTS`].
    TooLarge,
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ExportState {
    /// Nothing is made yet.
    Requested {
        /// Asked for again from then on (UTC).
        due_at: Timestamp,
        /// Times that it was asked for again.
        tries: u32,
    },
    /// Some parts are made.
    Running {
        /// Where it goes on.
        place: ExportPlace,
        /// Asked for again from then on (UTC).
        due_at: Timestamp,
        /// Times that it was asked for again since the last part.
        tries: u32,
    },
    /// All of it is there.
    Ready {
        /// Since when (UTC).
        at: Timestamp,
    },
    /// Nothing comes of it; it can be asked for anew.
    Failed {
        /// Since when (UTC).
        at: Timestamp,
        /// Why.
        reason: ExportFailure,
    },
}

/// What was made of it at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportStep {
    /// The archives; none where nothing was left to be put into one.
    pub parts: Vec<ExportPart>,
    /// Records in them, by their kind.
    pub counts: BTreeMap<String, u64>,
    /// Where it goes on; none at the end.
    pub next: Option<ExportPlace>,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: ExportId,
    /// Of what.
    #[serde(flatten)]
    pub of: ExportOf,
    /// Who asked for it.
    pub requested_by: ActorId,
    /// When (UTC).
    pub requested_at: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: ExportState,
    /// Its archives, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ExportPart>,
    /// Records in them, by their kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, u64>,
}

impl Export {
    /// One that is asked for now.
    pub fn requested(
        account_id: AccountId,
        id: ExportId,
        of: ExportOf,
        by: ActorId,
        now: Timestamp,
    ) -> Self {
        Self {
            account_id,
            id,
            of,
            requested_by: by,
            requested_at: now,
            state: ExportState::Requested {
                due_at: now + ASK_AGAIN_AFTER,
                tries: 0,
            },
            parts: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// When somebody has to look whether it goes on (UTC); none once it is over.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            ExportState::Requested { due_at, .. } | ExportState::Running { due_at, .. } => {
                Some(due_at)
            }
            ExportState::Ready { .. } | ExportState::Failed { .. } => None,
        }
    }

    /// Whether more of it is to be made.
    pub fn is_under_way(&self) -> bool {
        self.due_at().is_some()
    }

    /// Where it goes on; none at the beginning.
    pub fn place(&self) -> Option<&ExportPlace> {
        match &self.state {
            ExportState::Running { place, .. } => Some(place),
            _ => None,
        }
    }

    /// Until when its archives can be had (UTC), once all are there.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.state {
            ExportState::Ready { .. } => Some(self.requested_at + KEPT),
            _ => None,
        }
    }

    /// The word of the contract.
    pub fn state_at(&self, now: Timestamp) -> &'static str {
        match self.state {
            ExportState::Requested { .. } => "requested",
            ExportState::Running { .. } => "running",
            ExportState::Ready { .. } if self.expires_at().is_some_and(|at| at <= now) => "expired",
            ExportState::Ready { .. } => "ready",
            ExportState::Failed { .. } => "failed",
        }
    }

    /// The same with what was made of it; as it was where it is over.
    #[must_use]
    pub fn went_on(mut self, step: ExportStep, now: Timestamp) -> Self {
        if !self.is_under_way() {
            return self;
        }
        if self.parts.len() + step.parts.len() > MAX_PARTS {
            return self.failed(ExportFailure::TooLarge, now);
        }
        self.parts.extend(step.parts);
        for (kind, count) in step.counts {
            *self.counts.entry(kind).or_default() += count;
        }
        self.state = match step.next {
            Some(place) => ExportState::Running {
                place,
                due_at: now + ASK_AGAIN_AFTER,
                tries: 0,
            },
            None => ExportState::Ready { at: now },
        };
        self
    }

    /// The same, asked for once more; given up where that was too often. As it was where it is over.
    #[must_use]
    pub fn asked_again(self, now: Timestamp) -> Self {
        let due_at = now + ASK_AGAIN_AFTER;
        let state = match &self.state {
            ExportState::Requested { tries, .. } | ExportState::Running { tries, .. }
                if *tries >= MAX_TRIES =>
            {
                return self.failed(ExportFailure::GivenUp, now);
            }
            ExportState::Requested { tries, .. } => ExportState::Requested {
                due_at,
                tries: tries + 1,
            },
            ExportState::Running { place, tries, .. } => ExportState::Running {
                place: place.clone(),
                due_at,
                tries: tries + 1,
            },
            ExportState::Ready { .. } | ExportState::Failed { .. } => return self,
        };
        Self { state, ..self }
    }

    fn failed(self, reason: ExportFailure, now: Timestamp) -> Self {
        Self {
            state: ExportState::Failed { at: now, reason },
            ..self
        }
    }

    /// The name of a part in the bucket, among what the bucket drops after a week.
    pub fn object_key(&self, part: &ExportPart) -> String {
        let (account, id) = (self.account_id, self.id);
        format!("archives/{account}/{id}/{}.zip", part.sha256)
    }
}
