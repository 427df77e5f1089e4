//! Projects: pieces of work for one client, in one currency, by a team of the agency.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, ClientId, MemberId, ProjectId};
use crate::money::Currency;
use crate::party::Name;
use crate::refusal::{Refusal, RefusalKind};

/// Members that one project names.
pub const MAX_PROJECT_MEMBERS: usize = 50;

/// A piece of work for one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: ProjectId,
    /// For whom; it stays.
    pub client_id: ClientId,
    /// What it is called.
    pub name: Name,
    /// The team of the agency that does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name>,
    /// The members of the agency who work on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub member_ids: Vec<MemberId>,
    /// The currency of its documents; it stays.
    pub currency: Currency,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
    /// Since when nothing new is written on it (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// When its client was thanked (UTC): once, however often it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanked_at: Option<Timestamp>,
}

/// Where a project stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectState {
    /// Documents may be written on it.
    Active,
    /// It is done: what was issued is still paid, but nothing new is written.
    Closed,
}

impl ProjectState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["active", "closed"];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            ProjectState::Active => "active",
            ProjectState::Closed => "closed",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(ProjectState::Active),
            "closed" => Some(ProjectState::Closed),
            _ => None,
        }
    }
}

/// Why nothing is written on a project.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProjectRefusal {
    /// It is closed.
    #[error("the project {name} is closed: open it again before you write on it")]
    Closed {
        /// What it is called.
        name: Name,
    },
}

impl Refusal for ProjectRefusal {
    fn code(&self) -> &'static str {
        match self {
            ProjectRefusal::Closed { .. } => "project_closed",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

impl Project {
    /// Where it stands.
    pub fn state(&self) -> ProjectState {
        match self.closed_at {
            None => ProjectState::Active,
            Some(_) => ProjectState::Closed,
        }
    }

    /// Whether documents may be written on it.
    ///
    /// # Errors
    /// [`ProjectRefusal::Closed`].
    pub fn check_open(&self) -> Result<(), ProjectRefusal> {
        match self.state() {
            ProjectState::Active => Ok(()),
            ProjectState::Closed => Err(ProjectRefusal::Closed {
                name: self.name.clone(),
            }),
        }
    }

    /// Closed, since now unless it was before.
    #[must_use]
    pub fn closed(self, now: Timestamp) -> Self {
        Self {
            closed_at: self.closed_at.or(Some(now)),
            ..self
        }
    }

    /// Its client is thanked, unless that was done before.
    #[must_use]
    pub fn thanked(self, now: Timestamp) -> Self {
        Self {
            thanked_at: self.thanked_at.or(Some(now)),
            ..self
        }
    }

    /// Open again.
    #[must_use]
    pub fn reopened(self) -> Self {
        Self {
            closed_at: None,
            ..self
        }
    }
}
